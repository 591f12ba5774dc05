"""A slow and obvious second opinion on what one ticket's history amounts to: event by event, second by second."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from deskpulse.settings import Settings
from deskpulse.time.business import business_seconds

DONE = ("solved", "closed")
BOTS = {"robot"}
WAITS = {"requester_wait": ("new", "open", "on_hold"), "agent_wait": ("pending",), "on_hold": ("on_hold",)}


@dataclass(frozen=True, kw_only=True)
class Said:
    """A message."""

    at: datetime
    seq: int
    kind: str
    author: str
    public: bool = True
    deleted: bool = False


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A change of a field; ``by_kind`` tells who made it."""

    at: datetime
    seq: int
    field: str
    new: str | None
    by: str | None = None
    by_kind: str | None = None


@dataclass(frozen=True, kw_only=True)
class Case:
    """A ticket as it opened, with all that happened to it."""

    id: str
    created: datetime
    status: str | None = None
    team: str | None = None
    assignee: str | None = None
    said: tuple[Said, ...] = ()
    changed: tuple[Changed, ...] = ()
    into: str | None = None


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """From ``at`` on, these values held."""

    at: datetime
    seq: int
    status: str
    team: str | None
    assignee: str | None
    schedule_named: str | None = None
    schedule: str | None = None
    by: str | None = None


@dataclass(frozen=True, kw_only=True)
class Replied:
    """A customer's turn and the reply to it."""

    asked: datetime
    at: datetime
    agent: str
    team: str | None


@dataclass(kw_only=True)
class Walk:
    """What is found while walking through one ticket; solves and reopenings as positions of stretches."""

    stretches: list[Stretch]
    replies: list[Replied]
    solves: list[int] = field(default_factory=list)
    reopenings: list[int] = field(default_factory=list)


class Oracle:
    """Judges tickets under the rules of some settings: each a team's schedule, perhaps from a UTC day to another."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._known: dict[tuple[str, datetime, datetime], int] = {}

    def schedule(self, stretch: Stretch, at: datetime) -> str | None:
        """What the source says, else the first rule that fits the team and the day."""
        if stretch.schedule_named in self.settings.schedules:
            return stretch.schedule_named
        for rule in self.settings.schedule_rules:
            begun = rule.valid_from is None or rule.valid_from <= at.date()
            if rule.team == stretch.team and begun and (rule.valid_to is None or at.date() <= rule.valid_to):
                return rule.schedule
        return None

    def edges(self) -> list[datetime]:
        """Midnights at which a rule begins or has ended."""
        days = [rule.valid_from for rule in self.settings.schedule_rules if rule.valid_from]
        days += [rule.valid_to + timedelta(days=1) for rule in self.settings.schedule_rules if rule.valid_to]
        return sorted({datetime(day.year, day.month, day.day) for day in days})

    def stretches(self, case: Case) -> list[Stretch]:
        """The opening, each change of who, where or how it stands, and the edges that still concern it."""
        now = Stretch(at=case.created, seq=-1, status=case.status or "new", team=case.team, assignee=case.assignee)
        found = [now]
        for change in sorted(case.changed, key=lambda c: (c.at, c.seq)):
            now = _after(now, change)
            found.append(now)
        last, is_done = found[-1].at, found[-1].status in DONE
        for edge in self.edges():
            if edge > case.created and not (is_done and edge > last):
                position = sum(stretch.at < edge for stretch in found)
                found.insert(position, replace(found[position - 1], at=edge, seq=-1, by=None))
        found = [replace(stretch, schedule=self.schedule(stretch, stretch.at)) for stretch in found]
        if self.settings.business_clock == "last_schedule":
            found = [replace(stretch, schedule=found[-1].schedule) for stretch in found]
        return found

    def business(self, stretches: list[Stretch], start: datetime, end: datetime, upto: int | None = None) -> int | None:
        """Business seconds, stretch by stretch; null once one without a schedule has begun (or at stretch ``upto``)."""
        reached = max([i for i, s in enumerate(stretches) if s.at <= end] or [0]) if upto is None else upto
        if end < start or any(stretch.schedule is None for stretch in stretches[: reached + 1]):
            return None
        total = 0
        for position, stretch in enumerate(stretches[: reached + 1]):
            begin = start if position == 0 else max(start, stretch.at)
            until = end if position == len(stretches) - 1 else min(end, stretches[position + 1].at)
            if until > begin:
                total += self._open_seconds(str(stretch.schedule), begin, until)
        return total

    def _open_seconds(self, name: str, start: datetime, end: datetime) -> int:
        key = (name, start, end)
        if key not in self._known:
            self._known[key] = business_seconds(self.settings.schedules[name], start, end)
        return self._known[key]

    def walk(self, case: Case) -> Walk:
        """Stretches, replies, and at which stretches it was solved and reopened."""
        stretches = self.stretches(case)
        found = Walk(stretches=stretches, replies=replies(case, stretches))
        before = "unborn"
        for position, stretch in enumerate(found.stretches):
            if stretch.status == "solved" and before not in DONE:
                found.solves.append(position)
            if stretch.status not in DONE and before in DONE:
                found.reopenings.append(position)
            before = stretch.status
        return found

    def ticket(self, case: Case) -> dict[str, Any]:
        """The columns of the ticket fact that this oracle knows."""
        walk = self.walk(case)
        heard = [said for said in spoken(case) if said.public]
        opening = spoken(case)[:1]
        later = [said for said in heard if said.kind == "agent" and [said] != opening]
        return {
            "customer_messages": sum(said.kind == "customer" for said in heard),
            "agent_replies": len(later),
            "bot_messages": sum(said.kind == "bot" for said in heard),
            "exchanges": len(walk.replies),
            "solves": len(walk.solves),
            "reopenings": len(walk.reopenings),
            "reassignments": handed(walk.stretches, "assignee"),
            "team_transfers": handed(walk.stretches, "team"),
            "agents": len(({s.assignee for s in walk.stretches} | {s.author for s in later}) - BOTS - {None}),
            "first_reply_agent": walk.replies[0].agent if walk.replies else None,
            **self.first_response(walk),
            **self.resolution(case, walk),
        }

    def first_response(self, walk: Walk) -> dict[str, Any]:
        """From what was asked first to the reply."""
        if not walk.replies:
            return dict.fromkeys(("first_response_seconds", "first_response_business_seconds"))
        first = walk.replies[0]
        return {
            "first_response_seconds": elapsed(first.asked, first.at),
            "first_response_business_seconds": self.business(walk.stretches, first.asked, first.at),
        }

    def resolution(self, case: Case, walk: Walk) -> dict[str, Any]:
        """Creation to first and last solve, and how long it stood where until then, on both clocks."""
        stands = walk.solves and (not walk.reopenings or walk.reopenings[-1] < walk.solves[-1])
        last = walk.solves[-1] if stands else None
        found: dict[str, Any] = {"is_solved": bool(stands)}
        for name, position in (("first_resolution", walk.solves[0] if walk.solves else None), ("resolution", last)):
            found |= self._between(name, case.created, walk, position)
        found["solve_agent"] = solver(walk.stretches[last]) if last is not None else None
        for name, statuses in WAITS.items():
            found |= self._stood(name, statuses, walk, last)
        return found

    def _between(self, name: str, start: datetime, walk: Walk, position: int | None) -> dict[str, Any]:
        if position is None:
            return {f"{name}_seconds": None, f"{name}_business_seconds": None}
        end = walk.stretches[position].at
        business = self.business(walk.stretches, start, end, position)
        return {f"{name}_seconds": elapsed(start, end), f"{name}_business_seconds": business}

    def _stood(self, name: str, statuses: tuple[str, ...], walk: Walk, solved: int | None) -> dict[str, Any]:
        if solved is None:
            return {f"{name}_seconds": None, f"{name}_business_seconds": None}
        seconds, business = 0, 0
        for position in range(solved):
            stretch, following = walk.stretches[position], walk.stretches[position + 1]
            if stretch.status in statuses:
                seconds += elapsed(stretch.at, following.at) or 0
                business += self.business(walk.stretches, stretch.at, following.at, position) or 0
        is_known = all(stretch.schedule for stretch in walk.stretches[: solved + 1])
        return {f"{name}_seconds": seconds, f"{name}_business_seconds": business if is_known else None}

    def reply_rows(self, case: Case) -> list[dict[str, Any]]:
        """The rows of the reply fact."""
        walk = self.walk(case)
        return [
            {
                "turn": turn,
                "asked_at": reply.asked,
                "replied_at": reply.at,
                "wait_seconds": elapsed(reply.asked, reply.at),
                "wait_business_seconds": self.business(walk.stretches, reply.asked, reply.at),
                "agent": reply.agent,
                "team": reply.team,
            }
            for turn, reply in enumerate(walk.replies, 1)
        ]

    def solve_rows(self, case: Case) -> list[dict[str, Any]]:
        """The rows of the solve fact."""
        walk = self.walk(case)
        return [
            {
                "position": number,
                "solved_at": walk.stretches[position].at,
                "reopened_at": next((walk.stretches[again].at for again in walk.reopenings if again > position), None),
                "agent": solver(walk.stretches[position]),
                "team": walk.stretches[position].team,
            }
            for number, position in enumerate(walk.solves, 1)
        ]


def _after(now: Stretch, change: Changed) -> Stretch:
    by = None if change.by_kind in ("customer", "system") else change.by
    value: Any = {"schedule_named" if change.field == "schedule" else change.field: change.new or None}
    return replace(now, at=change.at, seq=change.seq, by=by, **value)


def spoken(case: Case) -> list[Said]:
    """Messages that were not deleted, in order."""
    return sorted((said for said in case.said if not said.deleted), key=lambda said: (said.at, said.seq))


def replies(case: Case, stretches: list[Stretch]) -> list[Replied]:
    """Every run of a person's messages that answers something."""
    found: list[Replied] = []
    messages = spoken(case)
    is_noted = bool(messages) and messages[0].kind == "agent" and not messages[0].public
    speaker, asked = "nobody", case.created
    for said in messages:
        if not said.public or said.kind not in ("customer", "agent") or said.kind == speaker:
            continue
        speaker = said.kind
        if speaker == "customer":
            asked = said.at
        elif said is not messages[0]:
            held = [s for s in stretches if (s.at, s.seq) < (said.at, said.seq)] or stretches[:1]
            start = case.created if is_noted and not found else asked
            found.append(Replied(asked=start, at=said.at, agent=said.author, team=held[-1].team))
    return found


def elapsed(start: datetime, end: datetime) -> int | None:
    """Seconds; null where the end comes first."""
    return int((end - start).total_seconds()) if end >= start else None


def handed(stretches: list[Stretch], what: str) -> int:
    """How often it went from one to another."""
    values = [getattr(stretch, what) for stretch in stretches]
    return sum(bool(old and new and old != new) for old, new in pairwise(values))


def solver(stretch: Stretch) -> str | None:
    """Who solved it: who set the status, else the assignee then."""
    return stretch.by or stretch.assignee

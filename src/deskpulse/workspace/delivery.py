"""What is due is sent once: a ledger knows each report, due time and recipient.

A delivery is claimed before it is sent and noted after, so that two who run at once do not both send it. One who is
killed in between leaves a claim that ends after a quarter of an hour: the delivery is then made again, with the same
Message-ID (at least once; everywhere else exactly once).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from deskpulse.errors import DeliveryError, DeskpulseError, UnknownNameError
from deskpulse.language import speaking
from deskpulse.present.report import write
from deskpulse.present.report.brief import brief, subject
from deskpulse.settings import FILE_NAME, Mail, ScheduledReport, load_settings
from deskpulse.store.deliveries import Delivery, Ledger
from deskpulse.store.layout import find_workspace
from deskpulse.workspace import Workspace, open
from deskpulse.workspace.documents import document
from deskpulse.workspace.sending import Message, send

CLAIMED = timedelta(minutes=15)
LATE = timedelta(days=1)
"""How long ago a report that was just scheduled may have been due to be sent at once."""

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
"""How long after each failed attempt the next is made; after the last one it is given up."""

Send = Callable[[Message, str, Mail], None]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one delivery: ``error`` is empty where it arrived, ``next_at`` null where it is given up."""

    report: str
    recipient: str
    due_at: datetime
    error: str = ""
    next_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Upcoming:
    """When a report is due next, and what became of it last at each recipient (instants are naive UTC)."""

    report: ScheduledReport
    at: datetime
    last: tuple[Delivery, ...] = ()


def ledger(root: Path) -> Ledger:
    """The deliveries of a workspace."""
    return Ledger(find_workspace(root).private)


def run_due(
    root: Path, now: datetime, *, at_once: bool = False, only: str | None = None, send: Send = send
) -> tuple[Outcome, ...]:
    """Sends what is due at ``now`` (naive UTC) and was not sent.

    ``at_once`` sends reports that are not due as well: each, or ``only`` one; raises UnknownNameError.
    """
    place = open(root)
    if not place.settings.reports:
        return ()
    try:
        run = _Run(place=place, ledger=ledger(root), now=now, send=send)
        run.plan(at_once=_chosen(place, only) if at_once else ())
        return tuple(run.deliver())
    finally:
        place.refresh()


def _chosen(place: Workspace, only: str | None) -> tuple[str, ...]:
    names = tuple(report.name for report in place.settings.reports)
    if only is None:
        return names
    if only not in names:
        raise UnknownNameError("report", only, names)
    return (only,)


def newest(root: Path) -> tuple[Delivery, ...]:
    """The newest delivery of each report to each of its recipients."""
    found: dict[tuple[str, str], Delivery] = {}
    for delivery in ledger(root).newest():
        found.setdefault((delivery.report, delivery.recipient), delivery)
    return tuple(found.values())


def upcoming(root: Path, now: datetime) -> tuple[Upcoming, ...]:
    """When each report of the settings, as they are now, is due next; the soonest first."""
    settings = load_settings(root / FILE_NAME)
    last = newest(root) if settings.reports else ()
    found = (
        Upcoming(
            report=report,
            at=report.every.next(now, report.zone or settings.zone),
            last=tuple(one for one in last if one.report == report.name and one.recipient in report.to),
        )
        for report in settings.reports
    )
    return tuple(sorted(found, key=lambda one: one.at))


@dataclass(kw_only=True)
class _Run:
    place: Workspace
    ledger: Ledger
    now: datetime
    send: Send
    written: dict[tuple[str, datetime], Message] = field(default_factory=dict)

    def plan(self, *, at_once: Sequence[str]) -> None:
        """Of each report the newest due time, if it came after the report was scheduled; of some it is now."""
        for report in self.place.settings.reports:
            since = self.ledger.since(report.name, self.now - LATE)
            latest = report.every.latest(self.now, report.zone or self.place.settings.zone)
            due = self.now if report.name in at_once else latest
            if due >= since:
                for recipient in report.to:
                    self.ledger.plan(report.name, due, recipient)

    def deliver(self) -> Iterator[Outcome]:
        """Each delivery that waits, one after the other."""
        known = {report.name: report for report in self.place.settings.reports}
        while delivery := self.ledger.claim(self.now, self.now + CLAIMED):
            yield self._outcome(delivery, known.get(delivery.report))

    def _outcome(self, delivery: Delivery, report: ScheduledReport | None) -> Outcome:
        if report is None or delivery.recipient not in report.to:
            return self._given_up(delivery, "It is no longer in deskpulse.toml.")
        try:
            self.send(self._message(report, delivery), delivery.recipient, self.place.settings.mail)
        except DeskpulseError as error:
            return self._failed(delivery, str(error))
        except Exception as fault:  # one report that breaks must not keep the others from being sent
            return self._failed(delivery, f"This is a fault of deskpulse: {type(fault).__name__}: {fault}")
        self.ledger.sent(delivery, self.now)
        return _outcome(delivery)

    def _failed(self, delivery: Delivery, error: str) -> Outcome:
        if delivery.attempts > len(WAITS):
            return self._given_up(delivery, error)
        next_at = self.now + WAITS[delivery.attempts - 1]
        self.ledger.failed(delivery, error, next_at)
        return _outcome(delivery, error, next_at)

    def _given_up(self, delivery: Delivery, error: str) -> Outcome:
        self.ledger.give_up(delivery, error, self.now)
        return _outcome(delivery, error)

    def _message(self, report: ScheduledReport, delivery: Delivery) -> Message:
        """Written once for all who get it, with an id of its own for each."""
        key = (report.name, delivery.due_at)
        if key not in self.written:
            self.written[key] = message(self.place, report, delivery.due_at, self.now)
        written = self.written[key]
        return Message(**{**vars(written), "id": _digest(written.id, delivery.recipient)})


def message(place: Workspace, report: ScheduledReport, due_at: datetime, now: datetime) -> Message:
    """A report as it is sent, in its language; its period is that of its due time. Raises DeliveryError."""
    with speaking(report.language):
        return _message(place, report, due_at, now)


def _message(place: Workspace, report: ScheduledReport, due_at: datetime, now: datetime) -> Message:
    whole = document(place, report.period, name=report.scorecard, where=report.where, zone=report.zone, at=due_at)
    try:
        files: dict[str, bytes] = {form: write(whole, form) for form in report.formats}
    except (ValueError, RuntimeError, OSError) as error:
        raise DeliveryError(f"The report '{report.name}' cannot be written: {error}") from error
    return Message(
        id=_digest(str(place.root.resolve()), report.name, due_at.isoformat()),
        subject=subject(whole),
        text=brief(whole),
        name=f"{report.name}-{due_at:%Y-%m-%d}",
        files=files,
        at=now,
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _outcome(delivery: Delivery, error: str = "", next_at: datetime | None = None) -> Outcome:
    return Outcome(
        report=delivery.report,
        recipient=delivery.recipient,
        due_at=delivery.due_at,
        error=error,
        next_at=next_at,
    )

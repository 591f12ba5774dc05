"""What Twilio's events of a task make of it: a call with its legs. Order does not matter: all that is known counts.

A task is created, waits in queues, is reserved for one worker after the other until one accepts, and ends.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from deskpulse.connectors.api.rows import Rows

ENDED = ("task.completed", "task.canceled", "task.deleted", "task.system-deleted")
ACCEPTED = "reservation.accepted"
IN_VAIN = tuple(f"reservation.{word}" for word in ("rejected", "timeout", "canceled", "rescinded", "failed"))
OVERFLOW, MISSED = ("redirect", "leave"), ("ttl", "timeout", "expired")
STATES = {
    "offline": "offline", "break": "break", "lunch": "break", "pause": "break", "meeting": "meeting",
    "training": "training", "reserved": "handling", "busy": "handling", "wrap": "handling", "on call": "handling",
}  # fmt: skip
TAKEN = {
    "res": "reservation_sid", "worker": "worker_sid", "name": "worker_name", "queue": "task_queue_name",
    "channel": "task_channel_unique_name", "why": "task_canceled_reason", "born": "task_date_created",
    "age": "task_age",
}  # fmt: skip
Brief = Mapping[str, Any]


def brief(event: Mapping[str, Any]) -> dict[str, Any]:
    """What is remembered of an event until its task has ended; raises an error for one that would spoil the task."""
    data = told(event)
    kept = {short: _plain(data[name]) for short, name in TAKEN.items() if data.get(name) not in (None, "")}
    _moment(milliseconds(event))
    _born([kept])
    asked = _attributes(data)
    kept |= {name: asked[name] for name in ("from", "direction", "call_sid") if asked.get(name)}
    return {"sid": str(event["sid"]), "type": str(event["event_type"]), "ms": milliseconds(event), **kept}


def task_of(event: Any) -> tuple[str, dict[str, Any]] | None:
    """The task an event is about and what is remembered of it; null where there is none, or it cannot be read."""
    try:
        task = told(event).get("task_sid")
        return (task, brief(event)) if task and isinstance(task, str) else None
    except (KeyError, TypeError, ValueError, AttributeError):  # it is put aside with its page
        return None


def told(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event's own data."""
    data = event.get("event_data") or {}
    found: dict[str, Any] = json.loads(data) if isinstance(data, str) else data
    return found


def milliseconds(event: Mapping[str, Any]) -> int:
    """When it was, since 1970."""
    exact = event.get("event_date_ms")
    return int(exact) if exact else int(_instant(event["event_date"]).timestamp() * 1000)


def is_over(events: Iterable[Brief]) -> bool:
    """Whether the task ended."""
    return any(event["type"] in ENDED for event in events)


def read_task(rows: Rows, task: str, events: Sequence[Brief], channels: Sequence[str]) -> None:
    """The call that a task is, once it is known how it went on; nothing of a task of another channel."""
    ordered = sorted({event["sid"]: event for event in events}.values(), key=lambda event: (event["ms"], event["sid"]))
    if not any("call_sid" in event or event.get("channel") in channels for event in ordered):
        return
    outcome, end = _outcome(ordered)
    if outcome is None:
        return
    begin, queue = _begin(ordered), _last(ordered, "queue")
    rows.add(
        "call", task, len(ordered), offered_at=_moment(begin), queue=queue, customer=_last(ordered, "from"),
        direction="outbound" if str(_last(ordered, "direction")).startswith("outbound") else "inbound", is_queued=True,
        queue_seconds=max(0, end - begin) / 1000, outcome=outcome, is_test=False,
    )  # fmt: skip
    _legs(rows, task, ordered)


def _outcome(events: Sequence[Brief]) -> tuple[str | None, int]:
    """How it ended or that it was answered, and when."""
    accepted = next((event for event in events if event["type"] == ACCEPTED), None)
    if accepted is not None:
        return "answered", accepted["ms"]
    ended = next((event for event in events if event["type"] in ENDED), None)
    if ended is None:
        return None, 0
    return _unanswered(ended), ended["ms"]


def _unanswered(ended: Brief) -> str:
    why = str(ended.get("why", "")).lower()
    if any(word in why for word in OVERFLOW):
        return "overflow"
    gave_up = ended["type"] == "task.canceled" and not any(word in why for word in MISSED)
    return "abandoned" if gave_up else "missed"


def _begin(events: Sequence[Brief]) -> int:
    """When the task was created; where that was not read, as its events tell."""
    created = [event["ms"] for event in events if event["type"] == "task.created"]
    aged = [event["ms"] - 1000 * int(event["age"]) for event in events if "age" in event]
    return int(min(created or _born(events) or aged or [events[0]["ms"]]))


def _born(events: Iterable[Brief]) -> list[int]:
    return [int(_instant(event["born"]).timestamp() * 1000) for event in events if "born" in event]


def _legs(rows: Rows, task: str, events: Sequence[Brief]) -> None:
    by_reservation: dict[str, list[Brief]] = {}
    for event in events:
        if "res" in event:
            by_reservation.setdefault(event["res"], []).append(event)
    ends = [event["ms"] for event in events if event["type"] in ENDED]
    for seq, (name, mine) in enumerate(by_reservation.items(), 1):
        at = {event["type"]: event["ms"] for event in reversed(mine)}
        taken, ended = at.get(ACCEPTED), [at[kind] for kind in (ACCEPTED, *IN_VAIN) if kind in at]
        if not ended:
            continue
        answered = taken if taken is not None else min(ended)
        rang = mine[0]["ms"] if "reservation.created" in at else answered
        hung_up = at.get("reservation.wrapup") or at.get("reservation.completed") or min(ends, default=None)
        done = at.get("reservation.completed") or min(ends, default=None)
        is_wrapped = taken is not None and "reservation.wrapup" in at
        rows.add(
            "call_leg", f"{task}:{name}", len(events), call=task, at=_moment(rang), seq=seq,
            agent=_last(mine, "worker"), is_answered=taken is not None,
            dial_seconds=_seconds(rang, answered), talk_seconds=_seconds(taken, hung_up) if taken else None,
            wrap_seconds=_seconds(at.get("reservation.wrapup"), done) if is_wrapped else None,
        )  # fmt: skip


def read_activity(rows: Rows, event: Mapping[str, Any], activities: Mapping[str, bool]) -> None:
    """The stretch that a change of activity ended: the event tells what it was and how long."""
    data, end = told(event), milliseconds(event)
    before = data.get("worker_previous_activity_name")
    lasted = data.get("worker_time_in_previous_activity_ms") or 1000 * int(data["worker_time_in_previous_activity"])
    if before:
        rows.add(
            "agent_state", event["sid"], 1, agent=data["worker_sid"], at=_moment(end - int(lasted)), until=_moment(end),
            state=_state(before, activities),
        )  # fmt: skip


def _state(name: str, activities: Mapping[str, bool]) -> str:
    known = next((state for word, state in STATES.items() if word in name.lower()), "other")
    return "available" if activities.get(name) else known


def _plain(value: Any) -> Any:
    if not isinstance(value, str | int):
        raise TypeError(f"{value} is neither a text nor a number")
    return value


def _attributes(data: Mapping[str, Any]) -> dict[str, Any]:
    try:
        found = json.loads(data.get("task_attributes") or "{}")
    except ValueError:  # free text
        return {}
    return found if isinstance(found, dict) else {}


def _last(events: Sequence[Brief], name: str) -> Any:
    return next((event[name] for event in reversed(events) if name in event), None)


def _seconds(begin: int | None, end: int | None) -> float | None:
    return None if begin is None or end is None else max(0, end - begin) / 1000


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _moment(ms: int) -> datetime:
    return datetime(1970, 1, 1) + timedelta(milliseconds=ms)

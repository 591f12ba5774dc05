"""Twilio's TaskRouter, worked out by hand: what its events make of a call."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from connectors.fakes.described import faults, schemas
from connectors.fakes.serving import BROKEN, CUT_OFF, FORBIDDEN, LIMITED, NO_JSON, serve
from connectors.fakes.twilio import MADE, WORKSPACE, FakeTwilio
from connectors.reading import Read

from deskpulse.connectors.api.connector import Account
from deskpulse.connectors.hook_bodies import HOOKS
from deskpulse.connectors.hooked import Delivery, hooked_events
from deskpulse.connectors.twilio import API
from deskpulse.errors import RefusedError

START = datetime(2026, 1, 6, 9, tzinfo=UTC)
NOW = datetime(2026, 1, 8)
SECOND = timedelta(seconds=1)
ANN = {"worker_sid": "WKa", "worker_name": "Ann"}
BOB = {"worker_sid": "WKb", "worker_name": "Bob"}


@pytest.fixture
def fake() -> Iterator[FakeTwilio]:
    with serve(workspace := FakeTwilio(size=3)):
        yield workspace


class Reader:
    """Runs one after the other over one workspace: the cursor of each is where the next goes on."""

    def __init__(self, fake: FakeTwilio, token: str = "s3cret") -> None:
        options = {"url": fake.url, "workspace": WORKSPACE, "user": "AC1"}
        self.account = Account(source="phones", options=options, secrets={"token": token})
        self.cursor: str | None = None
        self.items: list[Any] = []

    def run(self, now: datetime = NOW, most: int = 1000) -> Read:
        """A run that is stopped after ``most`` pages."""
        self.fetched = 0
        with API.open(self.account) as client:
            for page in API.pages(client, self.cursor, now=now, since=None):
                self.cursor = page.cursor
                self.items += list(API.to_events(page, self.account))
                self.fetched += 1
                if self.fetched == most:
                    break
        return Read(self.items)


def newest(seen: Read, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """The newest version of each row."""
    found: dict[str, dict[str, Any]] = {}
    for row in seen.tables[table].to_pylist() if table in seen.tables else ():
        if row["version"] >= found.get(row["source_id"], row)["version"]:
            found[row["source_id"]] = row
    return sorted(tuple(row[column] for column in columns) for row in found.values())


CALL = ("source_id", "queue", "customer", "queue_seconds", "outcome")
LEG = ("source_id", "agent", "is_answered", "dial_seconds", "talk_seconds", "wrap_seconds")


def at(seconds: float) -> datetime:
    return START + seconds * SECOND


def answered(fake: FakeTwilio, task: str, begin: float) -> None:
    """Bob lets it ring for 15 s; Ann takes it after 5 more, talks for 100 s and writes for 20 s."""
    told = {
        "task_sid": task, "task_channel_unique_name": "voice", "task_queue_name": "Support",
        "task_attributes": '{"from": "+491701", "direction": "inbound", "call_sid": "CA1"}',
    }  # fmt: skip
    fake.tell("task.created", at(begin), **told)
    fake.tell("reservation.created", at(begin), **told, **BOB, reservation_sid="WR1")
    fake.tell("reservation.timeout", at(begin + 15), **told, **BOB, reservation_sid="WR1")
    fake.tell("reservation.created", at(begin + 16), **told, **ANN, reservation_sid="WR2")
    fake.tell("reservation.accepted", at(begin + 21), **told, **ANN, reservation_sid="WR2")
    fake.tell("reservation.wrapup", at(begin + 121), **told, **ANN, reservation_sid="WR2")
    fake.tell("task.completed", at(begin + 141), **told)
    fake.tell("reservation.completed", at(begin + 141), **told, **ANN, reservation_sid="WR2")


ANSWERED_LEGS = [("WT1:WR1", "WKb", False, 15, None, None), ("WT1:WR2", "WKa", True, 5, 100, 20)]


@pytest.mark.parametrize("newest_first", [True, False])
def test_a_call_rings_at_two_agents_and_the_second_takes_it(fake: FakeTwilio, newest_first: bool) -> None:
    fake.newest_first = newest_first
    answered(fake, "WT1", 0)
    seen = Reader(fake).run()
    assert newest(seen, "call", *CALL) == [("WT1", "Support", "+491701", 21, "answered")]
    assert newest(seen, "call", "offered_at", "direction") == [(START.replace(tzinfo=None), "inbound")]
    assert newest(seen, "call_leg", *LEG) == ANSWERED_LEGS
    assert newest(seen, "person", "source_id", "name", "kind") == [("WKa", "Ann", "agent"), ("WKb", "Bob", "agent")]
    assert not seen.aside


def test_calls_that_nobody_took(fake: FakeTwilio) -> None:
    for number, (kind, why) in enumerate(
        (
            ("task.canceled", "hangup"),
            ("task.canceled", "Task TTL Exceeded"),
            ("task.canceled", "redirected"),
            ("task.deleted", ""),
        )
    ):
        told = {"task_sid": f"WT{number}", "task_channel_unique_name": "voice", "task_canceled_reason": why}
        fake.tell("task.created", at(0), **told)
        fake.tell(kind, at(30.5), **told)
    fake.tell("task.created", at(0), task_sid="WT8", task_channel_unique_name="chat")
    fake.tell("task.canceled", at(9), task_sid="WT8", task_channel_unique_name="chat")
    fake.tell("task.created", at(0), task_sid="WT9", task_channel_unique_name="voice")  # it still waits
    assert newest(Reader(fake).run(), "call", "source_id", "queue_seconds", "outcome") == [
        ("WT0", 30.5, "abandoned"),
        ("WT1", 30.5, "missed"),
        ("WT2", 30.5, "overflow"),
        ("WT3", 30.5, "missed"),
    ]


def test_a_call_that_goes_on_is_completed_by_a_later_run(fake: FakeTwilio) -> None:
    answered(fake, "WT1", 0)
    later, fake.events = fake.events, fake.events[:5]
    reader = Reader(fake)
    seen = reader.run(at(60).replace(tzinfo=None))
    assert newest(seen, "call", *CALL) == [("WT1", "Support", "+491701", 21, "answered")]
    assert newest(seen, "call_leg", *LEG)[1] == ("WT1:WR2", "WKa", True, 5, None, None)
    fake.events = later
    assert newest(reader.run(at(3600).replace(tzinfo=None)), "call_leg", *LEG) == ANSWERED_LEGS
    before = len(reader.items)
    fake.tell("task.system-deleted", at(4000), task_sid="WT1", task_channel_unique_name="voice")
    seen = reader.run()
    assert len(reader.items) > before
    assert newest(seen, "call", *CALL) == [("WT1", "Support", "+491701", 21, "answered")]


def test_what_workers_did(fake: FakeTwilio) -> None:
    """Available for an hour, then ten minutes of break, then offline for an unknown time."""
    for seconds, before, lasted in ((3600, "Available", 3600), (4200, "Break", 600)):
        fake.tell(
            "worker.activity.update", at(seconds), **ANN, worker_activity_name="next",
            worker_previous_activity_name=before, worker_time_in_previous_activity_ms=str(lasted * 1000),
        )  # fmt: skip
    begin = START.replace(tzinfo=None)
    assert newest(Reader(fake).run(), "agent_state", "at", "until", "agent", "state") == [
        (begin, begin + 3600 * SECOND, "WKa", "available"),
        (begin + 3600 * SECOND, begin + 4200 * SECOND, "WKa", "break"),
    ]


def test_only_what_is_new_is_read_and_what_comes_late_is_not_lost(fake: FakeTwilio) -> None:
    answered(fake, "WT1", 0)
    reader, begin = Reader(fake), START.replace(tzinfo=None)
    reader.run(begin + 600 * SECOND)
    reader.run(begin + 700 * SECOND)
    assert reader.fetched == 0
    answered(fake, "WT2", 450)  # told of after the run that should have had its beginning
    seen = reader.run(begin + 800 * SECOND)
    assert [row[0] for row in newest(seen, "call", "source_id")] == ["WT1", "WT2"]
    asked = [request.one("StartDate") for request in fake.asked if request.path.endswith("Events")]
    assert asked[-1] == "2026-01-06T09:05:00Z"  # five minutes before the last run that gave something


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deskpulse.connectors.api.client.wait", lambda seconds: None)


def written(seen: Read) -> dict[str, Any]:
    names = ("source_id", "version")
    return {
        table: newest(seen, table, *(name for name in rows.column_names if name not in names))
        for table, rows in seen.tables.items()
    }


@pytest.mark.usefixtures("quick")
def test_troubles_lose_nothing_and_a_run_that_is_stopped_goes_on_at_its_page(fake: FakeTwilio) -> None:
    for number in range(6):
        answered(fake, f"WT{number}", number * 40_000)
    clean = Reader(fake).run()
    pages = len(fake.asked)
    fake.asked.clear()
    fake.troubles = {1: BROKEN, 4: LIMITED, 6: CUT_OFF, 8: NO_JSON}
    assert written(Reader(fake).run()) == written(clean)
    assert len(fake.asked) == pages + 4
    fake.asked.clear()
    fake.troubles = {}
    stopped = Reader(fake)
    stopped.run(most=1)
    while stopped.fetched:
        stopped.run(most=1)
    assert written(Read(stopped.items)) == written(clean)
    assert len(fake.asked) == pages


def test_what_cannot_be_read_is_put_aside_alone(fake: FakeTwilio) -> None:
    answered(fake, "WT1", 0)
    fake.events[0] = {**fake.events[0], "event_data": "no JSON"}
    del fake.events[1]["sid"]
    fake.events.append({"sid": "EVx", "event_date": "2026-01-06T09:00:00Z", "event_date_ms": 0, "event_data": None})
    fake.events[-1]["event_type"] = "worker.activity"
    fake.size = 100
    seen = Reader(fake).run()
    assert len(seen.aside) == 3
    assert newest(seen, "call", "source_id", "outcome") == [("WT1", "answered")]


def test_a_delivery_only_says_that_there_is_something_to_read() -> None:
    body = b"EventType=task.created&TaskSid=WT1&TaskAttributes=%7B%22a%22%3A1%7D"
    told = Delivery(source="phones", connector="twilio", kind="", body=body, received_at=NOW)
    assert hooked_events(told) == []
    assert HOOKS["twilio"].is_asked


def test_the_access_is_tried(fake: FakeTwilio) -> None:
    with API.open(Reader(fake).account) as client:
        assert API.check(client) == ()
    fake.troubles = {4: FORBIDDEN}
    with API.open(Reader(fake).account) as client:
        assert API.check(client) == ("reading events",)
    with (
        API.open(Reader(fake, "wrong").account) as client,
        pytest.raises(RefusedError, match="deskpulse connect phones"),
    ):
        API.check(client)


def test_the_fake_answers_as_the_published_description_says(fake: FakeTwilio, shared_data: Path) -> None:
    known = schemas(shared_data / "specs" / "twilio-taskrouter.json.gz")
    answered(fake, "WT1", 0)
    for event in fake.events:
        assert faults(event, known["taskrouter.v1.workspace.event"], known) == []
    assert {"friendly_name", "available"} <= set(known["taskrouter.v1.workspace.activity"]["properties"])
    assert MADE < START

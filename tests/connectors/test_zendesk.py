"""Zendesk over its API: a ticket's history worked out by hand, and the troubles of real accounts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from connectors.fakes.run import NOW, Once, everything, stored, workspace
from connectors.fakes.serving import BROKEN, CUT_OFF, EXPIRED, LIMITED, LIMITED_UNTOLD, NO_JSON, serve
from connectors.fakes.zendesk import START, TOKEN, FakeZendesk, busy_account
from connectors.reading import Read

from deskpulse.connectors.api import client as clients
from deskpulse.connectors.api.connector import Account
from deskpulse.connectors.zendesk import API
from deskpulse.errors import BusyError, RefusedError, SourceError
from deskpulse.store.pages import Pages
from deskpulse.store.work import open_work
from deskpulse.workspace import Workspace, syncing
from deskpulse.workspace.synced import Moment
from deskpulse.workspace.syncing import replay_source, sync_source

T = datetime(2026, 1, 5, 9, 0)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKPULSE_DESK_TOKEN", TOKEN)
    monkeypatch.setattr(clients, "wait", lambda seconds: None)


@pytest.fixture
def fake() -> Iterator[FakeZendesk]:
    account = FakeZendesk(size=3)
    account.user(1, "Ann", "agent")
    account.user(2, "Zed", "end-user", 5)
    account.group(50, "Billing")
    with serve(account):
        yield account


def desk(fake: FakeZendesk, root: Path, more: str = "") -> Workspace:
    return workspace(root, "zendesk", more=more, url=fake.url, subdomain="acme", email="admin@example.com")


def read(fake: FakeZendesk) -> Read:
    account = Account(source="desk", options={"url": fake.url, "email": "admin@example.com"}, secrets={"token": TOKEN})
    with API.open(account) as client:
        pages = list(API.pages(client, None, now=NOW, since=None))
    return Once(item for page in pages for item in API.to_events(page, account))


def test_a_ticket_from_question_to_rating(fake: FakeZendesk) -> None:
    ticket = fake.open_ticket(START, 2, group=50)
    fake.update(ticket, START + 10 * MINUTE, 1, comment="a note", public=False, assignee_id=1, status="open")
    fake.update(ticket, START + 30 * MINUTE, 1, comment="Try this", status="hold")
    fake.update(ticket, START + 40 * MINUTE, -1, comment="We will be back")
    fake.update(ticket, START + 60 * MINUTE, 2, comment="Works", status="solved")
    fake.update(ticket, START + 90 * MINUTE, -1, satisfaction_score="offered")
    fake.update(ticket, START + 95 * MINUTE, 2, satisfaction_score="bad", satisfaction_comment="Slow")
    seen = read(fake)
    name = str(ticket)
    assert seen.rows("ticket", "source_id", "created_at", "customer", "channel", "tags", "brand") == [
        (name, T, "2", "email", "web", "7")
    ]
    assert seen.rows("message", "at", "author", "author_kind", "is_public", "text") == [
        (T, "2", "customer", True, "Help"),
        (T + 10 * MINUTE, "1", "agent", False, "a note"),
        (T + 30 * MINUTE, "1", "agent", True, "Try this"),
        (T + 40 * MINUTE, "-1", "system", True, "We will be back"),
        (T + 60 * MINUTE, "2", "customer", True, "Works"),
    ]
    assert seen.changes("status") == [
        (name, T, None, "new"),
        (name, T + 10 * MINUTE, "new", "open"),
        (name, T + 30 * MINUTE, "open", "on_hold"),
        (name, T + 60 * MINUTE, "on_hold", "solved"),
    ]
    assert seen.changes("team") == [(name, T, None, "Billing")]
    assert seen.changes("assignee") == [(name, T + 10 * MINUTE, None, "1")]
    assert seen.rows("survey", "at", "action", "score", "comment") == [
        (T + 90 * MINUTE, "offered", None, None),
        (T + 95 * MINUTE, "answered", 0.0, "Slow"),
    ]
    assert seen.rows("person", "source_id", "name", "kind") == [("1", "Ann", "agent")]
    assert not seen.aside


def test_staff_that_asks_for_itself_writes_as_the_customer(fake: FakeZendesk) -> None:
    ticket = fake.open_ticket(START, 1)
    fake.update(ticket, START + MINUTE, 3, comment="I look", assignee_id=3)
    fake.update(ticket, START + 2 * MINUTE, 1, comment="Please do")
    assert read(fake).rows("message", "at", "author", "author_kind") == [
        (T, "1", "customer"),
        (T + MINUTE, "3", "agent"),
        (T + 2 * MINUTE, "1", "customer"),
    ]


def test_deleted_and_merged_tickets(fake: FakeZendesk) -> None:
    gone, survivor, merged = (fake.open_ticket(START + n * MINUTE, 2) for n in range(3))
    fake.delete(gone, START + 10 * MINUTE)
    fake.update(survivor, START + 20 * MINUTE, 1, comment="merged", public=False)
    fake.events[-1]["via"] = {"channel": "web", "source": {"rel": "merge", "from": {"ticket_ids": [merged]}, "to": {}}}
    fake.update(merged, START + 20 * MINUTE, 1, comment="closed", status="closed")
    fake.events[-1]["via"] = {"channel": "web", "source": {"rel": "merge", "from": {}, "to": {"ticket_id": survivor}}}
    seen = read(fake)
    assert seen.changes("deleted") == [(str(gone), T + 10 * MINUTE, None, "true")]
    assert set(seen.changes("merged_into")) == {(str(merged), T + 20 * MINUTE, None, str(survivor))}


def test_targets_of_policies(fake: FakeZendesk) -> None:
    sla = {"target": 60, "business_hours": True, "policy": {"id": 9, "title": "Gold"}}
    base = {"ticket_id": 5, "time": "2026-01-05T09:00:00Z", "type": "apply_sla", "sla": sla}
    fake.metric_events = [
        {**base, "id": 1, "metric": "reply_time", "instance_id": 1},
        {**base, "id": 2, "metric": "reply_time", "instance_id": 2},
        {**base, "id": 3, "metric": "resolution_time", "instance_id": 1, "sla": {**sla, "target_in_seconds": 90}},
        {**base, "id": 4, "metric": "agent_work_time", "instance_id": 1},
        {**base, "id": 5, "metric": "reply_time", "type": "breach", "sla": None},
    ]
    columns = ("source_id", "metric", "target_seconds", "clock", "policy")
    assert read(fake).rows("policy_target", *columns) == [
        ("1", "first_response", 3600, "business", "Gold"),
        ("2", "next_reply", 3600, "business", "Gold"),
        ("3", "resolution", 90, "business", "Gold"),
    ]


def test_a_missing_field_is_put_aside_and_a_new_one_ignored(fake: FakeZendesk) -> None:
    fake.open_ticket(START, 2, something_new={"a": [1]})
    broken = fake.open_ticket(START + MINUTE, 2)
    del fake.tickets[broken]["created_at"]
    fake.events[-1]["created_at"] = "not a date"
    seen = read(fake)
    assert len(seen.rows("ticket", "source_id")) == 1
    assert {item.reason for item in seen.aside} >= {"created_at is missing", "at is no instant (not a date)"}


def test_first_response_through_the_whole_house(fake: FakeZendesk, tmp_path: Path) -> None:
    ticket = fake.open_ticket(START, 2, group=50)
    fake.update(ticket, START + 30 * MINUTE, 1, comment="Try this", assignee_id=1, status="pending")
    fake.update(ticket, START + 60 * MINUTE, 1, status="solved")
    place = desk(fake, tmp_path / "desk")
    done = sync_source(place, "desk", now=NOW)
    assert done.version == 1
    assert not done.refusals
    [row] = place.ask("first_response_time", by="team", period="2026").rows
    assert (row.dimensions, row.value, row.n) == ({"team": "Billing"}, 1800.0, 1)
    [row] = place.ask("resolution_time", period="2026").rows
    assert row.value == 3600.0


TROUBLES = (LIMITED, LIMITED_UNTOLD, BROKEN, CUT_OFF, NO_JSON)


def test_troubles_change_nothing_and_no_page_is_fetched_twice(tmp_path: Path) -> None:
    smooth, rough = busy_account(12, size=5), busy_account(12, size=5)
    rough.troubles = {3 + 3 * number: TROUBLES[number % 5] for number in range(12)}
    for account, root in ((smooth, tmp_path / "smooth"), (rough, tmp_path / "rough")):
        with serve(account):
            sync_source(desk(account, root), "desk", now=NOW)
    assert len(rough.asked) == len(smooth.asked) + 12 > 30
    assert rough.addresses == smooth.addresses
    assert len(set(smooth.addresses)) == len(smooth.addresses)
    assert everything(tmp_path / "rough") == everything(tmp_path / "smooth")


def test_access_that_expires_in_mid_run_keeps_what_was_read_and_goes_on_there(tmp_path: Path) -> None:
    account = busy_account(12, size=5)
    account.troubles = {7: EXPIRED}
    with serve(account):
        place = desk(account, tmp_path / "desk")
        with pytest.raises(RefusedError, match=r"expired.*deskpulse connect desk"):
            sync_source(place, "desk", now=NOW)
        before = len(stored(place.root, "ticket"))
        assert 0 < before < 12
        sync_source(place, "desk", now=NOW)
    assert len(stored(place.root, "ticket")) == 12
    assert len(set(account.addresses)) == len(account.addresses)


def test_what_never_works_stops_with_the_remedy(fake: FakeZendesk, tmp_path: Path) -> None:
    fake.troubles = dict.fromkeys(range(1, 100), BROKEN)
    place = desk(fake, tmp_path / "desk")
    with pytest.raises(SourceError, match=r"answered 500\. Tried 8 times.*deskpulse sync desk"):
        sync_source(place, "desk", now=NOW)
    assert len(fake.asked) == clients.ATTEMPTS


def test_the_next_sync_fetches_only_what_is_new(tmp_path: Path) -> None:
    account = busy_account(12, size=5)
    with serve(account):
        place = desk(account, tmp_path / "desk")
        sync_source(place, "desk", now=NOW)
        first, tickets = len(account.asked), stored(place.root, "ticket")
        again = sync_source(place, "desk", now=NOW + 5 * MINUTE)
        assert len(account.asked) - first == 4  # the two lists hold for an hour; each export is asked once
        assert not any(again.changed.values())
        assert again.version is None
        newest = max(account.tickets)
        account.update(newest, START + timedelta(days=100), 10, comment="More", status="open")
        third = sync_source(place, "desk", now=NOW + 10 * MINUTE)
        assert third.changed["message"] == 1
        assert third.changed["change"] == 1
        assert len(stored(place.root, "ticket")) == len(tickets)


def test_what_is_missing_is_said_when_connecting(fake: FakeZendesk) -> None:
    fake.forbidden = {"incremental/ticket_events"}
    account = Account(source="desk", options={"url": fake.url, "email": "admin@example.com"}, secrets={"token": TOKEN})
    with API.open(account) as client:
        assert API.check(client) == ("tickets:read (an admin's: exports are for admins)",)
    wrong = Account(source="desk", options={"url": fake.url}, secrets={"token": "wrong"})
    with API.open(wrong) as client, pytest.raises(RefusedError, match="does not accept the access"):
        API.check(client)


def test_kept_pages_give_the_same_events_without_the_api(tmp_path: Path) -> None:
    account = busy_account(12, size=5)
    with serve(account):
        place = desk(account, tmp_path / "desk")
        sync_source(place, "desk", now=NOW)
    asked, before = len(account.asked), everything(place.root)
    replayed = replay_source(place, "desk", now=NOW)
    assert replayed.pages == asked
    assert not any(replayed.changed.values())
    assert everything(place.root) == before
    assert json.loads((place.root / ".deskpulse/sources/desk/status.json").read_text())["error"] is None


def test_since_reads_again_what_changed_since_then(tmp_path: Path) -> None:
    account = busy_account(12, size=5)
    with serve(account):
        place = desk(account, tmp_path / "desk")
        sync_source(place, "desk", now=NOW)
        asked = len(account.asked)
        since = datetime(2026, 1, 6)
        again = sync_source(place, "desk", now=NOW, since=since)
        starts = {one.one("start_time") for one in account.asked[asked:] if one.path.endswith("ticket_events.json")}
    assert min(int(start or 0) for start in starts) == int(since.replace(tzinfo=UTC).timestamp())
    assert not any(again.changed.values())


def test_who_else_writes_or_reads_is_waited_for_and_named(fake: FakeZendesk, tmp_path: Path) -> None:
    fake.open_ticket(START, 2)
    place = desk(fake, tmp_path / "desk")
    with open_work(place.root, holder="deskpulse import"), pytest.MonkeyPatch.context() as patched:
        patched.setattr(syncing, "PATIENCE", 2)
        with pytest.raises(BusyError, match="being written by 'deskpulse import'"):
            sync_source(place, "desk", now=NOW)
    with Pages(place.root, "desk").locked("deskpulse sync desk"), pytest.raises(BusyError, match="deskpulse sync desk"):
        sync_source(place, "desk", now=NOW)
    assert sync_source(place, "desk", now=NOW).changed["ticket"] == 1


def test_pages_that_wait_while_another_writes_are_merged_by_the_next_sync(tmp_path: Path) -> None:
    account = busy_account(12, size=5)
    with serve(account), pytest.MonkeyPatch.context() as patched:
        place = desk(account, tmp_path / "desk")
        patched.setattr(syncing, "PATIENCE", 2)
        held = open_work(place.root, holder="deskpulse import")

        def once(moment: Moment) -> None:
            if moment.pages == 3:
                held.__enter__()

        with pytest.raises(BusyError):
            sync_source(place, "desk", now=NOW, watch=once)
        held.__exit__(None, None, None)
        asked = len(account.asked)
        done = sync_source(place, "desk", now=NOW)
        assert len(account.asked) - asked == 4  # the exports are asked whether there is more
    assert done.changed["ticket"] == 12


def test_pages_are_dropped_when_they_are_old_but_never_the_newest(tmp_path: Path) -> None:
    account = busy_account(3, size=5)
    with serve(account):
        place = desk(account, tmp_path / "desk", more="keep_pages_days = 30")
        sync_source(place, "desk", now=NOW)
        kept = Pages(place.root, "desk").numbers
        sync_source(place, "desk", now=NOW + timedelta(days=31))
        left = Pages(place.root, "desk").numbers
    assert len(kept) > 5
    assert left and min(left) > max(kept)

"""Request Tracker over REST 2.0, against a fake: a ticket's life worked out by hand, pages with holes, and troubles.

What the fake answers is what the real one does: test_request_tracker_real.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from connectors.fakes.request_tracker import TOKEN, FakeRequestTracker, at, busy_desk, support_desk
from connectors.fakes.run import NOW, Once, everything, stored, workspace
from connectors.fakes.serving import BROKEN, CUT_OFF, EXPIRED, LIMITED, LIMITED_UNTOLD, NO_JSON, serve
from connectors.reading import Read

from deskpulse.connectors import request_tracker_reading
from deskpulse.connectors.api import client as clients
from deskpulse.connectors.api.connector import Account
from deskpulse.connectors.request_tracker import API
from deskpulse.errors import RefusedError, SourceError
from deskpulse.workspace import Workspace, syncing
from deskpulse.workspace.syncing import sync_source

CSAT = [{"id": "2", "name": "CSAT", "values": []}]


@pytest.fixture(autouse=True)
def access(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKPULSE_DESK_TOKEN", TOKEN)
    monkeypatch.setattr(clients, "wait", lambda seconds: None)


@pytest.fixture
def fake() -> Iterator[FakeRequestTracker]:
    desk = support_desk()
    with serve(desk):
        yield desk


def account(fake: FakeRequestTracker, **options: str) -> Account:
    return Account(source="desk", options={"url": fake.url, **options}, secrets={"token": TOKEN})


def read(fake: FakeRequestTracker, *, now: datetime = NOW, since: datetime | None = None, **options: str) -> Read:
    with API.open(account(fake, **options)) as client:
        pages = list(API.pages(client, None, now=now, since=since))
    return Once(item for page in pages for item in API.to_events(page, account(fake, **options)))


@pytest.fixture
def no_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncing, "build_and_publish", lambda *asked: 0)


def desk(fake: FakeRequestTracker, root: Path) -> Workspace:
    return workspace(root, "request_tracker", url=fake.url)


def when(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute)


def test_a_ticket_from_question_to_reopening(fake: FakeRequestTracker) -> None:
    one = fake.open_ticket(at(9), "zed", CustomFields=CSAT)
    fake.set(one, at(9, 10), "ann", "Owner", "ann")
    fake.happen(one, at(9, 20), "ann", "Comment", TimeTaken="5")
    fake.happen(one, at(9, 30), "ann", "Correspond")
    fake.set(one, at(9, 30), "RT_System", "Status", "open")
    fake.set(one, at(9, 40), "ann", "Queue", "4")
    fake.set(one, at(9, 50), "ann", "Owner", "ben")
    fake.set(one, at(10), "ben", "Status", "stalled")
    fake.set(one, at(10, 10), "ben", "Status", "resolved")
    fake.happen(one, at(10, 20), "zed", "CustomField", "2", NewValue="4")
    fake.happen(one, at(11), "zed", "Correspond")
    fake.set(one, at(11), "RT_System", "Status", "open")
    seen = read(fake, rating="CSAT")
    assert [row[1] for row in seen.rows("message", "source_id", "text") if row[1] != f"words {row[0]}"] == []
    assert seen.rows("ticket", "source_id", "created_at", "customer", "subject") == [("1", when(9), "42", "Subject 1")]
    assert seen.rows("message", "at", "author", "author_kind", "is_public", "work_seconds") == [
        (when(9), "42", "customer", True, None),
        (when(9, 20), "28", "agent", False, 300.0),
        (when(9, 30), "28", "agent", True, None),
        (when(11), "42", "customer", True, None),
    ]
    newest = {row[0]: row for row in sorted(seen.rows("change", "source_id", "version", "at", "field", "new"))}
    openings = {row[3]: row[4] for row in newest.values() if row[0].startswith("1:opening")}
    assert openings == {"status": "new", "assignee": None, "team": "Support", "priority": "0"}
    columns = ("at", "field", "old", "new", "by", "by_kind", "seq")
    assert [row[:6] for row in seen.rows("change", *columns) if row[6] >= 0] == [
        (when(9, 10), "assignee", None, "28", "28", "agent"),
        (when(9, 30), "status", "new", "open", "1", "system"),
        (when(9, 40), "team", "Support", "Billing", "28", "agent"),
        (when(9, 50), "assignee", "28", "30", "28", "agent"),
        (when(10), "status", "open", "pending", "30", "agent"),
        (when(10, 10), "status", "pending", "solved", "30", "agent"),
        (when(11), "status", "solved", "open", "1", "system"),
    ]
    assert seen.rows("survey", "survey", "at", "action", "kind", "score", "scale_low", "scale_high") == [
        ("1:rating", when(10, 20), "answered", "csat", 4.0, 1.0, 5.0)
    ]
    assert set(seen.rows("person", "source_id", "name", "kind")) == {
        ("1", "Rt_System", "system"),
        ("28", "Ann", "agent"),
        ("30", "Ben", "agent"),
    }
    assert ("42", "Zed", "Acme") in seen.rows("customer", "source_id", "name", "account")
    assert not seen.aside


def test_who_asks_and_who_only_notes_it_down(fake: FakeRequestTracker) -> None:
    fake.open_ticket(at(9), "ann", asked="yan")  # a call, noted down
    fake.open_ticket(at(10), "robo", asked="yan")  # a form, passed on by a program
    mine = fake.open_ticket(at(11), "ben")  # staff asks
    fake.happen(mine, at(11, 30), "ben", "Correspond")
    fake.happen(mine, at(11, 40), "robo", "Correspond")
    assert read(fake, bots="robo").rows("message", "at", "author", "author_kind", "is_public") == [
        (when(9), "28", "agent", False),
        (when(10), "48", "customer", True),
        (when(11), "30", "customer", True),
        (when(11, 30), "30", "customer", True),
        (when(11, 40), "32", "bot", True),
    ]


def test_merged_and_deleted_tickets(fake: FakeRequestTracker) -> None:
    kept, merged, gone, back = (fake.open_ticket(at(9, n), "zed") for n in range(4))
    for number in (merged, kept):  # the real one says it of the surviving ticket, too
        into = f"fsck.com-rt://desk.example/ticket/{kept}"
        fake.happen(number, at(10), "ann", "AddLink", "MergedInto", NewValue=into)
    fake.set(gone, at(11), "ann", "Status", "deleted")
    fake.gone.add(gone)
    fake.set(back, at(12), "ann", "Status", "deleted")
    fake.set(back, at(13), "ann", "Status", "open")
    seen = read(fake)
    assert seen.changes("merged_into") == [(str(merged), when(10), None, str(kept))]
    assert seen.changes("deleted") == [
        (str(gone), when(11), None, "true"),
        (str(back), when(12), None, "true"),
        (str(back), when(13), None, "false"),
    ]
    assert [row for row in seen.changes("status") if row[1] > when(9, 59)] == [(str(back), when(13), None, "open")]
    assert (str(gone), when(9, 2), "42") in seen.rows("ticket", "source_id", "created_at", "customer")


def test_statuses_of_ones_own(fake: FakeRequestTracker) -> None:
    one = fake.open_ticket(at(9), "zed")
    for minute, status in enumerate(("Answered", "rejected", "sleeping"), start=1):
        fake.set(one, at(9, minute), "ann", "Status", status)
    moved = [row[3] for row in read(fake, statuses="answered=on_hold").changes("status") if row[1] > when(9)]
    assert moved == ["on_hold", "closed", "open"]
    with pytest.raises(SourceError, match=r"'answered=done' in statuses: write name=meaning"):
        read(fake, statuses="answered=done")
    with pytest.raises(SourceError, match=r"lacks a scale such as 1-5"):
        read(fake, scale="five")


def test_what_may_not_be_seen_hides_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of three: one is empty though it is not the end, some are short, and the newest may not be seen."""
    monkeypatch.setattr(request_tracker_reading, "SIZE", 3)
    fake = support_desk(size=3)
    with serve(fake):
        secret = fake.open_ticket(at(8), "yan")
        one = fake.open_ticket(at(9), "zed")
        hidden = [fake.happen(secret, at(9, 1), "ben", "Correspond") for _ in range(8)]
        answers = [fake.happen(one, at(10, n), "ann", "Correspond") for n in range(4)]
        hidden += [fake.happen(secret, at(11), "ben", "Correspond") for _ in range(7)]
        fake.hidden = {int(fake.transactions[0]["id"]), *hidden}
        seen = read(fake)
    said = [row[0] for row in seen.rows("message", "source_id")]
    assert said == [fake.transactions[1]["id"], *map(str, answers)]


def test_nothing_to_see_is_no_endless_search(fake: FakeRequestTracker) -> None:
    assert not read(fake).tables
    fake.hidden = {fake.happen(fake.open_ticket(at(9), "zed"), at(9), "ann", "Correspond")}
    fake.hidden.add(int(fake.transactions[0]["id"]))
    fake.gone = {1}
    assert not read(fake).tables
    assert len(fake.asked) < 8


def test_first_response_and_reopening_through_the_whole_house(fake: FakeRequestTracker, tmp_path: Path) -> None:
    one = fake.open_ticket(at(9), "zed")
    fake.happen(one, at(9, 30), "ann", "Correspond")
    fake.set(one, at(10), "ann", "Status", "resolved")
    fake.happen(one, at(11), "zed", "Correspond")
    fake.set(one, at(11), "RT_System", "Status", "open")
    fake.set(one, at(12), "ann", "Queue", "4")
    fake.set(one, at(13), "ann", "Status", "resolved")
    place = desk(fake, tmp_path / "desk")
    assert not sync_source(place, "desk", now=NOW).refusals
    [row] = place.ask("first_response_time", by="team", period="2026").rows
    assert (row.value, row.n) == (1800.0, 1)
    [row] = place.ask("resolution_time", by="team", period="2026").rows
    assert (row.dimensions, row.value, row.n) == ({"team": "Billing"}, 4 * 3600.0, 1)
    [row] = place.ask("reopen_rate", period="2026").rows
    assert (row.value, row.n) == (0.5, 2)  # of two solves the first did not last
    [row] = place.ask("transfer_rate", period="2026").rows
    assert row.value == 1.0


TROUBLES = (LIMITED, LIMITED_UNTOLD, BROKEN, CUT_OFF, NO_JSON)


@pytest.mark.usefixtures("no_facts")
def test_troubles_change_nothing_and_no_page_is_fetched_twice(tmp_path: Path) -> None:
    smooth, rough = busy_desk(14, size=5), busy_desk(14, size=5)
    rough.troubles = {3 + 3 * number: TROUBLES[number % 5] for number in range(12)}
    for one, root in ((smooth, tmp_path / "smooth"), (rough, tmp_path / "rough")):
        with serve(one):
            sync_source(desk(one, root), "desk", now=NOW)
    assert len(rough.asked) == len(smooth.asked) + 12 > 30
    assert rough.addresses == smooth.addresses
    pages = [one for one in smooth.addresses if " <= " in one]
    assert len(pages) == len(set(pages)) == 14  # 14 tickets of four transactions, and two more for each second one
    assert everything(tmp_path / "rough") == everything(tmp_path / "smooth")


@pytest.mark.usefixtures("no_facts")
def test_access_that_expires_in_mid_run_keeps_what_was_read_and_goes_on_there(tmp_path: Path) -> None:
    smooth, broken = busy_desk(14, size=5), busy_desk(14, size=5)
    broken.troubles = {14: EXPIRED}  # in place of the fourth page
    with serve(smooth), serve(broken):
        sync_source(desk(smooth, tmp_path / "smooth"), "desk", now=NOW)
        place = desk(broken, tmp_path / "desk")
        with pytest.raises(RefusedError, match=r"expired.*deskpulse connect desk"):
            sync_source(place, "desk", now=NOW)
        assert 0 < len(stored(place.root, "message")) < 28
        sync_source(place, "desk", now=NOW)
    pages = [one for one in broken.addresses if " <= " in one]
    assert len(set(pages)) == len(pages)
    assert everything(place.root) == everything(tmp_path / "smooth")


@pytest.mark.usefixtures("no_facts")
def test_the_next_sync_reads_what_is_new_and_the_last_minute(fake: FakeRequestTracker, tmp_path: Path) -> None:
    one = fake.open_ticket(at(9), "zed")
    late = fake.happen(one, at(9, 29), "ann", "Correspond")
    taken = fake.transactions.pop()  # stored after the next, though its id is lower: it took longer
    fake.happen(one, at(9, 29), "ben", "Correspond")
    place = desk(fake, tmp_path / "desk")
    sync_source(place, "desk", now=when(9, 30))
    fake.transactions.insert(1, taken)
    again = sync_source(place, "desk", now=when(9, 31))
    assert again.changed["message"] == 1
    assert str(late) in {row["source_id"] for row in stored(place.root, "message")}
    asked = len(fake.asked)
    assert not any(sync_source(place, "desk", now=when(9, 40)).changed.values())
    assert len(fake.asked) == asked + 1  # nothing but where the end is
    fake.set(one, at(9, 45), "ann", "Status", "resolved")
    assert sync_source(place, "desk", now=when(9, 50)).changed["change"] == 1  # that it opened as new was known


def test_words_are_left_where_they_are_if_nobody_wants_them(fake: FakeRequestTracker) -> None:
    fake.open_ticket(at(9), "zed")
    assert read(fake, texts="no").rows("message", "author", "text") == [("42", None)]
    assert not [asked for asked in fake.asked if "attachments" in asked.path]


def test_since_leaves_out_what_was_before(fake: FakeRequestTracker) -> None:
    early = fake.open_ticket(at(9).replace("03-02", "02-20"), "zed")
    fake.open_ticket(at(9), "yan")
    seen = read(fake, since=datetime(2026, 3, 2))
    assert [row[0] for row in seen.rows("ticket", "source_id")] == [str(early + 1)]
    assert not read(fake, since=datetime(2026, 4, 1)).tables


def test_what_is_missing_is_said(fake: FakeRequestTracker) -> None:
    with API.open(account(fake)) as client:
        assert API.check(client) == ("SeeQueue and ShowTicket (or there is no ticket yet)",)
    one = fake.open_ticket(at(9), "zed")
    fake.happen(one, at(9, 30), "ann", "Correspond")
    fake.may_see_staff = False
    with API.open(account(fake)) as client:
        [missing] = API.check(client)
        assert missing.startswith("SeeGroup and AdminGroupMembership")
        with pytest.raises(SourceError, match="desk: the access lacks SeeGroup"):
            list(API.pages(client, None, now=NOW, since=None))
    with API.open(account(fake, staff="ann, ben")) as client:
        assert API.check(client) == ()
    assert ("28", "agent") in read(fake, staff="ann, ben").rows("message", "author", "author_kind")
    wrong = Account(source="desk", options={"url": fake.url}, secrets={"token": "wrong"})
    with API.open(wrong) as client, pytest.raises(RefusedError, match="does not accept the access"):
        API.check(client)


def test_what_cannot_be_understood_is_put_aside_and_what_is_new_ignored(fake: FakeRequestTracker) -> None:
    one = fake.open_ticket(at(9), "zed", Something={"new": 1}, CustomFields=CSAT)
    broken: dict[str, Any] = {"Created": "yesterday", "Creator": None}
    fake.happen(one, at(9, 1), "ann", "Correspond", **broken)
    fake.happen(one, at(9, 2), "ann", "Set", "Owner", ObjectId=None)
    fake.happen(one, at(9, 3), "ann", "CustomField", "2", NewValue="very")
    fake.happen(one, at(9, 4), "ann", "Correspond", ObjectId="many")
    del fake.transactions[-1]["Created"]
    fake.happen(one, at(9, 5), "ann", "Correspond")
    seen = read(fake, rating="CSAT")
    assert [row[0] for row in seen.rows("message", "at")] == [when(9), when(9, 5)]
    assert not seen.tables["survey"]
    assert len(seen.aside) == 4

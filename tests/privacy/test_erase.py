"""A customer is erased on request: nothing of them is left in any file, what they count for stays, for good."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from deskpulse.connectors.api.page import Page
from deskpulse.connectors.hooked import Delivery
from deskpulse.errors import BusyError, InputError, MissingError, NotAskedError
from deskpulse.store.accounts import AccountStore
from deskpulse.store.pages import Pages
from deskpulse.store.snapshot import open_snapshot
from deskpulse.store.spool import Spool
from deskpulse.store.views import ViewFile
from deskpulse.store.work import open_work
from deskpulse.workspace import Workspace, create, silent
from deskpulse.workspace import open as open_workspace
from deskpulse.workspace.erasing import erase, swept
from deskpulse.workspace.surveys import Surveys
from tests.history import at
from tests.privacy.conftest import ANNA, BEN, WORDS, desk_of_two, read
from tests.traps.workspaces import fact, value

NOW = at("2025-03-11 09:00")
COUNTED = (
    "ticket_volume",
    "csat",
    "survey_response_rate",
    "first_response_time",
    "reopen_rate",
    "first_contact_resolution",
)


def gone(place: Workspace, customer: str = f"desk:{ANNA}") -> None:
    erase(place, customer, now=NOW, by="test", progress=silent)


def published(place: Workspace) -> str:
    """Every row of every published table, and of the writer's database, as text."""
    with duckdb.connect() as con:
        files = sorted((place.root / "snapshots").rglob("*.parquet"))
        texts = [str(con.execute("SELECT * FROM read_parquet(?)", [str(file)]).fetchall()) for file in files]
    with duckdb.connect(place.root / ".deskpulse/work.duckdb", read_only=True) as con:
        names = [name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        texts += [str(con.execute(f'SELECT * FROM "{name}"').fetchall()) for name in names]
    return "\n".join(texts)


def left_of_anna(place: Workspace) -> list[str]:
    found = published(place)
    return [word for word in (ANNA, "Annabella", *WORDS.values()) if word in found]


def asked(place: Workspace) -> dict[str, float | None]:
    return {kpi: value(place, kpi, period="2025-03") for kpi in COUNTED}


@pytest.fixture(scope="module")
def erased(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Anna was erased."""
    seen = open_workspace(shutil.copytree(built, tmp_path_factory.mktemp("erased") / "desk"))
    gone(seen)
    return seen


def test_nothing_of_the_customer_is_left_and_the_others_stay(place: Workspace, erased: Workspace) -> None:
    assert left_of_anna(place) == [ANNA, "Annabella", *WORDS.values()]
    assert left_of_anna(erased) == []
    assert all(words in published(erased) for words in (BEN, "Benedict", "My kettle leaks", "Zebulon"))


def test_no_byte_is_left_in_free_blocks_or_old_files(erased: Workspace) -> None:
    for file in erased.root.rglob("*"):
        if file.is_file():
            held = file.read_bytes()
            assert not any(word.encode() in held for word in (ANNA, *WORDS.values())), file


def test_counts_stay_and_the_ticket_is_shown_under_a_pseudonym(place: Workspace, erased: Workspace) -> None:
    assert asked(erased) == asked(place)
    assert asked(erased)["csat"] == 0
    customers = {one["ticket"]: one["customer"] for one in fact(erased, "ticket")}
    assert customers["desk:3"] == f"desk:{BEN}"
    assert customers["desk:1"] == customers["desk:2"] != f"desk:{ANNA}"


def test_the_customer_stays_erased_when_the_source_is_read_again(place: Workspace) -> None:
    """The same rows, newer versions of them, and a ticket that was not there before."""
    gone(place)
    before = asked(place)
    again = desk_of_two()
    for rows in again.rows.values():
        for row in rows:
            row["version"], row["observed_at"] = 2, at("2031-01-01")
    read(place, again)
    assert left_of_anna(place) == []
    assert asked(place) == before
    again.ticket("9", "2025-03-06 09:00", customer=ANNA, subject=WORDS["subject"])
    again.says("customer", "9", "2025-03-06 09:00", author=ANNA, text=WORDS["asked"])
    again.says("agent", "9", "2025-03-06 09:10", author="17", text=WORDS["replied"])
    read(place, again)
    assert left_of_anna(place) == []
    assert len(fact(place, "ticket")) == 4


def test_tombstones_outlive_the_database(erased: Workspace, tmp_path: Path) -> None:
    """All is lost but the keys and the tombstones, and imported anew."""
    fresh = create(tmp_path / "fresh")
    for name in ("erased", "erased.key"):
        (fresh.root / ".deskpulse" / name).write_bytes((erased.root / ".deskpulse" / name).read_bytes())
    read(fresh, desk_of_two())
    assert left_of_anna(fresh) == []
    assert len(fact(fresh, "ticket")) == 3


def test_the_tombstone_and_the_audit_line_do_not_name_the_customer(erased: Workspace) -> None:
    stones = (erased.root / ".deskpulse/erased").read_text().split()
    assert len(stones) == 1
    line = AccountStore(erased.root / ".deskpulse").audit()[0]
    assert (line.who, line.action, line.detail) == ("test", "customer erased", stones[0])
    assert "anna" not in stones[0]


def test_an_older_snapshot_that_a_reader_has_open_goes_when_it_is_closed(place: Workspace) -> None:
    reader = open_snapshot(place.root)
    done = erase(place, f"desk:{ANNA}", now=NOW, by="test", progress=silent)
    assert done.held == (reader.version,)
    reader.close()
    assert swept(place, done.version) == ()
    assert left_of_anna(place) == []


def test_their_surveys_end_and_they_are_not_asked_again(place: Workspace) -> None:
    surveys = Surveys(place.root)
    surveys.create("after", "csat", now=NOW)
    made = surveys.invite("after", ticket="desk:1", customer=f"desk:{ANNA}", now=NOW)
    surveys.answer(made.token, 1, "Flugelhorn", NOW)
    gone(place)
    assert b"Flugelhorn" not in surveys.store.path.read_bytes()
    with pytest.raises(MissingError, match="has ended"):
        surveys.open(made.token, NOW)
    with pytest.raises(NotAskedError, match="asked to be erased"):
        surveys.invite("after", ticket="desk:1", customer=f"desk:{ANNA}", now=NOW)


def test_erasing_again_does_no_harm_and_mistakes_are_explained(place: Workspace) -> None:
    gone(place)
    gone(place)
    with pytest.raises(InputError, match="No row names the customer 'desk:nobody'"):
        gone(place, "desk:nobody")
    for wrong in ("anna", ":anna", "desk:"):
        with pytest.raises(InputError, match="write it as source:id"):
            gone(place, wrong)
    with open_work(place.root, holder="a long import"), pytest.raises(BusyError):
        gone(place, f"desk:{BEN}")
    assert left_of_anna(open_workspace(place.root)) == []


def test_an_id_that_is_a_number_changes_no_other_row(place: Workspace) -> None:
    """Customer 17 of the same source is not the agent 17, and no ticket's id."""
    again = desk_of_two()
    again.ticket("17", "2025-03-06 09:00", customer="17", subject="Number seventeen")
    again.says("customer", "17", "2025-03-06 09:00", author="17", text="From seventeen")
    read(place, again)
    gone(place, "desk:17")
    tickets = {one["ticket"]: (one["customer"], one["first_reply_agent"]) for one in fact(place, "ticket")}
    assert tickets["desk:1"] == (f"desk:{ANNA}", "Zebulon Finch")
    assert tickets["desk:17"][0].startswith("desk:erased-")
    assert "seventeen" not in published(place)


def test_pages_of_the_source_as_they_came_are_dropped(place: Workspace) -> None:
    """Of two pages the older goes; the newest says where the next run goes on, and that it names the customer."""
    pages = Pages(place.root, "desk")
    for body in (f'[{{"requester": "{ANNA}"}}]', f'[{{"requester": "{ANNA}"}}]'):
        pages.keep(Page(stream="tickets", body=body.encode(), cursor="1", fetched_at=NOW))
    pages.note(merged=2)
    done = erase(place, f"desk:{ANNA}", now=NOW, by="test", progress=silent)
    assert Pages(place.root, "desk").numbers == [2]
    assert done.pages == (2,)
    pages.keep(Page(stream="tickets", body=b"[]", cursor="2", fetched_at=NOW))
    pages.note(merged=3)
    assert erase(place, f"desk:{ANNA}", now=NOW, by="test", progress=silent).pages == ()
    with pages.locked("deskpulse sync desk"), pytest.raises(BusyError, match="deskpulse sync desk"):
        gone(place)


def test_pages_are_dropped_though_the_run_that_merged_them_was_killed(place: Workspace) -> None:
    """It said how far it came in the database, and no longer in its notes."""
    pages = Pages(place.root, "desk")
    for _ in range(2):
        pages.keep(Page(stream="tickets", body=f'["{ANNA}"]'.encode(), cursor="1", fetched_at=NOW))
    with open_work(place.root, holder="test", threads=1) as work:
        work.set_cursor("desk", '{"page": 2, "cursor": "1"}')
    gone(place)
    assert Pages(place.root, "desk").numbers == [2]


def test_what_was_sent_and_waits_is_merged_and_its_bytes_are_gone(place: Workspace) -> None:
    settings = place.root / "deskpulse.toml"
    settings.write_text(settings.read_text() + '\n[[sources]]\nname = "desk"\nconnector = "hooks"\n')
    row = {"source_id": "77", "created_at": "2025-03-05T09:00:00Z", "customer": ANNA, "subject": WORDS["subject"]}
    body = json.dumps({"table": "ticket", "rows": [row]}).encode()
    Spool(root=place.root).append(
        Delivery(source="desk", connector="hooks", kind="", body=body, received_at=NOW).packed
    )
    place.refresh()
    gone(place)
    assert left_of_anna(place) == []
    assert len(fact(place, "ticket")) == 4
    assert not any(ANNA.encode() in file.read_bytes() for file in place.root.rglob("*") if file.is_file())


def test_addresses_that_name_the_customer_name_the_pseudonym(place: Workspace) -> None:
    """In the audit log of exports and in saved views, as typed and as written in addresses; others stay."""
    private = place.root / ".deskpulse"
    accounts, saved = AccountStore(private), ViewFile(private)
    other = "GET /export/tickets.csv?customer=desk:anna.ost@example.community"
    for detail in (f"GET /export/tickets.csv?customer=desk:{ANNA}", f"GET /tickets?words={ANNA}", other):
        accounts.note("lead", "exported", detail, NOW)
    saved.save("lead", "Anna", "/tickets?customer=desk%3Aanna.ost%40example.com&page=1", shared=False)
    stone = erase(place, f"desk:{ANNA}", now=NOW, by="test", progress=silent).pseudonym
    assert [line.detail for line in accounts.audit()][1:] == [
        other,
        f"GET /tickets?words={stone}",
        f"GET /export/tickets.csv?customer={stone}",
    ]
    assert [view.address for view in saved.seen_by("lead")] == [f"/tickets?customer={stone}&page=1"]
    assert not any(b"example.com&" in file.read_bytes() for file in private.glob("*.sqlite"))

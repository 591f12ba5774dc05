"""Self-service by hand: visits and what followed them, and what stood in the help centre."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from deskpulse.workspace import Workspace
from tests.history import History
from tests.traps.workspaces import by, desk, fact, row, value

ROME = '[workspace]\nzone = "Europe/Rome"\n'


def does(history: History, visitor: str | None, at: str, action: str, **more: Any) -> History:
    return history.add("article_event", visitor=visitor, at=at, action=action, **more)


def ten_visits() -> History:
    """Ten visits, of which eight are judged.

    ann reads, votes helpful, asks nobody: verified.        bob reads and asks nobody: maximum only.
    cid votes helpful and writes after 23 h 59 min 59 s.    dan votes helpful and calls 1 s after 24 h: verified.
    eve votes unhelpful, then helpful: verified.            fay votes helpful, then unhelpful: maximum only.
    gus is answered by a bot and asks nobody: maximum only. hal is answered by a bot and writes a spam ticket: the same.
    ivy is not known; jan's visit ended 23 hours before the data end.
    """
    history = History()
    history.add("article", source_id="a1", published_at="2024-01-01", title="Pairing", topic="bluetooth")
    for visitor in ("ann", "bob", "cid", "dan", "eve", "fay", "ivy"):
        customer = None if visitor == "ivy" else visitor
        does(history, visitor, "2024-03-04 10:00:00", "view", article="a1", customer=customer)
    for visitor in ("ann", "cid", "dan"):
        does(history, visitor, "2024-03-04 10:05:00", "helpful", article="a1")
    for visitor, votes in (("eve", ("unhelpful", "helpful")), ("fay", ("helpful", "unhelpful"))):
        for minute, vote in enumerate(votes, 5):
            does(history, visitor, f"2024-03-04 10:0{minute}:00", vote, article="a1")
    for visitor in ("gus", "hal"):
        does(history, visitor, "2024-03-04 10:00:00", "bot_resolved", customer=visitor)
    does(history, "jan", "2024-12-30 01:00:00", "view", article="a1", customer="jan")
    history.ticket("1", "2024-03-05 10:04:59", customer="cid")
    history.add("call", source_id="c1", offered_at="2024-03-05 10:05:01", customer="dan", outcome="answered")
    history.add("call", source_id="c2", offered_at="2024-03-04 10:30:00", customer="bob", outcome="answered",
                direction="outbound")  # fmt: skip
    history.ticket("2", "2024-03-04 11:00:00", customer="hal", is_spam=True)
    return history.ticket("3", "2024-03-04 09:59:59", customer="ann")  # before the visit


def test_the_band_of_deflection(tmp_path: Path) -> None:
    """Verified: ann, dan and eve of 8, 37.5 %. Maximum: all but cid, 7 of 8, 87.5 %. By the bot: gus and hal, 25 %."""
    place = desk(tmp_path, ten_visits(), now="2024-12-31")
    verified = row(place, "deflection_rate")
    assert (verified.value, verified.n) == (3 / 8, 8)
    assert verified.left_out == {"customer unknown": 1, "too recent to judge": 1}
    assert value(place, "deflection_rate:no_ticket_24h") == 7 / 8
    assert value(place, "deflection_rate:bot_resolved") == 2 / 8
    assert by(place, "deflection_rate", "topic") == {"bluetooth": 3 / 6, None: 0}


def test_every_answer_says_which_end_of_the_band_it_is(tmp_path: Path) -> None:
    place = desk(tmp_path, ten_visits())
    ends = {"helpful_no_ticket": "verified end", "no_ticket_24h": "maximum end", "bot_resolved": "Inside the band"}
    for variant, words in {**ends, "views_to_tickets": "Outside the band"}.items():
        assert words in " ".join(place.ask(f"deflection_rate:{variant}").notes)


def test_views_per_ticket(tmp_path: Path) -> None:
    """8 views in 2024, of which one is in December; two tickets that count, both in March: 7 / 2."""
    place = desk(tmp_path, ten_visits())
    assert value(place, "deflection_rate:views_to_tickets", period="2024-03") == 7 / 2


def test_without_a_help_centre_there_is_no_view_per_ticket(tmp_path: Path) -> None:
    """One ticket and no event of a help centre: unknown, not 0 views."""
    place = desk(tmp_path, History().ticket("1", "2024-03-05 10:00:00"))
    for variant in ("views_to_tickets", "helpful_no_ticket"):
        assert row(place, f"deflection_rate:{variant}", period="2024-03").value is None


def test_a_visit_ends_with_a_pause_of_more_than_half_an_hour(tmp_path: Path) -> None:
    """10:00 and 10:30 are one visit, 11:00:01 another. The visitor is known by the second: so both are."""
    history = does(does(History(), "v", "2024-03-04 10:00:00", "view"), "v", "2024-03-04 10:30:00", "view")
    does(history, "v", "2024-03-04 11:00:01", "view", customer="zoe")
    visits = sorted(fact(desk(tmp_path, history), "visit"), key=lambda visit: visit["began_at"])
    assert [(visit["views"], visit["customer"]) for visit in visits] == [(2, "desk:zoe"), (1, "desk:zoe")]


def test_a_visitor_of_two_customers_is_only_known_where_it_says_so(tmp_path: Path) -> None:
    """A shared computer: of three visits two name their customer."""
    history = does(History(), "v", "2024-03-04 10:00:00", "view", customer="zoe")
    does(history, "v", "2024-03-05 10:00:00", "view", customer="yan")
    does(history, "v", "2024-03-06 10:00:00", "view")
    visits = sorted(fact(desk(tmp_path, history), "visit"), key=lambda visit: visit["began_at"])
    assert [visit["customer"] for visit in visits] == ["desk:zoe", "desk:yan", None]


def test_a_customer_without_a_visitor_s_id_is_a_visitor_and_nobody_is_none(tmp_path: Path) -> None:
    history = does(History(), None, "2024-03-04 10:00:00", "view", customer="zoe")
    does(history, None, "2024-03-04 10:10:00", "view", customer="zoe")
    does(history, None, "2024-03-04 10:20:00", "view", count=40)
    [visit] = fact(desk(tmp_path, history), "visit")
    assert (visit["customer"], visit["views"]) == ("desk:zoe", 2)


def articles() -> History:
    """Published: a, b and c in January, d in June; c is taken down in May, b is reviewed in April.

    180 days after 1 January, in 2024, is 29 June; after b's review on 1 April it is 28 September.
    """
    history = History()
    history.add("article", source_id="a", published_at="2024-01-01", title="A")
    history.add("article", source_id="b", published_at="2024-01-01", updated_at="2024-04-01", title="B")
    history.add("article", source_id="c", published_at="2024-01-01", unpublished_at="2024-05-10", title="C")
    return history.add("article", source_id="d", published_at="2024-06-15", title="D")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Readers view A at 23:30 on 31 March and 00:30 on 1 April of Rome's time (UTC 21:30 and 22:30 of 31 March)."""
    history = articles()
    does(history, "v", "2024-03-31 21:30:00", "view", article="a")
    does(history, "v", "2024-03-31 22:30:00", "view", article="a", count=4)
    for vote, count in (("helpful", 9), ("unhelpful", 1)):
        does(history, None, "2024-04-02 10:00:00", vote, article="a", count=count)
    does(history, None, "2024-04-02 11:00:00", "helpful", article="b")
    does(history, None, "2024-04-02 12:00:00", "search", count=6)
    does(history, None, "2024-04-02 13:00:00", "failed_search", count=2)
    does(history, None, "2024-04-02 14:00:00", "linked", article="b", count=3)
    return desk(tmp_path_factory.mktemp("library"), history, settings=ROME)


def test_articles_that_stood_published(library: Workspace) -> None:
    """At the end of April 3, of May 2, of June 3."""
    rows = library.ask("knowledge_base_articles", start="2024-04-01", end="2024-07-01", grain="month").rows
    assert [found.value for found in rows] == [3, 2, 3]


def test_the_stale_share_of_what_stood(library: Workspace) -> None:
    """End of May: of A and B none is stale. June: A of A, B and D. September: A and B of three. Before: no article."""
    stale = "knowledge_base_articles:stale_share"
    rows = library.ask(stale, start="2024-05-01", end="2024-10-01", grain="month").rows
    assert [found.value for found in rows] == [0, 1 / 3, 1 / 3, 1 / 3, 2 / 3]
    assert [found.n for found in rows] == [2, 3, 3, 3, 3]
    assert {found.low for found in rows} == {None}
    nothing = row(library, stale, start="2023-05-01", end="2023-06-01")
    assert (nothing.value, nothing.n) == (None, 0)


def test_votes_and_searches_are_counted_by_what_they_say(library: Workspace) -> None:
    """Helpful: 9 + 1 of 11 votes; Wilson's 95 % by the formula: centre (10/11 + z²/22) / (1 + z²/11), z² = 3.841459.

    (0.909091 + 0.174612) / 1.349224 = 0.803205; half width z √(p q / 11 + z² / 484) / 1.349224
    = 1.959964 √(0.00751315 + 0.00793690) / 1.349224 = 0.180562: 62.3 to 98.4 %. Failed searches: 2 of 8.
    """
    helpful = row(library, "knowledge_base_articles:helpful_share", period="2024-04")
    assert (helpful.value, helpful.n) == (10 / 11, 11)
    assert helpful.low == pytest.approx(0.803205 - 0.180562, abs=2e-6)
    assert helpful.high == pytest.approx(0.803205 + 0.180562, abs=2e-6)
    failed = row(library, "knowledge_base_articles:failed_searches", period="2024-04")
    assert (failed.value, failed.n) == (2 / 8, 8)
    assert value(library, "knowledge_base_articles:linked", period="2024-04") == 3
    assert by(library, "knowledge_base_articles:helpful_share", "article", period="2024-04") == {"A": 0.9, "B": 1}


def test_a_day_of_reading_is_the_workspace_s(library: Workspace) -> None:
    """One view on 31 March, four on 1 April, although all were on 31 March by UTC."""
    rows = library.ask("knowledge_base_articles:viewed", start="2024-03-31", end="2024-04-02", grain="day").rows
    assert [found.value for found in rows] == [1, 4]

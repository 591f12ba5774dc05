"""A clock that was wrong, ahead or behind, and goes back or forth: the next run has all there is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from connectors.fakes.run import NOW
from connectors.fakes.seeded import Seeded, seeded, ways
from connectors.fakes.wireless import MOST_PAGES, fetched, wireless

from deskpulse.connectors.api.page import Page
from deskpulse.connectors.api.understood import understood_events
from deskpulse.connectors.connector import Batch

YEARS = timedelta(days=1000)


def rows(account: Seeded, pages: list[Page]) -> set[tuple[str, str]]:
    known = wireless(account)
    found = (item for page in pages for item in understood_events(account.api, known, 1, page))
    return {(one.table, name) for one in found if isinstance(one, Batch) for name in one.rows["source_id"].to_pylist()}


@pytest.mark.parametrize("wrong", [NOW + YEARS, NOW - YEARS], ids=["ahead", "behind"])
@pytest.mark.parametrize("way", [way for way in ways() if way != "sql"])
def test_what_a_wrong_clock_read_lacks_nothing_once_it_is_right(way: str, wrong: datetime) -> None:
    account = seeded(way)
    clean = rows(account, fetched(account))
    first = fetched(account, now=wrong)
    second = fetched(account, cursor=first[-1].cursor)
    assert len(first) < MOST_PAGES
    assert len(second) < MOST_PAGES
    assert rows(account, first) | rows(account, second) == clean

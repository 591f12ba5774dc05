"""Whatever an API answers, of every connector there is: no fault but one in the user's words, and no row lost in
silence. Pages of a made-up history are distorted in one place: a value is missing, null, of another type, huge, or odd.
"""

from __future__ import annotations

import copy
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from connectors.fakes.run import NOW
from connectors.fakes.seeded import Seeded, seeded, ways
from connectors.fakes.serving import Asked, Fake, Told
from connectors.fakes.wireless import MOST_PAGES, fetched
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from deskpulse.connectors.api.connector import Account
from deskpulse.connectors.api.page import Page
from deskpulse.connectors.api.understood import understood_events
from deskpulse.connectors.connector import Quarantined
from deskpulse.errors import SourceError
from deskpulse.events import EVENT_TABLES
from deskpulse.sync import check

MISSING, EXTRA = "missing", "extra"
ABSENT = (None, MISSING, "", [], {})
"""What stands for nothing: whatever hung on it may go without a word."""

ODD = (
    *ABSENT, EXTRA, "x", "\ud800", "a\0b", "٣", "9999-12-31T23:59:59Z", "0000-00-00", "w" * 70_000, -1, 10**30,
    -(10**12), 1e308, float("nan"), float("inf"), True, [None], ["x", 3], [[]], {"id": None}, {"x": {"y": [1]}},
)  # fmt: skip
EXAMPLES = int(os.environ.get("DESKPULSE_EXAMPLES", "5"))
OWN_PAGES = 6
"""What one row may have pages of."""

PHASES = (Phase.explicit, Phase.generate)
Place = tuple[str | int, ...]

SCORE = "satisfaction_score"
KINDS = {
    "event",
    "event_type",
    "type",
    "state",
    "status",
    "name",
    "metric",
    "field",
    "part_type",
    "message_type",
    SCORE,
}
"""What a thing is or became: of a kind that is not known, it is left out, as ``maps`` says."""

WHOLE = {"reporting_events"}
"""Lists whose rows are read together."""


@dataclass(frozen=True, kw_only=True)
class Read:
    """The rows of a page by table and id, and what was put aside, for breaking a declaration too."""

    rows: Counter[tuple[str, str]]
    aside: list[Quarantined]

    @property
    def happened(self) -> int:
        """Rows that are not of people, who are told of again with all that they do."""
        return sum(count for (table, _), count in self.rows.items() if table not in ("person", "customer"))


@cache
def history(way: str) -> tuple[Seeded, Account, tuple[Page, ...]]:
    """The pages of a history as they come, one after the other."""
    account = seeded(way)
    with (
        tempfile.TemporaryDirectory() as folder,
        account.serving(Path(folder)) as known,
        account.api.open(known) as client,
    ):
        pages = tuple(account.api.pages(client, None, now=NOW, since=None))
    return account, known, pages


def read(account: Seeded, known: Account, page: Page) -> Read:
    rows: Counter[tuple[str, str]] = Counter()
    aside: list[Quarantined] = []
    for item in understood_events(account.api, known, 1, page):
        if isinstance(item, Quarantined):
            aside.append(item)
            continue
        good, refused = check(EVENT_TABLES[item.table], item.rows)
        aside += refused
        rows.update((item.table, name) for name in good["source_id"].to_pylist())
    return Read(rows=rows, aside=aside)


def places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Every place in a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        yield (*at, name)
        yield from places(one, (*at, name))


def distorted(data: Any, place: Place, odd: Any) -> Any:
    """The value with something odd in one place."""
    whole = copy.deepcopy(data)
    inside = whole
    for name in place[:-1]:
        inside = inside[name]
    if isinstance(odd, str) and odd == MISSING:
        del inside[place[-1]]
    elif isinstance(odd, str) and odd == EXTRA and isinstance(inside, dict):
        inside["a name nobody knows"] = [{"id": 1}]
    else:
        inside[place[-1]] = odd
    return whole


def item_of(data: Any, place: Place) -> Place | None:
    """The row of the page a place is in: the outermost list's."""
    return next((place[: depth + 1] for depth, name in enumerate(place) if isinstance(name, int)), None)


@pytest.mark.parametrize("way", ways())
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, phases=PHASES)
@given(st.data())
def test_a_distorted_page_loses_no_row_in_silence(way: str, data: st.DataObject) -> None:
    account, known, pages = history(way)
    page = data.draw(st.sampled_from([page for page in pages if page.items]))
    place = data.draw(st.sampled_from(list(places(page.data))))
    odd = data.draw(st.sampled_from(ODD))
    before = read(account, known, page)
    after = read(account, known, replace(page, body=json.dumps(distorted(page.data, place, odd)).encode()))
    item = item_of(page.data, place)
    if item is not None and page.stream not in WHOLE:
        others = read(account, known, replace(page, body=json.dumps(distorted(page.data, item, MISSING)).encode()))
        assert set(others.rows) <= set(after.rows), f"{odd!r} at {place} holds others up: {after.aside}"
    if odd not in ABSENT and not isinstance(odd, dict) and place[-1] not in KINDS:
        assert after.aside or after.happened >= before.happened, f"lost in silence: {place} is {odd!r}"


class Distorting(Fake):
    """Another fake, but for something odd in one place of its n-th answer."""

    def __init__(self, fake: Fake, number: int, place: Place, odd: Any) -> None:
        super().__init__()
        self.fake, self.number, self.place, self.odd = fake, number, place, odd

    def answer(self, asked: Asked) -> Told:
        """As the other would answer."""
        try:
            told = self.fake.answer(asked)
        except (LookupError, ValueError, AssertionError):  # asked for by something odd: there is no such thing
            return Told(status=404, data={})
        if len(self.asked) != self.number:
            return told
        return replace(told, data=distorted(told.data, self.place, self.odd))


@cache
def asked_for(way: str) -> tuple[Seeded, tuple[Any, ...], int]:
    """What the connector asked for was answered so, and it made so many pages of it."""
    account = seeded(way)
    pages = fetched(account)
    answers = [account.fake.answer(asked).data for asked in account.fake.asked]
    return account, tuple(answers), len(pages)


@pytest.mark.parametrize("way", [way for way in ways() if way != "sql"])
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, phases=PHASES)
@given(st.data())
def test_a_distorted_answer_stops_nothing_but_what_it_is_about(way: str, data: st.DataObject) -> None:
    account, answers, count = asked_for(way)
    number = data.draw(st.sampled_from([n for n, answer in enumerate(answers, 1) if list(places(answer))]))
    place = data.draw(st.sampled_from(list(places(answers[number - 1]))))
    odd = data.draw(st.sampled_from(ODD))
    try:
        pages = fetched(account, Distorting(account.fake, number, place, odd))
    except SourceError as error:
        is_told = error.__cause__ is None  # the connector itself says what it cannot do without
        assert is_told or item_of(answers[number - 1], place) is None, f"one row stops all: {odd!r} at {place}"
        return
    assert len(pages) < MOST_PAGES, "asks for ever"
    if item_of(answers[number - 1], place) is not None:
        assert len(pages) >= count - OWN_PAGES, f"{odd!r} at {place} hides others"

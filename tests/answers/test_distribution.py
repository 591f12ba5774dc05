"""How durations are spread, by hand."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import deskpulse
from deskpulse.answers.distribution import EDGES, Bin
from deskpulse.workspace.access import Viewer
from deskpulse.workspace.spreads import distribution
from tests.web.conftest import made


def test_rows_are_counted_where_they_lie_and_rules_hold(tmp_path: Path) -> None:
    # First replies after 1 h and after 30 min; the third ticket has none. 1800 s begins a bin, and so does 3600 s.
    place = deskpulse.open(made(tmp_path / "shop"))
    found = distribution(place, place.question("first_response_time", period="2025-05"))
    assert found is not None
    assert found.bins == (Bin(low=1800, high=3600, n=1), Bin(low=3600, high=7200, n=1))
    assert found.answer.value == 2700  # the mean of 1800 and 3600, the two in the middle
    billing = place.seen_by(Viewer(name="lead", role="lead", team="Billing"))
    seen = distribution(billing, billing.question("first_response_time", period="2025-05"))
    assert seen is not None
    assert seen.bins == (Bin(low=3600, high=7200, n=1),)


def test_what_is_no_duration_has_no_spread(tmp_path: Path) -> None:
    place = deskpulse.open(made(tmp_path / "shop"))
    assert distribution(place, place.question("csat", period="2025-05")) is None


def test_edges_double() -> None:
    assert all(1.8 < after / before < 2.01 for before, after in pairwise(EDGES))

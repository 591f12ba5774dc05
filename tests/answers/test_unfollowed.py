"""Shares by a survival curve: worked by hand, and a random cohort held against scipy's."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import exp, log, sqrt

import numpy as np
import pytest
from scipy import stats

from deskpulse.facts import ticket
from deskpulse.metrics.interval import Z
from deskpulse.metrics.measure import UnfollowedShare

from .conftest import NOW, Desk

DAY = 86_400
NOT_BACK_IN_7_DAYS = UnfollowedShare(event=ticket.next_contact_at, dated_by=ticket.first_solved_at, days=7)
# Days since the ticket was solved, and after how many its customer was back.
TICKETS = [(20, None), (20, 2), (20, 7), (20, 8), (3, None), (4, 2), (2, None)]


def solved(desk: Desk, *tickets: tuple[float, float | None], left_out: str | None = None) -> Desk:
    """Loads tickets solved so many days before NOW, after which the customer was back in so many days."""
    now, rows = datetime.fromisoformat(NOW), []
    for ago, back in tickets:
        at = now - timedelta(days=ago)
        again = None if back is None else str(at + timedelta(days=back))
        rows.append({"ticket": f"z:{len(rows)}", "first_solved_at": str(at), "next_contact_at": again})
    rows.append(rows[0] | {"ticket": "z:spam", "left_out": "spam"})
    desk.load("ticket", rows)
    desk.declare(NOT_BACK_IN_7_DAYS)
    return desk


def test_young_tickets_count_while_they_were_seen(desk: Desk) -> None:
    """All 7 were seen for 2 days, in which 2 came back: 5/7; the one solved 2 days ago was still at risk then. Of the
    others 3 were seen for 7 days, and one of these came back on the last: 2/3. Back on the 8th day is not in time.
    """
    [row] = solved(desk, *TICKETS).ask().rows
    share, greenwood = 5 / 7 * 2 / 3, 2 / (7 * 5) + 1 / (3 * 2)
    assert (row.value, row.n, row.left_out) == (pytest.approx(share), 7, {"spam": 1})
    reach = exp(Z * sqrt(greenwood) / -log(share))
    assert (row.low, row.high) == (pytest.approx(share**reach), pytest.approx(share ** (1 / reach)))
    assert (round(row.low, 3), round(row.high, 3)) == (0.075, 0.808)


def test_a_return_after_the_instant_asked_at_is_not_seen_yet(desk: Desk) -> None:
    """A day and a half before NOW the three young tickets were 1.5, 2.5 and .5 days old, and the second was back.

    On the 2nd day 2 of the 5 that were old enough came back, on the 7th 1 of 3.
    """
    [row] = solved(desk, *TICKETS).ask(now="2024-05-30 12:00:00").rows
    assert (row.value, row.n) == (pytest.approx(3 / 5 * 2 / 3), 7)


def test_where_all_are_old_enough_it_is_the_plain_share(desk: Desk) -> None:
    assert solved(desk, *TICKETS[:4]).ask().value == pytest.approx(2 / 4)


def test_nobody_back_and_everybody_back_have_limits_of_those_at_risk_in_the_end(desk: Desk) -> None:
    """Of 3 tickets seen for 7 days none came back: 3 / (3 + z**2). Both of two came back on the 3rd day."""
    [none] = solved(desk, (20, None), (9, None), (7, None), (1, None)).ask().rows
    assert (none.value, none.low, none.high, none.n) == (1, pytest.approx(3 / (3 + Z**2)), 1, 4)
    [every] = solved(desk, (20, 3), (5, 3)).ask().rows
    assert (every.value, every.low, every.high) == (0, 0, pytest.approx(Z**2 / (2 + Z**2)))


def test_nothing_is_said_where_nobody_was_seen_for_the_whole_window(desk: Desk) -> None:
    [row] = solved(desk, (6, None), (6, 1), (2, None)).ask().rows
    assert (row.value, row.n, row.left_out) == (None, 0, {"too recent to judge": 3, "spam": 1})


def test_a_row_proves_whether_it_came_back(desk: Desk) -> None:
    proved = solved(desk, *TICKETS).prove().records()
    assert [row["value"] for row in proved if not row["excluded"]] == [1, 0, 0, 1, 1, 0, 1]


def test_a_cohort_is_scipys(desk: Desk) -> None:
    """400 tickets of the last 20 days by half hours, so that many share a moment; half come back in ten days."""
    random = np.random.default_rng(3)
    ago, back = random.integers(1, 40 * 24, 400) / 48, random.exponential(14, 400).round(1)
    is_back = (back <= ago) & (back <= 7)
    tickets = [(a, b if b <= a else None) for a, b in zip(ago.tolist(), back.tolist(), strict=True)]
    [row] = solved(desk, *tickets).ask().rows
    seen = stats.CensoredData(uncensored=back[is_back], right=np.minimum(ago, 7)[~is_back])
    curve = stats.ecdf(seen).sf
    limits = curve.confidence_interval(method="log-log")
    found = (row.low, row.value, row.high)
    assert found == pytest.approx(tuple(float(f.evaluate(7)) for f in (limits.low, curve, limits.high)), abs=1e-9)

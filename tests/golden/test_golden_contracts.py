"""A partner's contract worked by hand: what is met, missed, within noise and not judged, and what it costs."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from history import History

from deskpulse.errors import QuestionError, SettingsError, UnknownNameError
from deskpulse.workspace import Workspace
from tests.traps.conftest import Company

CONTRACT = """\
[contracts.acme]
partner = "Acme"
currency = "EUR"
monthly_fee = 20000.10
credit_cap = "{cap}"
"""
LINE = """
[[contracts.acme.lines]]
kpi = "csat"
at_least = {at_least}
weight = {weight}
least_n = {least_n}
credit = "5 %"
"""
LINES = ((0.75, 2, 30), (0.85, 1, 30), (0.97, 1, 30), (0.5, 5, 100))


@pytest.fixture(scope="module")
def place(company: Company) -> Workspace:
    """Forty ratings of Bob, who is Acme's, in May: 36 good. One of Cy's, who is of the house, is bad."""
    history = History()
    history.ticket("1", "2025-05-02 09:00", channel="email", status="open")
    for person in ("bob", "cy"):
        history.add("person", source_id=person, name=person.title(), kind="agent")
    history.add("membership", person="bob", valid_from="2025-01-01", team="Night", partner="Acme")
    history.add("membership", person="cy", valid_from="2025-01-01", team="Day")
    for number in range(41):
        history.add(
            "survey", survey=f"s{number}", kind="csat", action="answered", at="2025-05-10 09:00",
            score=5 if number < 36 else 1, scale_low=1, scale_high=5, agent="bob" if number < 40 else "cy",
        )  # fmt: skip
    return company(history, _settings("15 %"), as_of=datetime(2025, 6, 2))


def _settings(cap: str) -> str:
    lines = (LINE.format(at_least=least, weight=weight, least_n=n) for least, weight, n in LINES)
    return CONTRACT.format(cap=cap) + "".join(lines)


def test_lines_are_judged_by_their_interval_and_by_their_least_n(place: Workspace) -> None:
    # 36 of 40: .9, Wilson .769 to .960.
    found = place.contract("acme", "2025-05")
    assert [line.status for line in found.lines] == ["met", "within noise", "missed", "not judged"]
    row = found.lines[0].answer.rows[0]
    assert (row.value, row.n) == (0.9, 40)
    assert (row.low, row.high) == (pytest.approx(0.7695, abs=5e-5), pytest.approx(0.9604, abs=5e-5))
    assert found.lines[3].reason == "n = 40, the contract asks for 100"


def test_the_score_is_a_range_and_the_credit_exact(place: Workspace) -> None:
    found = place.contract("acme", "2025-05")
    # Judged weight 2 + 1 + 1; surely kept 2, at most 2 + 1.
    assert (found.score_low, found.score_high) == (Decimal("0.5"), Decimal("0.75"))
    # 5 % of 20000.10 is 1000.005, half a cent up.
    assert (found.fee, found.credits, found.is_capped) == (Decimal("20000.1"), Decimal("1000.01"), False)


def test_every_figure_says_where_it_comes_from(place: Workspace) -> None:
    found = place.contract("acme", "2025-05").record()
    line = found["lines"][0]
    assert found["snapshot"] == place.snapshot.version
    assert line["definition"].startswith("csat:top_two_box@") and line["as_of"] == "2025-06-02T00:00:00Z"
    assert line["evidence"] == "deskpulse prove csat --period 2025-05 --where partner=Acme"
    rows = place.prove("csat", period="2025-05", where="partner=Acme").rows
    assert sum(not row.excluded for row in rows) == 40


def test_credits_stop_at_the_cap_and_grow_with_the_months(company: Company, place: Workspace) -> None:
    (place.root / "deskpulse.toml").write_text(_settings("2 %"))
    place.refresh()
    found = place.contract("acme", "2025-05")
    assert (found.credits, found.is_capped) == (Decimal("400.00"), True)  # 2 % of 20000.10
    (place.root / "deskpulse.toml").write_text(_settings("15 %"))
    place.refresh()
    two = place.contract("acme", "2025-Q1")
    assert (two.months, two.fee, two.credits) == (3, Decimal("60000.3"), 0)
    assert (two.score_low, two.score_high) == (None, None)  # nothing was rated: nothing is judged


@pytest.mark.parametrize("period", ["last-7-days", "2025-W20", "2025-06", "all"])
def test_a_period_that_cuts_a_month_is_refused(place: Workspace, period: str) -> None:
    with pytest.raises(QuestionError, match="whole months that are over"):
        place.contract("acme", period)


def test_names_there_are_none_of(company: Company, place: Workspace) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'acme'"):
        place.contract("acne", "2025-05")
    broken = company(History(), _settings("1 %").replace('"csat"', '"cast"'))
    with pytest.raises(SettingsError, match="Did you mean 'csat'"):
        broken.contract("acme", "2025-05")

"""The same questions on every engine give the same answers as on the embedded one, to 1e-9.

The catalogue is walked: a new KPI is asked on every engine without an edit here.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import deskpulse
from deskpulse import catalog
from deskpulse.answers.answer import Answer, Row
from deskpulse.facts import FACTS
from deskpulse.metrics.fact import Fact
from deskpulse.metrics.measure import Measure, Quotient
from deskpulse.workspace import Workspace
from tests.parity.conftest import OnBoth

Asked = tuple[str, dict[str, Any]]
MATCHING = {"rel_tol": 1e-9, "abs_tol": 1e-9}
# By a clock that is put forward by half an hour, on the other half of the year.
LORD_HOWE = "Australia/Lord_Howe"
TYPES = {
    "text": "string",
    "instant": "timestamp",
    "seconds": "int64",
    "integer": "int64",
    "number": "float64",
    "money": "decimal",
    "flag": "boolean",
}


def test_every_variant_with_and_without_a_dimension(kpi: str, on_both: OnBoth) -> None:
    """Of every KPI: over all of history, and by a dimension and week; the demo has something to say about each."""
    values = 0
    for variant, measure in catalog.kpi(kpi).variants.items():
        values += compare(on_both, (kpi, {"variant": variant}))
        values += compare(on_both, (kpi, {"variant": variant, "by": dimension_of(measure), "grain": "week"}))
    assert values


def test_every_statistic_and_clock(on_both: OnBoth) -> None:
    for asked in each_statistic_and_clock():
        assert compare(on_both, asked)


@pytest.mark.parametrize("grain", ["hour", "day", "week", "month", "quarter", "year"])
def test_every_grain_where_the_clock_changes_by_half_an_hour(grain: str, on_both: OnBoth) -> None:
    """On Lord Howe, 5 October 2025, 02:00 became 02:30."""
    around = {"start": "2025-10-01", "end": "2025-10-09"} if grain == "hour" else {}
    assert compare(on_both, ("ticket_volume", {"grain": grain, "zone": LORD_HOWE, **around}))


QUESTIONS: dict[str, Asked] = {
    "weekday and hour": ("ticket_volume", {"by": "weekday,hour", "zone": "America/Toronto"}),
    "a weekday": ("resolution_time", {"where": "weekday=Sun,Mon", "by": "weekday"}),
    "two dimensions": ("first_response_time", {"by": "channel,team", "clock": "business"}),
    "a value that is there": ("resolution_time", {"where": "channel=email", "statistic": "p90"}),
    "no value": ("backlog", {"where": "agent=none", "by": "priority"}),
    "all values but one": ("csat", {"where": "channel!=email", "by": "channel"}),
    "dated by another moment": ("resolution_time", {"dated_by": "created", "grain": "month"}),
    "a period against the one before": ("reopen_rate", {"period": "last-30-days", "compare": "previous"}),
    "ages at each end of a month": ("backlog", {"variant": "age", "grain": "month", "statistic": "mean"}),
}


@pytest.mark.parametrize("asked", QUESTIONS.values(), ids=QUESTIONS)
def test_the_words_of_a_question(asked: Asked, on_both: OnBoth) -> None:
    assert compare(on_both, asked)


def test_a_period_before_everything(on_both: OnBoth) -> None:
    assert compare(on_both, ("csat", {"start": "2019-01-01", "end": "2019-02-01"})) == 0


def test_weeks_begin_on_the_wall_clocks_monday(on_both: OnBoth) -> None:
    """Tickets per week in London are counted by Python's own zones too, over the night when the clock was put back."""
    wanted, found = on_both(lambda place: place.ask("ticket_volume", grain="week", zone="Europe/London"))
    counted = {row.period_start.replace(tzinfo=None): row.n for row in found.rows}
    _, created = on_both(created_at)
    assert {start: n for start, n in counted.items() if n} == Counter(monday(at, "Europe/London") for at in created)
    assert {row.period_start.utcoffset() for row in found.rows} == {timedelta(0), timedelta(hours=1)}
    assert [row.period_start for row in wanted.rows] == [row.period_start for row in found.rows]


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_the_tables_of_facts_are_the_same(fact: Fact, on_both: OnBoth) -> None:
    """The declared types, the rows, and in each column the values there are, the least and the greatest."""

    def look(place: Workspace) -> tuple[dict[str, str], list[dict[str, Any]]]:
        table = place.backend.table(f"fact_{fact.name}")
        types = {name: str(kind).split("(")[0].lstrip("!") for name, kind in table.schema().items()}
        looks = {f"{name}_{what}": value for name in fact.columns for what, value in extremes(table[name])}
        return types, place.backend.to_pyarrow(table.aggregate(rows=table.count(), **looks)).to_pylist()

    (_, wanted), (types, found) = on_both(look)
    assert {name: types[name] for name in fact.columns} == {n: TYPES[c.kind] for n, c in fact.columns.items()}
    assert found == wanted
    assert wanted[0]["rows"] > 0


def test_the_rows_behind_a_value(on_both: OnBoth) -> None:
    wanted, found = on_both(lambda place: place.prove("resolution_time", period="last-30-days").records())
    assert wanted
    assert by_ticket(found) == by_ticket(wanted)


def test_one_ticket_stretch_by_stretch(on_both: OnBoth, demo: Workspace) -> None:
    ticket = demo.prove("resolution_time", period="last-30-days").records()[0]["ticket"]
    wanted, found = on_both(lambda place: place.prove_ticket("resolution_time", ticket))
    assert wanted.segments and wanted.events and wanted.rows
    assert (found.rows, found.segments, found.events) == (wanted.rows, wanted.segments, wanted.events)


def test_two_companies_open_at_once_are_not_mixed_up(on_both: OnBoth, small: Workspace, started: Workspace) -> None:
    """The small one has two tickets of the first week of January 2026, and the demo goes on with its own."""
    demo_before, _ = on_both(lambda place: place.ask("ticket_volume", period="2026-01").value)
    other = deskpulse.open(small.root, engine=started.engine, url=started.url)
    assert other.ask("ticket_volume").value == 2
    assert compare(on_both, ("ticket_volume", {"period": "2026-01"}))
    assert compare(on_both, ("ticket_volume", {"period": "2026-01", "by": "channel"}))
    assert demo_before != 2


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for ``kpi`` gets each of them; those of one engine follow one another."""
    if "kpi" in metafunc.fixturenames:
        metafunc.parametrize("kpi", catalog.kpis())


def compare(on_both: OnBoth, asked: Asked) -> int:
    """Asks a question on both, wants equal rows, and gives how many of them have a value."""
    kpi, options = asked
    wanted, found = on_both(lambda place: place.ask(kpi, **options))
    assert len(found.rows) == len(wanted.rows)
    different = [pair for pair in zip(wanted.rows, found.rows, strict=True) if not is_same(*pair)]
    shown = "\n".join(f"  wanted {one}\n  found  {other}" for one, other in different[:3])
    assert not different, f"{kpi} {options}: {len(different)} of {len(found.rows)} rows differ\n{shown}"
    assert identity(found) == identity(wanted)
    return sum(1 for row in found.rows if row.value is not None)


def is_same(one: Row, other: Row) -> bool:
    """Equal keys, n and reasons; equal numbers to 1e-9."""
    names = ("period_start", "dimensions", "n", "left_out", "is_distinguishable")
    numbers = ("value", "low", "high", "previous")
    return all(getattr(one, name) == getattr(other, name) for name in names) and all(
        is_close(getattr(one, name), getattr(other, name)) for name in numbers
    )


def is_close(one: float | None, other: float | None) -> bool:
    """Both null, or equal to 1e-9."""
    return one is other if one is None or other is None else math.isclose(one, other, **MATCHING)


def identity(answer: Answer) -> tuple[str, ...]:
    """What was answered."""
    return (answer.definition, answer.statistic, answer.clock, answer.dated_by, *answer.notes)


def dimension_of(measure: Measure) -> str:
    """The channel where the KPI has it, else the first dimension there is."""
    moments = [count.dated_by for count in measure.operands] if isinstance(measure, Quotient) else [measure.dated_by]
    offered = [moment.fact.dimension_names(moment) for moment in moments]
    shared = [name for name in offered[0] if all(name in names for names in offered)]
    return "channel" if "channel" in shared else shared[0]


def each_statistic_and_clock() -> Iterator[Asked]:
    """Every kind of formula with every statistic and clock it has, by the first variant that offers it."""
    seen = set()
    for kpi, declared in catalog.kpis().items():
        for variant, measure in declared.variants.items():
            for statistic in measure.statistics:
                for clock in measure.clocks:
                    kind = (type(measure), statistic, clock)
                    if kind not in seen:
                        seen.add(kind)
                        yield kpi, {"variant": variant, "statistic": statistic, "clock": clock, "grain": "month"}


def created_at(place: Workspace) -> list[datetime]:
    """When the tickets that count were created."""
    table = place.backend.table("fact_ticket")
    rows = place.backend.to_pyarrow(table.filter(table["left_out"].isnull()).select("created_at"))
    return [at.replace(tzinfo=None) for at in rows["created_at"].to_pylist()]


def monday(instant: datetime, zone: str) -> datetime:
    """The local midnight at which the instant's week begins."""
    local = instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    return datetime.combine(local.date() - timedelta(days=local.weekday()), datetime.min.time())


def extremes(column: Any) -> list[tuple[str, Any]]:
    """How many values a column has, the least and the greatest."""
    number = column.ifelse(1, 0) if column.type().is_boolean() else column
    number = number.epoch_seconds() if number.type().is_timestamp() else number
    return [("known", column.count()), ("least", number.min()), ("greatest", number.max())]


def by_ticket(records: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Rows in an order of their own."""
    return sorted((tuple(record.values()) for record in records), key=repr)

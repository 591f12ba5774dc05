"""Is a target met? Judged by the interval, never by the bare value.

- *met*: the whole 95 % interval lies within the bounds. *missed*: all of it lies outside.
- *within noise*: it lies on both sides of a bound, so that these rows cannot tell.
- *not enough data*: there is no value, or too few rows for an interval.

What is no sample (a census, a total, a quotient of two totals) is met or missed exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from math import inf

from deskpulse import catalog
from deskpulse.answers.answer import Answer, Bounds, Row, Status
from deskpulse.errors import DeskpulseError, SettingsError
from deskpulse.metrics.measure import Census, Measure, Quotient, Total
from deskpulse.settings import KPITarget, Settings
from deskpulse.time.zone import to_local


def judged(answer: Answer, targets: tuple[KPITarget, ...], *, shown: bool = False) -> Answer:
    """The answer with target and status in each row that a target fits: the first that does counts.

    A target with conditions fits rows of just that channel, team...: by the row's dimensions or the question's
    filters. A dated one fits what begins while it is valid. ``shown`` writes both to records.
    """
    mine = [target for target in targets if _is_about(target, answer)]
    if not mine:
        return replace(answer, shows_targets=shown)
    filtered = _filtered(answer)
    rows = tuple(_judged_row(row, answer, mine, filtered) for row in answer.rows)
    return replace(answer, rows=rows, shows_targets=shown)


def judge(row: Row, bounds: Bounds, measure: Measure) -> Status:
    """Where a row's interval lies, seen from the bounds."""
    if row.value is None:
        return "not enough data"
    least = -inf if bounds.at_least is None else bounds.at_least
    most = inf if bounds.at_most is None else bounds.at_most
    if is_exact(measure):
        return "met" if least <= row.value <= most else "missed"
    if row.low is None and row.high is None:
        return "not enough data"
    low = -inf if row.low is None else row.low
    high = inf if row.high is None else row.high
    if least <= low and high <= most:
        return "met"
    return "missed" if high < least or low > most else "within noise"


def is_exact(measure: Measure) -> bool:
    """Everything was counted and nothing sampled, so that the value has no interval."""
    return isinstance(measure, Census | Total) or (isinstance(measure, Quotient) and measure.varies_by is None)


def _is_about(target: KPITarget, answer: Answer) -> bool:
    if target.kpi != answer.kpi:
        return False
    kpi = catalog.kpi(answer.kpi)
    variant = target.variant or kpi.default
    if variant != answer.variant:
        return False
    measure = kpi.variant(variant)
    return (target.statistic or measure.statistics[0]) == answer.statistic and (
        target.clock or measure.clocks[0]
    ) == answer.clock


def _filtered(answer: Answer) -> dict[str, str]:
    """The dimensions a question is narrowed down to one value of."""
    return {
        condition.dimension: condition.values[0]
        for condition in answer.question.where
        if len(condition.values) == 1 and not condition.negated
    }


def _judged_row(row: Row, answer: Answer, targets: list[KPITarget], filtered: Mapping[str, str]) -> Row:
    about = {**filtered, **row.dimensions}
    begins = _begins(row, answer)
    for target in targets:
        if all(about.get(name) == value for name, value in target.where.items()) and _is_valid(target, begins):
            bounds = Bounds(at_least=target.at_least, at_most=target.at_most)
            measure = catalog.kpi(answer.kpi).variant(answer.variant)
            return replace(row, target=bounds, status=judge(row, bounds, measure))
    return row


def _begins(row: Row, answer: Answer) -> date:
    """The first day of what a row is about; of all of history, the last: what counts is what is asked of it now."""
    if row.period_start:
        return row.period_start.date()
    question = answer.question
    return to_local(question.start or question.now, question.zone).date()


def _is_valid(target: KPITarget, day: date) -> bool:
    return (target.valid_from or day) <= day <= (target.valid_to or day)


def check_goals(settings: Settings) -> None:
    """Raises SettingsError for targets, scorecards and contracts of KPIs, variants, statistics there are none of."""
    wrong = list(_unknown(settings))
    if wrong:
        raise SettingsError("\n".join(wrong))


def _unknown(settings: Settings) -> Iterator[str]:
    for target in settings.kpi_targets:
        yield from _fault(target.place, target.kpi, target.variant, target.statistic, target.clock)
    for card in settings.scorecards.values():
        for kpi in card.kpis:
            yield from _fault(card.place, *catalog.parted(kpi))
    for contract in settings.contracts.values():
        for line in contract.lines:
            yield from _fault(contract.place, line.kpi, line.variant, line.statistic, line.clock)


def _fault(
    place: str, kpi: str, variant: str | None, statistic: str | None = None, clock: str | None = None
) -> Iterator[str]:
    try:
        measure = catalog.kpi(kpi).variant(variant)
    except DeskpulseError as error:
        yield f"{place}: {error}"
        return
    if statistic and statistic not in measure.statistics:
        yield f"{place}: '{kpi}' has no statistic '{statistic}'. Write one of: {', '.join(measure.statistics)}."
    if clock and clock not in measure.clocks:
        yield f"{place}: '{kpi}' cannot be read on the clock '{clock}'. Write: {' or '.join(measure.clocks)}."

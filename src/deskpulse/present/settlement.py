"""A settled contract as a table of texts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from deskpulse import catalog, units
from deskpulse.answers.answer import Bounds
from deskpulse.insights.contract import JudgedLine, Settlement
from deskpulse.present.tile import Sheet, provenance
from deskpulse.present.words import NO_DATA, interval_words, n_words, statistic_words, target_words, value_words

HEADINGS = ("promise", "", "value", "95 % interval", "n", "target", "status", "weight", "credit")


def settlement_sheet(found: Settlement) -> Sheet:
    """Each promise with value, interval, n, target, status, weight and credit; below it the sums and provenance."""
    contract = found.contract
    return Sheet(
        title=f"Contract {contract.name}: {contract.partner}, {found.period}",
        headings=HEADINGS,
        rows=tuple(_cells(line, contract.currency) for line in found.lines),
        notes=(score_words(found), credit_words(found), *_reasons(found), *_origins(found)),
    )


def _cells(judged: JudgedLine, currency: str) -> tuple[str, ...]:
    answer = judged.answer
    bounds = Bounds(at_least=judged.line.at_least, at_most=judged.line.at_most)
    row = replace(answer.rows[0], target=bounds)
    name = catalog.kpi(answer.kpi).title
    where = ", ".join(judged.line.where.values())
    return (
        f"{name} ({where})" if where else name,
        statistic_words(answer),
        value_words(row.value, answer),
        interval_words(row, answer),
        n_words(row, answer),
        target_words(row, answer),
        judged.status,
        f"{judged.line.weight.normalize():f}",
        _money(judged.credit, currency) if judged.credit else "",
    )


def score_words(found: Settlement) -> str:
    """The score of a contract as a share, or as the range it lies in where noise leaves it open."""
    if found.score_low is None or found.score_high is None:
        return f"Score: {NO_DATA}, no line could be judged"
    low, high = units.format_share(float(found.score_low)), units.format_share(float(found.score_high))
    if low == high:
        return f"Score: {low} of the weight that could be judged"
    return f"Score: between {low} and {high} of the weight that could be judged: some lines are within noise"


def credit_words(found: Settlement) -> str:
    """The service credits due, beside the fee they come off."""
    currency, capped = found.contract.currency, ", which is the cap" if found.is_capped else ""
    return f"Service credits: {_money(found.credits, currency)} of a fee of {_money(found.fee, currency)}{capped}"


def _money(amount: Decimal, currency: str) -> str:
    return f"{units.format_number(float(amount))} {currency}".strip()


def _reasons(found: Settlement) -> tuple[str, ...]:
    return tuple(f"{line.answer.kpi}: {line.status}, {line.reason}" for line in found.lines if line.reason)


def _origins(found: Settlement) -> tuple[str, ...]:
    lines = (f"{provenance(line.answer)}, snapshot {found.version}. Proof: {line.evidence}" for line in found.lines)
    return tuple(lines)

"""A partner's contract asked line by line, over whole months."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from deskpulse.answers.question import Question
from deskpulse.answers.target import check_goals
from deskpulse.errors import QuestionError, UnknownNameError
from deskpulse.insights.contract import JudgedLine, Settlement, judged_line, settled
from deskpulse.settings import Contract, ContractLine
from deskpulse.time.zone import to_local

if TYPE_CHECKING:
    from decimal import Decimal

    from deskpulse.workspace import Workspace

PARTNER = "partner"


def settlement(place: Workspace, name: str, period: str, *, zone: str | None) -> Settlement:
    """The contract called ``name`` over a period of whole months.

    Raises UnknownNameError for a contract or partner there is none of, QuestionError for a period that cuts a month.
    """
    check_goals(place.settings)
    known = contracts(place)
    if name not in known:
        raise UnknownNameError("contract", name, known)
    contract = known[name]
    months = 0
    lines: list[JudgedLine] = []
    for line in contract.lines:
        question = _question(place, contract, line, period, zone)
        months = months or _months(question, period)
        lines.append(_judged(place, question, line, fee=contract.monthly_fee * months, period=period, zone=zone))
    return settled(
        contract,
        tuple(lines),
        period=period,
        months=months,
        version=place.snapshot.version,
        fee=contract.monthly_fee * months,
    )


def contracts(place: Workspace) -> Mapping[str, Contract]:
    """The contracts the viewer may see: all, the own partner's, or none for who has no part in what is agreed."""
    viewer = place.viewer
    if viewer.role not in ("analyst", "admin"):
        return {}
    written = place.settings.contracts
    return {name: one for name, one in written.items() if viewer.partner in (None, one.partner)}


def _question(place: Workspace, contract: Contract, line: ContractLine, period: str, zone: str | None) -> Question:
    return place.question(
        line.kpi,
        variant=line.variant,
        statistic=line.statistic,
        clock=line.clock,
        where={PARTNER: contract.partner, **line.where},
        period=period,
        zone=zone,
    )


def _months(question: Question, period: str) -> int:
    """How many calendar months a period has; raises QuestionError where it cuts one or is not over."""
    fault = f"A contract is settled by whole months that are over, and {period} is not that: --period last-month"
    if question.start is None or question.end is None or question.end > question.now:
        raise QuestionError(fault)
    first, end = (to_local(instant, question.zone) for instant in (question.start, question.end))
    if any((local.day, local.hour, local.minute) != (1, 0, 0) for local in (first, end)):
        raise QuestionError(fault)
    return _number(end.date()) - _number(first.date())


def _number(day: date) -> int:
    return day.year * 12 + day.month


def _judged(
    place: Workspace, question: Question, line: ContractLine, *, fee: Decimal, period: str, zone: str | None
) -> JudgedLine:
    evidence = _evidence(question, period, zone)
    return judged_line(line, place.ask(question), fee=fee, evidence=evidence)


def _evidence(question: Question, period: str, zone: str | None) -> str:
    """What to type to see the rows behind a line."""
    kpi = f"{question.kpi}:{question.variant}" if question.variant else question.kpi
    words = ["deskpulse", "prove", kpi, "--period", period]
    for condition in question.where:
        words += ["--where", condition.typed]
    given = (("--stat", question.statistic), ("--clock", question.clock), ("--zone", zone))
    for option, value in given:
        words += [option, value] if value else []
    return shlex.join(words)

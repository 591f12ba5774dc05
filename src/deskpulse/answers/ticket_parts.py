"""In which KPIs a ticket counts, with what it adds to each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from deskpulse.answers.plan import Plan, plan
from deskpulse.answers.question import Filter, Question
from deskpulse.answers.ticket_evidence import TicketRow, identified, rows_and_windows
from deskpulse.metrics.measure import Ranking, Unit


@dataclass(frozen=True, kw_only=True)
class TicketPart:
    """A ticket's rows in one KPI; none of them may count."""

    kpi: str
    variant: str
    unit: Unit
    is_share: bool
    rows: tuple[TicketRow, ...]

    @property
    def counts(self) -> bool:
        """It adds something."""
        return any(not row.excluded for row in self.rows)


def ticket_parts(
    questions: Iterable[Question], ticket: str, *, backend: Any, rules: tuple[Filter, ...] = ()
) -> Iterator[TicketPart]:
    """What a ticket adds to each of several KPIs that read tickets or what belongs to them; others are passed over.

    Raises QuestionError for an unknown ticket, or one that ``rules`` hide.
    """
    name, _ = identified(backend, ticket, rules)
    for found in filter(_reads_tickets, map(plan, questions)):
        rows, _ = rows_and_windows(found, backend, name)
        if rows:
            yield _part(found, rows)


def _part(found: Plan, rows: tuple[TicketRow, ...]) -> TicketPart:
    return TicketPart(
        kpi=found.question.kpi,
        variant=found.variant,
        unit=found.measure.unit,
        is_share=found.statistic == "share",
        rows=rows,
    )


def _reads_tickets(found: Plan) -> bool:
    is_ranking = isinstance(found.measure, Ranking)
    return not is_ranking and any("ticket" in part.fact.columns for part in found.parts)

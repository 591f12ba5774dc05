"""What stands behind a value: every row that counts with what it adds, and every row that does not with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import ibis
import pyarrow as pa

from deskpulse import catalog
from deskpulse.answers.answer import Answer
from deskpulse.answers.ask import ask
from deskpulse.answers.buckets import buckets
from deskpulse.answers.census import standing_at
from deskpulse.answers.counts import refuse_list_of_counts
from deskpulse.answers.plan import Plan, plan
from deskpulse.answers.question import Question
from deskpulse.answers.scope import CLUSTER, CODE, Scope, label, rows, scope
from deskpulse.answers.ticket_evidence import TicketEvidence, prove_ticket
from deskpulse.errors import QuestionError
from deskpulse.metrics.fact import Table, Value
from deskpulse.metrics.measure import Census, Quotient
from deskpulse.store.compiled import fetch

__all__ = ["Evidence", "EvidenceRow", "TicketEvidence", "prove", "prove_ticket"]

PARTS = ("numerator", "denominator")


@dataclass(frozen=True, kw_only=True)
class EvidenceRow:
    """A row of the fact: what it adds to the value, or why it adds nothing.

    ``part`` says to which count of a quotient it belongs; ``divisor`` and ``cluster`` are what it adds below the line
    of a ratio, and for whom. ``value`` of an excluded row is what it would have added.
    """

    ticket: str | None
    value: float | None
    excluded: bool
    reason: str | None
    part: str | None = None
    divisor: float | None = None
    cluster: str | None = None
    dimensions: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The answer, its formula in words, and the rows it was made of: those that count first, then by ticket."""

    answer: Answer
    formula: str
    rows: tuple[EvidenceRow, ...]

    def records(self) -> list[dict[str, Any]]:
        """One flat mapping per row: ticket, value, excluded, reason, then what else the row has."""
        return [_record(row) for row in self.rows]

    def to_arrow(self) -> pa.Table:
        """The rows as an Arrow table."""
        return pa.Table.from_pylist(self.records())

    @property
    def has_tickets(self) -> bool:
        """Its rows are tickets, or belong to some."""
        measure = catalog.kpi(self.answer.kpi).variant(self.answer.variant)
        return "ticket" in measure.fact.columns


def _record(row: EvidenceRow) -> dict[str, Any]:
    record = {"ticket": row.ticket, "value": row.value, "excluded": row.excluded, "reason": row.reason}
    more = {"part": row.part, "divisor": row.divisor, "cluster": row.cluster}
    return record | {name: value for name, value in more.items() if value is not None} | dict(row.dimensions)


def prove(question: Question, *, backend: Any, as_of: datetime, most: int | None = None, after: int = 0) -> Evidence:
    """The rows behind the value(s) of a question without a grain, found by the same conditions.

    ``most`` and ``after`` give a page of them: that many (of each side of a quotient), after so many. Raises what
    ``ask`` raises, and QuestionError for a grain.
    """
    if question.grain:
        raise QuestionError("Evidence is for one period: leave the grain out and ask for the period you want to see.")
    if catalog.kpi(question.kpi).variant(question.variant).least:
        raise QuestionError(
            "The answers behind '%(kpi)s' are confidential: ask for the value, by team or period.", kpi=question.kpi
        )
    question = replace(question, compare=None)
    answer = ask(question, backend=backend, as_of=as_of)
    found = plan(question)
    refuse_list_of_counts(found, backend)
    names = PARTS if isinstance(found.measure, Quotient) else (None,)
    behind = [
        row for part, name in zip(found.parts, names, strict=True) for row in _rows(part, name, backend, most, after)
    ]
    return Evidence(answer=answer, formula=found.measure.words, rows=tuple(behind))


def _rows(part: Plan, name: str | None, backend: Any, most: int | None, after: int) -> Iterator[EvidenceRow]:
    where = scope(part, backend)
    key = ("evidence", part.key, part.statistic, most, after)
    for row in fetch(backend, key, lambda: _listed(where).limit(most, offset=after)).to_pylist():
        reason = where.reasons[row["code"] - 1] if row["code"] else None
        values = zip(where.dimensions, part.question.by, strict=True)
        yield EvidenceRow(
            ticket=row["ticket"],
            value=row["shown"],
            excluded=reason is not None,
            reason=reason,
            part=name,
            divisor=row.get("divisor"),
            cluster=row.get(CLUSTER),
            dimensions={dimension: label(dimension, row[key]) for key, dimension in values},
        )


def _listed(where: Scope) -> Table:
    measure = where.plan.measure
    if isinstance(measure, Census):
        table = standing_at(where, buckets(where.plan, where.first)[0])
        shown = table["value"]
    else:
        table = rows(where)
        shown = measure.row_value(table, where.plan.now, where.plan.clock).cast("float64")
    columns = {"ticket": _name(where, table), "shown": shown, CODE: table[CODE]}
    columns |= {key: table[key] for key in where.dimensions}
    columns |= {name: table[name] for name in ("divisor", CLUSTER) if name in table.columns}
    first = (CODE, "ticket", "shown")
    # By the rest as well: rows alike in these must not change places from one page to the next.
    return table.select(**columns).order_by([*first, *(name for name in columns if name not in first)])


def _name(where: Scope, table: Table) -> Value:
    own = table[where.plan.fact.key]
    return ibis.coalesce(table["ticket"], own) if "ticket" in where.plan.fact.columns else own

"""The rows behind a value as someone may see them: no row that stands for somebody else, no name of a colleague."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deskpulse.answers.evidence import Evidence, EvidenceRow
from deskpulse.answers.evidence import prove as proved
from deskpulse.answers.plan import plan
from deskpulse.answers.question import Question
from deskpulse.errors import AccessError
from deskpulse.facts import account_month, account_risk, agent_day, mrr_span
from deskpulse.workspace.names import Names, names

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace

OF_AGENTS = (agent_day.FACT,)
OF_CUSTOMERS = (account_month.FACT, account_risk.FACT, mrr_span.FACT)
WORKERS = ("agent", "worker", "solve_agent")
"""Columns by which rows are taken together that hold who did the work."""


def prove(place: Workspace, asked: Question, *, most: int | None = None, after: int = 0) -> Evidence:
    """The evidence of a question that was restricted; raises AccessError where each row stands for a person."""
    parts = plan(asked).parts
    facts = {part.fact for part in parts}
    if not facts.isdisjoint(OF_AGENTS):
        asked = place.viewer.only_own(asked)
    if not facts.isdisjoint(OF_CUSTOMERS) and not place.viewer.sees_customers:
        raise AccessError("Rows of single customers are for those who work with them. Ask for the value.")
    found = proved(asked, backend=place.backend, as_of=place.as_of, most=most, after=after)
    units = {part.measure.unit_of.name for part in parts if part.measure.unit_of is not None}
    readable = names(place)
    if readable.all or units.isdisjoint(WORKERS):
        return found
    return replace(found, rows=tuple(_masked(row, readable) for row in found.rows))


def _masked(row: EvidenceRow, readable: Names) -> EvidenceRow:
    return replace(row, cluster=readable.of(row.cluster))

"""Tickets as someone may see them: found, filtered by what there is, and each with the KPIs it counts in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypedDict

from deskpulse.answers.choices import choices as known_choices
from deskpulse.answers.question import Filter, Question
from deskpulse.answers.ticket_parts import TicketPart
from deskpulse.answers.ticket_parts import ticket_parts as parts_of
from deskpulse.answers.tickets import NEWEST, Search, TicketPage, TicketSummary, ticket_summary
from deskpulse.answers.tickets import find_tickets as found_by
from deskpulse.errors import AccessError
from deskpulse.insights.scorecard import VOLUME, scorecard
from deskpulse.present.paging import SIZE
from deskpulse.workspace.masking import masked_page, masked_summary

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace


class Shown(TypedDict, total=False):
    """Which part of a list is shown, and in what order."""

    order: str
    customer: str | None
    most: int
    after: int


def find_tickets(place: Workspace, asked: Question, words: str, shown: Shown) -> TicketPage:
    """Tickets of the period, filters and rules of ``asked`` that hold ``words``."""
    asked = place.viewer.restricted(asked)
    sought = Search(
        words=words,
        where=asked.where,
        rules=asked.rules,
        start=asked.start,
        end=asked.end,
        customer=shown.get("customer"),
        by_customer=place.viewer.sees_customers,
        order=shown.get("order", NEWEST),
    )
    found = found_by(place.backend, sought, most=shown.get("most", SIZE), after=shown.get("after", 0))
    return masked_page(found, place)


def ticket_named(place: Workspace, ticket: str) -> TicketSummary:
    """One ticket by its full name; raises UnknownNameError, also for one that may not be seen."""
    return masked_summary(ticket_summary(place.backend, ticket, rules_of(place)), place)


def scorecard_kpis(place: Workspace, name: str | None = None) -> tuple[str, ...]:
    """The KPIs of a scorecard; raises UnknownNameError."""
    return scorecard(name, place.settings.scorecards).kpis


def rules_of(place: Workspace) -> tuple[Filter, ...]:
    """The filters nothing goes without that the viewer is shown; raises AccessError where nothing may be shown."""
    return place.viewer.restricted(place.question(VOLUME)).rules


def choices(place: Workspace) -> Mapping[str, tuple[str, ...]]:
    """What tickets can be filtered by: the dimensions with several values, and these, as far as may be seen."""
    return known_choices(place.backend, rules_of(place))


def ticket_parts(place: Workspace, kpis: Iterable[str], ticket: str) -> tuple[TicketPart, ...]:
    """What one ticket adds to each of ``kpis``; those it has no row in, or that may not be seen, are passed over."""
    asked = _may_be_seen(place, kpis)
    return tuple(parts_of(asked, ticket, backend=place.backend, rules=rules_of(place)))


def _may_be_seen(place: Workspace, kpis: Iterable[str]) -> Iterator[Question]:
    for kpi in kpis:
        try:
            yield place.viewer.restricted(place.question(kpi))
        except AccessError:
            continue

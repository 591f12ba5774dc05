"""Customers as someone may see them: those whose tickets they may see; what an account pays, to who sees everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deskpulse.answers.comments import Comment, Sought
from deskpulse.answers.customers import CustomerPage, CustomersSought, CustomerSummary, Worth, customer_named, worth_of
from deskpulse.answers.customers import find_customers as found_by
from deskpulse.answers.question import Question
from deskpulse.answers.tickets import TicketPage
from deskpulse.errors import AccessError
from deskpulse.insights.scorecard import VOLUME
from deskpulse.workspace.comments import find_comments
from deskpulse.workspace.tickets import rules_of

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace

MOST_COMMENTS = 20


@dataclass(frozen=True, kw_only=True)
class Customer:
    """One customer: the tickets and comments that may be seen, and what the account pays."""

    summary: CustomerSummary
    tickets: TicketPage
    comments: tuple[Comment, ...]
    worth: Worth | None


def _check(place: Workspace) -> None:
    if not place.viewer.sees_customers:
        raise AccessError("Who the customers are is for those who work with them. Ask an admin for another role.")


def find_customers(place: Workspace, asked: Question, *, words: str, order: str, most: int, after: int) -> CustomerPage:
    """Customers with tickets of the period, filters and rules of ``asked``; raises AccessError for mere viewers."""
    _check(place)
    asked = place.viewer.restricted(asked)
    sought = CustomersSought(
        words=words, where=asked.where, rules=asked.rules, start=asked.start, end=asked.end, order=order
    )
    return found_by(place.backend, sought, most=most, after=after)


def customer(place: Workspace, name: str, *, most: int, after: int) -> Customer:
    """One customer over all time, as far as may be seen; raises AccessError, UnknownNameError."""
    _check(place)
    rules = rules_of(place)
    summary = customer_named(place.backend, name, rules)
    ever = place.question(VOLUME)
    comments = find_comments(place, ever, Sought(customer=name), most=MOST_COMMENTS, after=0)
    return Customer(
        summary=summary,
        tickets=place.find_tickets(ever, customer=name, most=most, after=after),
        comments=comments.rows,
        worth=worth_of(place.backend, summary) if not rules else None,
    )

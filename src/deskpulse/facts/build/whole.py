"""The facts that are built whole, not by ticket: each names what it reads, so that it is built when that changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from deskpulse.facts import FACTS, account_month, account_risk, mrr_span, revenue_day, spend_day
from deskpulse.facts.build.accounts import account_columns
from deskpulse.facts.build.agent_days import (
    agent_day_rows,
    days_told,
    told,
)
from deskpulse.facts.build.articles import article_day_rows, article_rows
from deskpulse.facts.build.calls import call_and_handle_rows
from deskpulse.facts.build.customer_contacts import contact_rows
from deskpulse.facts.build.engagements import engagement_rows
from deskpulse.facts.build.ledgers import revenue_columns, spend_columns
from deskpulse.facts.build.people import memberships, names
from deskpulse.facts.build.raked import raked
from deskpulse.facts.build.remarks import remark_rows
from deskpulse.facts.build.reviews import review_rows
from deskpulse.facts.build.risk import risk_columns
from deskpulse.facts.build.shape import empty, filled
from deskpulse.facts.build.sources import Builder, Sources, Updater
from deskpulse.facts.build.subscriptions import span_columns, subscriptions
from deskpulse.facts.build.surveys import survey_rows
from deskpulse.facts.build.updates import some_agent_days, some_contacts, some_surveys
from deskpulse.facts.build.visits import visit_rows
from deskpulse.metrics.fact import Table
from deskpulse.store.texts import Asked

PEOPLE = ("event_person", "event_membership")
CALLS = ("event_call", "event_call_leg", "event_call_interval")
ARTICLES = ("event_article", "event_article_event")
MONEY = ("event_spend_month", "event_revenue_month")
AS_OF = "as_of"
"""What a fact reads that runs to the instant the data are the state of."""


@dataclass(frozen=True, kw_only=True)
class Whole:
    """Facts that are computed together. ``reads`` names the tables (``event_...``, ``fact_...``) they come from, and
    AS_OF where they read that: they are built only when one of these changed. While all tables of ``rows_of`` are
    empty, so are they.

    ``update`` computes a fact anew for the touched tickets (a table with ``ticket_key``) where nothing but
    ``updated_by`` changed; it gives null where the rows depend on each other.
    """

    facts: tuple[str, ...]
    reads: tuple[str, ...]
    build: Builder
    rows_of: tuple[str, ...] = ()
    update: Updater | None = None
    updated_by: tuple[str, ...] = ()

    def nothing(self) -> Mapping[str, pa.Table]:
        """The facts without a row."""
        return {name: empty(FACTS[name]) for name in self.facts}


def _surveys(sources: Sources) -> Mapping[str, Table | pa.Table]:
    then, labels = memberships(sources.events), names(sources.events)
    rows = survey_rows(sources.events["survey"], sources.fact("ticket"), then, labels)
    population = sources.settings.population
    return {"survey": raked(rows.to_pyarrow(), population) if population else rows}


def _reviews(sources: Sources) -> Mapping[str, Table]:
    return {"review": review_rows(sources.events["review"], sources.fact("ticket"))}


def _remarks(sources: Sources) -> Mapping[str, pa.Table]:
    return {"remark": remark_rows(sources.events, sources.fact, sources.desk)}


def _engagement(sources: Sources) -> Mapping[str, Table]:
    return {"engagement": engagement_rows(sources.events["engagement_answer"], memberships(sources.events))}


def _calls(sources: Sources) -> Mapping[str, Table]:
    then, labels = memberships(sources.events), names(sources.events)
    return call_and_handle_rows(sources.events, then, labels, sources.settings.phones)


def _agent_days(sources: Sources) -> Mapping[str, Asked]:
    events, fact = sources.events, sources.fact
    days = days_told(sources.desk, events, fact, sources.settings.zone, sources.as_of)
    return {"agent_day": days.asked("agents' days", lambda: agent_day_rows(events, told(events, fact, days)))}


def _contacts(sources: Sources) -> Mapping[str, Table]:
    return {"contact": contact_rows(sources.fact("ticket"), sources.fact("call"))}


def _articles(sources: Sources) -> Mapping[str, Table]:
    days = article_day_rows(sources.events, sources.settings.zone)
    return {"article": article_rows(sources.events["article"]), "article_day": days}


def _visits(sources: Sources) -> Mapping[str, Table]:
    return {"visit": visit_rows(sources.events, sources.fact("ticket"), sources.fact("call"))}


def _accounts(sources: Sources) -> Mapping[str, pa.Table]:
    found = subscriptions(sources.events, sources.settings, sources.as_of)
    return {
        "mrr_span": filled(span_columns(found), mrr_span.FACT),
        "account_month": filled(account_columns(found, sources.events, sources.settings.money), account_month.FACT),
    }


def _risks(sources: Sources) -> Mapping[str, pa.Table]:
    columns = risk_columns(sources.events, sources.fact, sources.settings.zone, sources.as_of)
    return {"account_risk": filled(columns, account_risk.FACT)}


def _ledgers(sources: Sources) -> Mapping[str, pa.Table]:
    events, settings = sources.events, sources.settings
    return {
        "spend_day": filled(spend_columns(events["spend_month"], settings), spend_day.FACT),
        "revenue_day": filled(revenue_columns(events["revenue_month"], settings), revenue_day.FACT),
    }


# In this order: a fact may read those before it.
WHOLE: tuple[Whole, ...] = (
    Whole(
        facts=("survey",),
        reads=("event_survey", *PEOPLE, "fact_ticket"),
        build=_surveys,
        rows_of=("event_survey",),
        update=some_surveys,
        updated_by=("event_survey", "fact_ticket"),
    ),
    Whole(facts=("review",), reads=("event_review", "fact_ticket"), build=_reviews, rows_of=("event_review",)),
    Whole(facts=("remark",), reads=("event_message", "fact_survey", "fact_ticket", AS_OF), build=_remarks),
    Whole(
        facts=("engagement",),
        reads=("event_engagement_answer", "event_membership"),
        build=_engagement,
        rows_of=("event_engagement_answer",),
    ),
    Whole(facts=("call", "handle", "ring"), reads=(*CALLS, *PEOPLE), build=_calls, rows_of=CALLS),
    Whole(
        facts=("agent_day",),
        reads=("event_agent_state", *PEOPLE, "fact_reply", "fact_solve", "fact_handle", AS_OF),
        build=_agent_days,
        update=some_agent_days,
        updated_by=("fact_reply", "fact_solve", AS_OF),
    ),
    Whole(
        facts=("contact",),
        reads=("fact_ticket", "fact_call"),
        build=_contacts,
        update=some_contacts,
        updated_by=("fact_ticket",),
    ),
    Whole(facts=("article", "article_day"), reads=ARTICLES, build=_articles, rows_of=ARTICLES),
    Whole(
        facts=("visit",),
        reads=(*ARTICLES, "fact_ticket", "fact_call"),
        build=_visits,
        rows_of=("event_article_event",),
    ),
    Whole(
        facts=("mrr_span", "account_month"),
        reads=("event_subscription_change", "event_customer", "event_customer_segment", "event_revenue_month", AS_OF),
        build=_accounts,
        rows_of=("event_subscription_change",),
    ),
    Whole(
        facts=("account_risk",),
        reads=("fact_account_month", "fact_ticket", "fact_survey", "event_customer", AS_OF),
        build=_risks,
        rows_of=("fact_account_month",),
    ),
    Whole(facts=("spend_day", "revenue_day"), reads=MONEY, build=_ledgers, rows_of=MONEY),
)

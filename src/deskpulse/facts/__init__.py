"""The facts KPIs read, by name: every Fact a module of this package declares."""

from deskpulse.facts import (
    account_month,
    account_risk,
    agent_day,
    article,
    call,
    contact,
    engagement,
    mrr_span,
    remark,
    reply,
    revenue_day,
    review,
    solve,
    span,
    spend_day,
    survey,
    ticket,
    visit,
)
from deskpulse.metrics.fact import Fact

MODULES = (
    ticket,
    reply,
    span,
    solve,
    survey,
    call,
    article,
    visit,
    agent_day,
    contact,
    account_month,
    account_risk,
    mrr_span,
    spend_day,
    revenue_day,
    review,
    engagement,
    remark,
)

FACTS: dict[str, Fact] = {
    fact.name: fact for module in MODULES for fact in vars(module).values() if isinstance(fact, Fact)
}

__all__ = ["FACTS"]

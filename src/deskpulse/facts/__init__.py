"""The facts KPIs read, by name."""

from deskpulse.facts import call, reply, solve, span, survey, ticket
from deskpulse.metrics.fact import Fact

FACTS: dict[str, Fact] = {
    fact.name: fact for fact in (ticket.FACT, reply.FACT, span.FACT, solve.FACT, survey.FACT, call.FACT, call.HANDLE)
}

__all__ = ["FACTS"]

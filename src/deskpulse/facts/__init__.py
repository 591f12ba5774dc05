"""The facts KPIs read, by name: every Fact a module of this package declares."""

from deskpulse.facts import article, call, reply, solve, span, survey, ticket, visit
from deskpulse.metrics.fact import Fact

MODULES = (ticket, reply, span, solve, survey, call, article, visit)

FACTS: dict[str, Fact] = {
    fact.name: fact for module in MODULES for fact in vars(module).values() if isinstance(fact, Fact)
}

__all__ = ["FACTS"]

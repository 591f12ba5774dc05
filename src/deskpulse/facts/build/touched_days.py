"""Which agents' days news of a few tickets bear on: those of replies and solves that came, went or moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from deskpulse.facts.build.agent_days import KEY, OF_TICKETS, OLDEST, SINCE, Chosen, Told, deeds, hired
from deskpulse.facts.build.instants import seconds
from deskpulse.metrics.fact import Table
from deskpulse.store.blanks import blank


def touched_days(
    events: Mapping[str, Table],
    known: Told,
    *,
    fact: Callable[[str], Table],
    former: Callable[[str], Table],
    touched: Table,
) -> Table:
    """The agents' days (KEY) before the day SINCE on which other replies or solves are told than before. ``former``
    gives the rows of a fact that those of the touched tickets replaced."""
    present = deeds(lambda name: fact(name).semi_join(touched, "ticket_key"), OF_TICKETS)
    signed = present.mutate(sign=1).union(deeds(former, OF_TICKETS).mutate(sign=-1))
    dated = signed.select("source", "agent", "what", "sign", day=known.days.of(signed["at"]))
    counted = dated.group_by([*KEY, "what"]).agg(more=dated.sign.sum())
    moved = counted.filter(counted.more != 0).select(*KEY)
    # Who has no first day is employed since they first did anything: any day may become one of theirs, or be none.
    undated = hired(events, known).filter(lambda found: found.hired.isnull())
    theirs = moved.semi_join(undated, ["source", "agent"]).select("source", "agent").distinct()
    every = theirs.cross_join(known.days.table).select("source", "agent", day="number")
    earlier = moved.union(every)
    return earlier.filter(earlier.day < blank(SINCE, "int64")).distinct()


def stale_days(known: Told, fact: Table, chosen: Chosen) -> Table:
    """The ids (``agent_day``) of the rows of the fact that are chosen; those of days that are not over yet, where now
    is earlier than it was, among them."""
    recent = fact.filter(fact.day_at >= blank(OLDEST, "timestamp(6)"))
    begun = recent.select("agent_day", "source", "agent", begins=seconds(recent.day_at))
    dated = begun.left_join(known.days.table.select("begins", "number"), "begins").drop("begins_right")
    return chosen.of(dated.mutate(day=dated.number.fill_null(chosen.since))).select("agent_day")

"""Whom a fact is credited to: the team a person was in THEN, and the name to show."""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from deskpulse.facts.build.instants import seconds
from deskpulse.metrics.fact import Table

FOREVER = 253402300799  # 9999-12-31


def memberships(events: Mapping[str, Table]) -> Table:
    """Stretches of membership that never overlap: source, person, begin, end, member_team."""
    membership = events["membership"]
    rows = membership.select(
        "source",
        "person",
        begin=seconds(membership.valid_from),
        stated_end=seconds(membership.valid_to).fill_null(FOREVER),
        member_team=membership.team,
        row_id=membership.source_id,
    )
    following = rows.begin.lead().over(ibis.window(group_by=["source", "person"], order_by=["begin", "row_id"]))
    bounded = rows.mutate(end=ibis.least(rows.stated_end, following.fill_null(FOREVER)))
    return bounded.drop("stated_end", "row_id")


def with_team_then(rows: Table, stretches: Table, *, agent: str, at: str, team: str) -> Table:
    """Replaces ``team`` by the team ``agent`` belonged to at ``at`` where that is known."""
    joined = rows.left_join(
        stretches,
        [
            rows.source == stretches.source,
            rows[agent] == stretches.person,
            rows[at] >= stretches.begin,
            rows[at] < stretches.end,
        ],
    )
    kept = [c for c in rows.columns if c != team]
    return joined.select(*kept, **{team: ibis.coalesce(joined.member_team, joined[team])})


def names(events: Mapping[str, Table]) -> Table:
    """source, person, label: the name to show; two people of one name are told apart by id."""
    person = events["person"]
    shared = person.group_by("name").agg(bearers=person.count())
    joined = person.left_join(shared, "name")
    label = (joined.bearers == 1).ifelse(joined.name, joined.name + " (" + joined.source_id + ")")
    return joined.select("source", person=joined.source_id, label=label)


def with_names(rows: Table, labels: Table, *agents: str) -> Table:
    """Replaces person ids by names where they are known."""
    for column in agents:
        shown = labels.view()
        joined = rows.left_join(shown, [rows.source == shown.source, rows[column] == shown.person])
        kept = [c for c in rows.columns if c != column]
        rows = joined.select(*kept, **{column: ibis.coalesce(joined.label, joined[column])})
    return rows

"""Whom a fact is credited to: the team a person was in THEN, and the name to show."""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from deskpulse.facts.build.instants import seconds
from deskpulse.metrics.fact import Table, partner_of

FOREVER = 253402300799  # 9999-12-31


def memberships(events: Mapping[str, Table]) -> Table:
    """Stretches of membership that never overlap: source, person, begin, end, member_team, member_partner."""
    membership = events["membership"]
    rows = membership.select(
        "source",
        "person",
        begin=seconds(membership.valid_from),
        stated_end=seconds(membership.valid_to).fill_null(FOREVER),
        member_team=membership.team,
        member_partner=membership.partner,
        row_id=membership.source_id,
    )
    following = rows.begin.lead().over(ibis.window(group_by=["source", "person"], order_by=["begin", "row_id"]))
    bounded = rows.mutate(end=ibis.least(rows.stated_end, following.fill_null(FOREVER)))
    return bounded.drop("stated_end", "row_id")


def whole_teams(stretches: Table) -> Table:
    """When a team belonged to one partner as a whole: source, team, since, until, team_partner."""
    known = stretches.filter(stretches.member_team.notnull())
    begun, ended = (known.select("source", team=known.member_team, since=known[name]) for name in ("begin", "end"))
    cuts = begun.union(ended, distinct=True)
    until = cuts.since.lead().over(ibis.window(group_by=["source", "team"], order_by="since"))
    pieces = cuts.mutate(until=until)
    member = known.select("begin", "end", "member_team", "member_partner", member_source=known.source)
    active = pieces.inner_join(
        member,
        [
            pieces.source == member.member_source,
            pieces.team == member.member_team,
            pieces.since >= member.begin,
            pieces.since < member.end,
        ],
    )
    partner = active.member_partner
    sums = active.group_by(["source", "team", "since", "until"]).agg(
        people=active.count(), partnered=partner.count(), team_partner=partner.min(), other_partner=partner.max()
    )
    one = (sums.people == sums.partnered) & (sums.team_partner == sums.other_partner)
    return sums.filter(one).select("source", "team", "since", "until", "team_partner")


def with_team_then(rows: Table, stretches: Table, *, agent: str, at: str, team: str) -> Table:
    """Replaces ``team`` by the team ``agent`` belonged to at ``at`` where that is known, and adds the partner then.

    Without a membership then, the partner is the one the row's own team belonged to as a whole.
    """
    joined = rows.left_join(
        stretches,
        [
            rows.source == stretches.source,
            rows[agent] == stretches.person,
            rows[at] >= stretches.begin,
            rows[at] < stretches.end,
        ],
    )
    kept = [c for c in rows.columns if c not in (team, partner_of(team))]
    own = joined.select(
        *kept,
        **{team: ibis.coalesce(joined.member_team, joined[team])},
        own_team=joined[team],
        is_member=joined.begin.notnull(),
        member_partner=joined.member_partner,
    )
    whole = whole_teams(stretches)
    found = own.left_join(
        whole,
        [own.source == whole.source, own.own_team == whole.team, own[at] >= whole.since, own[at] < whole.until],
    )
    partner = found.is_member.ifelse(found.member_partner, found.team_partner)
    return found.select(*kept, team, **{partner_of(team): partner})


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

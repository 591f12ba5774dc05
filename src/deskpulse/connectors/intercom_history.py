"""Intercom's conversations as tickets with their changes and ratings, and its articles."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from deskpulse.connectors.intercom_people import RANK, Tables, conversations, newest, parts

STATES = {"open": "open", "closed": "solved", "snoozed": "pending"}
MOVES = (
    ("close", "solved"),
    ("snooze", "pending"),
    ("open", "open"),
    ("unsnooze", "open"),
    ("timer_unsnooze", "open"),
    ("assign_and_reopen", "open"),
    ("note_and_reopen", "open"),
)
"""What a part of a type that begins so does to the status."""
SAID = ("comment", "quick_reply")
CHANNELS = {"conversation": "chat"}
OPENED_AS = "open"


def tickets(tables: Tables) -> ir.Table:
    """Conversations as they were opened."""
    rows = conversations(tables).left_join(_tags(tables), [("id", "conversation_id")])
    channel = rows.source_type.lower()
    return rows.select(
        "created_at", "customer", "tags", source_id="id", channel=channel.substitute(CHANNELS),
        subject="source_subject", status=ibis.literal(OPENED_AS), priority=rows.priority.nullif("not_priority"),
    )  # fmt: skip


def _tags(tables: Tables) -> Any:
    link, tag = tables["conversation_tag_history"], tables["tag"]
    kept = link.filter(link["_fivetran_active"].fill_null(True)).select("conversation_id", "tag_id").distinct()
    names = tag.group_by(tag_key=tag.id).agg(tag=tag.name.max())
    named = kept.left_join(names, [("tag_id", "tag_key")])
    named = named.mutate(tag=ibis.coalesce(named.tag, named.tag_id))
    return named.group_by("conversation_id").agg(tags=named.tag.group_concat(",", order_by=named.tag))


def changes(tables: Tables) -> ir.Table:
    """Status, assignee and team, each where it took another value."""
    part = parts(tables)
    told = _moves(part).union(_assignments(part, tables))
    rest = _versions(tables).anti_join(told, ["ticket", "field"])
    every = told.union(rest.select(*told.columns))
    window = ibis.window(group_by=["ticket", "field"], order_by=["at", "seq"])
    first = ibis.cases((every.field == "status", OPENED_AS))
    rows = every.mutate(old=ibis.coalesce(every.new.lag().over(window), first))
    moved = rows.filter(~rows.new.identical_to(rows.old))
    stamp = moved["at"].epoch_seconds().cast("int64").cast("string")
    return moved.mutate(source_id=moved.ticket + ":" + stamp + ":" + moved.seq.cast("string") + ":" + moved.field)


def _moves(part: Any) -> Any:
    """ticket, at, seq, field, new, by, by_kind: the status each part leaves."""
    kind = part.kind
    status = ibis.cases(
        *((part.type.startswith(word), status) for word, status in MOVES),
        (part.type.isin(SAID) & (kind == "customer"), "open"),
    )
    rows = part.mutate(new=status).filter(ibis._.new.notnull())
    return _told(rows, "status")


def _assignments(part: Any, tables: Tables) -> Any:
    """To whom each part assigns the conversation."""
    given = part.filter(part.type.contains("assign") & part.assigned_to_id.notnull())
    to_team = given.assigned_to_type.lower() == "team"
    to_admin = given.filter(~to_team.fill_null(False)).mutate(new=ibis._.assigned_to_id)
    teams = _team_names(tables)
    team = given.filter(to_team).left_join(teams, [("assigned_to_id", "team_key")])
    team = team.mutate(new=ibis.coalesce(team.team_name, team.assigned_to_id))
    return _told(to_admin, "assignee").union(_told(team, "team"))


def _team_names(tables: Tables) -> Any:
    team = tables["team"]
    return team.group_by(team_key=team.id).agg(team_name=team.name.max())


def _told(rows: Any, field: str) -> Any:
    return rows.select(
        "seq", "new", ticket="conversation_id", at="created_at", field=ibis.literal(field), by="author_id",
        by_kind="kind",
    )  # fmt: skip


def _versions(tables: Tables) -> Any:
    """The same by the versions of the conversation, which know the moment and not who did it."""
    version = tables["conversation_history"]
    teams = _team_names(tables)
    is_team = (version.assignee_type.lower() == "team").fill_null(False)
    status = version.state.lower().substitute(STATES)
    known = status.isin([*STATES.values()])
    states = version.mutate(new=known.ifelse(status, None), field=ibis.literal("status"))
    people = version.mutate(new=is_team.ifelse(None, version.assignee_id), field=ibis.literal("assignee"))
    named = version.left_join(teams, [("assignee_id", "team_key")])
    in_team = (named.assignee_type.lower() == "team").fill_null(False)
    groups = named.mutate(
        new=in_team.ifelse(ibis.coalesce(named.team_name, named.assignee_id), None), field=ibis.literal("team")
    )
    columns = {"ticket": "id", "at": "updated_at", "field": "field", "new": "new"}
    told = [rows.select(**columns) for rows in (states.filter(ibis._.new.notnull()), people, groups)]
    every = told[0].union(told[1]).union(told[2]).distinct()
    return every.mutate(seq=ibis.literal(RANK, "int64"), by=ibis.null("string"), by_kind=ibis.null("string"))


def surveys(tables: Tables) -> ir.Table:
    """Ratings from 1 to 5; a rating changed later is a second answer."""
    version = tables["conversation_history"]
    rated = version.filter(version.conversation_rating_value.notnull())
    at = ibis.coalesce(rated.conversation_rating_created_at, rated.updated_at)
    rows = rated.select("id", at=at, score="conversation_rating_value", comment="conversation_rating_remark")
    given = rows.group_by("id", "at", "score").agg(comment=rows.comment.max())
    asked = conversations(tables).select(asked="id", customer="customer")
    known = given.join(asked, [("id", "asked")])
    stamp = known["at"].epoch_seconds().cast("int64").cast("string")
    return known.select(
        "at", "score", "comment", "customer", ticket="id", survey=known.id + ":rating",
        source_id=known.id + ":rating:" + stamp + ":" + known.score.cast("int64").cast("string"),
        action=ibis.literal("answered"), kind=ibis.literal("csat"),
        scale_low=ibis.literal(1.0), scale_high=ibis.literal(5.0),
    )  # fmt: skip


def articles(tables: Tables) -> ir.Table:
    """Articles that were ever public, from when to when."""
    version = tables["article_history"]
    version = version.mutate(at=ibis.coalesce(version.updated_at, version.created_at))
    version = version.mutate(is_public=(version.state.lower() == "published").fill_null(False))
    seen = version.group_by("id").agg(
        opened_public=version.is_public.argmin(version["at"]),
        is_public=version.is_public.argmax(version["at"]),
        first_public=version["at"].min(where=version.is_public),
        created_at=version.created_at.min(),
        last=version["at"].max(),
        title=version.title.argmax(version["at"]),
        language=version.default_locale.argmax(version["at"]),
        collection_id=version.collection_id.argmax(version["at"]),
    )
    folder = newest(tables["collection_history"]).select(folder="id", topic="name")
    rows = seen.filter(seen.first_public.notnull()).left_join(folder, [("collection_id", "folder")])
    return rows.select(
        "title", "language", source_id="id", updated_at="last", topic=ibis.coalesce(rows.topic, rows.collection_id),
        published_at=rows.opened_public.ifelse(rows.created_at, rows.first_public),
        unpublished_at=rows.is_public.ifelse(None, rows["last"]),
    )  # fmt: skip

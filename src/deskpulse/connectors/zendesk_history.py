"""Zendesk's field history as the values tickets opened with, the changes that followed, and the ratings among them."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from deskpulse.connectors.zendesk_events import SCORES

Tables = Mapping[str, ir.Table]

_FIELDS = {
    "status": "status",
    "assignee_id": "assignee",
    "group_id": "team",
    "priority": "priority",
    "type": "type",
    "schedule": "schedule",
}
_STATUSES = {"hold": "on_hold", "on-hold": "on_hold", "on_hold": "on_hold", "deleted": "deleted"}
_RANK = 1_000_000  # of changes after the messages of the same second: a reply and its solve are one act
_KEPT = ("new", "open", "pending", "on_hold", "solved", "closed")


def history(tables: Tables) -> ir.Table:
    """Columns ticket, created_at, at, field, new, by, is_opening: every value the tracked fields took."""
    rows = tables["ticket_field_history"]
    logged = rows.filter(rows.field_name.isin([*_FIELDS])).select(
        ticket=rows.ticket_id, at=rows.updated, name=rows.field_name, value=rows.value, by=rows.user_id
    )
    logged = logged.mutate(field=logged.name.substitute(_FIELDS)).drop("name")
    said = logged.union(_schedules(tables)).distinct()
    ticket = tables["ticket"].select(ticket="id", created_at="created_at")
    said = said.join(ticket, "ticket").mutate(value=_named(said.field, said.value))
    return _with_groups(said, tables).mutate(is_opening=ibis._.at <= ibis._.created_at)


def _schedules(tables: Tables) -> ir.Table:
    applied, names = tables["ticket_schedule"], tables["schedule"]
    joined = applied.left_join(names_of(names, "schedule"), ["schedule_id"])
    return joined.select(
        ticket="ticket_id", at="created_at", value=ibis.coalesce(joined.schedule_name, joined.schedule_id),
        by=ibis.null("string"), field=ibis.literal("schedule"),
    )  # fmt: skip


def names_of(table: ir.Table, what: str) -> ir.Table:
    """Columns WHAT_id and WHAT_name of a table of named things."""
    return table.group_by(**{f"{what}_id": table.id}).agg(**{f"{what}_name": table.name.max()})


def _named(field: ir.StringValue, value: ir.StringValue) -> ir.Value:
    """Statuses in canonical words; empty is null."""
    plain = value.nullif("")
    return ibis.cases((field == "status", plain.lower().substitute(_STATUSES)), else_=plain)


def _with_groups(said: ir.Table, tables: Tables) -> ir.Table:
    """Groups by their name: people know those, and a renamed group is the one it was."""
    groups = names_of(tables["group"], "group")
    joined = said.left_join(groups, (said.field == "team") & (said.value == groups.group_id))
    return joined.select(
        "ticket", "created_at", "at", "field", "by", new=ibis.coalesce(joined.group_name, joined.value)
    )  # fmt: skip


def tickets(tables: Tables, told: ir.Table) -> ir.Table:
    """Tickets with the values they opened with."""
    opening = _opening_values(tables, told)
    ticket = tables["ticket"]
    brands = names_of(tables["brand"], "brand")
    tag = tables["ticket_tag"].distinct()
    tags = tag.group_by("ticket_id").agg(tags=tag.tag.group_concat(",", order_by=tag.tag))
    rows = ticket.drop("priority", "type").left_join(opening, [("id", "ticket")])
    rows = rows.left_join(brands, ["brand_id"]).left_join(tags, [("id", "ticket_id")])
    return rows.select(
        "created_at", "subject", "assignee", "team", "priority", "type", "schedule", "tags", source_id="id",
        channel="via_channel", customer="requester_id", brand=ibis.coalesce(rows.brand_name, rows.brand_id),
        status=ibis.coalesce(rows.opened_as, "new"),
    )  # fmt: skip


def _opening_values(tables: Tables, told: ir.Table) -> ir.Table:
    """Per ticket: the last value at or before creation; without any history of the field, the present one."""
    by_field = {
        name: told.new.argmax(told.at, where=(told.field == name) & told.is_opening) for name in _FIELDS.values()
    }
    has_any = {f"has_{name}": (told.field == name).any() for name in _FIELDS.values()}
    found = told.group_by("ticket").agg(**by_field, **has_any)
    now = _present(tables)
    rows = now.left_join(found, [("id", "ticket")])
    values = {
        name: ibis.cases((rows[f"has_{name}"].fill_null(False), rows[name]), else_=rows[f"now_{name}"])
        for name in ("assignee", "team", "priority", "type")
    }
    opened_as = ibis.cases((rows.status.isin(_KEPT[:4]), rows.status))
    return rows.select(ticket="id", schedule="schedule", opened_as=opened_as, **values)


def _present(tables: Tables) -> ir.Table:
    ticket = tables["ticket"]
    rows = ticket.select("id", "group_id", now_assignee="assignee_id", now_priority="priority", now_type="type")
    rows = rows.left_join(names_of(tables["group"], "group"), ["group_id"])
    team = ibis.coalesce(rows.group_name, rows.group_id)
    return rows.select("id", "now_assignee", "now_priority", "now_type", now_team=team)


def changes(tables: Tables, told: ir.Table) -> ir.Table:
    """What changed after creation, with what stood there before."""
    window = ibis.window(group_by=["ticket", "field"], order_by=["at", "new"])
    rows = told.mutate(old=told.new.lag().over(window))
    moved = rows.filter(~rows.old.identical_to(rows.new) & (~rows.is_opening | _opens_solved(rows)))
    moved = moved.mutate(at=ibis.greatest(moved.at, moved.created_at))
    moved = moved.filter((moved.field != "status") | moved.new.isin(_KEPT))
    moved = moved.select("ticket", "at", "field", "old", "new", "by")
    every = moved.union(_undated(tables, told)).union(_ends(tables))
    asked = tables["ticket"].select(ticket="id", requester="requester_id")
    every = every.left_join(asked, ["ticket"]).select(*every.columns, "requester")
    seq = _RANK + ibis.row_number().over(ibis.window(group_by="ticket", order_by=["at", "field", "new"]))
    return every.mutate(
        seq=seq,
        source_id=every.ticket + ":" + every.at.epoch_seconds().cast("int64").cast("string") + ":" + every.field
        + ":" + every.new.fill_null(""),
        by_kind=ibis.cases(
            (every.by == "-1", "system"), (every.by == every.requester, "customer"), (every.by.notnull(), "agent")
        ),
    ).drop("requester")  # fmt: skip


def _opens_solved(rows: ir.Table) -> ir.BooleanValue:
    return (rows.field == "status") & rows.new.isin(["solved", "closed"])


def _undated(tables: Tables, told: ir.Table) -> ir.Table:
    """Tickets whose status has no history although it is no longer new: so since their last update."""
    ticket = tables["ticket"]
    logged = told.filter(told.field == "status")
    status = ticket.status.lower().substitute(_STATUSES)
    rows = ticket.mutate(now=status).anti_join(logged, ticket.id == logged.ticket)
    rows = rows.filter(rows.now.isin(_KEPT[1:]))
    return rows.select(
        ticket="id", at=ibis.coalesce(rows.updated_at, rows.created_at), field=ibis.literal("status"),
        old=ibis.literal("new"), new="now", by=ibis.null("string"),
    )  # fmt: skip


def _ends(tables: Tables) -> ir.Table:
    """Tickets that were deleted, and those that were merged into another."""
    ticket = tables["ticket"]
    when = ibis.coalesce(ticket.updated_at, ticket.created_at)
    base = ticket.select("id", "merged_ticket_ids", status=ticket.status.lower(), at=when)
    gone = base.filter(base.status == "deleted")
    gone = gone.select(ticket="id", at="at", new=ibis.literal("true"), field=ibis.literal("deleted"))
    listed = base.mutate(merged=base.merged_ticket_ids.re_replace(r"[^0-9A-Za-z,_-]", "").split(",")).unnest("merged")
    listed = listed.filter(listed.merged != "").select(into="id", merged="merged")
    merged = listed.join(base, listed.merged == base.id)
    merged = merged.select(ticket="merged", at="at", new="into", field=ibis.literal("merged_into"))
    ends = gone.union(merged).mutate(old=ibis.null("string"), by=ibis.null("string"))
    return ends.select("ticket", "at", "field", "old", "new", "by")


def surveys(tables: Tables) -> ir.Table:
    """Ratings offered and given: Zendesk logs them as values of the field 'satisfaction_score'."""
    rows, ticket = tables["ticket_field_history"], tables["ticket"]
    known = ticket.select(asked="id", customer="requester_id")
    scores = rows.filter((rows.field_name == "satisfaction_score") & rows.value.isin(["offered", *SCORES])).distinct()
    comment = rows.filter(rows.field_name == "satisfaction_comment")
    comments = comment.group_by("ticket_id", "updated").agg(comment=comment.value.max())
    given = scores.join(known, [("ticket_id", "asked")]).left_join(comments, ["ticket_id", "updated"])
    is_answer = given.value != "offered"
    score = ibis.cases(*((given.value == word, value) for word, value in SCORES.items()))
    stamp = given.updated.epoch_seconds().cast("int64").cast("string")
    return given.select(
        "customer", "comment", ticket="ticket_id", at="updated", survey=given.ticket_id + ":rating",
        source_id=given.ticket_id + ":rating:" + stamp + ":" + given.value,
        action=ibis.cases((is_answer, "answered"), else_="offered"), kind=ibis.literal("csat"), score=score,
        scale_low=ibis.cases((is_answer, 0.0)), scale_high=ibis.cases((is_answer, 1.0)),
    )  # fmt: skip

"""HubSpot's property history: the values tickets opened with, the changes that followed, and who is behind them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

Tables = Mapping[str, Any]  # Ibis tables, whose columns have no static types
FIELDS = {
    "hs_pipeline_stage": "status",
    "hubspot_owner_id": "assignee",
    "hs_pipeline": "team",
    "hs_ticket_priority": "priority",
    "hs_ticket_category": "type",
}
_PENDING = r"waiting (on|for) (the )?(contact|customer|client)"
_ON_HOLD = r"hold|third.party|vendor"
_SOLVED = "solved"
_RANK = 10  # of changes after the messages of the same second


def _stages(tables: Tables) -> Any:
    """stage, status: what each stage means; one that stands in several pipelines means the same in all."""
    stage = tables["ticket_pipeline_stage"]
    is_closed = stage.is_closed.fill_null(False) | (stage.ticket_state.upper() == "CLOSED").fill_null(False)
    label = stage.label.fill_null("").lower().strip()
    status = ibis.cases(
        (is_closed, _SOLVED),
        (label.re_search(_PENDING), "pending"),
        (label.re_search(_ON_HOLD), "on_hold"),
        ((label == "new") | (stage.display_order == 0), "new"),
        else_="open",
    )
    rows = stage.mutate(status=status)
    return rows.group_by(stage=rows.stage_id).agg(status=rows.status.max())


def _pipelines(tables: Tables) -> Any:
    pipeline = tables["ticket_pipeline"]
    return pipeline.group_by(pipeline=pipeline.pipeline_id).agg(pipeline_label=pipeline.label.max())


def tracked(tables: Tables) -> Any:
    """The history rows of the properties that are read."""
    rows = tables["ticket_property_history"]
    return rows.filter(rows.name.lower().isin([*FIELDS]))


def told(tables: Tables) -> Any:
    """ticket, created_at, at, field, new, is_opening: every value the tracked properties took, in canonical words."""
    rows = tracked(tables)
    ticket = tables["ticket"].select(ticket="id", created_at="property_createdate")
    said = rows.select(
        ticket="ticket_id", at="timestamp_instant", field=rows.name.lower().substitute(FIELDS),
        value=rows.value.nullif(""),
    ).join(ticket, "ticket")  # fmt: skip
    named = _in_words(said, tables).distinct()
    return named.mutate(is_opening=named["at"] <= named.created_at)


def _in_words(said: Any, tables: Tables) -> Any:
    """Stages as statuses and pipelines by their label; a stage the tables do not know is open."""
    stages, pipelines = _stages(tables), _pipelines(tables)
    rows = said.left_join(stages, (said.field == "status") & (said.value == stages.stage))
    rows = rows.left_join(pipelines, (rows.field == "team") & (rows.value == pipelines.pipeline))
    new = ibis.cases(
        (rows.field == "status", rows.status.fill_null("open")),
        (rows.field == "team", ibis.coalesce(rows.pipeline_label, rows.value)),
        (rows.field == "priority", rows.value.lower()),
        else_=rows.value,
    )
    return rows.select("ticket", "created_at", "at", "field", new=new)


def _present(tables: Tables) -> Any:
    """Each ticket with its present values in canonical words; ``now_status`` is null where the stage is unknown."""
    ticket, stages, pipelines = tables["ticket"], _stages(tables), _pipelines(tables)
    rows = ticket.left_join(stages, ticket.property_hs_pipeline_stage == stages.stage)
    rows = rows.left_join(pipelines, rows.property_hs_pipeline == pipelines.pipeline)
    return rows.select(
        "id", "property_createdate", "property_closed_date", "property_hs_lastmodifieddate",
        now_status="status", now_assignee="property_hubspot_owner_id",
        now_priority=rows.property_hs_ticket_priority.lower(),
        now_team=ibis.coalesce(rows.pipeline_label, rows.property_hs_pipeline), now_type="property_hs_ticket_category",
    )  # fmt: skip


def tickets(tables: Tables, said: Any) -> ir.Table:
    """Tickets with the values they opened with."""
    fields = [*FIELDS.values()]
    opening = {f: said.new.argmax(said["at"], where=(said.field == f) & said.is_opening) for f in fields}
    has_any = {f"has_{f}": (said.field == f).any() for f in fields}
    found = said.group_by("ticket").agg(**opening, **has_any)
    rows = _present(tables).left_join(found, [("id", "ticket")])
    now = {f: rows[f"has_{f}"].fill_null(False).ifelse(rows[f], rows[f"now_{f}"]) for f in fields}
    is_open = now["status"].fill_null(_SOLVED) != _SOLVED
    values = rows.select("id", **now | {"status": is_open.ifelse(now["status"], "new")})
    ticket = tables["ticket"].left_join(_contacts(tables), [("id", "ticket_id")])
    ticket = ticket.select("id", "property_createdate", "property_subject", "property_source_type", "contact_id")
    joined = ticket.join(values, "id")
    return joined.select(
        *fields, source_id="id", created_at="property_createdate", subject="property_subject", customer="contact_id",
        channel=joined.property_source_type.lower(),
    )  # fmt: skip


def _contacts(tables: Tables) -> Any:
    """The contact of each ticket; of several the one with the lowest id."""
    link = tables["ticket_contact"]
    return link.group_by("ticket_id").agg(contact_id=link.contact_id.min())


def changes(tables: Tables, said: Any) -> ir.Table:
    """What changed after creation, and tickets that are closed or gone without a history that says so."""
    window = ibis.window(group_by=["ticket", "field"], order_by=["at", "new"])
    rows = said.mutate(old=said.new.lag().over(window))
    opens_solved = (rows.field == "status") & (rows.new == _SOLVED)
    moved = rows.filter(~rows.old.identical_to(rows.new) & (~rows.is_opening | opens_solved))
    moved = moved.mutate(
        at=ibis.greatest(moved["at"], moved.created_at),
        old=((moved.field == "status") & moved.old.isnull()).ifelse("new", moved.old),
    )
    moved = moved.filter(~moved.old.identical_to(moved.new)).select("ticket", "at", "field", "old", "new")
    every = moved.union(_closed(tables, said)).union(_deleted(tables))
    order = ibis.window(group_by="ticket", order_by=["at", "field", "new"])
    stamp = every["at"].epoch_seconds().cast("int64").cast("string")
    return every.mutate(
        seq=_RANK + ibis.row_number().over(order),
        source_id=every.ticket + ":" + stamp + ":" + every.field + ":" + every.new.fill_null(""),
    )


def closed_before_created(tables: Tables) -> Any:
    """Tickets whose closing date cannot be."""
    ticket = tables["ticket"]
    return ticket.filter(ticket.property_closed_date < ticket.property_createdate)


def _closed(tables: Tables, said: Any) -> Any:
    """Tickets in a closed or unknown stage whose stage has no history; an impossible closing date is none."""
    logged = said.filter(said.field == "status")
    rows = _present(tables)
    rows = rows.anti_join(logged, rows.id == logged.ticket)
    is_possible = (rows.property_closed_date >= rows.property_createdate).fill_null(False)
    is_closed = (rows.now_status == _SOLVED).fill_null(False)
    changed = ibis.coalesce(rows.property_hs_lastmodifieddate, rows.property_createdate)
    dated = rows.mutate(ended=is_possible.ifelse(rows.property_closed_date, is_closed.ifelse(changed, None)))
    ended = dated.filter(dated.ended.notnull() & (dated.now_status.isnull() | (dated.now_status == _SOLVED)))
    return ended.select(
        ticket="id", at="ended", field=ibis.literal("status"), old=ibis.literal("new"), new=ibis.literal(_SOLVED)
    )


def _deleted(tables: Tables) -> Any:
    ticket = tables["ticket"]
    gone = ticket.filter(ticket.is_deleted.fill_null(False) | ticket["_fivetran_deleted"].fill_null(False))
    at = ibis.coalesce(gone.property_hs_lastmodifieddate, gone["_fivetran_synced"], gone.property_createdate)
    return gone.select(
        ticket="id", at=at, field=ibis.literal("deleted"), old=ibis.null("string"), new=ibis.literal("true")
    )


def messages(tables: Tables) -> ir.Table:
    """The opening text, and the first reply of an agent where its moment is known."""
    ticket = tables["ticket"].left_join(_contacts(tables), [("id", "ticket_id")])
    opening = ticket.select(
        source_id=ticket.id + ":opening", ticket="id", at="property_createdate", seq=ibis.literal(1, "int64"),
        author="contact_id", author_kind=ibis.literal("customer"), is_public=ibis.literal(True),
        text="property_content",
    )  # fmt: skip
    answered = ticket.filter(ticket.property_first_agent_reply_date >= ticket.property_createdate)
    reply = answered.select(
        source_id=answered.id + ":reply", ticket="id", at="property_first_agent_reply_date",
        seq=ibis.literal(2, "int64"), author="property_hubspot_owner_id", author_kind=ibis.literal("agent"),
        is_public=ibis.literal(True), text=ibis.null("string"),
    )  # fmt: skip
    return opening.union(reply)


def people(tables: Tables, said: Any) -> ir.Table:
    """Owners, those included who only stand in tickets or their history."""
    owner, ticket = tables["owner"], tables["ticket"]
    ever = said.filter(said.field == "assignee").select(person="new")
    everyone = ever.union(ticket.select(person="property_hubspot_owner_id")).union(owner.select(person="owner_id"))
    everyone = everyone.filter(everyone.person.notnull()).distinct()
    named = owner.group_by("owner_id").agg(first=owner.first_name.max(), last=owner.last_name.max())
    rows = everyone.left_join(named, [("person", "owner_id")])
    return rows.select(source_id="person", name=_full_name(rows["first"], rows["last"]), kind=ibis.literal("agent"))


def customers(tables: Tables) -> ir.Table:
    """Contacts of tickets."""
    asked = _contacts(tables).join(tables["ticket"].select("id"), [("ticket_id", "id")])
    contact = tables["contact"]
    named = contact.group_by("id").agg(
        first=contact.property_firstname.max(),
        last=contact.property_lastname.max(),
        account=contact.property_company.max(),
    )
    rows = asked.select(person="contact_id").distinct().left_join(named, [("person", "id")])
    return rows.select(source_id="person", name=_full_name(rows["first"], rows["last"]), account="account")


def _full_name(first: Any, last: Any) -> Any:
    return (first.fill_null("") + " " + last.fill_null("")).strip().nullif("")

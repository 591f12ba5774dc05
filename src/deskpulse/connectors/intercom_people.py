"""Who wrote in Intercom conversations, and what they wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

Tables = Mapping[str, Any]  # Ibis tables, whose columns have no static types
KINDS = {
    "user": "customer", "lead": "customer", "contact": "customer", "visitor": "customer", "admin": "agent",
    "team": "agent", "teammate": "agent", "bot": "bot", "fin": "bot", "operator": "bot", "ai_agent": "bot",
}  # fmt: skip
INTERNAL = ("note", "assign", "default_assignment", "away_mode_assignment")
RANK = 2  # the opening message is 1


def newest(table: Any, *, by: str = "updated_at") -> Any:
    """The last version of each row: the tables keep them all."""
    last = ibis.row_number().over(ibis.window(group_by="id", order_by=ibis.desc(by)))
    return table.mutate(last=last).filter(ibis._.last == 0).drop("last")


def conversations(tables: Tables) -> Any:
    """The last version of each conversation, with the customer who takes part in it."""
    last = newest(tables["conversation_history"])
    contact = tables["conversation_contact_history"]
    among = contact.group_by("conversation_id").agg(
        contact=contact.contact_id.argmax(ibis.coalesce(contact.conversation_updated_at, ibis.timestamp("1970-01-01")))
    )
    rows = last.left_join(among, [("id", "conversation_id")]).drop("conversation_id")
    opener = ibis.cases((kind_of(rows.source_author_type) == "customer", rows.source_author_id))
    return rows.mutate(customer=ibis.coalesce(opener, rows.contact))


def parts(tables: Tables) -> Any:
    """The last version of each part of a conversation there is, in the order they happened, from 2."""
    known = tables["conversation_history"].select(conversation="id").distinct()
    rows = newest(tables["conversation_part_history"]).join(known, [("conversation_id", "conversation")])
    rows = rows.mutate(type=rows.part_type.lower(), kind=kind_of(rows.author_type))
    order = ibis.window(group_by="conversation_id", order_by=["created_at", rows.id.length(), "id"])
    return rows.mutate(seq=ibis.row_number().over(order) + RANK)


def kind_of(author_type: Any) -> Any:
    """customer, agent or bot by Intercom's type of author; what it does not name is the system."""
    return ibis.cases(*((author_type.lower() == word, kind) for word, kind in KINDS.items()), else_="system")


def messages(tables: Tables) -> ir.Table:
    """The opening of each conversation, and the parts that carry words or are comments."""
    opening = conversations(tables)
    first = opening.select(
        source_id=opening.id + ":opening", ticket="id", at="created_at", seq=ibis.literal(1, "int64"),
        author="source_author_id", author_kind=_opened_by(opening), is_public=ibis.literal(True), text="source_body",
    )  # fmt: skip
    part = parts(tables)
    said = part.filter(part.type.isin(["comment", "quick_reply", "note"]) | part.body.notnull())
    is_internal = ibis.or_(*(said.type.startswith(word) for word in INTERNAL))
    later = said.select(
        source_id="id", ticket="conversation_id", at="created_at", seq=said.seq.cast("int64"), author="author_id",
        author_kind="kind", is_public=~is_internal, text="body",
    )  # fmt: skip
    return first.union(later)


def _opened_by(opening: Any) -> Any:
    """A conversation whose opener the tables do not name was opened by its customer."""
    return opening.source_author_type.isnull().ifelse("customer", kind_of(opening.source_author_type))


def people(tables: Tables) -> ir.Table:
    """Admins, those among the authors of parts included who are no longer in their table."""
    admin, part = tables["admin"], tables["conversation_part_history"]
    named = admin.group_by("id").agg(name=admin.name.max())
    wrote = part.filter((part.author_type.lower() == "admin") & part.author_id.notnull()).select(person="author_id")
    everyone = named.select(person="id").union(wrote).distinct()
    rows = everyone.left_join(named, everyone.person == named.id)
    return rows.select(source_id="person", name="name", kind=ibis.literal("agent"))


def customers(tables: Tables) -> ir.Table:
    """Those who opened or take part in a conversation, with their name where it is known."""
    asked = conversations(tables)
    asked = asked.filter(asked.customer.notnull()).select(person="customer").distinct()
    contact = newest(tables["contact_history"]).select("id", "name")
    return asked.left_join(contact, asked.person == contact.id).select(source_id="person", name="name")

"""Who wrote on Zendesk tickets, and what they wrote."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

Tables = Mapping[str, ir.Table]
_AGENTS = ("agent", "admin")


def assigned(tables: Tables, told: ir.Table) -> ir.Table:
    """Column person: everybody a ticket was ever assigned to."""
    ticket = tables["ticket"]
    ever = told.filter(told.field == "assignee").select(person="new").union(ticket.select(person="assignee_id"))
    return ever.filter(ever.person.notnull()).distinct()


def messages(tables: Tables, told: ir.Table) -> ir.Table:
    """Comments, and the description of tickets without any comment."""
    comment, ticket = tables["ticket_comment"], tables["ticket"]
    asked = ticket.select(asked="id", requester="requester_id")
    rows = comment.join(asked, comment.ticket_id == asked.asked)
    removed = rows.deleted.fill_null(False) | rows["_fivetran_deleted"].fill_null(False)
    written = rows.select(
        source_id="id", ticket="ticket_id", at="created", author="user_id", requester="requester",
        is_public=rows.public.fill_null(True), is_deleted=removed, text="body",
    )  # fmt: skip
    spoken = _with_kind(written.distinct().union(_descriptions(tables)), tables, told)
    order = ibis.window(group_by="ticket", order_by=["at", "source_id"])
    return spoken.mutate(seq=ibis.row_number().over(order) + 1).drop("requester")


def _descriptions(tables: Tables) -> ir.Table:
    ticket, comment = tables["ticket"], tables["ticket_comment"]
    silent = ticket.anti_join(comment, ticket.id == comment.ticket_id)
    return silent.select(
        source_id=silent.id + ":description", ticket="id", at="created_at",
        author=ibis.coalesce(silent.submitter_id, silent.requester_id), requester="requester_id",
        is_public=silent.is_public.fill_null(True), is_deleted=ibis.literal(False), text="description",
    )  # fmt: skip


def _with_kind(rows: ir.Table, tables: Tables, told: ir.Table) -> ir.Table:
    user, worker = tables["user"], assigned(tables, told)
    roles = user.group_by(user_key=user.id).agg(role=user.role.max())
    known = rows.left_join(roles, [("author", "user_key")]).left_join(worker, [("author", "person")])
    kind = ibis.cases(
        (known.author == "-1", "system"),
        (known.author == known.requester, "customer"),
        (known.role.lower().isin(_AGENTS) | known.person.notnull(), "agent"),
        else_="customer",
    )
    return known.select(*rows.columns, author_kind=kind)


def people(tables: Tables, told: ir.Table) -> ir.Table:
    """Agents: by role, or because tickets were assigned to them."""
    user, worker = tables["user"], assigned(tables, told)
    users = user.group_by("id").agg(name=user.name.max(), role=user.role.max())
    staff = users.filter(users.role.lower().isin(_AGENTS)).select(person="id")
    everyone = staff.union(worker).distinct()
    named = everyone.left_join(users, everyone.person == users.id)
    return named.select(source_id="person", name="name", kind=ibis.literal("agent"))


def customers(tables: Tables) -> ir.Table:
    """Requesters, with the organisation they belong to."""
    user, organization, ticket = tables["user"], tables["organization"], tables["ticket"]
    users = user.group_by("id").agg(name=user.name.max(), belongs_to=user.organization_id.max())
    accounts = organization.group_by("id").agg(account=organization.name.max())
    asked = ticket.filter(ticket.requester_id.notnull()).select(customer="requester_id").distinct()
    rows = asked.left_join(users, [("customer", "id")]).drop("id")
    rows = rows.left_join(accounts, [("belongs_to", "id")])
    return rows.select(source_id="customer", name="name", account=ibis.coalesce(rows.account, rows.belongs_to))

"""The events of one batch of tickets as columns, with one vocabulary for people, teams, channels and the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from deskpulse.events.change import FIELDS as CHANGED
from deskpulse.events.message import KINDS as AUTHORS
from deskpulse.events.ticket import STATUSES as STATES
from deskpulse.facts.build.columns import (
    Codes,
    Ints,
    Mask,
    Vocabulary,
    coalesce,
    encode,
    order_of,
    sorting,
    whole,
    yes,
)
from deskpulse.facts.build.credit import Staff, has_partners, staff
from deskpulse.facts.build.people import memberships, whole_teams
from deskpulse.metrics.fact import Table
from deskpulse.store.texts import Asked, Desk


def _numbers(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names, 1)}


KINDS, STATUSES = _numbers(AUTHORS), _numbers(STATES)
# A stretch lasts until one of these changes.
OF_STRETCH = ("status", "assignee", "team", "tier", "schedule")
FIELDS = _numbers((*OF_STRETCH, *(name for name in CHANGED if name not in OF_STRETCH)))
OPENING_TEXTS = ("channel", "assignee", "team", "tier", "schedule", "priority", "type", "topic")


@dataclass(frozen=True, kw_only=True, eq=False)
class Tickets:
    """One row per ticket, sorted by key; ``texts`` are codes by column name, ``arrow`` keeps the other columns."""

    key: Ints
    created_at: Ints
    status: Ints
    texts: Mapping[str, Codes]
    arrow: pa.Table

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True, kw_only=True, eq=False)
class Messages:
    """One row per message that was not deleted, in ticket order; ``ticket`` is the row of ``Tickets`` it counts for."""

    ticket: Ints
    at: Ints
    order: Ints
    author: Codes
    kind: Ints
    is_public: Mask
    work_seconds: Any
    concurrency: Any


@dataclass(frozen=True, kw_only=True, eq=False)
class Changes:
    """One row per change, in ticket order; ``new_status`` is 0 unless the field is status.

    ``by`` is null where the customer or an automation made the change: neither is credited with work.
    """

    ticket: Ints
    at: Ints
    order: Ints
    field: Ints
    new: Codes
    new_status: Ints
    by: Codes


@dataclass(frozen=True, kw_only=True, eq=False)
class History:
    """What the builders read. ``words`` is the vocabulary of every text column here."""

    tickets: Tickets
    messages: Messages
    changes: Changes
    words: Vocabulary
    sources: Vocabulary
    source: Codes
    staff: Staff


def read_history(events: Mapping[str, Table], desk: Desk) -> History:
    """The ticket-bound events of a batch."""
    ticket = desk.fetch(Asked(name="tickets", build=lambda: _read_tickets(events["ticket"])))
    change = desk.fetch(Asked(name="changes of tickets", build=lambda: _read_changes(events["change"])))
    message = desk.fetch(Asked(name="messages of tickets", build=lambda: _read_messages(events["message"])))
    texts = [ticket[name] for name in OPENING_TEXTS]
    person, membership, whole_team = _read_people(events, desk)
    words, codes = encode(*texts, change["new"], change["by"], message["author"], *_places(membership))
    sources, (source,) = encode(ticket["source"])
    opening = dict(zip(OPENING_TEXTS, codes, strict=False))
    new, by, author, *_ = codes[len(OPENING_TEXTS) :]
    key = whole(ticket["ticket_key"])
    tickets = Tickets(
        key=key,
        created_at=whole(ticket["created_at"]),
        status=np.maximum(whole(ticket["status_number"]), 1),
        texts=opening,
        arrow=ticket,
    )
    return History(
        tickets=tickets,
        messages=_messages(message, author, key),
        changes=_changes(change, new, by, key),
        words=words,
        sources=sources,
        source=source,
        staff=staff(words, sources, person, membership, whole_team),
    )


def _read_tickets(ticket: Table) -> Table:
    kept = ("ticket_key", "owner_key", "source", "source_id", "created_at", "customer", "brand", "is_test", "is_spam")
    status = _number(ticket.status, STATUSES)
    return ticket.select(*kept, *OPENING_TEXTS, status_number=status).order_by("ticket_key")


def _places(membership: pa.Table) -> tuple[Any, Any]:
    return membership["team"], membership["partner"]


def _read_people(events: Mapping[str, Table], desk: Desk) -> tuple[pa.Table, pa.Table, pa.Table | None]:
    person = desk.fetch(Asked(name="people", build=lambda: _people(events["person"])))
    dated = desk.fetch(Asked(name="memberships", build=lambda: _dated(events["membership"])))
    teams = Asked(name="whole teams", build=lambda: whole_teams(memberships(events)))
    return person, dated, desk.fetch(teams) if has_partners(dated) else None


def _people(person: Table) -> Table:
    return person.select("source", "name", person="source_id", kind=person.kind.cast("string"))


def _dated(membership: Table) -> Table:
    rows = membership.order_by("source", "person", "valid_from", "source_id")
    return rows.select("source", "person", "valid_from", "valid_to", "team", "partner")


def _number(column: Any, numbers: Mapping[str, int]) -> Any:
    """A closed list's values as numbers, 0 for none of them: cheaper to carry than text."""
    return ibis.cases(*((column == value, number) for value, number in numbers.items()), else_=0).cast("int64")


def _read_changes(change: Table) -> Table:
    new_status = (change.field == "status").ifelse(_number(change.new, STATUSES), 0).cast("int64")
    by_others = change.by_kind.isin(["customer", "system"]).fill_null(False)
    return change.select(
        "ticket_key",
        "at",
        "seq",
        "new",
        by=by_others.ifelse(ibis.null("string"), change.by),
        field=_number(change.field, FIELDS),
        new_status=new_status,
        tie=tie(change),
    )


def _read_messages(message: Table) -> Table:
    kept = message.filter(~message.is_deleted.fill_null(False))
    return kept.select(
        "at",
        "seq",
        "author",
        "is_public",
        "work_seconds",
        "concurrency",
        ticket_key=kept.owner_key,
        kind=_number(kept.author_kind, KINDS),
        tie=tie(kept),
    )


def tie(rows: Table) -> Any:
    """Decides between rows of one instant and sequence, so that the order of arrival never does: lower ids first."""
    return ibis.coalesce(rows.source_id.try_cast("int64"), rows.source_id.hash())


def rows_of(keys: Ints, ticket_key: Ints) -> tuple[Ints, Mask]:
    """The row of each key, and whether it has one: events of a ticket never seen itself cannot count."""
    row = np.searchsorted(keys, ticket_key)
    known = row < len(keys)
    known[known] = keys[row[known]] == ticket_key[known]
    return row, known


def _messages(rows: pa.Table, author: Codes, keys: Ints) -> Messages:
    ticket, known = rows_of(keys, whole(rows["ticket_key"]))
    at, kind = whole(rows["at"]), whole(rows["kind"])
    order = order_of(at, coalesce(whole(rows["seq"]), kind))  # unordered in one second: the customer spoke first
    kept = _kept(ticket, order, whole(rows["tie"]), known)
    return Messages(
        ticket=ticket[kept],
        at=at[kept],
        order=order[kept],
        author=author[kept],
        kind=kind[kept],
        is_public=yes(rows["is_public"], unknown=True)[kept],
        work_seconds=np.nan_to_num(rows["work_seconds"].to_numpy().astype(float), nan=-1.0)[kept],
        concurrency=rows["concurrency"].to_numpy().astype(float)[kept],
    )


def _changes(rows: pa.Table, new: Codes, by: Codes, keys: Ints) -> Changes:
    ticket, known = rows_of(keys, whole(rows["ticket_key"]))
    at = whole(rows["at"])
    order = order_of(at, whole(rows["seq"]))
    kept = _kept(ticket, order, whole(rows["tie"]), known)
    return Changes(
        ticket=ticket[kept],
        at=at[kept],
        order=order[kept],
        field=whole(rows["field"])[kept],
        new=new[kept],
        new_status=whole(rows["new_status"])[kept],
        by=by[kept],
    )


def _kept(ticket: Ints, order: Ints, tie: Ints, known: Mask) -> Any:
    """An index that drops rows of unknown tickets and puts the rest in ticket order."""
    if not known.all():
        rows = np.flatnonzero(known)
        permutation = sorting(ticket[rows], order[rows], tie[rows])
        return rows if permutation is None else rows[permutation]
    permutation = sorting(ticket, order, tie)
    return slice(None) if permutation is None else permutation

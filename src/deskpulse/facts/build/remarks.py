"""The fact of what customers wrote, as read by a model that learnt from this workspace's own ratings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import ibis
import numpy as np
import pyarrow as pa

from deskpulse.facts import remark
from deskpulse.facts.build.reading import MOST_TEXTS, SURE, Reader, learn
from deskpulse.facts.build.shape import ARROW_TYPES
from deskpulse.metrics.fact import Table, Value
from deskpulse.store.batches import batches
from deskpulse.store.texts import Asked, Desk

LONGEST = 1_000
"""Characters of a text that are read."""

AT_ONCE = 20_000
RATED_BY = ("csat", "nps", "ces2", "resolved")
OF_TICKET = ("channel", "type", "topic")


def remark_rows(events: Mapping[str, Table], fact: Callable[[str], Table], desk: Desk) -> pa.Table:
    """One row per text; without a model one row alone, of no day, which says why there is none."""
    # A company that imports no texts is spared the look at every message.
    is_told = len(desk.fetch(Asked(name="any text", build=lambda: _said(events["message"]).select("text").limit(1))))

    def written() -> tuple[Table, Table]:
        told = events["message"] if is_told else events["message"].limit(0)
        return _messages(told, fact("ticket")), _comments(fact("survey"))

    asked = Asked(name="rated texts", build=lambda: _rated(*written(), fact("survey")), depends_on=is_told)
    rated = desk.fetch(asked)
    is_bad = np.asarray(rated["is_bad"].to_numpy(zero_copy_only=False), np.bool_)
    reader = learn(rated["text"].to_pylist(), is_bad, rated["about"].to_pylist())
    if isinstance(reader, str):
        return _shaped(pa.table({"remark": ["none"], "left_out": [reader]}))
    messages, comments = written()
    texts = messages.drop("ticket_key").union(comments)
    return pa.concat_tables([_shaped(pa.table({})), *_read(texts, reader)])


def _messages(events: Table, tickets: Table) -> Table:
    """What customers wrote in public, about the ticket that survived where it was merged."""
    said = _said(events)
    rows = said.select("source", "source_id", "at", "text", ticket_key=said.owner_key)
    of_ticket = tickets.select(
        "ticket_key", "ticket", "left_out", *OF_TICKET,
        agent=tickets.solve_agent, team=tickets.solve_team, partner=tickets.solve_partner,
    )  # fmt: skip
    joined = rows.inner_join(of_ticket, "ticket_key")
    return joined.select(
        *("ticket_key", "ticket", "left_out", "source", *OF_TICKET, "agent", "team", "partner"),
        remark=joined.source + ":" + joined.source_id,
        medium=ibis.literal("message"),
        said_at="at",
        text=_start(joined.text),
    )


def _said(events: Table) -> Table:
    return events.filter(
        events.text.notnull()
        & (events.author_kind.cast("string") == "customer")
        & events.is_public.fill_null(True)
        & ~events.is_deleted.fill_null(False)
        & (events.text.strip().length() > 0)
    )


def _comments(surveys: Table) -> Table:
    rows = surveys.filter((surveys.comment.strip().length() > 0) & surveys.rated_at.notnull())
    return rows.select(
        *("ticket", "left_out", "source", *OF_TICKET, "agent", "team", "partner"),
        remark=rows.survey,
        medium=ibis.literal("comment"),
        said_at="rated_at",
        text=_start(rows.comment),
    )


def _start(text: Value) -> Value:
    return text.substr(0, LONGEST)


def _rated(messages: Table, comments: Table, surveys: Table) -> Table:
    """The newest texts with a rating: comments beside scores, and what was written on tickets that were rated."""
    verdicts = surveys.filter(
        surveys.kind.isin(RATED_BY) & surveys.left_out.isnull() & (surveys.is_satisfied | surveys.is_dissatisfied)
    )
    about = ibis.coalesce(verdicts.ticket, verdicts.survey)
    by_survey = verdicts.select(remark="survey", about=about, is_bad="is_dissatisfied", rated_at="rated_at")
    own = comments.inner_join(by_survey, "remark").select("about", "text", "is_bad", "rated_at")
    of_ticket = verdicts.filter((verdicts.kind == "csat") & verdicts.ticket.notnull())
    by_ticket = of_ticket.group_by("ticket").agg(
        is_bad=of_ticket.is_dissatisfied.max(),
        rated_at=of_ticket.rated_at.max(),
        kinds=of_ticket.is_satisfied.nunique(),
    )
    judged = by_ticket.filter(by_ticket.kinds == 1)
    newest = judged.order_by([judged.rated_at.desc(), "ticket"]).limit(MOST_TEXTS)
    written = messages.inner_join(newest, "ticket")
    whole = written.group_by("ticket", "is_bad", "rated_at").agg(
        text=written.text.group_concat(sep=" ", order_by=[written.said_at, written.remark])
    )
    threads = whole.select(about="ticket", text="text", is_bad="is_bad", rated_at="rated_at")
    every = own.union(threads)
    return every.order_by([every.rated_at.desc(), "about", "text"]).limit(MOST_TEXTS)


def _read(texts: Table, reader: Reader) -> Iterator[pa.Table]:
    for rows in batches(texts, AT_ONCE):
        negative = reader.negative(rows["text"].to_pylist())
        read = {
            "model_accuracy": pa.array(np.full(len(rows), reader.accuracy)),
            "rated_texts": pa.array(np.full(len(rows), reader.texts)),
            "is_negative": pa.array(negative >= SURE),
            "is_positive": pa.array(negative <= 1 - SURE),
        }
        yield _shaped(pa.table({**{name: rows[name] for name in rows.column_names}, **read}))


def _shaped(rows: pa.Table) -> pa.Table:
    """The declared columns in their order and types, those the rows do not have empty."""
    types = {name: ARROW_TYPES[column.kind] for name, column in remark.FACT.columns.items()}
    have = rows.column_names
    columns = [rows[name].cast(kind) if name in have else pa.nulls(len(rows), kind) for name, kind in types.items()]
    return pa.table(columns, names=list(types))

"""Customers' words beside their scores: what they wrote in surveys, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis
from ibis.common.exceptions import TableNotFound

from deskpulse.answers.filtered import Selection, counted, filtered, holding, paged, within
from deskpulse.answers.profile import fact_table
from deskpulse.errors import UnknownNameError
from deskpulse.facts import remark, survey
from deskpulse.metrics.fact import Table

SCORES: Mapping[str, str] = {
    "low": "low: below the middle of the scale",
    "middle": "neither low nor high",
    "high": "high: the top two boxes",
}
SHOWN = (
    *("survey", "ticket", "kind", "scale", "score", "comment", "channel", "team", "topic", "agent", "customer"),
    *("rated_at", "is_satisfied", "is_dissatisfied", "is_negative", "is_positive"),
)
READ = ("is_negative", "is_positive")


@dataclass(frozen=True, kw_only=True)
class Comment:
    """What a customer wrote beside a score; ``is_negative`` and ``is_positive`` are a model's reading, if there is one.

    The scale is written ``1-5``; a score may be missing.
    """

    survey: str
    ticket: str | None
    kind: str
    scale: str | None
    score: float | None
    comment: str
    channel: str | None
    team: str | None
    topic: str | None
    agent: str | None
    customer: str | None
    rated_at: datetime
    is_satisfied: bool
    is_dissatisfied: bool
    is_negative: bool | None
    is_positive: bool | None


@dataclass(frozen=True, kw_only=True)
class Sought(Selection):
    """Which comments: of the period, holding ``words``, of a ``kind`` of survey, with a score of ``SCORES``."""

    kind: str = ""
    score: str = ""
    customer: str | None = None


@dataclass(frozen=True, kw_only=True)
class CommentPage:
    """Some of the comments found, how many there are, and how well the model that read them does (null: none did)."""

    rows: tuple[Comment, ...]
    total: int
    kinds: tuple[str, ...]
    model_accuracy: float | None
    rated_texts: int | None


def find_comments(backend: Any, sought: Sought, *, most: int = 50, after: int = 0) -> CommentPage:
    """Comments newest first; raises UnknownNameError for a score or dimension there is none of."""
    if sought.score and sought.score not in SCORES:
        raise UnknownNameError("score", sought.score, SCORES)
    every = _commented(backend, sought)
    table = _chosen(every, sought)
    listed = _with_reading(backend, table).order_by([ibis.desc("rated_at"), "survey"]).select(*SHOWN)
    rows = paged(backend, listed, most, after)
    accuracy, texts = _model(backend)
    return CommentPage(
        rows=tuple(Comment(**row) for row in rows),
        total=counted(backend, table),
        kinds=_kinds(backend, every),
        model_accuracy=accuracy,
        rated_texts=texts,
    )


def _commented(backend: Any, sought: Sought) -> Table:
    rows = fact_table(backend, survey.FACT)
    rows = rows.filter(
        rows["left_out"].isnull(), rows["rated_at"].notnull(), (rows["comment"].strip().length() > 0).fill_null(False)
    )
    rows = filtered(rows, survey.FACT, survey.rated_at, sought.where, sought.rules)
    return within(rows, survey.rated_at, sought.start, sought.end)


def _chosen(table: Table, sought: Sought) -> Table:
    if sought.kind:
        table = table.filter(table["kind"] == sought.kind)
    if sought.customer is not None:
        table = table.filter(table["customer"] == sought.customer)
    table = holding(table, sought.words, ("comment",))
    high, low = table["is_satisfied"].fill_null(False), table["is_dissatisfied"].fill_null(False)
    tests = {"high": high, "low": low, "middle": ~high & ~low}
    return table.filter(tests[sought.score]) if sought.score else table


def _with_reading(backend: Any, table: Table) -> Table:
    """Each comment with how a model read it, where one was learnt from the ratings."""
    try:
        read = backend.table(f"fact_{remark.FACT.name}")
    except TableNotFound:
        return table.mutate(**{name: ibis.null("boolean") for name in READ})
    comments = read.filter(read["medium"] == "comment").select("remark", *READ)
    return table.left_join(comments, table["survey"] == comments["remark"])


def _model(backend: Any) -> tuple[float | None, int | None]:
    try:
        read = backend.table(f"fact_{remark.FACT.name}")
    except TableNotFound:
        return None, None
    names = ("model_accuracy", "rated_texts")
    row = backend.to_pyarrow(read.aggregate(**{name: read[name].max() for name in names})).to_pylist()[0]
    return row["model_accuracy"], row["rated_texts"]


def _kinds(backend: Any, table: Table) -> tuple[str, ...]:
    return tuple(sorted(backend.to_pyarrow(table.select("kind").distinct())["kind"].to_pylist()))

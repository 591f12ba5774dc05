"""Comments as people read them: words, score on its scale, and how a model read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deskpulse import units
from deskpulse.answers.comments import Comment, CommentPage
from deskpulse.language import declared, gettext, spoken
from deskpulse.present.words import time_words

KINDS = {"ces1": "CES", "ces2": "CES", "resolved": "Solved?"}
"""Those whose usual name is not their own in capitals."""


@dataclass(frozen=True, kw_only=True)
class CommentLine:
    """One comment, written; ``mood`` is good, bad or neither by its score, ``reading`` what a model makes of it."""

    words: str
    score: str
    mood: str
    kind: str
    at: str
    about: str
    ticket: str
    customer: str
    reading: str


def kind_words(kind: str) -> str:
    """A kind of survey by its usual name."""
    return declared(KINDS.get(kind, kind.upper()))


def comment_rows(rows: Sequence[Comment], zone: str) -> tuple[CommentLine, ...]:
    """Comments, written; times in ``zone``."""
    return tuple(_line(row, zone) for row in rows)


def _line(row: Comment, zone: str) -> CommentLine:
    return CommentLine(
        words=row.comment.strip(),
        score=_score(row),
        mood="good" if row.is_satisfied else "bad" if row.is_dissatisfied else "neither",
        kind=kind_words(row.kind),
        at=time_words(row.rated_at, zone),
        about=" · ".join(filter(None, (row.channel, row.topic, row.agent, row.team))),
        ticket=row.ticket or "",
        customer=row.customer or "",
        reading=_reading(row),
    )


def _reading(row: Comment) -> str:
    if row.is_negative:
        return gettext("reads negative")
    return gettext("reads positive") if row.is_positive else ""


def _score(row: Comment) -> str:
    if row.score is None:
        return ""
    score = f"{row.score:g}".translate(spoken().separators)
    return gettext("%(some)s of %(all)s", some=score, all=row.scale.rpartition("-")[2]) if row.scale else score


def model_words(page: CommentPage) -> str:
    """How far the readings can be trusted; nothing where no model read."""
    if page.model_accuracy is None or page.rated_texts is None:
        return ""
    return gettext(
        "Readings are a model's, learnt from %(texts)s rated texts of yours: %(share)s right on texts it had not seen, "
        "good and bad counting alike.",
        texts=units.format_count(page.rated_texts),
        share=units.format_share(page.model_accuracy),
    )

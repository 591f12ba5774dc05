"""Answers as tiles, and as tables of texts."""

from __future__ import annotations

from dataclasses import dataclass

from deskpulse.answers.answer import Answer, Row
from deskpulse.language import declared, gettext, named
from deskpulse.present.sparkline import sparkline
from deskpulse.present.words import (
    NO_DATA,
    Verdict,
    change_words,
    group_names,
    interval_words,
    label,
    left_out_words,
    moment_form,
    n_words,
    period_words,
    statistic_words,
    target_words,
    title_of,
    value_words,
    variant_words,
    verdict,
)


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One value as people read it. ``label`` says which period and group; empty texts mean there is nothing to say."""

    kpi: str
    title: str
    label: str
    statistic: str
    value: str
    interval: str
    n: str
    previous: str
    change: str
    verdict: Verdict
    left_out: str
    trend: str = ""
    target: str = ""
    status: str = ""
    variant: str = ""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """An answer as a table of texts; ``notes`` belong under it."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


def tile(row: Row, answer: Answer, trend: Answer | None = None) -> Tile:
    """One row of an answer, written; ``trend`` is the same question with a grain, for the sparkline."""
    return Tile(
        kpi=answer.kpi,
        variant=answer.variant,
        title=title_of(answer),
        label=label(row, answer),
        statistic=statistic_words(answer),
        value=value_words(row.value, answer),
        interval=interval_words(row, answer),
        n=n_words(row, answer),
        previous=value_words(row.previous, answer) if answer.question.compare else "",
        change=change_words(row, answer),
        verdict=verdict(row, answer),
        left_out=left_out_words(row),
        trend=sparkline([bucket.value for bucket in trend.rows]) if trend else "",
        target=target_words(row, answer),
        status=row.status or "",
    )


def tiles(answer: Answer) -> tuple[Tile, ...]:
    """Every row of an answer, written."""
    return tuple(tile(row, answer) for row in answer.rows)


def headline(written: Tile) -> str:
    """One line: ``median 1h 24m  (1h 10m–1h 40m)  n = 311 tickets``."""
    if written.value == declared(NO_DATA):
        return written.value
    interval = f"({written.interval})" if written.interval else ""
    return "  ".join(filter(None, (f"{written.statistic} {written.value}", interval, written.n)))


def sheet(answer: Answer) -> Sheet:
    """An answer as a table: period and groups, then the value, its interval, n, what changed and what was left out."""
    question = answer.question
    before = gettext("before") if question.compare == "previous" else gettext("last year")
    compared = (before, gettext("change"), "") if question.compare else ()
    period = (gettext("period"),) if question.grain else ()
    judged = (gettext("target"), gettext("status")) if _has_targets(answer) else ()
    values = (statistic_words(answer), gettext("95 %% interval"), "n")
    return Sheet(
        title=f"{title_of(answer)} ({variant_words(answer.variant)})",
        headings=(*period, *map(named, question.by), *values, *compared, *judged, gettext("left out")),
        rows=tuple(_cells(row, answer) for row in answer.rows),
        notes=(*map(declared, answer.notes), provenance(answer)),
    )


def _cells(row: Row, answer: Answer) -> tuple[str, ...]:
    written = tile(row, answer)
    period = (period_words(row, answer.question.grain),) if answer.question.grain else ()
    groups = group_names(row.dimensions)
    compared = (written.previous, written.change, remark(written)) if answer.question.compare else ()
    judged = (written.target, declared(written.status)) if _has_targets(answer) else ()
    return (*period, *groups, written.value, written.interval, written.n, *compared, *judged, written.left_out)


def _has_targets(answer: Answer) -> bool:
    return any(row.target for row in answer.rows)


def remark(written: Tile) -> str:
    """The verdict on a change, in words; nothing where there is no change to judge."""
    return "" if written.verdict == "unknown" else declared(written.verdict)


def provenance(answer: Answer) -> str:
    """By which definition, dated by which moment, on which clock and as of when."""
    return gettext(
        "%(definition)s, by when %(moment)s, %(clock)s time, as of %(as_of)s",
        definition=answer.definition,
        moment=named(answer.dated_by.removesuffix("_at")),
        clock=declared(answer.clock),
        as_of=answer.as_of.strftime(f"{moment_form('minute')} UTC"),
    )

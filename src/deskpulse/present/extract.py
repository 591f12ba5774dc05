"""Answers, evidence and tickets as tables for files: numbers stay numbers, and each row says how it was chosen.

Durations are seconds, shares 0-1, instants carry their offset. The period and the filters are columns of their own, so
that a file is understood without the page it came from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isinf
from typing import Literal

from deskpulse.answers.answer import Answer
from deskpulse.answers.distribution import Bin
from deskpulse.answers.evidence import EvidenceRow
from deskpulse.answers.question import Filter, Question
from deskpulse.metrics.measure import Unit
from deskpulse.time.zone import to_local

Kind = Literal["text", "number", "integer", "boolean", "instant"]
Cell = str | float | int | bool | datetime | None


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a file; ``unit`` is that of its numbers where all have one."""

    name: str
    kind: Kind = "text"
    unit: Unit | None = None


@dataclass(frozen=True, kw_only=True)
class Extract:
    """A table for a file. ``rows`` may be a stream, read once; ``about`` says in words what was asked."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Cell]]
    about: tuple[tuple[str, str], ...]

    def records(self) -> Iterator[dict[str, Cell]]:
        """One mapping per row."""
        names = [column.name for column in self.columns]
        for row in self.rows:
            yield dict(zip(names, row, strict=True))


VALUES = (
    Column(name="value", kind="number"),
    Column(name="low", kind="number"),
    Column(name="high", kind="number"),
    Column(name="n", kind="integer"),
)
NAMES = tuple(Column(name=name) for name in ("kpi", "variant", "statistic", "clock", "unit"))
COMPARED = (Column(name="previous", kind="number"), Column(name="is_distinguishable", kind="boolean"))
JUDGED = (
    Column(name="target_at_least", kind="number"),
    Column(name="target_at_most", kind="number"),
    Column(name="status"),
)
CHOSEN = tuple(Column(name=name) for name in ("from", "until", "zone", "where"))
AS_OF = Column(name="as_of", kind="instant")
START = Column(name="period_start", kind="instant")


def chosen(question: Question) -> tuple[str | None, str | None, str, str]:
    """The period in the question's zone (ISO 8601; null is without bound), the zone, and the filters in words."""
    zone = question.zone
    return _local(question.start, zone), _local(question.end, zone), zone, filter_words(asked_and_ruled(question))


def _local(instant: datetime | None, zone: str) -> str | None:
    return to_local(instant, zone).isoformat() if instant else None


def asked_and_ruled(question: Question) -> tuple[Filter, ...]:
    """What was filtered by: what was asked for, and what the one who asked may see."""
    return (*question.where, *question.rules)


def filter_words(filters: Iterable[Filter]) -> str:
    """``channel=email,chat; team!=Sales``, as it can be asked again."""
    return "; ".join(one.typed for one in filters)


def extract_answers(answers: Sequence[Answer], *, name: str) -> Extract:
    """One or several answers, a row for each of theirs; a dimension only some have is empty in the others."""
    dimensions = tuple(dict.fromkeys(by for answer in answers for by in answer.question.by))
    has_grain = any(answer.question.grain for answer in answers)
    compared = any(answer.question.compare for answer in answers)
    unit = answers[0].unit if len({answer.unit for answer in answers}) == 1 else None
    columns = (
        *NAMES,
        *((START,) if has_grain else ()),
        *(Column(name=by) for by in dimensions),
        *(Column(name=one.name, kind=one.kind, unit=None if one.name == "n" else unit) for one in VALUES),
        *(COMPARED if compared else ()),
        *JUDGED,
        *(Column(name=text) for text in ("left_out", "definition")),
        AS_OF,
        *CHOSEN,
    )
    names = [column.name for column in columns]
    rows = ([record.get(column) for column in names] for answer in answers for record in _records(answer))
    return Extract(name=name, columns=columns, rows=rows, about=_about(answers))


def _records(answer: Answer) -> Iterator[Mapping[str, Cell]]:
    start, end, zone, where = chosen(answer.question)
    for row in answer.rows:
        yield {
            **row.dimensions,
            "kpi": answer.kpi,
            "variant": answer.variant,
            "statistic": answer.statistic,
            "clock": answer.clock,
            "unit": answer.unit,
            "period_start": row.period_start,
            "value": row.value,
            "low": row.low,
            "high": row.high,
            "n": row.n,
            "previous": row.previous,
            "is_distinguishable": row.is_distinguishable,
            "target_at_least": row.target.at_least if row.target else None,
            "target_at_most": row.target.at_most if row.target else None,
            "status": row.status,
            "left_out": json.dumps(dict(row.left_out), ensure_ascii=False) if row.left_out else None,
            "definition": answer.definition,
            "as_of": to_local(answer.as_of, "UTC"),
            "from": start,
            "until": end,
            "zone": zone,
            "where": where,
        }


def _about(answers: Sequence[Answer]) -> tuple[tuple[str, str], ...]:
    """What was asked, a line each; what several answers say alike is said once."""
    said = (line for answer in answers for line in _said(answer))
    return tuple(dict.fromkeys((name, text) for name, text in said if text))


def _said(answer: Answer) -> Iterator[tuple[str, str]]:
    start, end, zone, where = chosen(answer.question)
    yield "KPI", f"{answer.definition}, {answer.statistic}, {answer.clock} time, unit {answer.unit}"
    yield "Period", period_text(start, end)
    yield "Time zone", zone
    yield "Filters", where or "none"
    yield "As of", f"{answer.as_of.isoformat()}Z"
    for note in answer.notes:
        yield "Note", note


def period_text(start: str | None, end: str | None) -> str:
    """A period in words, from the bounds that ``chosen`` gives."""
    if not (start or end):
        return "all of history"
    return f"from {start or 'the first event'} until {end or 'now'}, which is not included"


def extract_evidence(answer: Answer, formula: str, rows: Iterable[EvidenceRow]) -> Extract:
    """The rows behind a value: what each adds, or why it adds nothing."""
    by = answer.question.by
    columns = (
        Column(name="ticket"),
        Column(name="value", kind="number", unit=answer.unit),
        Column(name="excluded", kind="boolean"),
        *(Column(name=text) for text in ("reason", "part")),
        Column(name="divisor", kind="number"),
        *(Column(name=name) for name in (*by, "definition")),
        *CHOSEN,
    )
    told = (answer.definition, *chosen(answer.question))
    cells = (
        (one.ticket, one.value, one.excluded, one.reason, one.part, one.divisor, *(map(one.dimensions.get, by)), *told)
        for one in rows
    )
    about = (("Formula", formula), *_about((answer,)))
    return Extract(name=f"evidence-{answer.kpi}", columns=columns, rows=cells, about=about)


def extract_distribution(answer: Answer, bins: Iterable[Bin]) -> Extract:
    """How many rows took at least ``low`` and less than ``high`` seconds; the last has no end."""
    columns = (
        Column(name="kpi"),
        *(Column(name=name, kind="number", unit=answer.unit) for name in ("low", "high")),
        Column(name="n", kind="integer"),
        Column(name="definition"),
        *CHOSEN,
    )
    told = (answer.definition, *chosen(answer.question))
    rows = ((answer.kpi, one.low, None if isinf(one.high) else one.high, one.n, *told) for one in bins)
    return Extract(name=f"distribution-{answer.kpi}", columns=columns, rows=rows, about=_about((answer,)))

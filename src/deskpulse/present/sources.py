"""Sources, restatements and snapshots as rows of texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from deskpulse import units
from deskpulse.answers.sources import Restatement, SourceTable
from deskpulse.language import gettext, named, ngettext
from deskpulse.present.words import moment_form, time_words
from deskpulse.store.versions import KeptVersion

SIZES = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


@dataclass(frozen=True, kw_only=True)
class SourceLine:
    """A source, written: what it gave, the newest event, when it was last read and how long that is ago."""

    source: str
    tables: tuple[tuple[str, str], ...]
    rows: str
    newest: str
    read: str
    age: str
    lag: str


def source_rows(tables: Sequence[SourceTable], *, now: datetime, zone: str) -> tuple[SourceLine, ...]:
    """The sources; ``lag`` is how long the newest event was past when the source was read."""
    return tuple(_source(name, list(own), now, zone) for name, own in groupby(tables, key=lambda one: one.source))


def _source(name: str, own: list[SourceTable], now: datetime, zone: str) -> SourceLine:
    read = max(one.read_at for one in own)
    happened = [one.newest_at for one in own if one.newest_at and one.newest_at <= read and one.table in DATED]
    newest = max(happened, default=None)
    return SourceLine(
        source=name,
        tables=tuple((named(one.table), units.format_count(one.rows)) for one in own),
        rows=units.format_count(sum(one.rows for one in own)),
        newest=time_words(newest, zone),
        read=time_words(read, zone),
        age=units.format_duration(max((now - read).total_seconds(), 0)),
        lag=units.format_duration((read - newest).total_seconds()) if newest else "",
    )


DATED = ("ticket", "message", "change", "call", "survey", "review", "article_event", "agent_state")
"""Events that happen day by day, so that the newest tells how far a source is behind."""


def restatement_rows(rows: Sequence[Restatement], zone: str) -> Iterator[tuple[str, str, str]]:
    """When it was published, of what, and which days."""
    for one in rows:
        first, last = (day.strftime(moment_form("day")) for day in (one.first, one.last))
        days = first if first == last else gettext("%(first)s to %(last)s", first=first, last=last)
        count = ngettext("%(num)s day", "%(num)s days", one.days)
        yield time_words(one.published_at, zone), named(one.fact), f"{count}: {days}"


def version_rows(rows: Sequence[KeptVersion], zone: str) -> Iterator[tuple[str, str, str, str, str]]:
    """Number, as of when, tables, rows and size."""
    for one in rows:
        counts = (units.format_count(one.tables), units.format_count(one.rows), size_words(one.bytes))
        yield str(one.version), time_words(one.as_of, zone), *counts


def size_words(size: int) -> str:
    """``12.3 MB``."""
    unit, name = next(((one, name) for one, name in SIZES if size >= one), (1, "bytes"))
    return f"{units.format_number(size / unit, 1) if unit > 1 else size} {name}"

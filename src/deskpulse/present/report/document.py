"""A report as values: what all formats are written from, so that they hold the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from deskpulse.answers.answer import Answer, Row
from deskpulse.language import gettext
from deskpulse.present.chart import Chart, Mark, bars, trend
from deskpulse.present.dictionary import Entry, VariantEntry
from deskpulse.present.tile import Tile, provenance, tile
from deskpulse.present.words import moment_form

MOST_BARS = 12
"""A chart of more bars than these is not read on paper; its table holds the rest."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One KPI in detail: its value, its trend, by its main dimensions, its other variants, and what guards it.

    ``answer`` has one row, ``over_time`` one per bucket; each guard comes with the reason it must be read beside.
    """

    about: Entry
    answer: Answer
    over_time: Answer
    splits: tuple[Answer, ...] = ()
    variants: tuple[Answer, ...] = ()
    guards: tuple[tuple[Answer, str], ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def row(self) -> Row:
        """The value of the period."""
        return self.answer.rows[0]

    @property
    def tile(self) -> Tile:
        """The value as people read it."""
        return tile(self.row, self.answer, self.over_time)

    @property
    def formula(self) -> VariantEntry:
        """The dictionary's entry of the variant that was asked for."""
        return next(variant for variant in self.about.variants if variant.name == self.answer.variant)

    @property
    def provenance(self) -> str:
        """By which definition, dated by what, on which clock and as of when."""
        return provenance(self.answer)

    @property
    def other_tiles(self) -> tuple[tuple[Tile, str], ...]:
        """The variants beside each other, the one asked for among them, each with what makes it differ."""
        differs = {variant.name: variant.differs for variant in self.about.variants}
        return tuple((tile(other.rows[0], other), differs[other.variant]) for other in self.variants if other.rows)

    @property
    def guard_tiles(self) -> tuple[tuple[Tile, str], ...]:
        """The guardrails, each with its reason."""
        return tuple((tile(guard.rows[0], guard), why) for guard, why in self.guards if guard.rows)

    def trend(self, width: int, height: int) -> Chart:
        """The chart of the trend."""
        return trend(self.over_time, marks=self.marks, width=width, height=height)

    def charts(self, width: int) -> tuple[Chart, ...]:
        """The charts of the parts."""
        return tuple(bars(split, width=width) for split in self.splits if len(split.rows) <= MOST_BARS)


@dataclass(frozen=True, kw_only=True)
class Document:
    """A scorecard of a period, in whole. ``span`` are its days in ``zone``, ``where`` what it is narrowed down to.

    ``address`` is where the dashboard answers, for links; empty where nobody said. ``as_of`` is naive UTC.
    """

    company: str
    title: str
    goal: str
    period: str
    span: str
    against: str
    zone: str
    as_of: datetime
    parts: tuple[Part, ...]
    findings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    where: Sequence[str] = ()
    address: str = ""
    language: str = "en"

    @property
    def subtitle(self) -> str:
        """The days it is about, what they are held against, and what it is narrowed down to."""
        return " · ".join(filter(None, (self.span, self.against, ", ".join(self.where))))

    @property
    def freshness(self) -> str:
        """Up to when the data go, and in which zone days are counted."""
        until = self.as_of.strftime(moment_form("minute"))
        return gettext("Data to %(until)s UTC. Days are those of %(zone)s.", until=until, zone=self.zone)

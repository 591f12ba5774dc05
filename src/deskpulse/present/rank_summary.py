"""A leaderboard in a few lines: ranges of rank of those with the most contacts, and how many cannot be ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deskpulse import units
from deskpulse.answers.standings import Standing
from deskpulse.language import declared, gettext
from deskpulse.present.ranks import range_words, ranks_words, rate_words

MOST, FEWEST = 8, 2
HEADINGS = ("agent", "with everybody's mix", "ranks", "n")


@dataclass(frozen=True, kw_only=True)
class RankLine:
    """One agent; the bar of the ranks begins after ``before`` per cent of all ranks and is ``width`` per cent long."""

    unit: str
    value: str
    interval: str
    ranks: str
    n: str
    before: float
    width: float


@dataclass(frozen=True, kw_only=True)
class RankSummary:
    """Agents in the order of the alphabet: ranges that overlap are no order. ``note`` says who is not in it."""

    kpi: str
    title: str
    headings: tuple[str, ...]
    lines: tuple[RankLine, ...]
    note: str


def rank_summary(kpi: str, title: str, standings: Sequence[Standing]) -> RankSummary | None:
    """The ranked agents with the most contacts; null where fewer than two have enough for a rank."""
    ranked = [one for one in standings if one.rank is not None]
    if len(ranked) < FEWEST:
        return None
    shown = sorted(sorted(ranked, key=lambda one: -one.n)[:MOST], key=lambda one: one.unit.casefold())
    return RankSummary(
        kpi=kpi,
        title=title,
        headings=tuple(declared(heading) for heading in HEADINGS),
        lines=tuple(_line(one, len(ranked)) for one in shown),
        note=_note(len(shown), len(ranked), len(standings)),
    )


def _note(shown: int, ranked: int, known: int) -> str:
    told = gettext(
        "%(ranked)s of %(known)s agents have enough contacts for a rank. Ranges that overlap are not told apart.",
        ranked=units.format_count(ranked),
        known=units.format_count(known),
    )
    if shown == ranked:
        return told
    return told + " " + gettext("Shown: the %(shown)s with the most contacts.", shown=units.format_count(shown))


def _line(one: Standing, ranked: int) -> RankLine:
    low, high = one.rank_low or 1.0, one.rank_high or float(ranked)
    return RankLine(
        unit=one.unit,
        value=rate_words(one.adjusted, is_share=one.is_share),
        interval=range_words(one.adjusted_low, one.adjusted_high, is_share=one.is_share),
        ranks=ranks_words(one.rank_low, one.rank_high),
        n=units.format_count(one.n),
        before=round(100 * (low - 1) / ranked, 1),
        width=round(100 * (high - low + 1) / ranked, 1),
    )

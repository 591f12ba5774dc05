"""What a page about a scorecard shows: cards, what changed, and when customers turn up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deskpulse.answers.answer import Answer
from deskpulse.answers.profile import NONE
from deskpulse.errors import DeskpulseError
from deskpulse.insights.findings import notable
from deskpulse.present.card import Card, card, empty_card
from deskpulse.present.words import Verdict, moved, n_words, verdict
from deskpulse.settings import Scorecard
from deskpulse.workspace.asked import Asked, answered_of, ask_each, questions_of

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace

CHARTS = 4
ARRIVALS = ("weekday", "hour")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A change beyond noise in a sentence, with the KPI and the filters that lead to it.

    ``verdict`` is better, worse or different; ``n`` says of how many rows.
    """

    words: str
    verdict: Verdict
    n: str
    kpi: str
    where: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Overview:
    """A scorecard of a period. ``trends`` belong to the first cards; ``arrivals`` are by weekday and hour."""

    scorecard: Scorecard
    cards: tuple[Card, ...]
    trends: tuple[Answer, ...]
    arrivals: Answer | None
    findings: tuple[Finding, ...]
    is_empty: bool


def overview(
    place: Workspace, period: str, *, zone: str, where: Mapping[str, str], name: str | None, charts: int = CHARTS
) -> Overview:
    """The scorecard called ``name`` (null: the default); a KPI that cannot be asked has a card that says why.

    Raises UnknownNameError, and what ``ask`` raises where no KPI of it can be asked.
    """
    asked = questions_of(place, name, period=period, zone=zone, where=where)
    lists = (asked.values, asked.trends, asked.splits if charts else (), (replace(asked.whole, by=ARRIVALS),))
    values, trends, splits, (arrivals,) = ask_each(place, *lists)
    return Overview(
        scorecard=asked.card,
        cards=tuple(_cards(asked.card.kpis, values, trends)),
        trends=tuple(_drawable(trends))[:charts],
        arrivals=_drawn(arrivals),
        findings=tuple(_findings((*values, *splits))),
        is_empty=not any(row.n for one in answered_of(values) for row in one.rows),
    )


def _cards(kpis: Sequence[str], values: Sequence[Asked], trends: Sequence[Asked]) -> Iterator[Card]:
    for kpi, value, trend in zip(kpis, values, trends, strict=False):
        if isinstance(value, DeskpulseError):
            yield empty_card(kpi, str(value))
        elif value.rows:
            yield card(value, trend if isinstance(trend, Answer) else None)
        else:
            yield empty_card(kpi, "no data")


def _drawable(found: Sequence[Asked]) -> Iterator[Answer]:
    for one in found:
        if drawn := _drawn(one):
            yield drawn


def _drawn(found: Asked) -> Answer | None:
    if isinstance(found, DeskpulseError) or not any(row.value is not None for row in found.rows):
        return None
    return found


def _findings(found: Sequence[Asked]) -> Iterator[Finding]:
    for answer, row in notable(one for one in found if isinstance(one, Answer)):
        groups = {name: NONE if value is None else value for name, value in row.dimensions.items()}
        yield Finding(
            words=moved(row, answer),
            verdict=verdict(row, answer),
            n=n_words(row, answer),
            kpi=f"{answer.kpi}:{answer.variant}",
            where=groups,
        )

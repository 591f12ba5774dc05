"""A report in detail: a scorecard with the trend, the parts, the variants and the guards of each of its KPIs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from deskpulse.answers.answer import Answer
from deskpulse.answers.question import Comparison, Grain
from deskpulse.answers.target import check_goals
from deskpulse.insights.findings import notable
from deskpulse.language import ENGLISH, declared, gettext, named, spoken
from deskpulse.present import sentence
from deskpulse.present.chart import Mark
from deskpulse.present.dictionary import entry
from deskpulse.present.report.document import Document, Part
from deskpulse.present.words import COMPARISON_WORDS, moment_form
from deskpulse.settings import Scorecard
from deskpulse.time.period import Period, parse_period
from deskpulse.time.zone import to_local
from deskpulse.workspace.asked import Asked, CardQuestions, answered_of, ask_each, left_out, questions_of
from deskpulse.workspace.asking import Options, Where, filters
from deskpulse.workspace.parts import answered, splits, variants

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace

MOST_SPLITS = 2
ONE_DAY = timedelta(days=1)


def document(
    place: Workspace,
    period: str,
    *,
    name: str | None = None,
    where: Where = (),
    zone: str | None = None,
    grain: Grain | None = None,
    at: datetime | None = None,
    address: str = "",
) -> Document:
    """The scorecard called ``name`` for the ``period`` as seen ``at`` an instant (naive UTC): null is that of the data.

    A KPI that cannot be narrowed down by ``where`` is left out and a note says so; raises its error if none can be.
    ``address`` is where the dashboard answers, where the settings do not say.
    """
    check_goals(place.settings)
    chosen = zone or place.viewer.zone or place.settings.zone
    span = parse_period(period, now=at or place.as_of, zone=chosen)
    within: Options = {"start": span.start, "end": span.end, "where": where, "zone": chosen}
    options: Options = {**within, "grain": grain}
    asked = questions_of(place, name, **options)
    trends = [replace(one, compare=asked.compare) for one in asked.trends]
    values, over_time, groups = ask_each(place, asked.values, trends, asked.splits)
    answers = answered_of(values)
    card, marks = asked.card, tuple(_marks(place, span, chosen))
    parts = tuple(_parts(place, within, asked, zip(card.kpis, values, over_time, strict=True), marks))
    return Document(
        company=place.settings.name,
        title=declared(card.title),
        goal=declared(card.goal),
        period=period,
        span=span_words(span, chosen),
        against=_against(asked.compare) if asked.compare else "",
        zone=chosen,
        as_of=place.as_of,
        parts=parts,
        findings=tuple(_findings((*answers, *(one for one in groups if isinstance(one, Answer))))),
        notes=(*left_out(card, values), *_notes(place, span, card, parts)),
        where=tuple(_filter_words(where)),
        address=place.settings.mail.address or address.rstrip("/"),
        language=spoken().code,
    )


def _against(compare: Comparison) -> str:
    return gettext("against %(period)s", period=declared(COMPARISON_WORDS[compare]))


def _parts(
    place: Workspace,
    within: Options,
    asked: CardQuestions,
    found: Iterable[tuple[str, Asked, Asked]],
    marks: tuple[Mark, ...],
) -> Iterator[Part]:
    """Each KPI that could be asked, with what it is looked at beside in the same period."""
    ask = partial(place.ask, **within)
    compared = partial(ask, compare=asked.compare)
    for kpi, answer, over_time in found:
        if not (isinstance(answer, Answer) and isinstance(over_time, Answer)):
            continue
        about = entry(kpi.partition(":")[0])
        guards = ((answered(compared, guard), why) for guard, why in about.guardrails.items())
        yield Part(
            about=about,
            answer=answer,
            over_time=over_time,
            splits=tuple(splits(ask, kpi))[:MOST_SPLITS],
            variants=tuple(variants(ask, kpi, {})),
            guards=tuple((guard, why) for guard, why in guards if guard),
            marks=marks,
        )


def _marks(place: Workspace, span: Period, zone: str) -> Iterator[Mark]:
    for at, title in place.annotations(span.start, span.end):
        yield Mark(at=to_local(at, zone).replace(tzinfo=None), title=title)


def _findings(answers: Sequence[Answer]) -> Iterator[str]:
    """The changes beyond noise, of the KPIs and of their groups."""
    return (sentence(row, answer) for answer, row in notable(answers))


def _notes(place: Workspace, span: Period, card: Scorecard, parts: Sequence[Part]) -> Iterator[str]:
    if card.warning:
        yield declared(card.warning)
    end, as_of = span.end, place.as_of
    if end and as_of < end:
        at = as_of.strftime(moment_form("minute"))
        yield gettext("The data end before the period does: they were read last at %(at)s UTC.", at=at)
    if not any(part.row.n for part in parts):
        yield gettext("There is nothing in this period. Type: deskpulse report --period all")


def _filter_words(where: Where) -> Iterator[str]:
    for condition in filters(where):
        chosen = {"dimension": named(condition.dimension), "values": gettext(" or ").join(condition.values)}
        if condition.negated:
            yield gettext("%(dimension)s is not %(values)s", **chosen)
        else:
            yield gettext("%(dimension)s is %(values)s", **chosen)


def span_words(span: Period, zone: str) -> str:
    """The days of a period: ``16 November 2026`` or ``16 November – 22 November 2026``."""
    if span.start is None or span.end is None:
        return gettext("All of history")
    first, last = to_local(span.start, zone).date(), to_local(span.end, zone).date() - ONE_DAY
    if spoken().code != ENGLISH:  # months are names in English alone
        days = dict.fromkeys(day.strftime(moment_form("day")) for day in (first, last))
        return " – ".join(days if first < last else list(days)[-1:])
    written = f"{last.day} {last:%B %Y}"
    if last <= first:
        return written
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first.day} {first:%B}{year} – {written}"

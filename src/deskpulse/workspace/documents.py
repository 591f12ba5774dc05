"""A report in detail: a scorecard with the trend, the parts, the variants and the guards of each of its KPIs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from deskpulse.answers.answer import Answer
from deskpulse.answers.question import Comparison, Grain, Question
from deskpulse.answers.target import check_goals
from deskpulse.errors import DeskpulseError
from deskpulse.insights.findings import notable
from deskpulse.insights.scorecard import scorecard, watched
from deskpulse.language import ENGLISH, declared, gettext, named, spoken
from deskpulse.present import sentence
from deskpulse.present.chart import Mark
from deskpulse.present.dictionary import entry
from deskpulse.present.report.document import Document, Part
from deskpulse.present.words import COMPARISON_WORDS, moment_form
from deskpulse.settings import Scorecard
from deskpulse.time.period import Period, parse_period
from deskpulse.time.zone import to_local
from deskpulse.workspace.asked import REFUSALS, comparison, refusal, trend_grain
from deskpulse.workspace.asking import Where, filters
from deskpulse.workspace.parts import answered, splits, variants

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace

MOST_SPLITS = 2
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Asker:
    """Asks about the report's period, filters and zone."""

    place: Workspace
    span: Period
    zone: str
    where: Where
    compare: Comparison | None

    def question(self, kpi: str, **options: Any) -> Question:
        """The question about a KPI, in the report's period."""
        asked = self.place.question(kpi, where=self.where, zone=self.zone, **options)
        return replace(asked, start=self.span.start, end=self.span.end)

    def ask(self, kpi: str, **options: Any) -> Answer:
        """Its answer."""
        return self.place.ask(self.question(kpi, **options))

    def compared(self, kpi: str, **options: Any) -> Answer:
        """Its answer beside the period before."""
        return self.ask(kpi, compare=self.compare, **options)


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
    card = scorecard(name, place.settings.scorecards)
    chosen = zone or place.viewer.zone or place.settings.zone
    span = parse_period(period, now=at or place.as_of, zone=chosen)
    asker = Asker(place=place, span=span, zone=chosen, where=where, compare=comparison(card, span.start))
    kpis, refused = _askable(asker, card)
    parts = tuple(_parts(asker, kpis, grain or trend_grain(span.start, span.end)))
    return Document(
        company=place.settings.name,
        title=declared(card.title),
        goal=declared(card.goal),
        period=period,
        span=span_words(span, chosen),
        against=_against(asker.compare) if asker.compare else "",
        zone=chosen,
        as_of=place.as_of,
        parts=parts,
        findings=tuple(_findings(asker, card, parts)),
        notes=(*refused, *_notes(asker, card, parts)),
        where=tuple(_filter_words(where)),
        address=place.settings.mail.address or address.rstrip("/"),
        language=spoken().code,
    )


def _askable(asker: Asker, card: Scorecard) -> tuple[list[str], list[str]]:
    """The KPIs of a scorecard that can be asked here, and why the others cannot."""
    errors = {kpi: error for kpi in card.kpis if (error := _refusal(asker, kpi))} if _refusal(asker, *card.kpis) else {}
    kpis = [kpi for kpi in card.kpis if kpi not in errors]
    if not kpis:
        raise next(iter(errors.values()))
    return kpis, [refusal(kpi, error) for kpi, error in errors.items()]


def _against(compare: Comparison) -> str:
    return gettext("against %(period)s", period=declared(COMPARISON_WORDS[compare]))


def _refusal(asker: Asker, *kpis: str) -> DeskpulseError | None:
    """Why they cannot be asked together; answers are kept, so that asking again costs nothing."""
    try:
        asker.place.ask_many([asker.question(kpi, compare=asker.compare) for kpi in kpis])
    except REFUSALS as error:
        return error
    return None


def _parts(asker: Asker, kpis: Sequence[str], grain: Grain) -> Iterator[Part]:
    marks = tuple(_marks(asker))
    values = [asker.question(kpi, compare=asker.compare) for kpi in kpis]
    trends = [asker.question(kpi, grain=grain, compare=asker.compare) for kpi in kpis]
    found = asker.place.ask_many([*values, *trends])
    for kpi, answer, over_time in zip(kpis, found[: len(values)], found[len(values) :], strict=True):
        about = entry(kpi.partition(":")[0])
        guards = ((answered(asker.compared, guard), why) for guard, why in about.guardrails.items())
        yield Part(
            about=about,
            answer=answer,
            over_time=over_time,
            splits=tuple(splits(asker.ask, kpi))[:MOST_SPLITS],
            variants=tuple(variants(asker.ask, kpi)),
            guards=tuple((guard, why) for guard, why in guards if guard),
            marks=marks,
        )


def _marks(asker: Asker) -> Iterator[Mark]:
    for at, title in asker.place.annotations(asker.span.start, asker.span.end):
        yield Mark(at=to_local(at, asker.zone).replace(tzinfo=None), title=title)


def _findings(asker: Asker, card: Scorecard, parts: Sequence[Part]) -> Iterator[str]:
    """The changes beyond noise, of the KPIs and of their groups."""
    pairs = watched(card) if asker.compare else ()
    groups = [found for kpi, by in pairs if (found := answered(asker.compared, kpi, by=by))]
    for answer, row in notable((*(part.answer for part in parts), *groups)):
        yield sentence(row, answer)


def _notes(asker: Asker, card: Scorecard, parts: Sequence[Part]) -> Iterator[str]:
    if card.warning:
        yield declared(card.warning)
    end, as_of = asker.span.end, asker.place.as_of
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

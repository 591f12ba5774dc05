"""What every page shares: the viewer, the workspace, the filters in the address, and the way to a template."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar, Unpack
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse

from deskpulse.answers.answer import Answer, Row
from deskpulse.answers.evidence import Evidence, TicketEvidence
from deskpulse.answers.question import Question
from deskpulse.answers.standings import Standing
from deskpulse.answers.tickets import TicketPage
from deskpulse.insights.benchmarks import Benchmarked
from deskpulse.insights.ranking import OwnPlace
from deskpulse.insights.scorecard import VOLUME
from deskpulse.language import declared, speaking, spoken
from deskpulse.language.templates import environment
from deskpulse.present.chart import Link, Mark
from deskpulse.present.dictionary import Entry
from deskpulse.present.freshness import Freshness, freshness
from deskpulse.present.live_charts import bundle_name
from deskpulse.present.words import time_words
from deskpulse.settings.numbers import as_read
from deskpulse.time.zone import to_local
from deskpulse.workspace import Workspace
from deskpulse.workspace.access import Viewer
from deskpulse.workspace.asked import trend_grain
from deskpulse.workspace.overview import Overview, overview
from deskpulse.workspace.parts import answered
from deskpulse.workspace.proofs import proof
from deskpulse.workspace.spreads import Distribution, distribution
from deskpulse.workspace.tickets import Shown, choices

T = TypeVar("T")
PERIODS = (
    ("last-7-days", "Last 7 days"),
    ("last-30-days", "Last 30 days"),
    ("last-90-days", "Last 90 days"),
    ("last-week", "Last week"),
    ("this-month", "This month"),
    ("last-month", "Last month"),
    ("all", "All of history"),
)
PERIOD = "last-30-days"
FILTERS = ("channel", "team", "partner", "topic", "priority")
"""The dimensions offered at the top of pages."""
DIMENSIONS = (*FILTERS, "type", "queue", "segment", "agent", "brand", "tier", "plan", "weekday", "hour")
"""What an address may filter by: bars and points lead to their rows by these."""
templates = environment("deskpulse.surfaces.web")
templates.filters["as_read"] = as_read


@dataclass(frozen=True, kw_only=True)
class View:
    """A request for a page: who asks, of which snapshot (bound to what they may see), and what the address chose."""

    request: Request
    place: Workspace
    viewer: Viewer
    period: str
    where: Mapping[str, str]

    def ask(self, kpi: str, **options: Any) -> Answer:
        """An answer for the page's period and filters, within what the viewer may see."""
        return self.place.ask(self._question(kpi, options))

    @property
    def zone(self) -> str:
        """The time zone the page is written in."""
        return self.viewer.zone or self.place.settings.zone

    def question(self, kpi: str, **options: Any) -> Question:
        """A question about a KPI in the page's period and filters."""
        return self._question(kpi, options)

    def _question(self, kpi: str, options: Mapping[str, Any]) -> Question:
        chosen = {"period": self.period, "where": self.where, "zone": self.zone, **options}
        return self.place.question(kpi, **chosen)

    def compared(self, kpi: str, **options: Any) -> Answer:
        """The value beside the period before; alone for all of history, which nothing comes before."""
        asked = self._question(kpi, {})
        return self.ask(kpi, compare="previous" if asked.start else None, **options)

    def over_time(self, kpi: str, **options: Any) -> Answer:
        """The page's period by day, week or month, as its length asks for, beside the period before."""
        asked = self._question(kpi, {})
        compare = "previous" if asked.start else None
        return self.ask(kpi, grain=trend_grain(asked.start, asked.end), compare=compare, **options)

    def distribution(self, kpi: str, **options: Any) -> Distribution | None:
        """How a duration is spread; null for what is none."""
        return distribution(self.place, self._question(kpi, options))

    def benchmarks(self, kpi: str, **options: Any) -> Benchmarked:
        """What is published about a KPI beside its value."""
        return self.place.benchmarks(self._question(kpi, options))

    def guards(self, about: Entry) -> Iterator[tuple[Answer, str]]:
        """What must be read beside a KPI, each with the reason."""
        for name, why in about.guardrails.items():
            if answer := answered(self.compared, name):
                yield answer, why

    def marks(self) -> tuple[Mark, ...]:
        """The changes of process announced in the page's period."""
        asked = self._question(VOLUME, {})
        found = self.place.annotations(asked.start, asked.end)
        return tuple(Mark(at=to_local(at, self.zone).replace(tzinfo=None), title=title) for at, title in found)

    def prove(self, kpi: str, *, most: int, after: int, **options: Any) -> Evidence:
        """The rows behind a value, as far as the viewer may see them."""
        return self.place.prove(self._question(kpi, options), most=most, after=after)

    def prove_ticket(self, kpi: str, ticket: str) -> TicketEvidence:
        """One ticket's part in a KPI, over all of its time."""
        return self.place.prove_ticket(self._question(kpi, {"period": None, "where": ()}), ticket)

    def find_tickets(self, words: str, **shown: Unpack[Shown]) -> TicketPage:
        """Tickets of the page's period and filters."""
        return self.place.find_tickets(self.asked, words, **shown)

    @property
    def periods(self) -> tuple[tuple[str, str], ...]:
        """The periods offered: by what name, in which words."""
        return PERIODS

    @property
    def period_words(self) -> str:
        """The page's period as people say it."""
        return declared(dict(PERIODS).get(self.period, self.period))

    def when(self, instant: datetime | str) -> str:
        """An instant, which is in UTC, on the clock of whoever reads."""
        moment = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
        return time_words(moment.replace(tzinfo=None), self.zone)

    @property
    def asked(self) -> Question:
        """The page's period and filters as a question, for lists."""
        return self._question(VOLUME, {})

    @cached_property
    def choices(self) -> Mapping[str, tuple[str, ...]]:
        """What lists can be filtered by: dimensions with the values the viewer may see."""
        return choices(self.place)

    def kept(self, build: Callable[[View], T]) -> T:
        """What ``build`` gives for this address, worked out once for all who may see the same."""
        code = spoken().code
        seer = replace(self.viewer, name="", form="", account=None, session=None, scopes=None, language=code)

        def again(place: Workspace) -> T:
            with speaking(code):  # a newer snapshot is worked out where nobody asks
                return build(replace(self, place=place.seen_by(self.viewer)))

        kept: T = self.request.app.state.current.kept((seer, str(self.request.url)), again)
        return kept

    def overview(self, scorecard: str | None, *, charts: int = 4) -> Overview:
        """A scorecard of the page's period and filters."""
        return overview(self.place, self.period, zone=self.zone, where=self.where, name=scorecard, charts=charts)

    def link(self, answer: Answer) -> Link:
        """Where the rows of an answer lead: to what is behind each of them."""
        path = f"/prove/{answer.kpi}:{answer.variant}"

        def leads(row: Row) -> str | None:
            chosen = proof(row, answer)
            return None if chosen is None else self.address(path, **chosen)

        return leads

    @property
    def fresh(self) -> Freshness:
        """How old the page's data are."""
        return freshness(self.place.as_of, self.request.state.now, self.zone)

    def standings(self, kpi: str) -> tuple[Standing, ...]:
        """What stands behind a leaderboard, for the page's period and filters."""
        return self.place.standings(self._question(kpi, {}))

    def own_place(self, kpi: str) -> OwnPlace | None:
        """The viewer's own place on a leaderboard."""
        return self.place.own_place(self._question(kpi, {}))

    def address(self, path: str, **changes: str | None) -> str:
        """A link that keeps the page's period and filters."""
        chosen = {"period": self.period, **self.where, **changes}
        return f"{path}?{urlencode({name: value for name, value in chosen.items() if value})}"

    def page(self, template: str, **values: Any) -> HTMLResponse:
        """The template with the view's own values and those given."""
        text = templates.get_template(template).render(
            view=self, path=self.request.url.path, vega=bundle_name(), **values
        )
        return HTMLResponse(text)


def view(request: Request) -> View:
    """The dependency of every page."""
    chosen = dict(request.query_params)
    return View(
        request=request,
        place=request.app.state.current.place.seen_by(request.state.viewer),
        viewer=request.state.viewer,
        period=chosen.get("period") or PERIOD,
        where={name: chosen[name] for name in DIMENSIONS if chosen.get(name)},
    )

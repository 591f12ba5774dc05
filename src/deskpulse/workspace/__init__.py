"""The Python API, and the only place where the parts are wired: settings, store, connectors, facts, answers.

``ws = deskpulse.open("DIR"); ws.ask("first_response_time", by="channel")``. Instants are given as aware datetimes, as
text (``2016-03-01``, in the workspace's zone) or as naive UTC. ``now`` is always an argument: where ``ask`` is given
none, it is the instant the data are as of, the last time a source was read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from deskpulse import catalog
from deskpulse.answers.question import Grain, Question
from deskpulse.errors import WorkspaceError
from deskpulse.language import composed
from deskpulse.settings import BUSINESS_CLOCK_WORDS, FILE_NAME, Settings, load_settings, template
from deskpulse.time.period import parse_instant
from deskpulse.workspace.access import LOCAL, Viewer, shown
from deskpulse.workspace.asking import Options, Where, naive, question

if TYPE_CHECKING:
    from deskpulse.answers.answer import Answer
    from deskpulse.answers.evidence import Evidence, TicketEvidence
    from deskpulse.answers.standings import Standing
    from deskpulse.answers.tickets import TicketPage
    from deskpulse.insights.benchmarks import Benchmarked
    from deskpulse.insights.contract import Settlement
    from deskpulse.insights.leading import Leading
    from deskpulse.insights.ranking import OwnPlace
    from deskpulse.metrics.kpi import KPI
    from deskpulse.store.snapshot import Snapshot
    from deskpulse.workspace.health import Check
    from deskpulse.workspace.reporting import Report
    from deskpulse.workspace.tickets import Shown
    from deskpulse.workspace.writing import Imported

REPORT_PERIOD = "last-30-days"
MOST_ANSWERS = 5000
"""How many answers of a snapshot are kept: the same question is asked by tile, trend and page."""

Progress = Callable[[str], None]


def silent(step: str) -> None:
    """Progress nobody watches."""


def create(path: str | Path, *, settings: str | None = None) -> Workspace:
    """Makes an empty workspace: a folder with a commented ``deskpulse.toml``. Raises WorkspaceError if it is one."""
    from deskpulse.store.layout import create_workspace

    root = Path(path)
    if (root / FILE_NAME).exists():
        raise WorkspaceError(f"'{root}' is a workspace already. Edit {root / FILE_NAME}, or choose another folder.")
    try:
        root.mkdir(parents=True, exist_ok=True)
        create_workspace(root)
        (root / FILE_NAME).write_text(settings or template(), encoding="utf-8")
    except OSError as error:
        raise WorkspaceError(f"'{root}' cannot be made into a workspace: {error.strerror}. Choose another.") from error
    return Workspace(root)


def open(path: str | Path = ".", *, engine: str = "duckdb", url: str | None = None) -> Workspace:
    """The workspace in a folder; questions are answered by ``engine`` (at ``url`` where it has an address)."""
    root = Path(path)
    if not (root / FILE_NAME).exists():
        raise WorkspaceError(f"'{root}' is not a workspace (it has no {FILE_NAME}). Type: deskpulse init {root}")
    return Workspace(root, engine=engine, url=url)


class Workspace:
    """A folder with settings, event history and published snapshots. Reading never waits for a writer."""

    def __init__(self, root: Path, *, engine: str = "duckdb", url: str | None = None) -> None:
        self.root = root
        self.engine = engine
        self.url = url
        self.viewer = LOCAL
        self._answers: dict[Question, Answer] = {}

    def seen_by(self, viewer: Viewer) -> Workspace:
        """The same snapshot for someone else: every question gets the rules of what they may see."""
        _ = self.settings, self.backend
        seen = copy(self)
        seen.viewer = viewer
        return seen

    @cached_property
    def settings(self) -> Settings:
        """The settings in ``deskpulse.toml``; raises SettingsError with line and key."""
        return load_settings(self.root / FILE_NAME)

    @cached_property
    def snapshot(self) -> Snapshot:
        """The newest published data; stays the same until ``refresh``. Raises WorkspaceError when there is none."""
        from deskpulse.store.snapshot import open_snapshot

        return open_snapshot(self.root)

    @cached_property
    def backend(self) -> Any:
        """The Ibis connection questions run on."""
        from deskpulse.store.engines import connect

        return connect(self.snapshot, self.engine, self.url)

    @property
    def as_of(self) -> datetime:
        """The instant the data are as of: when a source was last read (naive UTC)."""
        return self.snapshot.as_of

    def refresh(self) -> None:
        """Lets go of the snapshot, so that the next question sees the newest."""
        snapshot = self.__dict__.pop("snapshot", None)
        self.__dict__.pop("backend", None)
        self.__dict__.pop("settings", None)
        self._answers = {}
        if snapshot is not None:
            snapshot.close()

    def take_over(self, former: Workspace) -> None:
        """Takes the answers of an earlier snapshot over where no fact differs, as when a change was announced."""
        own, known = (
            {name: files for name, files in place.snapshot.files.items() if name.startswith("fact_")}
            for place in (self, former)
        )
        if self.as_of == former.as_of and own == known:
            self._answers = dict(former._answers)

    def kpis(self) -> Mapping[str, KPI]:
        """The dictionary of KPIs, by id."""
        return catalog.kpis()

    def categories(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of KPIs by category."""
        return catalog.categories()

    def question(self, kpi: str, **options: Unpack[Options]) -> Question:
        """The question that ``ask`` would answer; ``kpi`` may carry the variant: ``csat:mean``."""
        return question(kpi, options, zone=self.settings.zone, as_of=self.as_of)

    def ask(self, kpi: str | Question, **options: Unpack[Options]) -> Answer:
        """Answers a question, made of ``options`` or by ``question``, and judges it by the targets that fit.

        Business time says which kind it is.
        """
        return self.ask_many((kpi,), **options)[0]

    def ask_many(self, kpis: Sequence[str | Question], **options: Unpack[Options]) -> list[Answer]:
        """Several questions at once, names all with the same options: equal to ``ask`` one by one, and sooner."""
        from deskpulse.answers.several import ask_many

        questions = [self._question(kpi, options, ranks=True) for kpi in kpis]
        missing = [asked for asked in dict.fromkeys(questions) if asked not in self._answers]
        found = dict(zip(missing, ask_many(missing, backend=self.backend, as_of=self.as_of), strict=True))
        for asked, answer in found.items():
            if len(self._answers) < MOST_ANSWERS:
                self._answers[asked] = answer
        answers = (found.get(asked) or self._answers[asked] for asked in questions)
        return [self._judged(shown(answer, self.viewer), options) for answer in answers]

    def standings(self, kpi: str | Question, **options: Unpack[Options]) -> tuple[Standing, ...]:
        """What stands behind a leaderboard (``top_agents``): each unit's rows, what was expected of them, its ranks."""
        from deskpulse.workspace.ranks import standings

        return standings(self, self._question(kpi, options, ranks=True))

    def own_place(self, kpi: str | Question, **options: Unpack[Options]) -> OwnPlace | None:
        """The viewer's own place on a leaderboard of agents, beside others who stay unnamed."""
        from deskpulse.workspace.ranks import own_place

        return own_place(self, self._question(kpi, options, ranks=True))

    def _judged(self, answer: Answer, options: Options) -> Answer:
        from deskpulse.answers.target import judged

        answer = judged(answer, self.settings.kpi_targets, shown=bool(options.get("targets")))
        if answer.unit == "money":
            told = composed("Amounts are in %(currency)s.", currency=self.settings.money.currency)
            answer = replace(answer, notes=(*answer.notes, told))
        if answer.clock != "business":
            return answer
        return replace(answer, notes=(*answer.notes, BUSINESS_CLOCK_WORDS[self.settings.business_clock]))

    def prove(
        self, kpi: str | Question, *, most: int | None = None, after: int = 0, **options: Unpack[Options]
    ) -> Evidence:
        """The rows behind a value, and those that do not count with the reason; or ``most``, ``after`` so many."""
        from deskpulse.workspace.proving import prove

        return prove(self, self._question(kpi, options), most=most, after=after)

    def annotations(self, start: datetime | None, end: datetime | None) -> tuple[tuple[datetime, str], ...]:
        """The changes of process written down for a period (UTC), in order: when, and what."""
        from deskpulse.answers.annotations import announced

        return announced(self.backend, start, end)

    def find_tickets(self, asked: Question, words: str = "", **shown: Unpack[Shown]) -> TicketPage:
        """Tickets opened in the period of ``asked``, with its filters and rules, that hold ``words``; newest first.

        ``shown``: ``order``, one of ``answers.tickets.ORDERS``; ``customer``; ``most`` of them ``after`` so many.
        """
        from deskpulse.workspace.tickets import find_tickets

        return find_tickets(self, asked, words, shown)

    def prove_ticket(self, kpi: str | Question, ticket: str, **options: Unpack[Options]) -> TicketEvidence:
        """What one ticket adds to a value: its clock segments, its events, and the formula with its version."""
        from deskpulse.answers.evidence import prove_ticket
        from deskpulse.workspace.masking import masked_evidence

        asked, schedules = self._question(kpi, options), self.settings.schedules
        found = prove_ticket(asked, ticket, backend=self.backend, as_of=self.as_of, schedules=schedules)
        return masked_evidence(found, self)

    def _question(self, kpi: str | Question, options: Options, *, ranks: bool = False) -> Question:
        asked = self.question(kpi, **options) if isinstance(kpi, str) else kpi
        return self.viewer.restricted(asked, ranks=ranks)

    def report(
        self,
        period: str = REPORT_PERIOD,
        *,
        grain: Grain | None = None,
        zone: str | None = None,
        scorecard: str | None = None,
        where: Where | None = None,
    ) -> Report:
        """A scorecard of a period against the one before, with targets, trends, and the changes beyond noise.

        ``scorecard`` is one of the settings or a ready one (``saas``, ``contact_centre``...).
        """
        from deskpulse.workspace.reporting import report

        return report(self, period, grain=grain, zone=zone, name=scorecard, where=where)

    def benchmarks(self, kpi: str | Question, **options: Unpack[Options]) -> Benchmarked:
        """An answer beside what is published: compared where the definitions match, else why not."""
        from deskpulse.insights.benchmarks import compare

        return compare(self.ask(kpi, **options), currency=self.settings.money.currency)

    def leads(self, leading: str, lagging: str, *, period: str = "all", where: Where | None = None) -> Leading:
        """Whether one KPI moves before another, week by week: the lag and the correlation, or that none is shown."""
        from deskpulse.insights.leading import leading as compare

        asked = (self.ask(kpi, period=period, where=where, grain="week") for kpi in (leading, lagging))
        return compare(*asked)

    def contract(self, name: str, period: str, *, zone: str | None = None) -> Settlement:
        """A partner's contract settled over whole months: each line judged by its interval, the score, the credits."""
        from deskpulse.workspace.settling import settlement

        return settlement(self, name, period, zone=zone)

    def import_files(
        self,
        connector: str,
        files: Sequence[str | Path],
        *,
        now: datetime,
        source: str | None = None,
        progress: Progress = silent,
    ) -> Imported:
        """Reads files by a preset (``servicenow``) or a mapping (``mapping.toml``) and publishes what comes of them.

        ``now`` is when the source was read. Rows that cannot be understood go to quarantine and are counted.
        """
        from deskpulse.workspace.writing import import_files

        return import_files(self, connector, [str(file) for file in files], naive(now), source, progress)

    def rebuild(self, *, full: bool = False, progress: Progress = silent) -> int:
        """Computes facts from events again and publishes them: those touched, or ``full``; gives the version."""
        from deskpulse.workspace.writing import rebuild

        return rebuild(self, full=full, progress=progress)

    def doctor(self) -> tuple[Check, ...]:
        """What is well and what is not, with what to type."""
        from deskpulse.workspace.health import examine

        return examine(self.root)

    def instant(self, words: str) -> datetime:
        """A date or time in the workspace's zone, as naive UTC."""
        return parse_instant(words, self.settings.zone)

"""Everything that changes a workspace: a source is read, facts are built, a snapshot is published."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from deskpulse.connectors.connector import Batch, Connector, Quarantined, preset
from deskpulse.connectors.tables import FILES, TABLE_NAMES, table_called
from deskpulse.events import EVENT_TABLES
from deskpulse.facts import FACTS
from deskpulse.facts.build import BY_TICKET, build_facts
from deskpulse.facts.build.sources import Sources
from deskpulse.facts.build.whole import AS_OF as WHOLE_AS_OF
from deskpulse.facts.build.whole import WHOLE as WHOLE_FACTS
from deskpulse.facts.build.whole import Whole
from deskpulse.settings import FILE_NAME, Settings
from deskpulse.store.erased import Erased
from deskpulse.store.erasing import compact, drop_words
from deskpulse.store.publish import publish
from deskpulse.store.replace import TOUCHED, former
from deskpulse.store.surveys import Waiting
from deskpulse.store.texts import Lazily
from deskpulse.store.work import TicketBatch, Work, open_work
from deskpulse.sync import SyncReport, build, sync
from deskpulse.time.business import BusinessCalendar, business_calendar
from deskpulse.workspace.collecting import SOURCE as SURVEYS
from deskpulse.workspace.collecting import survey_events, survey_store
from deskpulse.workspace.erasing import forget_words
from deskpulse.workspace.masks import masks
from deskpulse.workspace.privacy import screened

if TYPE_CHECKING:
    from deskpulse.connectors.mapped import MappedFiles
    from deskpulse.workspace import Progress, Workspace

READ, FACTS_STEP, PUBLISH = "reading", "facts", "publishing"
STEPS = (READ, FACTS_STEP, PUBLISH)
REBUILD_STEPS = (FACTS_STEP, PUBLISH)
AS_OF, BUILT_AS_OF, FREED, UNPUBLISHED = "as_of", "built_as_of", "freed_words", "unpublished"
REBUILD = "deskpulse rebuild"
ALL_ROWS = TicketBatch(position=0, count=1, buckets=(0, 256))
BEYOND = timedelta(days=366)
"""How far the business calendar goes past the newest event: a target may end long after a ticket's start."""

UNREAD_BY_FACTS = ("kpi_targets", "scorecards", "contracts", "reports", "mail", "oidc", "surveys", "sources")
"""Settings that no fact is built from: to edit them builds nothing again."""

MEMORY = "1GB"
"""What the writer's database may hold in memory before it spills to disk; a batch of facts comes on top."""

Stream = Iterable[Batch | Quarantined]


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Rows that were refused for one reason; ``first_line`` is where to look first."""

    reason: str
    rows: int
    file: str
    first_line: int | None


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import did. ``tickets`` counts those of the workspace, ``refusals`` the rows put in quarantine."""

    report: SyncReport
    version: int
    tickets: int
    refusals: tuple[Refusal, ...]


class Refusals:
    """Counts what a stream refuses while it passes."""

    def __init__(self) -> None:
        self.found: dict[str, Refusal] = {}

    def watch(self, stream: Stream) -> Stream:
        """The same stream."""
        for item in stream:
            if isinstance(item, Quarantined):
                self._note(item)
            yield item

    def _note(self, item: Quarantined) -> None:
        known = self.found.get(item.reason)
        self.found[item.reason] = Refusal(
            reason=item.reason,
            rows=known.rows + 1 if known else 1,
            file=known.file if known else item.file,
            first_line=known.first_line if known else item.line,
        )


def import_files(
    place: Workspace, connector: str, files: Sequence[str], now: datetime, source: str | None, progress: Progress
) -> Imported:
    """Reads files by a preset or mapping and publishes; ``now`` is when they were exported (naive UTC)."""
    from deskpulse.workspace.retrying import remember_import

    reader = connector_called(connector)
    name = source or _source(reader, connector)
    stream = reader.read(files, source=name, observed_at=now)
    imported = load(place, stream, source=name, as_of=now, progress=progress)
    remember_import(place.root, name, connector, files)
    return imported


def _source(reader: Connector | MappedFiles, connector: str) -> str:
    """What the source is called if nobody says: files of single tables are all one, since they refer to each other."""
    mapping = getattr(reader, "mapping", None)
    return FILES if mapping is not None and mapping.table else Path(connector).stem


def connector_called(name: str) -> Connector | MappedFiles:
    """The preset, table or mapping file of this name; raises UnknownNameError, InputError."""
    if name.endswith(".toml"):
        from deskpulse.connectors.mapped import mapped

        return mapped(Path(name))
    if (table := table_called(name)) is not None:
        from deskpulse.connectors.mapped import table_files

        return table_files(table)
    return preset(name, others=TABLE_NAMES.values())


def load(place: Workspace, stream: Stream, *, source: str, as_of: datetime, progress: Progress) -> Imported:
    """Merges a stream of canonical rows, builds the touched facts and publishes them."""
    refusals = Refusals()
    with open_work(place.root, holder=f"deskpulse import ({source})", memory_limit=MEMORY) as work:
        progress(READ)
        report = merge(work, place, refusals.watch(stream), source=source, as_of=as_of)
        version = build_and_publish(work, place, progress)
        tickets = work.backend.table("event_ticket").count().to_pyarrow().as_py()
    place.refresh()
    return Imported(report=report, version=version, tickets=tickets, refusals=tuple(refusals.found.values()))


def merge(
    work: Work, place: Workspace, stream: Stream, *, source: str, as_of: datetime, cursor: str | None = None
) -> SyncReport:
    """Merges a stream, moves the source's cursor, and takes in what waits of our own surveys: all of it or nothing."""
    erased = Erased(place.root)
    stream = screened(stream, source=source, privacy=place.settings.privacy, erased=erased)
    with work.transaction():
        report = sync(work, stream, source=source, cursor=cursor)
        _remember_as_of(work, source, as_of)
        _remember_news(work, report)
        collected = _collect(work, place, erased)
        if erased:
            forget_words(work)
    collected()
    return report


def _collect(work: Work, place: Workspace, erased: Erased) -> Callable[[], None]:
    """Merges the answers to our own surveys that wait; gives what to do once they are safe."""
    store = survey_store(place.root)
    waiting = store.waiting() if store else Waiting()
    if store is None or waiting.last is None:
        return lambda: None
    stream = screened(survey_events(waiting), source=SURVEYS, privacy=place.settings.privacy, erased=erased)
    _remember_news(work, sync(work, stream, source=SURVEYS))
    _remember_as_of(work, SURVEYS, waiting.last)
    return lambda: store.handed_over(waiting)


def rebuild(place: Workspace, *, full: bool, progress: Progress) -> int:
    """Facts from events again: of the touched tickets, or of all and with every file written anew."""
    place.refresh()
    with open_work(place.root, holder=REBUILD, memory_limit=MEMORY) as work:
        if full:
            work.touch_everything()
        version = build_and_publish(work, place, progress, full=full)
        has_freed = work.recall(FREED) == "yes"
        work.remember(FREED, "no")
    if has_freed:
        compact(place.root, holder=REBUILD)
    place.refresh()
    return version


def build_and_publish(
    work: Work, place: Workspace, progress: Progress, *, full: bool = False, keep: int | None = None
) -> int:
    """Facts, then a snapshot; gives its version. What was merged stays when this is interrupted."""
    progress(FACTS_STEP)
    as_of = _as_of(work)
    if not place.settings.privacy.keep_text and drop_words(work):
        work.remember(FREED, "yes")
        full, keep = True, 1
    work.depend_on(fingerprint(place.root))
    with work.transaction():
        changed = _changed(work, as_of)
        calendar = _calendar(work, place.settings, as_of)
        if build(work, partial(build_facts, settings=place.settings, calendar=calendar, desk=work.desk)):
            _build_whole(work, place.settings, as_of, changed)
        work.desk.clear()
    progress(PUBLISH)
    kept, hidden = keep or place.settings.keep_snapshots, masks(place.settings.privacy, place.root)
    with publish(work, place.root, as_of=as_of, keep=kept, full=full, masks=hidden) as snapshot:
        work.remember(UNPUBLISHED, "[]")
        return snapshot.version


def is_unpublished(work: Work, *sources: str) -> bool:
    """No snapshot has all that was merged of these sources or of our own surveys: by this run, or by one that ended
    before it published. Others, which may be at it just now, publish for themselves."""
    return not _unpublished(work).isdisjoint((*sources, SURVEYS))


def _unpublished(work: Work) -> set[str]:
    return set(json.loads(work.recall(UNPUBLISHED) or "[]"))


def _remember_news(work: Work, report: SyncReport) -> None:
    if report.has_news:
        work.remember(UNPUBLISHED, json.dumps(sorted(_unpublished(work) | {report.source})))


def _calendar(work: Work, settings: Settings, as_of: datetime) -> BusinessCalendar:
    first, last = work.first_and_last() or (as_of, as_of)
    return business_calendar(settings.schedules, first, max(last, as_of) + BEYOND)


def _changed(work: Work, as_of: datetime) -> frozenset[str]:
    """What changed since facts were built, as the facts that are built whole name it."""
    events = frozenset(f"event_{name}" for name in work.changed())
    is_later = work.recall(BUILT_AS_OF) != as_of.isoformat()
    return events | ({WHOLE_AS_OF} if is_later else frozenset())


def _build_whole(work: Work, settings: Settings, as_of: datetime, changed: frozenset[str]) -> None:
    built = work.recall(BUILT_AS_OF)
    sources = Sources(
        events=Lazily(EVENT_TABLES, lambda name: work.backend.table(f"event_{name}")),
        fact=lambda name: work.backend.table(f"fact_{name}"),
        settings=settings,
        as_of=as_of,
        built_as_of=datetime.fromisoformat(built) if built else None,
        former=lambda name: work.desk.table(former(name)),
        desk=work.desk,
    )
    changed |= {f"fact_{name}" for name in BY_TICKET}
    for whole in WHOLE_FACTS:
        if changed.isdisjoint(whole.reads):
            continue
        changed |= {f"fact_{name}" for name in _renewed(work, whole, sources, changed)}
    work.remember(BUILT_AS_OF, as_of.isoformat())


def _renewed(work: Work, whole: Whole, sources: Sources, changed: frozenset[str]) -> Iterable[str]:
    """Brings facts that are built whole up to date; gives those of which a row differs."""
    if work.has_touched and whole.update and changed.intersection(whole.reads) <= set(whole.updated_by):
        update = whole.update(sources, lambda: work.desk.table(TOUCHED))
        if update is not None:
            return [name for name in whole.facts if work.update(name, update.rows, update.stale)]
    is_empty = bool(whole.rows_of) and all(work.is_empty(name) for name in whole.rows_of)
    if is_empty and work.has_touched and all(work.is_empty(f"fact_{name}") for name in whole.facts):
        return []
    rows = whole.nothing() if is_empty else whole.build(sources)
    return [name for name, made in rows.items() if work.replace(name, made, ALL_ROWS)]


def fingerprint(root: Path) -> str:
    """Changes with whatever facts depend on besides events: the settings they read and the facts' declarations."""
    declared = [
        f"{fact.name}.{column.name}:{column.meaning}" for fact in FACTS.values() for column in fact.columns.values()
    ]
    settings = tomllib.loads((root / FILE_NAME).read_text(encoding="utf-8-sig"))
    read = {name: value for name, value in settings.items() if name not in UNREAD_BY_FACTS}
    content = json.dumps(read, sort_keys=True, default=str) + "|".join(declared)
    return hashlib.sha256(content.encode()).hexdigest()


def _remember_as_of(work: Work, source: str, as_of: datetime) -> None:
    known = json.loads(work.recall(AS_OF) or "{}")
    work.remember(AS_OF, json.dumps(known | {source: as_of.isoformat()}))


def _as_of(work: Work) -> datetime:
    """When a source was last read; the epoch for a workspace that has read none."""
    known = json.loads(work.recall(AS_OF) or "{}")
    return max((datetime.fromisoformat(instant) for instant in known.values()), default=datetime(1970, 1, 1))

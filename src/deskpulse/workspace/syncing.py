"""A source over its API: pages are put on the disk as they come, merged in portions, and published at the end.

The API is read without holding the workspace: others may write between two portions. Whatever ends a run, the next goes
on after the newest page on the disk; pages that were kept but not merged are merged first.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from deskpulse.connectors.api.connector import ApiConnector, api_connector
from deskpulse.connectors.api.page import Page
from deskpulse.connectors.api.understood import understood_pages
from deskpulse.connectors.hook_bodies import GENERIC
from deskpulse.errors import BusyError, DeskpulseError, SourceError, UnknownNameError
from deskpulse.settings.sources import Source
from deskpulse.store.pages import Pages
from deskpulse.store.requarantine import forget_refused_pages
from deskpulse.store.work import Work, open_work
from deskpulse.workspace.reading import Read, account_of, read_page, together
from deskpulse.workspace.replaying import read_again
from deskpulse.workspace.synced import Moment, Synced, Watch, unwatched
from deskpulse.workspace.writing import MEMORY, Refusals, build_and_publish, is_unpublished, merge

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace

PORTION_BYTES = 16_000_000
PORTION_PAGES = 200
"""When kept pages are merged: each merge looks at what is stored, so a few large ones cost less than many small."""

REPLAYED_BYTES = 64_000_000
"""The same where pages are read again: what reads them waits for no one else, and takes little of the memory."""

MERGE_MEMORY = "128MB"
OLDEST_SNAPSHOT = timedelta(hours=1)
"""Where a sync brought nothing new, what is published is renewed only when it is as old as this."""

PATIENCE, PAUSE_SECONDS = 240, 0.25
"""How often, and after how long, a workspace that another writes to is tried again."""


@dataclass(kw_only=True)
class _Run:
    """One run over one source."""

    place: Workspace
    source: Source
    pages: Pages
    now: datetime
    watch: Watch
    fetched: int = 0
    rows: int = 0
    pending: list[Read] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    refusals: Refusals = field(default_factory=Refusals)
    merged: int = 0
    version: int | None = None
    reads_again: bool = False
    has_news: bool = False

    @property
    def connector(self) -> ApiConnector:
        return api_connector(self.source.connector)

    def tell(self, doing: str, done: float | None = None) -> None:
        self.watch(Moment(doing=doing, pages=self.fetched, rows=self.rows, done=done))


def source_named(place: Workspace, name: str) -> Source:
    """The source called ``name`` in the settings; raises UnknownNameError."""
    found = {source.name: source for source in place.settings.sources}
    if name not in found:
        raise UnknownNameError("source", name, found)
    return found[name]


def is_read(source: Source) -> bool:
    """Else it is a program that sends what it has."""
    return source.connector != GENERIC


def sync_source(
    place: Workspace, name: str, *, now: datetime, since: datetime | None = None, watch: Watch = unwatched
) -> Synced:
    """Reads what is new in a source (or, with ``since``, all that changed since then) and publishes it.

    Raises SourceError, what was read until then being merged and published; BusyError while another process writes or
    reads this source: the pages are kept, and the next sync merges them.
    """
    source = source_named(place, name)
    if not is_read(source):
        raise SourceError(f"'{name}' is not read: it sends what it has to /hooks/{name} of deskpulse serve.")
    pages = Pages(place.root, name)
    with pages.locked(f"deskpulse sync {name}"):
        run = _Run(place=place, source=source, pages=pages, now=now, watch=watch)
        pages.note(began_at=now.isoformat(), connector=source.connector)
        try:
            _read(run, _start(run), since)
        except BusyError:  # no fault of the source's
            raise
        except DeskpulseError as error:
            pages.note(failed_at=now.isoformat(), error=str(error))
            with suppress(DeskpulseError):
                _finish(run)
            raise
        _finish(run)
        pages.note(synced_at=now.isoformat(), error=None)
    return _synced(run)


def replay_source(place: Workspace, name: str, *, now: datetime, watch: Watch = unwatched) -> Synced:
    """Builds the events of every kept page again, without the API: by the mapping there is now, and publishes."""
    source = source_named(place, name)
    pages = Pages(place.root, name)
    with pages.locked(f"deskpulse replay {name}"):
        run = _Run(place=place, source=source, pages=pages, now=now, watch=watch, reads_again=True)
        numbers = pages.numbers
        if numbers[:1] == [1]:  # else some are dropped, and what was refused of those is told nowhere else
            with _opened(run) as work:
                run.has_news = forget_refused_pages(work, name) > 0
        with closing(read_again(place.root, source, numbers)) as reads:
            for read in reads:
                run.pending.append(read)
                run.fetched += read.pages
                run.tell("reading kept pages", run.fetched / len(numbers))
                if sum(waiting.size for waiting in run.pending) >= REPLAYED_BYTES:
                    _merge_pending(run)
        _finish(run)
    return _synced(run)


def due(place: Workspace, now: datetime) -> Iterator[str]:
    """The sources whose time has come, by ``every`` and when their last run began."""
    for source in place.settings.sources:
        if source.every is not None and is_read(source):
            began = Pages(place.root, source.name).status.get("began_at")
            if began is None or datetime.fromisoformat(began) + timedelta(seconds=source.every) <= now:
                yield source.name


def _synced(run: _Run) -> Synced:
    return Synced(
        source=run.source.name,
        pages=run.fetched,
        read=run.read,
        changed=run.changed,
        refusals=tuple(run.refusals.found.values()),
        version=run.version,
    )


def _start(run: _Run) -> str | None:
    """Merges what the last run left, and gives where to go on."""
    with _opened(run) as work:
        told = json.loads(work.cursor(run.source.name) or "{}")
        run.merged, run.has_news = told.get("page", 0), is_unpublished(work, run.source.name)
        run.pages.number_from(run.merged)
        for number, page in run.pages.after(told.get("page", 0)):
            _take(run, number, page)
            if _is_portion(run.pending):
                _merge(run, work)
        _merge(run, work)
    cursor: str | None = told.get("cursor")
    numbers = run.pages.numbers
    return run.pages.read(numbers[-1]).cursor if numbers else cursor


@contextmanager
def _opened(run: _Run, patience: int | None = None, memory: str = MERGE_MEMORY) -> Iterator[Work]:
    """The workspace, as soon as nobody else writes to it; raises BusyError when that takes too long."""
    with ExitStack() as held:
        attempts = patience or PATIENCE
        for attempt in range(attempts):
            try:
                work = held.enter_context(open_work(run.place.root, holder=_holder(run), memory_limit=memory))
                break
            except BusyError:
                if attempt == attempts - 1:
                    raise
                time.sleep(PAUSE_SECONDS)
        work.intake.reads_again = run.reads_again
        yield work


def _holder(run: _Run) -> str:
    return f"deskpulse sync {run.source.name}"


def _read(run: _Run, cursor: str | None, since: datetime | None) -> None:
    connector = run.connector
    with connector.open(account_of(run.source)) as client:
        client.told = run.tell
        begin = None if since is not None else cursor
        for page in understood_pages(connector, client, run.source.name, begin, now=run.now, since=since):
            _take(run, run.pages.keep(page), page)
            run.fetched += 1
            run.rows += page.items
            run.tell(page.stream, page.done)
            if _is_portion(run.pending):
                with suppress(BusyError):  # another writes: the pages are kept, and merged with the next portion
                    _merge_pending(run, patience=1)


def _take(run: _Run, number: int, page: Page) -> None:
    run.pending.append(read_page(run.source, number, page))


def _is_portion(pending: Sequence[Read]) -> bool:
    return len(pending) >= PORTION_PAGES or sum(read.size for read in pending) >= PORTION_BYTES


def _merge_pending(run: _Run, patience: int | None = None) -> None:
    with _opened(run, patience) as work:
        _merge(run, work)


def _merge(run: _Run, work: Work) -> None:
    if not run.pending:
        return
    newest = run.pending[-1]
    told = json.loads(work.cursor(run.source.name) or "{}").get("page", 0)
    cursor = json.dumps({"page": newest.number, "cursor": newest.cursor}) if newest.number > told else None
    events = run.refusals.watch(together(run.pending))
    report = merge(work, run.place, events, source=run.source.name, as_of=newest.fetched_at, cursor=cursor)
    for total, counts in ((run.read, report.read), (run.changed, report.changed)):
        for table, count in counts.items():
            total[table] = total.get(table, 0) + count
    run.merged, run.has_news = max(newest.number, told), run.has_news or is_unpublished(work, run.source.name)
    run.pending.clear()


def _finish(run: _Run) -> None:
    """Merges the rest, publishes what is new, and drops pages older than the settings keep them."""
    if run.pending:
        _merge_pending(run)
    if run.has_news or _is_old(run):
        run.tell("facts")
        with _opened(run, memory=MEMORY) as work:
            run.version = build_and_publish(work, run.place, run.tell)
    run.place.refresh()
    run.pages.note(merged=run.merged, version=run.version)
    _forget(run)


def _is_old(run: _Run) -> bool:
    from deskpulse.store.snapshot import open_snapshot

    try:
        with open_snapshot(run.place.root) as snapshot:
            return run.now - snapshot.as_of >= OLDEST_SNAPSHOT
    except DeskpulseError:
        return True


def _forget(run: _Run) -> None:
    """Drops pages older than the settings keep them; where no text is to be kept, all that are merged."""
    days = run.source.keep_pages_days
    if not run.place.settings.privacy.keep_text:
        run.pages.forget(before=None, merged=run.merged)
    elif days is not None:
        run.pages.forget(before=run.now - timedelta(days=days), merged=run.merged)

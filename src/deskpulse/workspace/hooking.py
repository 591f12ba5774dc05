"""What systems send to us of themselves: taken when its signature fits, merged and published a moment later."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.hook_bodies import HOOKS
from deskpulse.connectors.hooked import Delivery, hooked_together
from deskpulse.connectors.secrets import secret
from deskpulse.connectors.signatures import Sent, verify
from deskpulse.errors import BusyError, DeskpulseError, MissingError
from deskpulse.settings import FILE_NAME, Settings, load_settings
from deskpulse.settings.sources import Source
from deskpulse.store.spool import Spool
from deskpulse.store.work import Work, open_work
from deskpulse.workspace import Workspace, open, silent
from deskpulse.workspace.synced import Watch, unwatched
from deskpulse.workspace.syncing import sync_source
from deskpulse.workspace.writing import MEMORY, build_and_publish, is_unpublished, merge

SECRET = "webhook"
KEPT_DIGESTS = 100_000
AT_A_STRETCH = 5
"""So many times what waits is merged before others may write: opening the database costs as much as merging."""

PAUSE = timedelta(seconds=15)
"""At least so long between two readings of a source that tells of changes."""

log = logging.getLogger("deskpulse.hooks")


class Hooks:
    """The deliveries of a workspace: ``take`` in any thread, ``drain`` and ``read_told`` in one."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.spool = Spool(root=root)
        self._settings: tuple[int, Settings] | None = None
        self._recent: OrderedDict[bytes, None] = OrderedDict()
        self._gate = threading.Lock()
        self._secret = cache(lambda source: secret(source, SECRET))
        self._told: dict[str, datetime] = {}
        self._due: dict[str, datetime] = {}

    def reads_bodies(self, name: str) -> bool:
        """What a delivery to a source holds matters; else it is but a sign, written as whoever set it up pleased."""
        source = self._sources_now().get(name)
        hook = HOOKS.get(source.connector) if source else None
        return hook is None or hook.carries_rows

    def take(self, name: str, sent: Sent, *, now: datetime) -> bool:
        """Put a delivery to the source ``name`` on the disk; false for one that was taken before.

        Raises MissingError for a source that takes none, SignInError for a signature that does not fit, and
        WorkspaceError where the disk does not keep it.
        """
        source = self._sources_now().get(name)
        known = self._secret(name) if source else None
        if source is None or known is None:
            raise MissingError("Nothing is taken at this address. docs/hooks.md says what a source needs for it.")
        signed_at = verify(source.connector, replace(sent, url=self._public(sent.url)), secret=known, now=now)
        hook = HOOKS.get(source.connector)
        kind = sent.header(hook.kind) if hook else ""
        digest = hashlib.sha256(f"{name}\n{kind}\n{signed_at}\n".encode() + sent.body).digest()
        with self._gate:
            if digest in self._recent and (hook is None or hook.carries_rows):
                return False
        told = Delivery(source=name, connector=source.connector, kind=kind, body=sent.body, received_at=now)
        self.spool.append(told.packed)
        self._remember(digest)
        return True

    def _remember(self, digest: bytes) -> None:
        with self._gate:
            self._recent[digest] = None
            if len(self._recent) > KEPT_DIGESTS:
                self._recent.popitem(last=False)

    def _public(self, url: str) -> str:
        """An address of ours as its sender knows it: by ``address`` of the settings, where a proxy stands before us."""
        address, (_, _, *rest) = self._settings_now().mail.address, urlsplit(url)
        return f"{address}{urlunsplit(('', '', *rest))}" if address else url

    def _sources_now(self) -> Mapping[str, Source]:
        return {source.name: source for source in self._settings_now().sources}

    def _settings_now(self) -> Settings:
        """The settings; while those are being edited and wrong, the last good ones."""
        path = self.root / FILE_NAME
        known, changed = self._settings, path.stat().st_mtime_ns
        if known is not None and known[0] == changed:
            return known[1]
        try:
            found = load_settings(path)
        except DeskpulseError:
            if known is None:
                raise
            return known[1]
        self._settings = (changed, found)
        return found

    def drain(self) -> int:
        """Merge what waits and publish it, and what came meanwhile, a few times; gives the number of deliveries.

        Raises BusyError while another process writes: it goes on waiting. Merged twice after a crash, it counts once.
        """
        self.spool.hand_over()
        if not self.spool.has_waiting:
            return 0
        count = 0
        with open_work(self.root, holder="deskpulse hooks", memory_limit=MEMORY) as work:
            for _ in range(AT_A_STRETCH):
                count += (drained := self._drain(work))
                if not drained:
                    break
        return count

    def _drain(self, work: Work) -> int:
        taken = self.spool.waiting()
        if not taken.through:
            return 0
        deliveries = _deliveries(taken.records)
        if taken.damaged or len(deliveries) < len(taken.records):
            log.error("%s: deliveries were damaged on the disk and are lost.", self.root)
        place = open(self.root)
        merged = _merge(work, place, deliveries)
        if merged and is_unpublished(work, *merged):
            build_and_publish(work, place, silent)
        self._note(deliveries)
        self.spool.drained(taken.through)
        return len(deliveries)

    def _note(self, deliveries: Sequence[Delivery]) -> None:
        for delivery in deliveries:
            if _is_asked(delivery.connector):
                self.tell(delivery.source, delivery.connector, delivery.received_at)

    def tell(self, source: str, connector: str, at: datetime) -> None:
        """A source has something new to be read."""
        self._told[source] = at
        self._due.setdefault(source, at + _wait(connector))

    def tell_of_all(self, now: datetime) -> None:
        """Whatever told of changes before the server ended may not have been read."""
        for source in self._telling():
            self.tell(source.name, source.connector, now)

    def is_told_of_changes(self) -> bool:
        """A source of the settings may tell of changes that have to be read."""
        return any(self._telling())

    def _telling(self) -> Iterator[Source]:
        found = self._sources_now().values()
        return (source for source in found if _is_asked(source.connector) and self._secret(source.name))

    def read_told(self, now: datetime, watch: Watch = unwatched) -> None:
        """Read the sources that told of something; one that fails is tried again."""
        for name, due in list(self._due.items()):
            source = self._sources_now().get(name)
            if due > now:
                continue
            del self._due[name]
            if source is not None:
                self._read(source, now, watch)

    def _read(self, source: Source, now: datetime, watch: Watch) -> None:
        wait = _wait(source.connector)
        try:
            sync_source(open(self.root), source.name, now=now, watch=watch)
        except DeskpulseError as error:
            if not isinstance(error, BusyError):
                log.warning("%s", error)
            self._due[source.name] = now + max(wait, PAUSE)
            return
        if self._told[source.name] + wait > now:
            self._due[source.name] = max(self._told[source.name] + wait, now + PAUSE)


def _is_asked(connector: str) -> bool:
    return connector in HOOKS and HOOKS[connector].is_asked


def _wait(connector: str) -> timedelta:
    return timedelta(seconds=HOOKS[connector].wait)


def _deliveries(records: Sequence[bytes]) -> list[Delivery]:
    found = []
    for record in records:
        try:
            found.append(Delivery.unpacked(record))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def _merge(work: Work, place: Workspace, deliveries: Sequence[Delivery]) -> list[str]:
    """Merges them source by source; gives the sources that told anything."""
    merged = []
    ordered = sorted(deliveries, key=lambda one: one.source)
    for source, group in groupby(ordered, key=lambda one: one.source):
        of_source = list(group)
        events = hooked_together(of_source)
        if events:
            last = max(delivery.received_at for delivery in of_source)
            merge(work, place, _together(events), source=source, as_of=last)
            merged.append(source)
    return merged


def _together(events: Sequence[Batch | Quarantined]) -> Iterator[Batch | Quarantined]:
    """One batch per table: many small ones cost more to merge."""
    import pyarrow as pa

    batches = sorted((item for item in events if isinstance(item, Batch)), key=lambda item: item.table)
    for table, group in groupby(batches, key=lambda item: item.table):
        yield Batch(table=table, rows=pa.concat_tables([item.rows for item in group]))
    yield from (item for item in events if isinstance(item, Quarantined))

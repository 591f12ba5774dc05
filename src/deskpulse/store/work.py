"""The writer's side of a workspace: events come in, facts are computed, under a lock and in transactions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from deskpulse.errors import UnknownNameError, WorkspaceError
from deskpulse.events import EVENT_TABLES
from deskpulse.store.append import append
from deskpulse.store.faults import explained
from deskpulse.store.interrupt import interruptible
from deskpulse.store.layout import Layout, drop_a_stillborn_database, find_workspace, migrate, refuse_a_lost_database
from deskpulse.store.lock import WriterLock
from deskpulse.store.memory import make_room
from deskpulse.store.merge import Intake, bucket_ranges
from deskpulse.store.replace import TOUCHED, Remainders, TicketBatch, one_thread, replace, replace_some
from deskpulse.store.tables import QUARANTINE, listed, prepare, quoted
from deskpulse.store.texts import Asked, Lazily, Writing
from deskpulse.store.touch import EVERYTHING, touch_everything

Table = Any  # an ibis Table

SHARE_FOR_WHOLE_BUILD = 0.2


class Work:
    """The writer's database; made by ``open_work``. Everything changes inside ``transaction()`` or one of its own.

    Facts are worked out on its ``desk``.
    """

    def __init__(self, layout: Layout, con: duckdb.DuckDBPyConnection) -> None:
        self.layout = layout
        self.con = con
        self._depth = 0
        self.intake = Intake(con)
        self._remainders = Remainders()
        self._backend: Any = None
        self.desk = Writing(lambda: self.backend)
        self.has_touched = False

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; a transaction inside another is part of it."""
        if self._depth:
            yield
            return
        with explained(self.layout.root):
            self.con.execute("BEGIN")
            self._depth += 1
            try:
                yield
                self.con.execute("COMMIT")
            except BaseException:
                with suppress(KeyboardInterrupt):  # of a Ctrl-C that arrives only now
                    self._roll_back()
                self._roll_back()
                raise
            finally:
                self._depth -= 1
                self.desk.forget()
                self.intake.clear()
                self._remainders.clear()

    def _roll_back(self) -> None:
        with suppress(duckdb.Error):  # it is rolled back already: by itself when the database is broken
            self.con.execute("ROLLBACK")

    def gather(self, table_name: str, rows: pa.Table) -> None:
        """Put rows of an event table aside for ``settle``, inside a transaction."""
        if table_name not in EVENT_TABLES:
            raise UnknownNameError("event table", table_name, EVENT_TABLES)
        if not self._depth:
            raise WorkspaceError("Rows are gathered inside work.transaction().")
        self.intake.gather(EVENT_TABLES[table_name], rows)

    def settle(self) -> dict[str, int]:
        """Merge what was gathered: per table, the rows that were new or changed."""
        with self.transaction():
            return self.intake.settle()

    def merge(self, table_name: str, rows: pa.Table) -> int:
        """Merge rows, the newest version of each winning; gives how many were new or changed."""
        with self.transaction():
            self.gather(table_name, rows)
            return self.settle()[table_name]

    def quarantine(self, rows: pa.Table) -> int:
        """Keep rows that were refused (schema QUARANTINE), each once; gives how many were new."""
        with self.transaction():
            self.con.register("refused", rows.cast(QUARANTINE))
            columns = listed(QUARANTINE.names)
            added = append(
                self.con, "quarantine", f"SELECT {columns} FROM refused EXCEPT SELECT {columns} FROM quarantine"
            )
            self.con.unregister("refused")
            return added

    def cursor(self, source: str) -> str | None:
        """How far a source was read."""
        rows = self.con.execute("SELECT value FROM cursor WHERE source = ?", [source]).fetchall()
        return rows[0][0] if rows else None

    def set_cursor(self, source: str, value: str) -> None:
        """Remember how far a source was read, with the rows of the same transaction."""
        with self.transaction():
            self.con.execute("DELETE FROM cursor WHERE source = ?", [source])
            self.con.execute("INSERT INTO cursor VALUES (?, ?)", [source, value])

    def recall(self, name: str) -> str | None:
        """A word kept under ``name`` by ``remember``."""
        rows = self.con.execute("SELECT value FROM meta WHERE name = ?", [name]).fetchall()
        return rows[0][0] if rows else None

    def remember(self, name: str, value: str) -> None:
        """Keep a word under ``name``."""
        with self.transaction():
            self.con.execute("DELETE FROM meta WHERE name = ?", [name])
            self.con.execute("INSERT INTO meta VALUES (?, ?)", [name, value])

    def touch_everything(self) -> None:
        """Have the next build compute every fact again."""
        with self.transaction():
            touch_everything(self.con)

    def depend_on(self, fingerprint: str) -> bool:
        """Touch everything when what facts depend on besides events (settings, declarations) is not as last time."""
        if self.recall("fingerprint") == fingerprint:
            return False
        with self.transaction():
            self.remember("fingerprint", fingerprint)
            self.touch_everything()
        return True

    def first_and_last(self) -> tuple[datetime, datetime] | None:
        """The instants of the first and the last event of any ticket or call; null without events."""
        ends = " UNION ALL ".join(
            f"SELECT min({quoted(t.dated_by)}) AS first_at, max({quoted(t.dated_by)}) AS last_at FROM event_{t.name}"
            for t in EVENT_TABLES.values()
            if t.ticket or t.name == "call"
        )
        first, last = self.con.execute(f"SELECT min(first_at), max(last_at) FROM ({ends}) ends").fetchall()[0]
        return (first, last) if first else None

    def batches(self) -> Iterator[TicketBatch]:
        """The parts to build, in order: the touched tickets when few, else all of them, a million or so at a time.

        ``has_touched`` then tells whether they are few: ``batch_touched`` on the desk has their ``ticket_key``.
        """
        if not self.con.execute("SELECT 1 FROM touched UNION ALL SELECT 1 FROM changed_table LIMIT 1").fetchall():
            return
        self.has_touched = not self._is_whole()
        self.desk.clear()
        if not self.has_touched:
            ranges = bucket_ranges(self._tickets())
            for position, buckets in enumerate(ranges):
                yield TicketBatch(position=position, count=len(ranges), buckets=buckets)
            return
        # A merged-away ticket has rows of its own in facts: it goes with the one that survived.
        self.con.execute(
            "CREATE OR REPLACE TEMP TABLE batch_touched AS SELECT ticket_key FROM touched"
            " UNION SELECT ticket_key FROM ticket_key WHERE owner_key IN (SELECT ticket_key FROM touched)"
        )
        self.desk.keep(self.recall("fingerprint") or "")
        yield TicketBatch(position=0, count=1, buckets=None)

    def changed(self) -> frozenset[str]:
        """The event tables with news since facts were built; all where everything is to be built again."""
        if self._is_whole():
            return frozenset(EVENT_TABLES)
        return frozenset(name for (name,) in self.con.execute("SELECT name FROM changed_table").fetchall())

    def _tickets(self) -> int:
        return int(self.con.execute("SELECT count(*) FROM ticket_key").fetchall()[0][0])

    def _is_whole(self) -> bool:
        query = "SELECT count(DISTINCT ticket_key), min(ticket_key) FROM touched"
        touched, first = self.con.execute(query).fetchall()[0]
        return bool(first == EVERYTHING or touched > SHARE_FOR_WHOLE_BUILD * self._tickets())

    @property
    def backend(self) -> Any:
        """The writer's database as an ibis backend."""
        if self._backend is None:
            self._backend = ibis.duckdb.from_connection(self.con)
        return self._backend

    def events(self, batch: TicketBatch) -> Mapping[str, Table]:
        """Each event table by name: a ticket's cut to the batch, a merged one's with its survivor; others whole."""
        return Lazily(EVENT_TABLES, lambda name: self._events(name, batch))

    def _events(self, name: str, batch: TicketBatch) -> Table:
        table = self.backend.table(f"event_{name}")
        if not EVENT_TABLES[name].ticket:
            return table
        if batch.buckets is None:
            touched = self.desk.table(TOUCHED)
            return table.semi_join(touched, table.owner_key == touched.ticket_key).drop("bucket")
        if batch.count > 1:
            table = table.filter(table.bucket >= batch.buckets[0], table.bucket < batch.buckets[1])
        return table.drop("bucket")

    def replace(self, fact_name: str, rows: Asked | Table | pa.Table, batch: TicketBatch) -> bool:
        """Replace the batch's rows of a fact; one without ``ticket_key`` is replaced whole, by the first batch.

        Gives whether any differ (of several batches, the last one does). ``rows`` is an expression on the events, or
        what was computed from them, in Arrow.
        """
        with self.transaction():
            if not isinstance(rows, pa.Table):
                return replace(self.con, fact_name, self.con.sql(self._select(rows)), batch)
            # A relation: a table that is registered stays in memory until the transaction ends. One thread: more cut
            # the rows elsewhere than where row groups end.
            ready = self.con.from_arrow(self._remainders.take(fact_name, rows, batch))
            with one_thread(self.con):
                return replace(self.con, fact_name, ready, batch)

    def _select(self, rows: Asked | Table) -> str:
        if isinstance(rows, Asked):
            return self.desk.text(rows)
        # compile() alone leaves tables that live in memory unregistered; Ibis has no public call for it.
        self.backend._run_pre_execute_hooks(rows)
        return str(self.backend.compile(rows))

    def update(self, fact_name: str, rows: Asked, stale: Asked) -> bool:
        """Replace the rows of a fact that have the values of ``stale`` in its columns; gives whether any differ."""
        with self.transaction():
            fresh, old, key = self.desk.text(rows), self.desk.text(stale), self.desk.columns(stale)
            return replace_some(self.con, fact_name, fresh, old, key)

    def is_empty(self, table_name: str) -> bool:
        """An event table or fact (``event_...``, ``fact_...``) has no rows."""
        return not self.con.execute(f"SELECT 1 FROM {quoted(table_name)} LIMIT 1").fetchall()

    def built(self) -> None:
        """Facts are up to date with events: nothing is touched any more."""
        with self.transaction():
            self.con.execute("DELETE FROM touched")
            self.con.execute("DELETE FROM changed_table")


class OpenWork:
    """What ``open_work`` gives: enter it to hold the lock and get the Work."""

    def __init__(self, root: Path, *, holder: str, config: Mapping[str, str | int]) -> None:
        self._layout = find_workspace(root)
        self._holder = holder
        self._config = config
        self._held = ExitStack()

    def __enter__(self) -> Work:
        with ExitStack() as held, explained(self._layout.root):
            held.enter_context(WriterLock(self._layout.lock, holder=self._holder))
            self._layout.temporary.mkdir(exist_ok=True)
            settings: Any = {"temp_directory": str(self._layout.temporary), **self._config}
            drop_a_stillborn_database(self._layout)
            con = held.enter_context(closing(duckdb.connect(str(self._layout.work), config=settings)))
            held.enter_context(interruptible(con))
            refuse_a_lost_database(self._layout, con)
            migrate(self._layout, con)
            prepare(con)
            make_room(con)
            self._held = held.pop_all()
        return Work(self._layout, con)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with explained(self._layout.root):
            self._held.close()


def open_work(root: Path, *, holder: str, threads: int | None = None, memory_limit: str | None = None) -> OpenWork:
    """Open a workspace for writing, as a context manager; ``holder`` is the command to name to a second writer.

    Raises WorkspaceError when there is no workspace, its format is newer, its database unreadable, or another writes.
    """
    given = {"threads": threads, "memory_limit": memory_limit}
    return OpenWork(root, holder=holder, config={name: value for name, value in given.items() if value is not None})


__all__ = ["QUARANTINE", "TicketBatch", "Work", "open_work"]

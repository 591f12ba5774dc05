"""Forgetting a customer on request: the tickets stay and count, the person goes and stays gone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from deskpulse.errors import InputError
from deskpulse.events import EVENT_TABLES
from deskpulse.store.accounts import AccountStore
from deskpulse.store.erased import PREFIX, Erased
from deskpulse.store.erasing import blank_quarantine, compact, take_customer, take_words_of_erased
from deskpulse.store.layout import find_workspace
from deskpulse.store.pages import FOLDER, Pages
from deskpulse.store.publish import sweep
from deskpulse.store.traces import replace_traces
from deskpulse.store.work import Work, open_work
from deskpulse.workspace.collecting import survey_store
from deskpulse.workspace.privacy import pseudonymised, without

if TYPE_CHECKING:
    from deskpulse.workspace import Progress, Workspace

HOLDER = "deskpulse erase"
MEMORY = "1GB"
ERASED = "customer erased"


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """What was done: the pseudonym that stands for the customer now, the rows that were changed and the tickets among
    them, the older snapshots that readers still have open (they go when these let go), and the pages of the source
    as they came that name the customer and have to stay until the source is read again."""

    pseudonym: str
    rows: int
    tickets: int
    version: int
    held: tuple[int, ...]
    pages: tuple[int, ...]


def erase(place: Workspace, customer: str, *, now: datetime, by: str, progress: Progress) -> Erasure:
    """Removes a customer (``source:id``): ids, names and words, in events, facts, snapshots, quarantine and surveys.

    A keyed hash stays, so that no source brings them back. Running it again does no harm. Raises InputError for an id
    that is none or names nobody, BusyError while another process writes.
    """
    source, _, id = customer.partition(":")
    if not source or not id or id.startswith(PREFIX):
        raise InputError(f"'{customer}' is no customer: write it as source:id, like zendesk:4711.")
    erased = _drained(place)
    was_known = erased.holds(source, id)
    with ExitStack() as held:
        pages = _pages(place, source)
        if pages:
            held.enter_context(pages.locked(HOLDER))
        work = held.enter_context(open_work(place.root, holder=HOLDER, memory_limit=MEMORY))
        pseudonym = erased.add(source, id)
        with work.transaction():
            counts = _put_back(work, take_customer(work, source, id), erased)
            forget_words(work)
            blank_quarantine(work, source, id)
        version = _published(work, place, progress)
        tickets = _tickets(work, pseudonym)
        left = _pages_left(pages, id, _merged(work, source)) if pages else ()
    if store := survey_store(place.root):
        store.erase(source, id, tickets=tickets)
    compact(place.root, holder=HOLDER)
    private = find_workspace(place.root).private
    replace_traces(private, source, id, pseudonym)
    AccountStore(private).note(by, ERASED, pseudonym, now)
    place.refresh()
    rows = sum(counts.values())
    if not rows and not was_known:
        raise InputError(
            f"No row names the customer '{customer}'. Check source and id; should it come later, it is kept out."
        )
    return Erasure(
        pseudonym=pseudonym,
        rows=rows,
        tickets=counts.get("ticket", 0),
        version=version,
        held=swept(place, version),
        pages=left,
    )


def _pages(place: Workspace, source: str) -> Pages | None:
    is_kept = (find_workspace(place.root).private / FOLDER / source).is_dir()
    return Pages(place.root, source) if is_kept else None


def _drained(place: Workspace) -> Erased:
    """Who was erased before; first what was sent and waits is merged, since its bytes may name whoever is now."""
    from deskpulse.workspace.hooking import Hooks

    Hooks(place.root).drain()
    return Erased(place.root)


def _merged(work: Work, source: str) -> int:
    """The newest page that was merged, by the database: a run that was killed did not note it."""
    return int(json.loads(work.cursor(source) or "{}").get("page", 0))


def _pages_left(pages: Pages, customer: str, merged: int) -> tuple[int, ...]:
    """Drops the source's pages as they came: what they say cannot be taken out of them. The newest one stays, since
    it says where the next run goes on."""
    pages.forget(before=None, merged=max(merged, int(pages.status.get("merged", 0))))
    return tuple(number for number in pages.numbers if customer.encode() in pages.read(number).body)


def _put_back(work: Work, taken: Iterable[tuple[str, pa.Table]], erased: Erased) -> dict[str, int]:
    counts = {}
    for name, rows in taken:
        work.gather(name, pseudonymised(EVENT_TABLES[name], rows, erased))
        counts[name] = len(rows)
    work.settle()
    return counts


def forget_words(work: Work) -> None:
    """No words stay on tickets of customers who were erased, whoever wrote them and whenever they came."""
    with work.transaction():
        for name, rows in take_words_of_erased(work):
            work.gather(name, without(rows, EVENT_TABLES[name].private("words")))
        work.settle()


def _published(work: Work, place: Workspace, progress: Progress) -> int:
    from deskpulse.workspace.writing import build_and_publish

    return build_and_publish(work, place, progress, keep=1)


def _tickets(work: Work, pseudonym: str) -> list[str]:
    table = work.backend.table("event_ticket")
    found: list[str] = table.filter(table["customer"] == pseudonym)["source_id"].to_pyarrow().to_pylist()
    return found


def swept(place: Workspace, version: int) -> tuple[int, ...]:
    """Deletes snapshots before a version; gives those that readers still have open."""
    layout = find_workspace(place.root)
    sweep(layout, keep=1)
    kept = (int(path.parent.name) for path in layout.snapshots.glob("*/manifest.json"))
    return tuple(sorted(number for number in kept if number < version))

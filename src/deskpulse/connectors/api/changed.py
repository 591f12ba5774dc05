"""Lists sorted by when their rows last changed, and what there is to read about each row that did.

Such a list shifts while it is read: a row that changes moves to its end, and the next page would begin one row too far.
So each page is asked for by the last change seen, never by its number, unless one instant fills a whole page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from deskpulse.connectors.api.client import Answer, Client
from deskpulse.connectors.api.page import Page, Position, share_read
from deskpulse.connectors.api.rows import UNREADABLE

SETTLED = timedelta(minutes=1)
"""A row that changed this long before may not have changed again in the same second since."""

WRONG_CLOCK = timedelta(days=1)
"""A change told for so long after now is none to go on from: whatever else changes would lie before it."""


@dataclass(kw_only=True)
class Changed:
    """The rows of ``name`` changed since a moment, ``size`` at a time.

    ``ask(since, page)`` fetches, ``items`` finds the rows in what came, ``stamp`` and ``key`` say when a row changed
    (ISO, in UTC) and which it is. ``about`` gives what the reading of a row's details needs to know, or null where it
    has none; ``detail(key)`` is the address of its first page, of the list called ``details``.
    """

    client: Client
    position: Position
    now: datetime
    name: str
    size: int
    ask: Callable[[str | None, int], Answer]
    items: Callable[[Any], list[Any]]
    stamp: Callable[[Any], str]
    key: Callable[[Any], str]
    details: str = ""
    detail: Callable[[str], tuple[str, Mapping[str, Any]]] | None = None
    about: Callable[[Any], Mapping[str, Any] | None] = lambda item: {}
    place: str = ""

    def pages(self, since: datetime | None, context: Mapping[str, Any] | None = None) -> Iterator[Page]:
        """The pages of the list, each followed by the details of its rows; then on from where the last run ended."""
        here: dict[str, Any] = self.position.lists.setdefault(self.place or self.name, {})
        here.setdefault("since", since.replace(tzinfo=UTC).isoformat().replace("+00:00", "Z") if since else None)
        begin = _instant(here["since"])
        yield from self._details(here)
        while True:
            answer = self.ask(here["since"], here.get("page", 1))
            items = self.items(answer.data)
            rows = [row for row in items if self._is_placed(row)]
            is_end = answer.next_link is None and len(items) < self.size
            self._move(here, rows, is_end)
            begin = begin or _instant(here["since"])
            yield self._page(
                self.name, answer, len(items), context or {}, share_read(begin, _instant(here["since"]), self.now)
            )
            yield from self._details(here)
            if is_end:
                return

    def _is_placed(self, row: Any) -> bool:
        """A row says which it is and when it changed; one that is odd is put aside when the page is read."""
        try:
            self.about(row)
            key, moment = self.key(row), _instant(self.stamp(row))
        except UNREADABLE:
            return False
        return bool(key) and moment is not None and moment < self.now + WRONG_CLOCK

    def _move(self, here: dict[str, Any], rows: list[Any], is_end: bool) -> None:
        seen = set(here.get("seen", ()))
        new = [row for row in rows if self.stamp(row) != here["since"] or self.key(row) not in seen]
        last = _later(here["since"], self.stamp(rows[-1])) if rows else here["since"]
        is_stuck = last == here["since"] and not is_end
        here["page"] = here.get("page", 1) + 1 if is_stuck else 1
        settled = last is not None and (_instant(last) or self.now) < self.now - SETTLED
        at_last = {self.key(row) for row in rows if self.stamp(row) == last} if settled else set()
        here["seen"] = sorted(at_last | seen if last == here["since"] else at_last)
        here["since"] = last
        about = {self.key(row): self.about(row) for row in new} if self.detail else {}
        here["waiting"] = {key: told for key, told in about.items() if told is not None}

    def _details(self, here: dict[str, Any]) -> Iterator[Page]:
        for key, told in list(here.get("waiting", {}).items()):
            assert self.detail is not None
            address, params = self.detail(key)
            address, asked = (here["next"], None) if here.get("next") else (address, params)
            while True:
                answer = self.client.get(address, asked, accept=(404, 410))
                if answer.next_link:
                    here["next"] = address = answer.next_link
                    asked = None
                else:
                    here["waiting"].pop(key)
                    here.pop("next", None)
                if answer.status == 200:
                    count = len(answer.data) if isinstance(answer.data, list) else 1
                    yield self._page(self.details, answer, count, {"key": key, **told}, None)
                if not answer.next_link:
                    break

    def _page(self, stream: str, answer: Answer, items: int, context: Mapping[str, Any], done: float | None) -> Page:
        page = Page(
            stream=stream,
            body=answer.body,
            cursor=self.position.text,
            fetched_at=self.now,
            context=context,
            items=items,
            done=done,
        )
        page.__dict__["data"] = answer.data  # parsed once
        return page


def _later(since: str | None, last: str) -> str:
    """Never back: a row may tell of an older change than the one the list goes by, and would be led to for ever."""
    begin, end = _instant(since), _instant(last)
    return since if since and begin and end and end < begin else last


def _instant(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None) if text else None
    except ValueError:
        return None

"""The parts a published table is cut into: months, and of the youngest months a few days each. News of a ticket changes
these again and again, and is not to cost as much as a month."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = 8
YOUNG = timedelta(days=7)
"""A month is young until rows come that are dated so long after its end."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """The rows dated from ``first`` to before ``end``; both null for rows of no date."""

    word: str
    first: date | None = None
    end: date | None = None

    def within(self, dated: str) -> str:
        """The condition (SQL) that an expression lies in it."""
        if self.first is None:
            return f"{dated} IS NULL"
        return f"{dated} >= DATE '{self.first}' AND {dated} < DATE '{self.end}'"


UNDATED = Part(word="undated")


def young_since(days: Iterable[date | None], known: Iterable[str], last: date) -> date:
    """The first day of the months that are young, by the newest part that is known and the newest day that changed.

    What is dated after ``last``, the day of the snapshot, makes nothing old: it is a mistake.
    """
    dates = [*days, *(_first(word) for word in known)]
    newest = max((day for day in dates if day is not None and day <= last), default=last)
    return (newest - YOUNG).replace(day=1)


def parts_of(
    days: Iterable[date | None], known: Collection[str], young: date | None
) -> tuple[tuple[Part, ...], frozenset[str]]:
    """The parts to write for these days, null among them, and the words of the known ones that go.

    A month is in one part, or from ``young`` on in parts of a few days. One that is known in another form is written
    as a whole; while none of its days changes, it stays as it is.
    """
    wanted: dict[str, Part] = {}
    gone: set[str] = set()
    for day in days:
        parts = [UNDATED] if day is None else _parts(day, known, young)
        wanted |= {part.word: part for part in parts}
        gone |= {word for word in known for part in parts if _overlap(word, part.word)}
    return tuple(wanted.values()), frozenset(gone)


def _parts(day: date, known: Collection[str], young: date | None) -> list[Part]:
    month = _month(day)
    if young is None or day < young:
        return [month]
    parts = _cut(month)
    return parts if month.word in known else [part for part in parts if part.first and part.first <= day][-1:]


def _month(day: date) -> Part:
    first = day.replace(day=1)
    return Part(word=f"{first:%Y-%m}", first=first, end=(first + timedelta(days=31)).replace(day=1))


def _cut(month: Part) -> list[Part]:
    assert month.first is not None and month.end is not None
    starts = [month.first.replace(day=day) for day in range(1, 28, DAYS)]
    ends = [*starts[1:], month.end]
    return [Part(word=f"{first}", first=first, end=end) for first, end in zip(starts, ends, strict=True)]


def _first(word: str) -> date | None:
    return None if word == UNDATED.word else date.fromisoformat(f"{word}-01"[:10])


def _overlap(one: str, other: str) -> bool:
    """Words of a month and of days in it, whichever is which."""
    return one.startswith(other) or other.startswith(one)

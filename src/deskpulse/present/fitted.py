"""A table of texts in the width of a terminal: words may be put on several lines, numbers are never cut.

What finds no room is left out by whole columns, in an order the caller chooses, and is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

WHOLE = 16
"""Columns up to this width stay on one line: values, intervals and n are no wider. Longer ones are words."""
GAP = 2


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """The places of the columns that have room, each with its width, and the headings of those that have none.

    ``has_room`` is false where even what must stay is too wide.
    """

    widths: dict[int, int]
    dropped: tuple[str, ...]
    has_room: bool


def fitted(
    headings: Sequence[str], rows: Sequence[Sequence[str]], *, room: int, first_to_go: Sequence[int] = ()
) -> Fitted:
    """The columns that fit into ``room`` characters; those at the places ``first_to_go`` leave in that order."""
    columns = {place: (heading, *(row[place] for row in rows)) for place, heading in enumerate(headings)}
    narrowest = {place: _narrowest(cells) for place, cells in columns.items()}
    gone: list[int] = []
    for place in first_to_go:
        if _total(narrowest) <= room:
            break
        del narrowest[place]
        gone.append(place)
    widest = {place: max(map(cell_len, columns[place])) for place in narrowest}
    return Fitted(
        widths=_narrowed(widest, narrowest, room),
        dropped=tuple(headings[place] for place in gone),
        has_room=_total(narrowest) <= room,
    )


def _narrowest(cells: Sequence[str]) -> int:
    full = max(map(cell_len, cells))
    words = max((cell_len(word) for cell in cells for word in cell.split()), default=0)
    return full if full <= WHOLE else max(words, WHOLE)


def _narrowed(widths: dict[int, int], narrowest: dict[int, int], room: int) -> dict[int, int]:
    """Takes from the widest column that may still give, until all fit or none may."""
    found = dict(widths)
    while _total(found) > room and (giving := [place for place in found if found[place] > narrowest[place]]):
        found[max(giving, key=lambda place: found[place])] -= 1
    return found


def _total(widths: dict[int, int]) -> int:
    return sum(widths.values()) + GAP * len(widths)

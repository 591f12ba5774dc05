"""Tickets being worked on, many at a time: each step moves the clocks of some of them and notes what happened.

A step is vectorised over tickets; an event's place within its ticket is counted as it is noted, so that writing the
events in ticket order needs no sort.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
IDS_PER_TICKET = 128


@dataclass(kw_only=True)
class Notes:
    """Events noted step by step: the ticket each belongs to, its place in it, and named columns of numbers."""

    tickets: int
    made: Ints = field(init=False)
    steps: list[dict[str, Ints]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.made = np.zeros(self.tickets, np.int64)

    def note(self, index: Ints, **columns: Ints | int) -> None:
        """One event for each ticket of ``index``."""
        step = {"index": index, "place": self.made[index]}
        for name, values in columns.items():
            step[name] = np.broadcast_to(np.asarray(values, np.int64), index.shape)
        self.steps.append(step)
        self.made[index] += 1

    def columns(self) -> dict[str, Ints]:
        """All events in the order of their tickets."""
        first = np.cumsum(self.made) - self.made
        index = np.concatenate([step["index"] for step in self.steps])
        target = first[index] + np.concatenate([step["place"] for step in self.steps])
        return {name: self._scattered(name, target) for name in self.steps[0]}

    def _scattered(self, name: str, target: Ints) -> Ints:
        column = np.empty(len(target), np.int64)
        column[target] = np.concatenate([step[name] for step in self.steps])
        return column


class Threads:
    """A block of tickets with a clock each; what would happen after ``end`` does not, and stops the ticket."""

    def __init__(self, *, created: Ints, end: int) -> None:
        self.size = len(created)
        self.clock = created.copy()
        self.end = end
        self.seq = np.zeros(self.size, np.int64)
        self.is_live = np.ones(self.size, np.bool_)
        self.messages = Notes(tickets=self.size)
        self.changes = Notes(tickets=self.size)

    def pass_time(self, who: Flags, seconds: Ints | int) -> Ints:
        """Let ``seconds`` pass for the live tickets of ``who``; gives those that are still before the end."""
        return self.reach(who, self.clock + seconds)

    def reach(self, who: Flags, at: Ints) -> Ints:
        """Move the live tickets of ``who`` to the moments ``at``; gives those that are still before the end."""
        index = np.flatnonzero(who & self.is_live)
        self.clock[index] = at[index]
        late = self.clock[index] > self.end
        self.is_live[index[late]] = False
        return index[~late]

    def say(
        self,
        index: Ints,
        *,
        author: Ints | int,
        kind: int,
        public: int = 1,
        work: Ints | int = -1,
        text: Ints | int = -1,
    ) -> None:
        """A message of each ticket of ``index``, at its clock; arrays are per ticket of the block, -1 is unknown."""
        self.messages.note(
            index,
            at=self.clock[index],
            seq=self.seq[index],
            author=_of(author, index),
            kind=kind,
            public=public,
            work=_of(work, index),
            text=_of(text, index),
        )
        self.seq[index] += 1

    def set(self, index: Ints, *, field: int, old: Ints | int, new: Ints | int, by: Ints | int, kind: int) -> None:
        """A change of a field, now on the clock of each ticket of ``index``."""
        self.changes.note(
            index,
            at=self.clock[index],
            seq=self.seq[index],
            field=field,
            old=_of(old, index),
            new=_of(new, index),
            by=_of(by, index),
            kind=kind,
        )
        self.seq[index] += 1


def _of(values: Ints | int, index: Ints) -> Ints | int:
    """Values per ticket of the block, taken for ``index``; a single value stands for all."""
    return values[index] if isinstance(values, np.ndarray) else values

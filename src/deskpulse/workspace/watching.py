"""Sources are read as often as their ``every`` says, side by side: one that fails or waits holds up no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Thread

from deskpulse.errors import BusyError

BUSY_SECONDS = 5
"""After how long a source is tried again that could not be merged while another wrote to the workspace."""


@dataclass(frozen=True, kw_only=True)
class Watching:
    """Reads sources, each in a thread of its own; they end with the process, and what was read until then is kept.

    ``read`` reads the source of a name; ``failed`` hears what it raised, BusyError too, after which ``wait`` (seconds)
    is called and it is read again.
    """

    read: Callable[[str], object]
    failed: Callable[[str, Exception], None]
    wait: Callable[[float], None]
    running: dict[str, Thread] = field(default_factory=dict)

    @property
    def is_reading(self) -> bool:
        """Some source is being read."""
        return any(thread.is_alive() for thread in self.running.values())

    def begin(self, names: Iterable[str]) -> None:
        """Begins to read those that are not being read."""
        for name in names:
            if name not in self.running or not self.running[name].is_alive():
                self.running[name] = Thread(target=self._read, args=(name,), name=f"reads {name}", daemon=True)
                self.running[name].start()

    def _read(self, name: str) -> None:
        while self._is_busy(name):
            self.wait(BUSY_SECONDS)

    def _is_busy(self, name: str) -> bool:
        try:
            self.read(name)
        except BusyError as error:  # what was read is kept
            self.failed(name, error)
            return True
        except Exception as error:  # the next time may be better
            self.failed(name, error)
        return False

"""A telephone system's queue log on the disk, rotated twice: what ``asterisk`` follows, without an API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors.fakes.seeded import Seeded
from connectors.fakes.serving import Fake

from deskpulse.connectors.api.connector import Account

START = 1_700_000_000
NAMES = ("queue_log.2", "queue_log.1", "queue_log")


class SeededLog(Seeded):
    """A log in place of an API."""

    @contextmanager
    def serving(self, folder: Path) -> Iterator[Account]:
        """Writes it."""
        lines = sorted(written(90), key=lambda line: int(line.partition("|")[0]))
        for place, name in enumerate(NAMES):
            part = lines[place * len(lines) // len(NAMES) : (place + 1) * len(lines) // len(NAMES)]
            (folder / name).write_text("".join(f"{line}\n" for line in part))
        yield Account(source="desk", options={"path": str(folder / "queue_log")})


def written(calls: int) -> Iterator[str]:
    """Calls that ring at one agent in vain and are taken by the next, or given up, and agents' breaks."""
    for number in range(calls):
        at, queue = START + number * 7, ("support", "sales")[number % 2]
        call, agent, other = f"{at}.{number}", f"SIP/{number % 5}", f"SIP/{(number + 1) % 5}"
        yield f"{at}|{call}|{queue}|NONE|ENTERQUEUE||0170{number}|1"
        yield f"{at + 5}|{call}|{queue}|{other}|RINGNOANSWER|5000"
        if number % 6 == 0:
            yield f"{at + 9}|{call}|{queue}|NONE|ABANDON|1|1|9"
            yield f"{at + 9}|NONE|{queue}|{agent}|PAUSE|lunch"
        else:
            yield f"{at + 11}|{call}|{queue}|{agent}|CONNECT|11|x|2"
            yield f"{at + 71}|{call}|{queue}|{agent}|COMPLETECALLER|11|60|1"
            yield f"{at + 80}|NONE|{queue}|{agent}|UNPAUSE|"


def seeded() -> Seeded:
    """Ninety calls."""
    return SeededLog(connector="asterisk", fake=Fake(), secrets={})

"""A writer in a process of its own, to be killed: batches of ten tickets, each acknowledged on standard output.

Called with a workspace. After the cursor says n, tickets 0 .. 10 n - 1 are there, each with one message.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path

from deskpulse.store.publish import publish
from deskpulse.store.work import Work, open_work
from deskpulse.sync import build, sync
from tests.store.event_rows import batch, count_messages, message, ticket

TICKETS = 10
START = datetime(2026, 1, 1)


def step(work: Work, root: Path) -> int:
    """One batch, built and published; gives the cursor after it."""
    n = int(work.cursor("desk") or 0)
    ids = range(n * TICKETS, (n + 1) * TICKETS)
    opened = [str(START + timedelta(days=i)) for i in ids]
    stream = [
        batch("ticket", *(ticket(str(i), at) for i, at in zip(ids, opened, strict=True))),
        batch("message", *(message(f"m{i}", str(i), at) for i, at in zip(ids, opened, strict=True))),
    ]
    sync(work, stream, source="desk", cursor=str(n + 1))
    print(f"synced {n + 1}", flush=True)
    build(work, count_messages)
    publish(work, root, as_of=START + timedelta(days=n + 1), keep=2).close()
    print(f"published {n + 1}", flush=True)
    return n + 1


def main(root: Path) -> None:
    """Write until killed."""
    with open_work(root, holder="deskpulse sync", threads=1) as work:
        print("opened", flush=True)
        while True:
            step(work, root)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Ctrl-C ends a running query at once, not when the query is done."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb


@contextmanager
def interruptible(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """While inside, Ctrl-C interrupts the query that ``con`` runs; outside the main thread nothing changes.

    Python runs its own handler only between two steps of the main thread, which may be waiting for the database.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    watcher = threading.Thread(target=_watch, args=(ours, con), daemon=True)
    watcher.start()
    before = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        theirs.close()
        watcher.join()
        ours.close()


def _watch(ours: socket.socket, con: duckdb.DuckDBPyConnection) -> None:
    while received := ours.recv(1):
        if received[0] == signal.SIGINT:
            con.interrupt()

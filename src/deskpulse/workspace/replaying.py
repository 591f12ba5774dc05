"""Kept pages read again, many of them by several processes: reading is pure, page by page.

``python -m deskpulse.workspace.replaying`` is such a process. It hears of the source, then of pages, and answers with
their events, until its standard input ends: which it does however the one who asks comes to an end. It is not one of
``multiprocessing``, whose processes run the main program of whoever asks once more, and outlive it when it is killed.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue

from deskpulse.errors import DeskpulseError
from deskpulse.settings.sources import Source
from deskpulse.workspace.reading import Read, read_kept

CHUNK = 16
"""Pages that are asked for at once."""

MANY = 256
"""Pages; fewer are read here, since another process takes half a second to begin."""

MOST_PROCESSES = 8
AHEAD = 3
"""Chunks for each process that are read while others are merged."""

PROCESS = subprocess.Popen[bytes]
GONE = (OSError, EOFError, pickle.UnpicklingError)


def read_again(root: Path, source: Source, numbers: Sequence[int]) -> Generator[Read]:
    """The events of kept pages, in their order; raises WorkspaceError for a page that is damaged."""
    chunks = [numbers[begin : begin + CHUNK] for begin in range(0, len(numbers), CHUNK)]
    processes = min(os.cpu_count() or 1, MOST_PROCESSES)
    if len(numbers) < MANY or processes == 1:
        return (read_kept(root, source, chunk) for chunk in chunks)
    return _side_by_side(root, source, chunks, processes)


def _side_by_side(root: Path, source: Source, chunks: Sequence[Sequence[int]], processes: int) -> Generator[Read]:
    free: SimpleQueue[PROCESS] = SimpleQueue()

    def read(chunk: Sequence[int]) -> Read:
        process = free.get()
        try:
            # What a process cannot read is read here: it fails in the same words, or it was the process that failed.
            return _asked(process, chunk) or read_kept(root, source, chunk)
        finally:
            free.put(process)

    with ExitStack() as held:
        for _ in range(processes):
            free.put(held.enter_context(_begun(root, source)))
        threads = ThreadPoolExecutor(processes)
        held.callback(threads.shutdown, cancel_futures=True)
        waiting: deque[Future[Read]] = deque()
        for chunk in chunks:
            waiting.append(threads.submit(read, chunk))
            if len(waiting) == AHEAD * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def _begun(root: Path, source: Source) -> Iterator[PROCESS]:
    """A process that reads; Ctrl-C is for us alone."""
    words = [sys.executable, "-m", "deskpulse.workspace.replaying"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True) as process:
        try:
            _ask(process, (root, source))
            yield process
        finally:
            with suppress(OSError):
                process.communicate()


def _asked(process: PROCESS, chunk: Sequence[int]) -> Read | None:
    try:
        _ask(process, chunk)
        assert process.stdout is not None
        read: Read | None = pickle.load(process.stdout)
        return read
    except GONE:
        return None


def _ask(process: PROCESS, what: object) -> None:
    assert process.stdin is not None
    with suppress(BrokenPipeError):
        pickle.dump(what, process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
        process.stdin.flush()


def main() -> None:
    """Answers until nobody can ask any more."""
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever is printed must not stand among the answers
    with suppress(EOFError, BrokenPipeError):
        root, source = pickle.load(asked)
        while True:
            read = _read(root, source, pickle.load(asked))
            pickle.dump(read, answers, protocol=pickle.HIGHEST_PROTOCOL)
            answers.flush()


def _read(root: Path, source: Source, numbers: Sequence[int]) -> Read | None:
    try:
        return read_kept(root, source, numbers)
    except DeskpulseError:
        return None


if __name__ == "__main__":
    main()

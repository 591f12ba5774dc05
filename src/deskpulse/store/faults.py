"""Faults of the disk and the database, in the user's words."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from deskpulse.errors import WorkspaceError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FULL_WORDS = ("No space left", "File too large", "quota exceeded", "Could not write all bytes")


@contextmanager
def explained(root: Path) -> Iterator[None]:
    """Turn a full disk, a full memory or an unreadable file under ``root`` into a WorkspaceError with the remedy."""
    try:
        yield
    except OSError as fault:
        raise WorkspaceError(_disk(root, fault)) from fault
    except duckdb.OutOfMemoryException as fault:
        raise WorkspaceError(_memory(root, str(fault))) from fault
    except duckdb.InterruptException as fault:
        raise KeyboardInterrupt from fault
    except RuntimeError as fault:
        # The database's Python client reports Ctrl-C in a query this way.
        if str(fault) != "Query interrupted":
            raise
        raise KeyboardInterrupt from fault
    except duckdb.Error as fault:
        if not _is_of_the_file(fault):
            raise
        raise WorkspaceError(_database(root, str(fault))) from fault


def _is_of_the_file(fault: duckdb.Error) -> bool:
    kinds = (duckdb.IOException, duckdb.FatalException, duckdb.SerializationException)
    return isinstance(fault, kinds) or any(words in str(fault) for words in FULL_WORDS)


def _disk(root: Path, fault: OSError) -> str:
    if fault.errno in FULL:
        return _full(root)
    return f"{fault.filename or root}: {fault.strerror or fault}. Check the disk and the permissions of {root}."


def _memory(root: Path, words: str) -> str:
    if any(full in words for full in (*FULL_WORDS, "max_temp_directory_size")):
        return _full(root)
    return f"Not enough memory for {root}: {_first_line(words)} Give it more, or import in smaller parts."


def _database(root: Path, words: str) -> str:
    if any(full in words for full in FULL_WORDS):
        return _full(root)
    return (
        f"A file of {root} cannot be read or written: {_first_line(words)} What is published stays readable; put "
        f"{root / '.deskpulse'} back from a backup, or import the sources again into a new workspace."
    )


def _full(root: Path) -> str:
    return f"The disk of {root} is full: nothing was lost and nothing half-published. Free some space and run it again."


def _first_line(words: str) -> str:
    return words.strip().splitlines()[0].rstrip(".!") + "." if words.strip() else ""

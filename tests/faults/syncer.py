"""Syncs the source 'desk' of a workspace in a process of its own, to be killed while it does."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

import deskpulse.workspace as workspaces
from deskpulse.connectors import asterisk_files, sql
from deskpulse.connectors.api.connector import api_connectors
from deskpulse.workspace import syncing
from deskpulse.workspace.synced import Moment, Synced, unwatched

NOW = datetime(2026, 6, 1, 12, 0)
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.faults.syncer"])
api_connectors()
"""One process imports everything once; each one to be killed is a fork of it."""


@contextmanager
def in_small_steps(*, facts: bool) -> Iterator[None]:
    """Small portions, so that a kill falls between them too; with or without the facts that follow."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(syncing, "PORTION_PAGES", 8)
        patched.setattr(sql, "ROWS", 6)
        patched.setattr(asterisk_files, "PORTION", 2_000)
        if not facts:
            patched.setattr(syncing, "build_and_publish", lambda *asked: 0)
        yield


def sync(root: Path, watch: Callable[[Moment], None] = unwatched, *, facts: bool = False) -> Synced:
    """One sync to its end."""
    with in_small_steps(facts=facts):
        return syncing.sync_source(workspaces.open(root), "desk", now=NOW, watch=watch)


def start(root: Path, *, facts: bool) -> tuple[BaseProcess, Connection]:
    """The process, and what tells of its moments: 'opened', each page as it is kept, 'done'."""
    hears, tells = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_run, args=(root, dict(os.environ), tells, facts))
    process.start()
    tells.close()
    return process, hears


def _run(root: Path, environment: Mapping[str, str], tells: Any, facts: bool) -> None:
    os.environ.update(environment)
    tells.send("opened")
    sync(root, lambda moment: tells.send(moment.doing), facts=facts)
    tells.send("done")

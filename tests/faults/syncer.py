"""Syncs the source 'desk' of a workspace, to be killed while it does: ``python -m tests.faults.syncer ROOT``."""

from __future__ import annotations

import sys
from datetime import datetime

import deskpulse.workspace as workspaces
from deskpulse.workspace import syncing

NOW = datetime(2026, 6, 1, 12, 0)


def main() -> None:
    """Says 'opened' first, then each page as it is kept; portions are small, so that a kill falls between them too."""
    syncing.PORTION_PAGES = 4
    place = workspaces.open(sys.argv[1])
    print("opened", flush=True)
    syncing.sync_source(place, "desk", now=NOW, watch=lambda moment: print(moment.doing, moment.pages, flush=True))
    print("done", flush=True)


if __name__ == "__main__":
    main()

"""Work in a process of its own beside the server: it ends when the server does, however that comes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path


def begin(module: str, root: Path) -> subprocess.Popen[bytes]:
    """``python -m MODULE WORKSPACE``, which is to call ``end_with_the_server``."""
    # Its standard input ends when we do. Ctrl-C is for us alone.
    return subprocess.Popen([sys.executable, "-m", module, str(root)], stdin=subprocess.PIPE, start_new_session=True)


def end(process: subprocess.Popen[bytes]) -> None:
    """Tell it, and wait until it ended."""
    if process.stdin is not None:
        process.stdin.close()
    process.wait()


def end_with_the_server() -> None:
    """End this process at once, as if it were killed, when the server closes our standard input."""
    threading.Thread(target=_wait, daemon=True).start()


def _wait() -> None:
    sys.stdin.buffer.read()
    os._exit(0)

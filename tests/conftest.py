"""What every test can ask for."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

REPO_ROOT = Path(__file__).resolve().parents[1]
SHARED_DATA = (REPO_ROOT / "../shared/data").resolve()


if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    # Started in the background by a script, a shell has us ignore Ctrl-C, and what tests start would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def repo_root() -> Path:
    """The checkout."""
    return REPO_ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets; without it the test is skipped, and fails where CI=true."""
    if SHARED_DATA.is_dir():
        return SHARED_DATA
    if os.environ.get("CI") == "true":
        pytest.fail("The real data sets are missing, and CI must not pass without them.")
    pytest.skip("needs the real data sets, which are not part of the repository")

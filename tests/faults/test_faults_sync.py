"""A full disk, one that may not be written to, two syncs at once: what was read stays, and in the end nothing lacks."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from connectors.fakes.run import everything
from connectors.fakes.seeded import Seeded, seeded

from deskpulse.connectors.api.connector import Account
from deskpulse.connectors.secrets import variable
from deskpulse.errors import BusyError, WorkspaceError
from deskpulse.store.pages import Pages
from deskpulse.workspace.synced import Moment
from tests.faults import syncer
from tests.faults.conftest import fill


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Seeded, Account]]:
    """Issues of a repository, a page each few: small enough for any disk."""
    account = seeded("github")
    monkeypatch.setenv(variable("desk", "token"), "s3cret")
    with account.serving(tmp_path) as known:
        account.workspace(tmp_path / "clean", known)
        syncer.sync(tmp_path / "clean")
        account.fake.asked.clear()
        yield account, known


def test_a_disk_that_fills_while_pages_are_kept(small_disk: Path, tmp_path: Path, desk: tuple[Seeded, Account]) -> None:
    account, known = desk
    root = small_disk / "desk"
    account.workspace(root, known)
    ballast: list[Path] = []

    def fill_after_three(moment: Moment) -> None:
        if moment.pages == 3 and not ballast:
            ballast.append(fill(small_disk, leave=0))

    with pytest.raises(WorkspaceError, match=r"disk of .* is full: nothing was lost.*Free some space"):
        syncer.sync(root, fill_after_three)
    assert Pages(root, "desk").numbers == [1, 2, 3]
    asked = len(account.fake.asked)
    ballast[0].unlink()
    syncer.sync(root)
    assert everything(root) == everything(tmp_path / "clean")
    again = [one.path for one in account.fake.asked[asked:]]
    assert again[0] == account.fake.asked[asked - 1].path, "it goes on at the page that found no room"


def test_a_disk_that_may_not_be_written_to(small_disk: Path, tmp_path: Path, desk: tuple[Seeded, Account]) -> None:
    account, known = desk
    root = small_disk / "desk"
    account.workspace(root, known)
    syncer.sync(root)
    kept = Pages(root, "desk").numbers
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    try:
        with pytest.raises(WorkspaceError, match="Check the disk and the permissions"):
            syncer.sync(root)
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert Pages(root, "desk").numbers == kept
    syncer.sync(root)
    assert everything(root) == everything(tmp_path / "clean")


def test_a_limit_on_the_size_of_files_while_syncing(
    tmp_path: Path, desk: tuple[Seeded, Account], start: Callable[..., Any]
) -> None:
    account, known = desk
    root = tmp_path / "limited"
    account.workspace(root, known)
    syncer.sync(root)  # the database is as large as it is by now; then it may not grow
    with Pages(root, "desk").locked("test"):
        for number in Pages(root, "desk").numbers[2:]:
            (Pages(root, "desk").folder / f"{number:08d}.page.zst").unlink()
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from deskpulse.errors import WorkspaceError\n"
        "from tests.faults import syncer\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))\n"
        "try:\n"
        "    syncer.sync(Path(sys.argv[1]))\n"
        "except WorkspaceError as error:\n"
        "    print('refused', error)\n"
    )
    process = start("-c", code, str(root))
    output, complaint = process.communicate(timeout=120)
    assert "is full: nothing was lost" in output, complaint[-2000:]
    syncer.sync(root)
    assert everything(root) == everything(tmp_path / "clean")


def test_a_second_sync_is_told_of_the_first_which_goes_on(tmp_path: Path, desk: tuple[Seeded, Account]) -> None:
    account, known = desk
    root = tmp_path / "twice"
    account.workspace(root, known)
    process, hears = syncer.start(root, facts=False)
    assert [hears.recv(), hears.recv()] == ["opened", "issues"]
    asked: list[str] = []
    try:
        syncer.sync(root)
    except BusyError as error:
        asked.append(str(error))
    process.join()
    assert process.exitcode == 0
    assert asked == [] or f"process {process.pid}" in asked[0]
    syncer.sync(root)
    assert everything(root) == everything(tmp_path / "clean")

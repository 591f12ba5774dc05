"""The settings file changed from a page: checked before it is written, with every version kept and a way back."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from deskpulse.answers.target import check_goals
from deskpulse.errors import SettingsError, UnknownNameError, WorkspaceError
from deskpulse.language import composed
from deskpulse.settings import FILE_NAME, load_settings
from deskpulse.store.layout import find_workspace, write_atomically

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace

DRAFT = f"{FILE_NAME}.draft"
LOG = "log.json"
BY_HAND = "by hand"
PLACE = re.compile(
    rf"{re.escape(FILE_NAME)}(?:, line (?P<line>\d+))?(?:: (?P<key>[\w.\[\]-]+))?: (?P<says>.*)", re.DOTALL
)


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version of the settings file: when it came (UTC, ISO 8601), by whom, and what was changed."""

    number: int
    at: str
    who: str
    what: str


class RefusedSettings(SettingsError):
    """Settings that were not written, with the line and the field of the file where the mistake is."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        found = PLACE.search(message)
        self.line = found["line"] if found else None
        self.key = found["key"] if found else None
        self.field = self.key.rpartition(".")[2] if self.key else ""


def current(place: Workspace) -> str:
    """The text of the settings file."""
    return written(place.root)


def written(root: Path) -> str:
    """The text of the settings file of the workspace in ``root``."""
    return (root / FILE_NAME).read_text(encoding="utf-8-sig")


def digest(text: str) -> str:
    """What a form remembers of the text it was made from."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def save(place: Workspace, text: str, *, based_on: str, what: str, now: datetime) -> None:
    """Writes a new text of the settings file, if it was made from the one that stands, and keeps the one before.

    Raises AccessError, WorkspaceError where somebody else changed it, RefusedSettings for a mistake in it.
    """
    place.viewer.need("edit_targets")
    write(place.root, text, based_on=based_on, who=place.viewer.name, what=what, now=now)


def write(root: Path, text: str, *, based_on: str, who: str, what: str, now: datetime) -> None:
    """As ``save``, for somebody who may."""
    before = written(root)
    if digest(before) != based_on:
        raise WorkspaceError(
            composed("Somebody changed the settings meanwhile. Load the page again, and make your change again.")
        )
    if text == before:
        return
    _check(root, text)
    folder = _folder(root)
    known = _kept(folder, before, now)
    _keep(folder, known, text, at=now, who=who, what=what)
    write_atomically(root / FILE_NAME, text)


def append(root: Path, lines: str, *, what: str, now: datetime) -> None:
    """Adds a part at the end of the settings, for a command; raises SettingsError that names the file, and changes
    nothing, where that would not do."""
    before = written(root)
    text = before.rstrip("\n") + "\n" + lines
    try:
        write(root, text, based_on=digest(before), who="command line", what=what, now=now)
    except SettingsError as error:
        raise SettingsError(str(error).replace(FILE_NAME, str(root / FILE_NAME), 1)) from None


def _check(root: Path, text: str) -> None:
    """Reads the text as the settings file will be read, beside it, so that what it refers to is found."""
    draft = root / DRAFT
    try:
        draft.write_text(text, encoding="utf-8")
        check_goals(load_settings(draft))
    except SettingsError as error:
        raise RefusedSettings(str(error).replace(str(draft), FILE_NAME)) from None
    finally:
        draft.unlink(missing_ok=True)


def versions(place: Workspace) -> tuple[Version, ...]:
    """The versions that are kept, the newest first."""
    return tuple(reversed(_log(_folder(place.root))))


def text_of(place: Workspace, number: int) -> str:
    """The text of a version; raises UnknownNameError."""
    known = [str(one.number) for one in versions(place)]
    if str(number) not in known:
        raise UnknownNameError("version of the settings", str(number), known)
    return _file(_folder(place.root), number).read_text(encoding="utf-8")


def restore(place: Workspace, number: int, *, based_on: str, now: datetime) -> None:
    """Puts an earlier version in force, as a new one; raises what ``save`` raises."""
    save(place, text_of(place, number), based_on=based_on, what=f"version {number} again", now=now)


def _folder(root: Path) -> Path:
    return find_workspace(root).private / "settings"


def _file(folder: Path, number: int) -> Path:
    return folder / f"{number:06d}.toml"


def _log(folder: Path) -> list[Version]:
    file = folder / LOG
    return [Version(**one) for one in json.loads(file.read_text(encoding="utf-8"))] if file.exists() else []


def _kept(folder: Path, before: str, now: datetime) -> list[Version]:
    """The versions with the text that stands among them: it may have been written by hand since the last."""
    known = _log(folder)
    if known and _file(folder, known[-1].number).read_text(encoding="utf-8") == before:
        return known
    return _keep(folder, known, before, at=now, who="", what=BY_HAND)


def _keep(folder: Path, known: list[Version], text: str, *, at: datetime, who: str, what: str) -> list[Version]:
    folder.mkdir(exist_ok=True)
    version = Version(number=len(known) + 1, at=f"{at.isoformat()}Z", who=who, what=what)
    write_atomically(_file(folder, version.number), text)
    every = [*known, version]
    write_atomically(folder / LOG, json.dumps([asdict(one) for one in every], ensure_ascii=False, indent=1))
    return every

"""A TOML file that knows on which line each of its keys stands, so that every error can say so."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

from deskpulse.errors import DeskpulseError, SettingsError, UnknownNameError

Key = tuple[str | int, ...]
HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?")
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
ASSIGNMENT = re.compile(r"""\s*("[^"]*"|'[^']*'|[\w.-]+)\s*=""")


def read_document(path: Path) -> Section:
    """The file as its outermost section; raises SettingsError where it is missing or not TOML."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        values = tomllib.loads(text)
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}. Type 'deskpulse init' to make one.") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8 at byte {error.start}. Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}. Mend that line.") from None
    return Section(path=path, lines=line_numbers(text), key=(), values=values)


def line_numbers(text: str) -> dict[Key, int]:
    """The line of each table and key: ``("targets", 1, "within")`` is a key of the second ``[[targets]]``."""
    found: dict[Key, int] = {}
    table: Key = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := HEADER.fullmatch(line):
            table = _table_key(header, found)
            found[table] = number
        elif assignment := ASSIGNMENT.match(line):
            found.setdefault((*table, *_parts(assignment[1])), number)
    return found


def _table_key(header: re.Match[str], found: dict[Key, int]) -> Key:
    name: Key = _parts(header[2])
    if header[1] == "[":
        return name
    position = 0
    while (*name, position) in found:
        position += 1
    return (*name, position)


def _parts(name: str) -> Key:
    return tuple(bare or quoted[1:-1] for quoted, bare in re.findall(r"""("[^"]*"|'[^']*')|([\w-]+)""", name))


@dataclass(frozen=True, kw_only=True)
class Section:
    """A table of the file, with readers that check what they read."""

    path: Path
    lines: dict[Key, int]
    key: Key
    values: dict[str, Any]

    def place(self, key: str | None = None) -> str:
        """``deskpulse.toml, line 7: schedules.office.monday``."""
        full: Key = (*self.key, key) if key else self.key
        known = next((full[:size] for size in range(len(full), 0, -1) if full[:size] in self.lines), None)
        line = f", line {self.lines[known]}" if known else ""
        return f"{self.path}{line}" + (f": {_written(full)}" if full else "")

    def fail(self, key: str | None, message: object) -> NoReturn:
        """Raises SettingsError with file, line and key before the message."""
        raise SettingsError(f"{self.place(key)}: {message}") from None

    def only(self, known: Collection[str]) -> None:
        """Refuses keys that mean nothing here."""
        for key in self.values:
            if key not in known:
                self.fail(key, UnknownNameError("setting here", key, known))

    def section(self, key: str) -> Section:
        """A table within; empty where it is missing."""
        values = self._typed(key, dict, "table", {})
        return Section(path=self.path, lines=self.lines, key=(*self.key, key), values=values)

    def sections(self, key: str) -> tuple[Section, ...]:
        """Each table of a list of tables."""
        tables = self._typed(key, list, "list of tables: write [[...]] above each", [])
        if not all(isinstance(table, dict) for table in tables):
            self.fail(key, f"expects tables. Write [[{key}]] above each.")
        return tuple(
            Section(path=self.path, lines=self.lines, key=(*self.key, key, n), values=table)
            for n, table in enumerate(tables)
        )

    def text(self, key: str) -> str | None:
        """A text that is not empty; null where it is missing."""
        value: str | None = self._typed(key, str, 'text in quotes, like "..."', None)
        if value is not None and not value.strip():
            self.fail(key, "is empty. Write a value or leave the line out.")
        return value

    def needed(self, key: str, example: str) -> str:
        """A text that must be there."""
        value = self.text(key)
        if value is None:
            self.fail(None, f"'{key}' is missing. Add {key} = \"{example}\".")
        return value

    def short_name(self, key: str, example: str) -> str:
        """A text that must be there and can be part of an address or of a file's name."""
        name = self.needed(key, example)
        if not NAME.fullmatch(name):
            self.fail(key, f"'{name}' will not do: use small letters, digits, '-' and '_'.")
        return name

    def count(self, key: str, default: int) -> int:
        """A whole number of 1 or more."""
        value = self._typed(key, int, "whole number", default)
        if isinstance(value, bool) or value < 1:
            self.fail(key, "expects a whole number of 1 or more.")
        return int(value)

    def choice(self, key: str, choices: tuple[str, ...], default: str | None = None) -> Any:
        """One of a few words."""
        value = self.text(key) or default
        if value is None:
            self.fail(None, f"'{key}' is missing. Add {key} = \"{choices[0]}\".")
        if value not in choices:
            self.fail(key, UnknownNameError("choice", value, choices))
        return value

    def texts(self, key: str) -> list[str]:
        """A list of texts."""
        values = self._typed(key, list, 'list like ["...", "..."]', [])
        if not all(isinstance(value, str) for value in values):
            self.fail(key, 'expects a list of texts in quotes, like ["...", "..."].')
        return list(values)

    def day(self, key: str) -> date | None:
        """A date, bare or in quotes; null where it is missing."""
        return self.as_day(key, self.values[key]) if key in self.values else None

    def as_day(self, key: str, value: object) -> date:
        """A TOML date or the text of one."""
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return date.fromisoformat(str(value).strip())
        except ValueError:
            self.fail(key, f"'{value}' is not a date. Write 2026-12-25.")

    def parsed(self, key: str, parse: Any, *values: Any) -> Any:
        """``parse(*values)``, its errors told with the key's place."""
        try:
            return parse(*values)
        except DeskpulseError as error:
            self.fail(key, error)

    def _typed(self, key: str, kind: type, expected: str, default: Any) -> Any:
        value = self.values.get(key, default)
        if value is not default and not isinstance(value, kind):
            self.fail(key, f"'{value}' will not do: expects a {expected}.")
        return value


def _written(key: Iterable[str | int]) -> str:
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in key).lstrip(".")

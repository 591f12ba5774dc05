"""Which systems are read over their APIs, and how often. Their secrets are no settings."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deskpulse.settings.document import Section
from deskpulse.units import parse_duration

KEYS = ("name", "connector", "every", "options", "keep_pages_days")
SECRET = re.compile(r"(^|_)(token|secret|password|api_?key|key)$")
SHORTEST = 1


@dataclass(frozen=True, kw_only=True)
class Source:
    """A system that is read over its API. ``connector`` is how, ``options`` what that needs to know.

    ``every`` is the seconds between two syncs of ``deskpulse serve``; null: only when asked. ``keep_pages_days`` is how
    long pages are kept as they came; null: for ever.
    """

    name: str
    connector: str
    every: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    keep_pages_days: int | None = None
    place: str = ""


def read_sources(tables: tuple[Section, ...]) -> tuple[Source, ...]:
    """The list ``[[sources]]``; raises SettingsError, also where an option looks like a secret."""
    found: dict[str, Source] = {}
    for table in tables:
        source = _source(table)
        if source.name in found:
            table.fail("name", f"'{source.name}' is taken by another source. Choose another name.")
        found[source.name] = source
    return tuple(found.values())


def _source(table: Section) -> Source:
    table.only(KEYS)
    name = table.short_name("name", "zendesk")
    days = table.count("keep_pages_days", 0) if "keep_pages_days" in table.values else None
    return Source(
        name=name,
        connector=table.text("connector") or name,
        every=_every(table),
        options=_options(table.section("options"), name),
        keep_pages_days=days,
        place=table.place(),
    )


def _every(table: Section) -> int | None:
    words = table.text("every")
    if words is None:
        return None
    seconds: int = table.parsed("every", parse_duration, words)
    if seconds < SHORTEST:
        table.fail("every", f"'{words}' is too often. Write '1s' or more.")
    return seconds


def _options(options: Section, source: str) -> Mapping[str, Any]:
    for key, value in options.values.items():
        if SECRET.search(key.lower()) and isinstance(value, str):
            told = "looks like a secret, which no file should hold. Remove it and type: deskpulse connect"
            options.fail(key, f"{told} {source}")
    return options.values


def source_lines(source: Source, every: str | None, options: Mapping[str, Any]) -> str:
    """The lines that declare a source in ``deskpulse.toml``; options without a value are left out."""
    lines = [f"name = {_quoted(source.name)}", f"connector = {_quoted(source.connector)}"]
    lines += [f"every = {_quoted(every)}"] if every else []
    given = ", ".join(f"{name} = {_quoted(value)}" for name, value in options.items() if value != "")
    lines += [f"options = {{ {given} }}"] if given else []
    return "\n".join(("\n[[sources]]", *lines, ""))


def _quoted(value: Any) -> str:
    return json.dumps(str(value), ensure_ascii=False)  # JSON's quoting is TOML's

"""Surveys that deskpulse itself sends out: the question, its scale, and how long and how often somebody is asked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from deskpulse.settings.document import Section
from deskpulse.settings.survey_words import ENGLISH, OF_KIND, OF_PAGE, usual_words

KEYS = ("kind", "scale", "language", "expires_days", "throttle_days", *OF_KIND, *OF_PAGE)
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
EXPIRES_DAYS, THROTTLE_DAYS = 30, 30


SCALES: Mapping[str, tuple[str, ...]] = {
    "csat": ("1-5", "0-1", "1-3", "1-7", "1-10"),
    "nps": ("0-10",),
    "ces2": ("1-7", "1-5"),
}
"""The kinds of surveys that can be sent, each with its scales, the usual one first."""


@dataclass(frozen=True, kw_only=True)
class Survey:
    """A survey. ``low`` and ``high`` end its scale; its links are good for ``expires_days``; nobody is asked again,
    by any survey of the workspace, within ``throttle_days``."""

    name: str
    kind: str
    question: str
    low: int
    high: int
    lowest: str
    highest: str
    comment: str
    send: str
    thanks: str
    change: str
    language: str = ENGLISH
    expires_days: int = EXPIRES_DAYS
    throttle_days: int = THROTTLE_DAYS

    @property
    def scores(self) -> range:
        """Every answer there is to choose from, as an e-mail offers them."""
        return range(self.low, self.high + 1)


def read_surveys(document: Section) -> Mapping[str, Survey]:
    """The surveys by name, in sections ``[surveys.NAME]``; raises SettingsError with line and key."""
    tables = document.section("surveys")
    for name, value in tables.values.items():
        if not isinstance(value, dict):
            tables.fail(name, f"is no table. Write [surveys.{name}] above the survey's lines.")
        if not NAME.fullmatch(name):
            tables.fail(name, "is part of addresses: write it in small letters, digits, '-' and '_', 40 at most.")
    return {name: _survey(name, tables.section(name)) for name in tables.values}


def _survey(name: str, table: Section) -> Survey:
    table.only(KEYS)
    kind = table.choice("kind", tuple(SCALES))
    low, _, high = table.choice("scale", SCALES[kind], SCALES[kind][0]).partition("-")
    language = table.text("language") or ENGLISH
    own = {key: text for key in (*OF_KIND, *OF_PAGE) if (text := table.text(key))}
    words = {**usual_words(kind, language), **own}
    if missing := [key for key in (*OF_KIND, *OF_PAGE) if key not in words]:
        table.fail("language", f"'{language}' is known to you alone: write {', '.join(missing)} in it too.")
    return Survey(
        name=name,
        kind=kind,
        low=int(low),
        high=int(high),
        language=language,
        expires_days=table.count("expires_days", EXPIRES_DAYS),
        throttle_days=table.count("throttle_days", THROTTLE_DAYS),
        **words,
    )


def survey_lines(name: str, kind: str, **texts: str | int | None) -> str:
    """The lines that declare a survey in ``deskpulse.toml``, with its question to edit."""
    usual = usual_words(kind, str(texts.get("language") or ENGLISH))
    chosen = {"kind": kind, "question": usual.get("question")} | texts
    written = {key: value for key, value in chosen.items() if value is not None}
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in written.items())
    return "\n".join((f"\n[surveys.{name}]", *lines, ""))

"""Surveys that deskpulse itself sends out: the question, its scale, and how long and how often somebody is asked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from deskpulse.settings.document import Section

TEXTS = ("question", "lowest", "highest", "comment", "send", "thanks", "change", "language")
KEYS = ("kind", "scale", "expires_days", "throttle_days", *TEXTS)
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
EXPIRES_DAYS, THROTTLE_DAYS = 30, 30


@dataclass(frozen=True, kw_only=True)
class SurveyKind:
    """A standard question: its words, its scales (the usual one first), and what their ends are called.

    Sources of the wordings: Reichheld, Harvard Business Review 81 (2003) 12 for the recommendation; Dixon, Ponomareff,
    Turner and DeLisi, The Effortless Experience (2013) for ease.
    """

    question: str
    scales: tuple[str, ...]
    lowest: str
    highest: str


KINDS: Mapping[str, SurveyKind] = {
    "csat": SurveyKind(
        question="How satisfied are you with the help you got?",
        scales=("1-5", "0-1", "1-3", "1-7", "1-10"),
        lowest="Very dissatisfied",
        highest="Very satisfied",
    ),
    "nps": SurveyKind(
        question="How likely are you to recommend us to a friend or colleague?",
        scales=("0-10",),
        lowest="Not at all likely",
        highest="Extremely likely",
    ),
    "ces2": SurveyKind(
        question="The company made it easy for me to handle my issue.",
        scales=("1-7", "1-5"),
        lowest="Strongly disagree",
        highest="Strongly agree",
    ),
}


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
    comment: str = "Would you like to tell us more?"
    send: str = "Send"
    thanks: str = "Thank you. Your answer has been recorded."
    change: str = "Change the answer"
    language: str = "en"
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
    kind = table.choice("kind", tuple(KINDS))
    usual = KINDS[kind]
    low, _, high = table.choice("scale", usual.scales, usual.scales[0]).partition("-")
    return Survey(
        name=name,
        kind=kind,
        low=int(low),
        high=int(high),
        question=table.text("question") or usual.question,
        lowest=table.text("lowest") or usual.lowest,
        highest=table.text("highest") or usual.highest,
        expires_days=table.count("expires_days", EXPIRES_DAYS),
        throttle_days=table.count("throttle_days", THROTTLE_DAYS),
        **{key: text for key in ("comment", "send", "thanks", "change", "language") if (text := table.text(key))},
    )


def survey_lines(name: str, kind: str, **texts: str | int | None) -> str:
    """The lines that declare a survey in ``deskpulse.toml``, with its question to edit."""
    usual = KINDS.get(kind)
    chosen = {"kind": kind, "question": usual.question if usual else None} | texts
    written = {key: value for key, value in chosen.items() if value is not None}
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in written.items())
    return "\n".join((f"\n[surveys.{name}]", *lines, ""))

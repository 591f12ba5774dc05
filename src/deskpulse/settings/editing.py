"""Targets and scorecards changed in the text of ``deskpulse.toml``: its comments and all the rest stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import tomlkit
from tomlkit.items import AoT, Table

from deskpulse.errors import UnknownNameError
from deskpulse.settings.goals import BOUNDS, FORMULA, TARGET_CONDITIONS, VALIDITY

TARGETS, SCORECARDS = "kpi_targets", "scorecards"
LEAST, MOST, BETWEEN = BOUNDS
TARGET_FIELDS = (*FORMULA, LEAST, MOST, *TARGET_CONDITIONS, *VALIDITY)
SCORECARD_FIELDS = ("title", "goal", "kpis", "compare")
Fields = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Goals:
    """The targets in their order and the scorecards by name, each field as the text people write."""

    targets: tuple[Fields, ...]
    scorecards: Mapping[str, Fields]


def goals(text: str) -> Goals:
    """What the text of a settings file says of targets and scorecards."""
    document = tomlkit.parse(text).unwrap()
    cards = document.get(SCORECARDS, {})
    return Goals(
        targets=tuple(_target_fields(one) for one in document.get(TARGETS, ())),
        scorecards={name: _fields(card, SCORECARD_FIELDS) for name, card in cards.items()},
    )


def _target_fields(values: Mapping[str, Any]) -> Fields:
    bounds = values.get(BETWEEN)
    pair = dict(zip((LEAST, MOST), bounds, strict=False)) if isinstance(bounds, list) else {}
    return _fields({**values, **pair}, TARGET_FIELDS)


def _fields(values: Mapping[str, Any], names: Sequence[str]) -> Fields:
    return {name: _written(values.get(name)) for name in names}


def _written(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    return "" if value is None else str(value)


def with_target(text: str, fields: Fields, position: int | None = None) -> str:
    """The text with a target more, or with the one at ``position`` (from 0) changed. Empty fields are left out."""
    document = tomlkit.parse(text)
    table = tomlkit.table() if position is None else _target(document, position)
    values = {name: _value(name, fields.get(name, "")) for name in TARGET_FIELDS}
    if table.get(BETWEEN) is not None:
        _keep_between(table, values)
    _fill(table, values)
    if position is None:
        _targets(document).append(table)
    return tomlkit.dumps(document)


def _keep_between(table: Table, values: dict[str, Any]) -> None:
    """A target written as ``between`` stays so while it has both bounds."""
    if values[LEAST] is not None and values[MOST] is not None:
        pair = [values[LEAST], values[MOST]]
        if list(table[BETWEEN].unwrap()) != pair:
            table[BETWEEN] = pair
        values[LEAST] = values[MOST] = None
    else:
        del table[BETWEEN]


def without_target(text: str, position: int) -> str:
    """The text without the target at ``position``; raises UnknownNameError."""
    document = tomlkit.parse(text)
    _target(document, position)
    del _targets(document)[position]
    return tomlkit.dumps(document)


def _targets(document: tomlkit.TOMLDocument) -> AoT:
    if TARGETS not in document:
        document.append(TARGETS, tomlkit.aot())
    found = document[TARGETS]
    assert isinstance(found, AoT)
    return found


def _target(document: tomlkit.TOMLDocument, position: int) -> Table:
    known = document.get(TARGETS) or []
    if not 0 <= position < len(known):
        raise UnknownNameError("target", str(position), (str(number) for number in range(len(known))))
    found = known[position]
    assert isinstance(found, Table)
    return found


def with_scorecard(text: str, name: str, fields: Fields) -> str:
    """The text with the scorecard called ``name`` as given; it is added where there is none."""
    document = tomlkit.parse(text)
    if SCORECARDS not in document:
        document.append(SCORECARDS, tomlkit.table(is_super_table=True))
    cards = document[SCORECARDS]
    assert isinstance(cards, Table)
    is_new = name not in cards
    table = tomlkit.table() if is_new else cards[name]
    assert isinstance(table, Table)
    _fill(table, {name: _value(name, fields.get(name, "")) for name in SCORECARD_FIELDS})
    if is_new:
        cards.append(name, table)
    return tomlkit.dumps(document)


def without_scorecard(text: str, name: str) -> str:
    """The text without the scorecard called ``name``; raises UnknownNameError."""
    document = tomlkit.parse(text)
    known = document.get(SCORECARDS) or {}
    if name not in known:
        raise UnknownNameError("scorecard of your own", name, known)
    del known[name]
    return tomlkit.dumps(document)


def _fill(table: Table, values: Mapping[str, Any]) -> None:
    """Only what differs is written, so that the comment behind a value that stays is not touched."""
    for name, value in values.items():
        known = table.get(name)
        if value is None:
            if known is not None:
                del table[name]
        elif known is None or known.unwrap() != value:
            table[name] = value


def _value(name: str, text: str) -> Any:
    words = text.strip()
    if not words:
        return None
    if name == "kpis":
        return [one.strip() for one in words.replace(",", "\n").splitlines() if one.strip()]
    if name in VALIDITY:
        return _day(words)
    return _number(words) if name in (LEAST, MOST) else words


def _number(words: str) -> float | int | str:
    for kind in (int, float):
        try:
            return kind(words)
        except ValueError:
            continue
    return words


def _day(words: str) -> date | str:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return words

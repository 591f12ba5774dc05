"""A mapping says what the columns of a file mean. It is TOML, so that people can edit what ``--guess`` proposes.

Three shapes: ``ticket`` (one row per ticket), ``event`` (one row per event, or per update with the state after it) and
``table`` (one row per row of a canonical table, whose columns the meanings are).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, get_args
from zoneinfo import available_timezones

from deskpulse.connectors.guess import guess
from deskpulse.connectors.instants import FORMATS
from deskpulse.connectors.meanings import ACTIVITIES, EVENT_MEANINGS, TICKET_MEANINGS, Meaning
from deskpulse.connectors.tables import TABLE_NAMES, required_columns, table_called, table_meanings
from deskpulse.errors import InputError

__all__ = ["NULL_WORDS", "MappedColumn", "Mapping", "guess", "load_mapping", "parse_mapping"]

_KEYS = {"shape", "table", "sheet", "zone", "null", "columns", "activities", "constants"}
NULL_WORDS = ("", "?", "N/A", "NA", "-", "null", "1970-01-01T00:00:00Z")
Shape = Literal["ticket", "event", "table"]
SHAPES: tuple[Shape, ...] = get_args(Shape)


@dataclass(frozen=True, kw_only=True)
class MappedColumn:
    """What one column of the file means and how its values are written."""

    header: str
    meaning: Meaning
    formats: tuple[str, ...] = ("iso",)
    zone: str = "UTC"
    null_words: frozenset[str] = frozenset(NULL_WORDS)
    values: Map[str, str] = field(default_factory=dict)
    scale: tuple[float, float] | None = None
    is_optional: bool = False


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """A file's shape and its columns by meaning; ``origin`` is named in errors.

    ``table`` is the canonical table of the shape ``table``; ``sheet`` the sheet of a workbook, else its first.
    """

    origin: str
    shape: Shape
    columns: Map[str, MappedColumn]
    constants: Map[str, str] = field(default_factory=dict)
    table: str | None = None
    sheet: str | None = None

    @property
    def required(self) -> tuple[str, ...]:
        """The meanings no row can do without."""
        if self.table:
            return required_columns(self.table)
        return ("ticket", "created_at") if self.shape == "ticket" else ("ticket", "at")

    def has(self, meaning: str) -> bool:
        """Whether a column of the file carries ``meaning``."""
        return meaning in self.columns


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file; raises InputError that names the file, the key and the remedy."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as cause:
        raise InputError(f"The mapping {path} cannot be read ({cause}): it must be a file of UTF-8 text.") from None
    return parse_mapping(text, origin=str(path))


def parse_mapping(text: str, *, origin: str) -> Mapping:
    """Check and return the mapping that ``text`` (TOML) describes; raises InputError."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        raise InputError(f"{origin} is not TOML: {cause}.") from None
    _known_keys(raw, _KEYS, origin, "the mapping")
    shape = next(known for known in SHAPES if known == _choice(raw.get("shape"), SHAPES, f"{origin}: shape"))
    table = _table(raw, shape, origin)
    columns = _columns(raw, _known_meanings(shape, table), origin)
    mapping = Mapping(
        origin=origin,
        shape=shape,
        columns=columns,
        constants=_constants(raw, _known_meanings(shape, table), columns, origin),
        table=table,
        sheet=_sheet(raw.get("sheet"), origin),
    )
    _check_needed(mapping)
    return mapping


def _table(raw: dict[str, Any], shape: str, origin: str) -> str | None:
    """The canonical table a file of the shape ``table`` holds, named in the singular or the plural."""
    name = raw.get("table")
    if (name is not None) != (shape == "table"):
        raise InputError(f"{origin}: 'table' goes with shape = \"table\" and with no other: write both or neither.")
    found = None if name is None else table_called(str(name))
    if name is not None and found is None:
        raise InputError(f"{origin}: there is no table '{name}'. {_near(str(name), set(TABLE_NAMES.values()))}")
    return found


def _known_meanings(shape: str, table: str | None) -> Map[str, Meaning]:
    if table is not None:
        return table_meanings(table)
    return TICKET_MEANINGS if shape == "ticket" else EVENT_MEANINGS


def _sheet(value: Any, origin: str) -> str | None:
    if value is not None and not isinstance(value, str):
        raise InputError(f"{origin}: sheet is {value!r}: write the name of a sheet of the workbook.")
    return value


def _known_keys(table: Map[str, Any], known: set[str], origin: str, where: str) -> None:
    for key in table:
        if key not in known:
            raise InputError(f"{origin}: {where} has an unknown key '{key}'. {_near(key, known)}")


def _near(name: str, known: Map[str, Any] | set[str]) -> str:
    near = get_close_matches(name, sorted(known), n=1)
    return f"Did you mean '{near[0]}'?" if near else f"Known: {', '.join(sorted(known))}."


def _choice(value: Any, known: tuple[str, ...], where: str) -> str:
    if not isinstance(value, str) or value not in known:
        raise InputError(f"{where} is {value!r}: write one of {', '.join(known)}.")
    return value


def _columns(raw: dict[str, Any], known: Map[str, Meaning], origin: str) -> dict[str, MappedColumn]:
    found: dict[str, MappedColumn] = {}
    tables = raw.get("columns")
    if not isinstance(tables, dict) or not tables:
        raise InputError(f'{origin} maps no column: add [columns."NAME IN THE FILE"] with a meaning.')
    for header, table in tables.items():
        column = _column(header, table, raw, known, origin)
        if column.meaning.name in found:
            other = found[column.meaning.name].header
            raise InputError(f"{origin}: columns '{other}' and '{header}' both mean '{column.meaning.name}': keep one.")
        found[column.meaning.name] = column
    return found


def _column(header: str, table: Any, raw: dict[str, Any], meanings: Map[str, Meaning], origin: str) -> MappedColumn:
    where = f"{origin}: column '{header}'"
    if isinstance(table, str):
        table = {"meaning": table}
    if not isinstance(table, dict):
        raise InputError(f"{where} is {table!r}: write what it means.")
    known = {"meaning", "type", "format", "zone", "null", "values", "scale", "optional"}
    _known_keys(table, known, origin, f"column '{header}'")
    meaning = _meaning(table.get("meaning"), meanings, where)
    if table.get("type", meaning.type) != meaning.type:
        wrong = table["type"]
        raise InputError(f"{where}: '{meaning.name}' is of type '{meaning.type}', not '{wrong}': drop the type.")
    return MappedColumn(
        header=header.strip(),
        meaning=meaning,
        formats=_formats(table.get("format", "iso"), where),
        zone=_zone(table.get("zone", raw.get("zone", "UTC")), where),
        null_words=_null_words(table.get("null", raw.get("null", NULL_WORDS)), where),
        values=_activities(raw, origin)
        if meaning.name == "activity"
        else _values(table.get("values", {}), meaning, where),
        scale=_scale(table.get("scale"), where),
        is_optional=table.get("optional", False) is True,
    )


def _meaning(name: Any, known: Map[str, Meaning], where: str) -> Meaning:
    if not isinstance(name, str) or name not in known:
        raise InputError(f"{where}: a row of this shape has no meaning '{name}'. {_near(str(name), known)}")
    return known[name]


def _formats(value: Any, where: str) -> tuple[str, ...]:
    formats = tuple(value) if isinstance(value, list) else (value,)
    for form in formats:
        if not isinstance(form, str) or (form not in FORMATS and "%" not in form):
            known = ", ".join(FORMATS)
            raise InputError(f"{where}: format {form!r} is none of {known} nor a pattern like '%d/%m/%Y %H:%M'.")
    return formats


def _zone(value: Any, where: str) -> str:
    if not isinstance(value, str) or value not in available_timezones():
        near = [*get_close_matches(str(value), sorted(available_timezones()), n=1), "Europe/Rome"]
        raise InputError(f"{where}: no time zone is called '{value}'. Write one like '{near[0]}'.")
    return value


def _null_words(value: Any, where: str) -> frozenset[str]:
    if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
        raise InputError(f'{where}: null is {value!r}: write a list of words, such as ["", "?"].')
    return frozenset(word.strip().lower() for word in (*value, ""))


def _values(value: Any, meaning: Meaning, where: str) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(new, str | int | float | bool) for new in value.values()):
        raise InputError(f'{where}: values is {value!r}: write a table like {{ Open = "open" }}.')
    mapped = {str(old).strip().lower(): _word(new) for old, new in value.items()}
    for new in mapped.values():
        if meaning.one_of and new not in (*meaning.one_of, ""):
            raise InputError(f"{where}: '{new}' is no {meaning.name}: write one of {', '.join(meaning.one_of)}.")
    return mapped


def _word(value: str | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _scale(value: Any, where: str) -> tuple[float, float] | None:
    if value is None:
        return None
    match value:
        case [int() | float() as low, int() | float() as high] if low < high:
            return float(low), float(high)
    raise InputError(f"{where}: scale is {value!r}: write the lowest and the highest answer, such as [1, 5].")


def _activities(raw: dict[str, Any], origin: str) -> dict[str, str]:
    table = raw.get("activities", {})
    if not isinstance(table, dict):
        raise InputError(f"{origin}: activities is {table!r}: write a table, [activities].")
    for name, effect in table.items():
        _choice(effect, ACTIVITIES, f"{origin}: activity '{name}'")
    return {str(name).strip().lower(): effect for name, effect in table.items()}


def _constants(
    raw: dict[str, Any], known: Map[str, Meaning], columns: Map[str, MappedColumn], origin: str
) -> dict[str, str]:
    table = raw.get("constants", {})
    if not isinstance(table, dict):
        raise InputError(f"{origin}: constants is {table!r}: write a table, [constants].")
    for name, value in table.items():
        meaning = _meaning(name, known, f"{origin}: constant '{name}'")
        if name in columns or meaning.type != "text" or not isinstance(value, str):
            raise InputError(f"{origin}: constant '{name}' must be a text that no column gives.")
        if meaning.one_of:
            _choice(value, meaning.one_of, f"{origin}: constant '{name}'")
    return dict(table)


def _check_needed(mapping: Mapping) -> None:
    for name in mapping.required:
        if not mapping.has(name) and name not in mapping.constants:
            row = f"row of '{mapping.table}'" if mapping.table else f"{mapping.shape} row"
            raise InputError(f"{mapping.origin}: no column means '{name}': every {row} needs one.")
    if mapping.table:
        return
    if mapping.has("rating") and not mapping.columns["rating"].scale:
        raise InputError(f"{mapping.origin}: 'rating' needs a scale, such as [1, 5]; for good and bad [0, 1].")
    for one, other in (("field", "new"), ("new", "field")):
        if mapping.has(one) and not mapping.has(other):
            raise InputError(f"{mapping.origin}: '{one}' needs a column that means '{other}'.")
    if mapping.has("activity") and not mapping.columns["activity"].values:
        raise InputError(f"{mapping.origin}: say what each activity does in [activities]: {', '.join(ACTIVITIES)}.")

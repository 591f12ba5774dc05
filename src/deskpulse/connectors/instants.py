"""Dates as people's systems write them, read a column at a time: only the distinct values are parsed.

Formats: ``iso``; ``epoch`` and ``epoch_ms`` (seconds, milliseconds since 1970); ``excel`` (days since 30 December
1899); or a pattern of ``strptime`` such as ``%d/%m/%Y %H:%M``. The result is UTC without a zone, in whole seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

INSTANT = pa.timestamp("us")
FORMATS = ("iso", "epoch", "epoch_ms", "excel")
_PLAIN = {"Y", "m", "d", "H", "M", "S"}
_EXCEL_DAY_ZERO = -25569 * 86400  # 1899-12-30, in seconds since 1970
_FIRST, _LAST = datetime(1900, 1, 1), datetime(2200, 1, 1)
_ISO = r"^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}:\d{2}(\.\d{1,6})?)?$"
_ISO_UTC = r"^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$"
_NUMBER = r"^-?\d{1,15}(\.\d+)?$"


def parse_instants(texts: pa.Array, formats: Iterable[str], zone: str) -> pa.Array:
    """Instants of ``texts`` by the first of ``formats`` that fits; null where none does (or the text is null).

    ``zone`` (IANA) is where the clock hung that wrote dates without an offset; in the hour that happens twice the first
    is meant, in the hour that is left out the end of the gap.
    """
    distinct = pc.dictionary_encode(texts)
    values = distinct.dictionary.cast(pa.string())
    found = pa.nulls(len(values), INSTANT)
    for form in formats:
        left = pc.if_else(pc.is_null(found), values, pa.scalar(None, pa.string()))
        found = pc.coalesce(found, _sane(_READERS.get(form, _by_pattern(form))(left, zone)))
        if found.null_count == values.null_count:
            break
    return found.take(distinct.indices)


def _sane(instants: pa.Array) -> pa.Array:
    """Whole seconds between 1900 and 2200: what lies outside is a misread number, not a date."""
    first, last = pa.scalar(_FIRST, INSTANT), pa.scalar(_LAST, INSTANT)
    inside = pc.and_(pc.greater_equal(instants, first), pc.less(instants, last))
    kept = pc.if_else(inside, instants, pa.scalar(None, INSTANT))
    return pc.floor_temporal(kept, unit="second").cast(INSTANT)


def _to_utc(local: pa.Array, zone: str) -> pa.Array:
    if zone == "UTC":
        return local
    placed = pc.assume_timezone(local, zone, ambiguous="earliest", nonexistent="latest")
    return placed.cast(pa.timestamp("us", "UTC")).cast(INSTANT)


def _where(mask: pa.Array, values: pa.Array) -> pa.Array:
    return pc.if_else(mask, values, pa.scalar(None, values.type))


def _iso(values: pa.Array, zone: str) -> pa.Array:
    in_utc = _cast_text(pc.utf8_rtrim(_where(pc.match_substring_regex(values, _ISO_UTC), values), characters="Z"))
    if in_utc.null_count == values.null_count:
        return in_utc
    plain = _cast_text(_where(pc.match_substring_regex(values, _ISO), values))
    return pc.coalesce(_to_utc(plain, zone), in_utc, _one_by_one(values, [plain, in_utc], datetime.fromisoformat, zone))


def _cast_text(values: pa.Array) -> pa.Array:
    try:
        return values.cast(INSTANT)
    except pa.ArrowInvalid:  # a day that does not exist, such as 2024-02-30: left to the reader that tells which
        return pa.nulls(len(values), INSTANT)


def _one_by_one(values: pa.Array, done: list[pa.Array], parse: Callable[[str], datetime], zone: str) -> pa.Array:
    """The values no fast reader understood, through Python's own parser."""
    known = pc.is_valid(pc.coalesce(*done)) if done else pa.array(np.zeros(len(values), bool))
    texts = pc.if_else(known, pa.scalar(None, pa.string()), values).to_pylist()
    read = [None if text is None else _parsed(parse, text) for text in texts]
    local = pa.array([moment if moment and not moment.tzinfo else None for moment in read], INSTANT)
    placed = pa.array([_in_utc(moment) if moment and moment.tzinfo else None for moment in read], INSTANT)
    return pc.coalesce(placed, _to_utc(local, zone))


def _parsed(parse: Callable[[str], datetime], text: str) -> datetime | None:
    try:
        return parse(text)
    except (ValueError, OverflowError):
        return None


def _in_utc(moment: datetime) -> datetime | None:
    try:
        return moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:  # the first or last day there is
        return None


def _by_pattern(pattern: str) -> Callable[[pa.Array, str], pa.Array]:
    def read(values: pa.Array, zone: str) -> pa.Array:
        def parse(text: str) -> datetime:
            return datetime.strptime(text, pattern)

        directives = {part[0] for part in pattern.split("%")[1:] if part}
        if not directives <= _PLAIN:
            return _one_by_one(values, [], parse, zone)
        quick = pc.strptime(values, format=pattern, unit="us", error_is_null=True)
        quick = _where(pc.greater(pc.day(quick), 3), quick)  # the fast parser reads 31 February as 2 March
        return pc.coalesce(_to_utc(quick, zone), _one_by_one(values, [quick], parse, zone))

    return read


def _number(scale: float, shift: int, is_local: bool) -> Callable[[pa.Array, str], pa.Array]:
    def read(values: pa.Array, zone: str) -> pa.Array:
        numbers = _where(pc.match_substring_regex(values, _NUMBER), values).cast(pa.float64())
        seconds = pc.add(pc.round(pc.multiply(numbers, scale), 3 if not is_local else 0), float(shift))
        micros = pc.round(pc.multiply(_where(pc.less(pc.abs(seconds), 1e11), seconds), 1e6)).cast(pa.int64())
        instants = micros.cast(INSTANT)
        return _to_utc(instants, zone) if is_local else instants

    return read


_READERS: dict[str, Callable[[pa.Array, str], pa.Array]] = {
    "iso": _iso,
    "epoch": _number(1.0, 0, False),
    "epoch_ms": _number(0.001, 0, False),
    "excel": _number(86400.0, _EXCEL_DAY_ZERO, True),
}

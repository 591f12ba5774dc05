"""Between instants and local time. Instants are naive datetimes in UTC; an epoch is their whole seconds since 1970."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from deskpulse.errors import UnknownNameError

OffsetPieces = tuple[tuple[int | None, int], ...]
EPOCH = datetime(1970, 1, 1)
DAY = 86_400
# In the tz database (2026f) no two changes after 1970 are less than 6.9 days apart.
STEP = 3 * DAY


@lru_cache(maxsize=128)
def zone_info(name: str) -> ZoneInfo:
    """The IANA time zone called ``name``; raises UnknownNameError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = get_close_matches(name, available_timezones(), n=1)
        raise UnknownNameError("time zone", name, near or ["names like Europe/London or UTC"]) from None


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """The IANA time zones there are, in order."""
    return tuple(sorted(available_timezones()))


def utc(instant: datetime) -> datetime:
    """The instant as a naive datetime in UTC; a naive one is taken to be in UTC already."""
    return instant.astimezone(UTC).replace(tzinfo=None) if instant.tzinfo else instant


def to_epoch(instant: datetime) -> int:
    """Whole seconds from 1970 to the instant, fractions dropped."""
    return (utc(instant) - EPOCH) // timedelta(seconds=1)


def from_epoch(seconds: int) -> datetime:
    """The instant that many seconds after 1970."""
    return EPOCH + timedelta(seconds=seconds)


def to_local(instant: datetime, zone: str) -> datetime:
    """The instant on the zone's wall clock, with its offset."""
    return utc(instant).replace(tzinfo=UTC).astimezone(zone_info(zone))


def to_utc(local: datetime, zone: str) -> datetime:
    """The first instant at which the zone's wall clock shows ``local`` (naive).

    A time the clock jumps over means the moment of the jump.
    """
    info = zone_info(zone)
    early, late = (utc(local.replace(tzinfo=info, fold=fold)) for fold in (0, 1))
    if early <= late:
        return early
    jump = offset_pieces(zone, late, early)[-1][0]
    assert jump is not None  # in a gap the offset changes between the two readings
    return from_epoch(jump)


def offset_at(zone: str, epoch: int) -> int:
    """Seconds the zone's wall clock is ahead of UTC."""
    offset = datetime.fromtimestamp(epoch, zone_info(zone)).utcoffset()
    return 0 if offset is None else offset // timedelta(seconds=1)


def offset_pieces(zone: str, start: datetime, end: datetime) -> OffsetPieces:
    """The zone's offsets from ``start`` to ``end``: (epoch from which it holds, seconds ahead of UTC).

    The first piece holds from the beginning, so its epoch is null. A change at ``end`` itself is included.
    """
    return _pieces(zone, to_epoch(start), to_epoch(end))


@lru_cache(maxsize=256)
def _pieces(zone: str, first: int, last: int) -> OffsetPieces:
    pieces: list[tuple[int | None, int]] = [(None, offset_at(zone, first))]
    for before in range(first, last, STEP):
        after = min(before + STEP, last)
        offset = offset_at(zone, after)
        if offset != pieces[-1][1]:
            pieces.append((_change(zone, before, after), offset))
    return tuple(pieces)


def _change(zone: str, before: int, after: int) -> int:
    """The first epoch with the offset of ``after``, the offset of ``before`` being another."""
    offset = offset_at(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        if offset_at(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after

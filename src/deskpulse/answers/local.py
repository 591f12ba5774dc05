"""A zone's wall clock in expressions, without a join: instants are shifted by the zone's offset, piece by piece."""

from __future__ import annotations

import ibis

from deskpulse.metrics.fact import Value
from deskpulse.time.zone import OffsetPieces, from_epoch

UNITS = {"hour": "h", "day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}
HOUR = 3600
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def local_time(instant: Value, pieces: OffsetPieces) -> Value:
    """What the wall clock shows at an instant."""
    return _piecewise(instant, [_shifted(instant, offset) for _, offset in pieces], pieces)


def bucket(instant: Value, grain: str, pieces: OffsetPieces) -> Value:
    """The bucket an instant lies in: for hours the instant (UTC) it starts at, else the local time it starts at.

    Hours stay apart where the clock shows the same hour twice, as in ``deskpulse.time.bucket``.
    """
    if grain != "hour":
        return local_time(instant, pieces).truncate(UNITS[grain])
    return _piecewise(instant, [_hour(instant, since, offset) for since, offset in pieces], pieces)


def _hour(instant: Value, since: int | None, offset: int) -> Value:
    fraction = offset % HOUR
    start = _shifted(_shifted(instant, fraction).truncate("h"), -fraction)
    return start if since is None or since % HOUR == -fraction % HOUR else ibis.greatest(start, from_epoch(since))


def _shifted(instant: Value, seconds: int) -> Value:
    if seconds == 0:
        return instant
    step = ibis.interval(seconds=abs(seconds))
    return instant + step if seconds > 0 else instant - step


def _piecewise(instant: Value, branches: list[Value], pieces: OffsetPieces) -> Value:
    until = [from_epoch(since) for since, _ in pieces[1:] if since is not None]
    if not until:
        return branches[0]
    cases = [(instant < end, branch) for end, branch in zip(until, branches[:-1], strict=True)]
    return ibis.cases(*cases, else_=branches[-1])

"""How often one caller may ask: a bucket of permits that fills up again."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from math import ceil

from deskpulse.errors import DeskpulseError
from deskpulse.language import composed

MOST_CALLERS = 10_000


class TooManyError(DeskpulseError):
    """One caller asks too often; ``seconds`` is how long to wait."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        told = composed(
            "Too many requests. Wait %(seconds)s s and try again, or ask for more at once.", seconds=seconds
        )
        super().__init__(told)


@dataclass(kw_only=True)
class _Bucket:
    permits: float
    at: float


class Rates:
    """``most`` requests at once per caller, then ``per_second``. Instants are seconds of any steady clock."""

    def __init__(self, *, most: int = 120, per_second: float = 10) -> None:
        self.most = most
        self.per_second = per_second
        self._buckets: dict[str, _Bucket] = {}
        self._lock = threading.Lock()

    def take(self, caller: str, at: float) -> None:
        """One request more; raises TooManyError."""
        with self._lock:
            bucket = self._buckets.pop(caller, None) or _Bucket(permits=self.most, at=at)
            permits = min(self.most, bucket.permits + (at - bucket.at) * self.per_second)
            is_free = permits >= 1
            self._buckets[caller] = _Bucket(permits=permits - 1 if is_free else permits, at=at)
            while len(self._buckets) > MOST_CALLERS:
                del self._buckets[next(iter(self._buckets))]
        if not is_free:
            raise TooManyError(ceil((1 - permits) / self.per_second))

"""Where a row of an answer leads: the period and the filters that only it is of, and how it was asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from deskpulse import catalog
from deskpulse.answers.answer import Answer, Row
from deskpulse.answers.profile import NONE
from deskpulse.metrics.measure import Ranking
from deskpulse.present.words import period_words
from deskpulse.time.bucket import next_bucket
from deskpulse.time.zone import to_local, to_utc

DAY = timedelta(days=1)
READINGS = ("statistic", "clock", "dated_by")
"""What a question may choose of how a variant is read."""


def proof(row: Row, answer: Answer) -> dict[str, str] | None:
    """The period (where the row has one of its own), what was asked for of its reading, and a value per dimension.

    Null where nobody may see the rows.
    """
    measure = catalog.kpi(answer.kpi).variant(answer.variant)
    if measure.least or isinstance(measure, Ranking):
        return None
    groups = {name: NONE if value is None else value for name, value in row.dimensions.items()}
    read = {name: chosen for name in READINGS if (chosen := getattr(answer.question, name))}
    return {**_period(row, answer), **read, **groups}


def _period(row: Row, answer: Answer) -> dict[str, str]:
    """The bucket by its name, or by its days where the question cuts it; an hour leads to its day."""
    grain, start = answer.question.grain, row.period_start
    if grain is None or start is None:
        return {}
    if grain == "hour":
        return {"period": start.strftime("%Y-%m-%d")}
    asked, zone = answer.question, answer.question.zone
    begin = to_utc(start.replace(tzinfo=None), zone)
    end = next_bucket(grain, begin, zone)
    if (asked.start and begin < asked.start) or (asked.end and end > asked.end):
        first, after = max(begin, asked.start or begin), min(end, asked.end or end)
        return {"period": f"{_day(first, zone)}..{_day(after - DAY / 2, zone)}"}
    return {"period": period_words(row, grain)}


def _day(instant: datetime, zone: str) -> str:
    return to_local(instant, zone).strftime("%Y-%m-%d")

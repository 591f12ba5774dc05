"""From what people write to a question."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TypedDict

from deskpulse.answers.question import Comparison, Filter, Grain, Question
from deskpulse.catalog import parted
from deskpulse.errors import QuestionError, UnknownNameError
from deskpulse.metrics.fact import Clock
from deskpulse.time.period import parse_instant, parse_period

Where = str | Sequence[str] | Mapping[str, str | Sequence[str]]


class Options(TypedDict, total=False):
    """What a question can be asked with; null is as good as absent.

    ``period`` is ``last-week``, ``2016-03``, ``all``...; or ``start`` (included) and ``end`` (not), text or a date in
    ``zone``, aware, or naive UTC. ``where`` is ``"channel=email,chat"``, ``"channel!=web"``, several of these, or a
    mapping. ``now`` is the instant up to which open clocks run. ``targets`` writes target and status to records.
    """

    variant: str | None
    by: str | Sequence[str] | None
    grain: Grain | None
    where: Where | None
    period: str | None
    start: datetime | date | str | None
    end: datetime | date | str | None
    statistic: str | None
    clock: Clock | None
    zone: str | None
    dated_by: str | None
    compare: Comparison | None
    now: datetime | date | str | None
    targets: bool | None


def question(kpi: str, options: Options, *, zone: str, as_of: datetime) -> Question:
    """The question as asked; ``zone`` and ``as_of`` stand in for a zone and a now that were not given.

    Raises UnknownNameError for an option there is none of: one that is spelled wrong would else be left out in silence.
    """
    for option in options:
        if option not in Options.__optional_keys__:
            raise UnknownNameError("option", option, Options.__optional_keys__)
    name, after_colon = parted(kpi)
    place = options.get("zone") or zone
    now = _instant(options.get("now"), place) or naive(as_of)
    start, end = _bounds(options, now=now, zone=place)
    return Question(
        kpi=name,
        variant=options.get("variant") or after_colon,
        by=_names(options.get("by") or ()),
        grain=options.get("grain"),
        where=filters(options.get("where") or ()),
        start=start,
        end=end,
        statistic=options.get("statistic"),
        clock=options.get("clock"),
        zone=place,
        dated_by=options.get("dated_by"),
        compare=options.get("compare"),
        now=now,
    )


def filters(where: Where) -> tuple[Filter, ...]:
    """``"channel=email,chat"``, ``"channel!=web"``, several of these, or ``{"channel": "email"}``.

    A value with a comma stands in quotes: ``'topic="Login, password"'``; in a mapping it is taken as it is.
    """
    if isinstance(where, Mapping):
        return tuple(
            Filter(dimension=name, values=(values,) if isinstance(values, str) else tuple(values))
            for name, values in where.items()
        )
    return tuple(_filter(text) for text in ((where,) if isinstance(where, str) else where))


def _filter(text: str) -> Filter:
    name, equals, values = text.partition("=")
    [listed] = csv.reader([values], skipinitialspace=True)
    chosen = tuple(value.strip() for value in listed if value.strip())
    dimension = name.strip().removesuffix("!").strip()
    if not (equals and dimension and chosen):
        raise QuestionError(
            "The filter '%(text)s' is not understood. Write it like channel=email,chat or channel!=web.", text=text
        )
    return Filter(dimension=dimension, values=chosen, negated=name.strip().endswith("!"))


def _names(names: str | Iterable[str]) -> tuple[str, ...]:
    several = (names,) if isinstance(names, str) else names
    return tuple(name.strip() for text in several for name in text.split(",") if name.strip())


def naive(instant: datetime) -> datetime:
    """Naive UTC with whole seconds, of an aware instant or one that is that already."""
    aware = instant.astimezone(UTC) if instant.tzinfo else instant
    return aware.replace(tzinfo=None, microsecond=0)


def _bounds(options: Options, *, now: datetime, zone: str) -> tuple[datetime | None, datetime | None]:
    period, start, end = options.get("period"), options.get("start"), options.get("end")
    if period and (start or end):
        raise QuestionError("A period and from/to were both given: keep one of them.")
    if period:
        whole = parse_period(period, now=now, zone=zone)
        return whole.start, whole.end
    return _instant(start, zone), _instant(end, zone)


def _instant(given: datetime | date | str | None, zone: str) -> datetime | None:
    if given is None:
        return None
    return naive(given) if isinstance(given, datetime) else parse_instant(str(given), zone)

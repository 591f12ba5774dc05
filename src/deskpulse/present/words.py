"""Numbers, durations, intervals, changes and periods as people read them.

Nothing for null: what has no value reads "no data", never 0. A median is called a median.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from deskpulse import catalog, units
from deskpulse.answers.answer import Answer, Row
from deskpulse.answers.question import Grain
from deskpulse.language import ENGLISH, declared, gettext, named, spoken, template, template_by_count
from deskpulse.metrics.measure import Census, Growth, LifetimeValue, Measure, Quotient, Retention, Total
from deskpulse.metrics.predicted import Expected
from deskpulse.time.zone import to_local

Verdict = Literal["better", "worse", "different", "not distinguishable", "unknown"]

NO_DATA = "no data"
NO_VALUE = "(none)"
STATISTIC_WORDS = {"p90": "90th percentile", "p95": "95th percentile", "score": "mean score"}
NOUNS = {
    "ticket": ("ticket", "tickets"),
    "reply": ("reply", "replies"),
    "span": ("ticket", "tickets"),  # only the backlog reads stretches, and at an instant a ticket has one
    "solve": ("solve", "solves"),
    "survey": ("survey", "surveys"),
    "review": ("review", "reviews"),
    "remark": ("text", "texts"),
    "engagement": ("answer", "answers"),
    "call": ("call", "calls"),
    "handle": ("call leg", "call legs"),
    "ring": ("call", "calls"),  # each is counted once, however often it rang
    "account": ("account", "accounts"),
    "account_month": ("account-month", "account-months"),
    "account_risk": ("account", "accounts"),
    "mrr_span": ("subscription", "subscriptions"),
    "spend_day": ("day of an item", "days of items"),
    "revenue_day": ("day of revenue", "days of revenue"),
    "article": ("article", "articles"),
    "agent_day": ("day of an agent", "days of agents"),
    "article_day": ("event", "events"),
    "visit": ("visit", "visits"),
    "contact": ("contact", "contacts"),
}
COMPARISON_WORDS = {"previous": "the period before", "last_year": "the same period last year"}
PERCENT = " %"


def measure_of(answer: Answer) -> Measure:
    """The formula an answer was made by."""
    return catalog.kpi(answer.kpi).variant(answer.variant)


def statistic_words(answer: Answer) -> str:
    """The statistic by its full name, with the clock where there are two."""
    words = STATISTIC_WORDS.get(answer.statistic, answer.statistic)
    words = declared("mean") if answer.statistic == "ratio" and answer.unit == "seconds" else declared(words)
    return gettext("%(statistic)s, business time", statistic=words) if answer.clock == "business" else words


def value_words(value: float | None, answer: Answer) -> str:
    """A value in the unit of its answer."""
    if value is None:
        return declared(NO_DATA)
    if answer.unit == "seconds":
        return units.format_duration(value)
    if answer.unit == "share":
        return units.format_share(value)
    if answer.unit == "net":
        return units.format_net(value)
    if answer.unit == "rank":
        return units.format_count(value)
    if answer.unit == "count" and answer.statistic in ("count", "total"):
        return units.format_count(round(value))
    return units.format_number(value)


def interval_words(row: Row, answer: Answer) -> str:
    """The 95 % interval; a limit that does not exist is said, and what is no sample has none."""
    if row.value is None or not is_sampled(measure_of(answer)):
        return ""
    if row.low is None and row.high is None:
        return gettext("too few for an interval") if row.n else ""
    if row.low is None:
        return gettext("up to %(value)s", value=value_words(row.high, answer))
    if row.high is None:
        return gettext("%(value)s or more", value=value_words(row.low, answer))
    low, high = value_words(row.low, answer), value_words(row.high, answer)
    return f"{low.removesuffix(PERCENT)}–{high}"


def is_sampled(measure: Measure) -> bool:
    """Whether a value can have an interval: a census, a sum and what is divided of them tell all there is."""
    if isinstance(measure, Quotient):
        return measure.varies_by is not None
    return not isinstance(measure, Census | Total | Growth | Expected)


def n_words(row: Row, answer: Answer) -> str:
    """The sample size with its noun."""
    measure = measure_of(answer)
    one, several = NOUNS["account" if isinstance(measure, Growth | LifetimeValue | Retention) else measure.fact.name]
    return f"{units.format_count(row.n)} {template_by_count(one, several, row.n)}"


def left_out_words(row: Row) -> str:
    """How many rows do not count, by reason."""
    return "; ".join(
        f"{units.format_count(count)} {declared(reason)}" for reason, count in row.left_out.items() if count
    )


def change_words(row: Row, answer: Answer) -> str:
    """The change with arrow and sign: points for shares, per cent for counts, the difference otherwise."""
    if row.value is None or row.previous is None:
        return ""
    difference = row.value - row.previous
    arrow = "▲" if difference > 0 else "▼" if difference < 0 else "="
    return f"{arrow} {_difference_words(difference, row.previous, answer)}"


def _difference_words(difference: float, previous: float, answer: Answer) -> str:
    if answer.unit in ("share", "net"):
        return units.format_points(difference)
    sign = "+" if difference > 0 else units.MINUS if difference < 0 else ""
    if answer.unit == "count" and previous:
        return f"{sign}{units.format_share(abs(difference / previous))}"
    return f"{sign}{value_words(abs(difference), answer)}"


def verdict(row: Row, answer: Answer) -> Verdict:
    """Whether the change is for the better, the worse, merely there, or not more than noise."""
    if row.value is None or row.previous is None or row.is_distinguishable is None:
        return "unknown"
    if not row.is_distinguishable:
        return "not distinguishable"
    better = catalog.kpi(answer.kpi).better_of(answer.variant)
    if better not in ("higher", "lower"):
        return "different"
    return "better" if (row.value > row.previous) == (better == "higher") else "worse"


def target_words(row: Row, answer: Answer) -> str:
    """The target that fits a row, in the unit of its answer."""
    if row.target is None:
        return ""
    least, most = row.target.at_least, row.target.at_most
    if least is not None and most is not None:
        return f"{value_words(least, answer).removesuffix(PERCENT)}–{value_words(most, answer)}"
    return f"≥ {value_words(least, answer)}" if least is not None else f"≤ {value_words(most, answer)}"


def period_words(row: Row, grain: Grain | None) -> str:
    """The bucket's name: 2016, 2016-Q2, 2016-03, 2016-W10, 2016-03-01 or 2016-03-01 14:00, as the language has it."""
    start = row.period_start
    if start is None or grain is None:
        return ""
    if grain == "week":
        return start.strftime(template("%G-W%V"))
    if grain == "quarter":
        return gettext("%(year)s-Q%(quarter)s", year=start.year, quarter=(start.month + 2) // 3)
    return start.strftime({"year": "%Y", "month": template("%Y-%m")}.get(grain) or moment_form(grain))


def moment_form(precision: str) -> str:
    """How a day, or a minute or second of it, is written, for ``strftime``: ``2016-03-01 14:00``."""
    if precision == "day":
        return template("%Y-%m-%d")
    return template("%Y-%m-%d %H:%M:%S") if precision == "second" else template("%Y-%m-%d %H:%M")


def time_words(instant: datetime | None, zone: str, *, seconds: bool = False) -> str:
    """An instant on a zone's clock: ``2016-03-01 14:00``; nothing for null."""
    return to_local(instant, zone).strftime(moment_form("second" if seconds else "minute")) if instant else ""


def group_names(dimensions: Mapping[str, str | None]) -> tuple[str, ...]:
    """A row's value of each dimension, also where it has none."""
    return tuple(
        declared(NO_VALUE) if value is None else declared(value) if name == "weekday" else value
        for name, value in dimensions.items()
    )


def label(row: Row, answer: Answer) -> str:
    """Which period and group a row is of."""
    return " · ".join(filter(None, (*group_names(row.dimensions), period_words(row, answer.question.grain))))


def moved(row: Row, answer: Answer) -> str:
    """One row's change where a heading says that it is more than noise, and against which period."""
    groups = zip(row.dimensions, group_names(row.dimensions), strict=True)
    of = " · ".join(f"{named(dimension)} {group}" for dimension, group in groups)
    subject = first_capital(f"{of} · {_subject(answer)}" if of else _subject(answer))
    values = {"subject": subject, **_both(row, answer)}
    if (row.value or 0) > (row.previous or 0):
        return gettext("%(subject)s rose from %(previous)s to %(value)s", **values)
    return gettext("%(subject)s fell from %(previous)s to %(value)s", **values)


def _both(row: Row, answer: Answer) -> dict[str, str]:
    return {"previous": value_words(row.previous, answer), "value": value_words(row.value, answer)}


def sentence(row: Row, answer: Answer) -> str:
    """One row's change as a plain sentence, without a cause: what moved, from what to what, against which period."""
    group = " · ".join(group_names(row.dimensions))
    values = {
        "subject": f"{group}: {_subject(answer)}" if group else first_capital(_subject(answer)),
        **_both(row, answer),
        "period": comparison_words(answer),
        "n": n_words(row, answer),
    }
    if (row.value or 0) > (row.previous or 0):
        return gettext(
            "%(subject)s rose from %(previous)s to %(value)s against %(period)s (%(n)s): more than noise.", **values
        )
    return gettext(
        "%(subject)s fell from %(previous)s to %(value)s against %(period)s (%(n)s): more than noise.", **values
    )


def _subject(answer: Answer) -> str:
    title = title_of(answer)
    if spoken().code == ENGLISH and not title[:2].isupper():
        title = title[:1].lower() + title[1:]
    if answer.statistic not in ("median", "mean", "p90", "p95"):
        return title
    return gettext("%(statistic)s %(title)s", statistic=statistic_words(answer), title=title)


def title_of(answer: Answer) -> str:
    """What the KPI of an answer is called."""
    return declared(catalog.kpi(answer.kpi).title)


def variant_words(variant: str) -> str:
    """A variant in words; in English as it is typed."""
    return variant if spoken().code == ENGLISH else named(variant)


def first_capital(text: str) -> str:
    """The text as a sentence begins."""
    return text[:1].upper() + text[1:]


def comparison_words(answer: Answer) -> str:
    """The period an answer is compared with."""
    return declared(COMPARISON_WORDS[answer.question.compare or "previous"])


def grain_words(answer: Answer) -> str:
    """What a bucket of the answer is: a day, a week."""
    return declared(answer.question.grain or "day")

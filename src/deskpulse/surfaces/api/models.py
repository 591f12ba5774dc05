"""What the API takes and gives, documented."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from deskpulse.answers.answer import Answer, Row, Status
from deskpulse.answers.question import Comparison, Grain
from deskpulse.insights.scorecard import SEGMENTS_OF, VOLUME
from deskpulse.metrics.fact import Clock
from deskpulse.present.extract import chosen
from deskpulse.present.words import value_words
from deskpulse.time.zone import to_local

Text = Annotated[str, Field(max_length=400)]
Period = Annotated[
    str,
    Field(
        max_length=60,
        description="`last-week`, `last-30-days`, `this-month`, `2026-03`, `2026-Q1`, `all`...",
        examples=["last-30-days"],
    ),
]
Where = Annotated[
    list[Text],
    Field(
        max_length=20,
        description="Filters: `channel=email,chat` or `team!=Sales`.",
        examples=[["channel=email,chat"]],
    ),
]


class Filters(BaseModel):
    """What narrows down what is looked at."""

    model_config = ConfigDict(extra="forbid")

    period: Period | None = None
    start: Text | None = Field(
        None, description="From this date or time, instead of a period.", examples=["2026-03-01"]
    )
    end: Text | None = Field(None, description="Up to this date or time, not included.", examples=["2026-04-01"])
    zone: Text | None = Field(None, description="Time zone of days and weeks; else the account's.", examples=["UTC"])
    where: Where = []


class AskedAbout(Filters):
    """One KPI of one period. What is left out takes the KPI's default."""

    kpi: Text = Field(description="The KPI, with or without its variant.", examples=[SEGMENTS_OF, f"{VOLUME}:created"])
    variant: Text | None = Field(None, description="Which formula of the KPI.", examples=[None])
    by: list[Text] = Field(default=[], max_length=4, description="Dimensions to split by.", examples=[["channel"]])
    statistic: Text | None = Field(None, description="`median`, `mean`, `p90`...", examples=[None])
    clock: Clock | None = Field(None, description="Time around the clock, or business hours alone.")
    dated_by: Text | None = Field(None, description="Which moment puts a row into a period.", examples=[None])

    def options(self) -> dict[str, Any]:
        """As the workspace is asked."""
        return self.model_dump(exclude={"kpi", "cursor", "limit", "token"})


class Asked(AskedAbout):
    """A question about one KPI. What is left out takes the KPI's default."""

    grain: Grain | None = Field(None, description="One value per hour, day, week...", examples=["week"])
    compare: Comparison | None = Field(None, description="The period before, or the same a year ago.")


class AskedByAddress(Asked):
    """A question in an address, where a token may stand for those who cannot send headers."""

    token: Text | None = Field(None, description="A token, where no header can be sent.", examples=[None])


class AskedForScorecard(BaseModel):
    """Of which time, and of what, a scorecard is."""

    model_config = ConfigDict(extra="forbid")

    period: Period = "last-30-days"
    where: Where = []


class Bounds(BaseModel):
    """A target."""

    at_least: float | None
    at_most: float | None


class AnswerRow(BaseModel):
    """One value with its interval and what it was made of."""

    period_start: datetime | None = Field(description="Start of the bucket, in the question's zone.")
    dimensions: dict[str, str | None] = Field(description="The group, by dimension.")
    value: float | None = Field(description="Seconds, a share from 0 to 1, or a number; null where there is none.")
    low: float | None = Field(description="Lower limit of the 95 % interval.")
    high: float | None = Field(description="Upper limit of the 95 % interval.")
    n: int = Field(description="How many rows count.")
    shown: str = Field(description="The value as people read it.", examples=["1h 24m"])
    left_out: dict[str, int] = Field(description="How many rows do not count, by reason.")
    previous: float | None = Field(description="The value it is compared with.")
    is_distinguishable: bool | None = Field(description="Whether the change is more than noise, at 5 %.")
    target: Bounds | None
    status: Status | None = Field(description="Whether the target is met, judged by the interval.")


class AnswerOut(BaseModel):
    """The answer to a question."""

    kpi: str
    variant: str
    statistic: str
    clock: Clock
    unit: str
    dated_by: str
    definition: str = Field(description="The formula's name and version.", examples=["csat:share@1a2b3c4d"])
    start: datetime | None = Field(description="Start of the period, included; null is without bound.")
    end: datetime | None = Field(description="End of the period, not included.")
    zone: str
    where: str = Field(description="What was filtered by, the viewer's own rules among it.")
    as_of: datetime = Field(description="When a source was last read.")
    notes: list[str]
    rows: list[AnswerRow]


def answer_out(answer: Answer) -> AnswerOut:
    """An answer as the API gives it."""
    start, end, zone, where = chosen(answer.question)
    return AnswerOut(
        kpi=answer.kpi,
        variant=answer.variant,
        statistic=answer.statistic,
        clock=answer.clock,
        unit=answer.unit,
        dated_by=answer.dated_by,
        definition=answer.definition,
        start=datetime.fromisoformat(start) if start else None,
        end=datetime.fromisoformat(end) if end else None,
        zone=zone,
        where=where,
        as_of=to_local(answer.as_of, "UTC"),
        notes=list(answer.notes),
        rows=[_row(row, answer) for row in answer.rows],
    )


def _row(row: Row, answer: Answer) -> AnswerRow:
    bounds = Bounds(**row.target.record()) if row.target else None
    return AnswerRow(
        period_start=row.period_start,
        dimensions=dict(row.dimensions),
        value=row.value,
        low=row.low,
        high=row.high,
        n=row.n,
        shown=value_words(row.value, answer),
        left_out=dict(row.left_out),
        previous=row.previous,
        is_distinguishable=row.is_distinguishable,
        target=bounds,
        status=row.status,
    )

"""The customer survey of San Francisco airport, as its open-data file of 2017: would you recommend it, how good is it.

- ``NETPRO`` is the answer from 0 to 10; 11 stands for a blank and comes through as it is, so that it is counted as one.
- ``Q7ALL`` rates the airport as a whole, 1 to 5; 0, 6 and ``Blank`` are no ratings.
- ``WEIGHT`` gives the sample the make-up of all passengers.
- ``INTDATE`` is the day of May 2017; interviews are dated at noon in San Francisco. The gate's area is the channel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from deskpulse.connectors.cells import read_columns
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.files import read_rows
from deskpulse.connectors.mapping import MappedColumn
from deskpulse.connectors.meanings import CellType, Meaning
from deskpulse.connectors.rows import Origin, joined

COLUMNS: dict[str, CellType] = {
    "RESPNUM": "text",
    "INTDATE": "integer",
    "BAREA": "text",
    "NETPRO": "integer",
    "Q7ALL": "integer",
    "WEIGHT": "number",
}
QUESTIONS = {"nps": ("NETPRO", 0.0, 10.0), "csat": ("Q7ALL", 1.0, 5.0)}
FIRST_DAY_NOON = datetime(2017, 5, 1, 19)  # noon of May 1st in San Francisco, in UTC
DAY_MICROSECONDS = 86_400_000_000


@dataclass(frozen=True, kw_only=True)
class SfoSurvey:
    """Reads the survey's file."""

    title: str = "Customer survey of San Francisco airport, 2017 (open data)"

    def read(self, inputs: Sequence[str], *, source: str, observed_at: datetime) -> Iterator[Batch | Quarantined]:
        """Yield an answer per question and respondent; raises InputError for a file without the survey's columns."""
        origin = Origin(source=source, observed_at=observed_at)
        mapped = {name: _column(name, type_) for name, type_ in COLUMNS.items()}
        for name in inputs:
            cells = read_columns(read_rows(Path(name)), mapped, ("RESPNUM", "INTDATE"), {}, "preset sfo_survey")
            yield from cells.refused
            for kind, question in QUESTIONS.items():
                yield _answers(cells.columns, kind, *question, origin)


def _column(name: str, type_: CellType) -> MappedColumn:
    meaning = Meaning(name=name, type=type_, says=name)
    return MappedColumn(header=name, meaning=meaning, null_words=frozenset({"", "blank"}))


def _answers(
    columns: Mapping[str, pa.Array], kind: str, question: str, low: float, high: float, origin: Origin
) -> Batch:
    respondent = columns["RESPNUM"]
    days = pc.multiply(pc.subtract(columns["INTDATE"], 1), DAY_MICROSECONDS)
    survey = joined(respondent, kind)
    return origin.batch(
        "survey",
        survey,
        survey=survey,
        action="answered",
        at=pc.add(pa.scalar(FIRST_DAY_NOON, pa.timestamp("us")), days.cast(pa.duration("us"))),
        kind=kind,
        customer=respondent,
        channel=columns["BAREA"],
        score=columns[question],
        scale_low=low,
        scale_high=high,
        weight=columns["WEIGHT"],
    )


CONNECTOR = SfoSurvey()

"""Answers as OpenMetrics text, for Prometheus and what reads its format.

https://prometheus.io/docs/specs/om/open_metrics_spec/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from deskpulse.answers.answer import Answer, Row

MEDIA_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"
FAMILIES = {
    "value": "Value of a KPI: seconds, shares from 0 to 1, or counts.",
    "low": "Lower limit of its 95 % interval.",
    "high": "Upper limit of its 95 % interval.",
    "n": "How many rows it was made of.",
}


def openmetrics(answers: Sequence[Answer], *, period: str, version: int, as_of: datetime) -> str:
    """The first row of each answer as gauges. What has no value has no sample: never a zero for nothing."""
    lines: list[str] = []
    for name, words in FAMILIES.items():
        lines += _family(f"deskpulse_kpi_{name}", f"{words} Period: {period}.", _samples(answers, name))
    seconds = as_of.replace(tzinfo=UTC).timestamp()
    lines += _family("deskpulse_snapshot_version", "Number of the published data.", [({}, version)])
    lines += _family("deskpulse_as_of_timestamp_seconds", "When a source was last read.", [({}, seconds)])
    return "\n".join((*lines, "# EOF", ""))


def _samples(answers: Sequence[Answer], name: str) -> Iterator[tuple[Mapping[str, str], float]]:
    for answer in answers:
        value = _number(answer.rows[0], name) if answer.rows else None
        if value is not None:
            labels = {
                "kpi": answer.kpi,
                "variant": answer.variant,
                "statistic": answer.statistic,
                "clock": answer.clock,
            }
            yield labels, value


def _number(row: Row, name: str) -> float | None:
    value: float | None = getattr(row, name)
    return value


def _family(name: str, words: str, samples: Iterable[tuple[Mapping[str, str], float]]) -> Iterator[str]:
    yield f"# TYPE {name} gauge"
    yield f"# HELP {name} {escaped(words)}"
    for labels, value in samples:
        told = ",".join(f'{label}="{escaped(text)}"' for label, text in labels.items())
        yield f"{name}{{{told}}} {float(value)!r}" if told else f"{name} {float(value)!r}"


def escaped(text: str) -> str:
    """A text as it stands within quotes."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')

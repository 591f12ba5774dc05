"""The report as JSON: every number as it is, beside the way it is written."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from deskpulse.answers.answer import Answer
from deskpulse.present.report.document import Document, Part

TEXTS = ("company", "title", "goal", "period", "span", "against", "zone", "findings", "notes", "where")


def as_json(document: Document) -> str:
    """The whole report; durations are seconds, shares 0-1."""
    report = {
        **{name: getattr(document, name) for name in TEXTS},
        "as_of": document.as_of.isoformat() + "Z",
        "kpis": [_part(part) for part in document.parts],
    }
    return json.dumps(report, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _part(part: Part) -> dict[str, Any]:
    return {
        "id": part.about.id,
        "written": asdict(part.tile),
        "unit": part.answer.unit,
        "answer": _records(part.answer)[0],
        "trend": _records(part.over_time),
        "parts": {split.question.by[0]: _records(split) for split in part.splits},
        "variants": [record for variant in part.variants for record in _records(variant)],
        "guardrails": [{**record, "why": why} for guard, why in part.guards for record in _records(guard)],
        "definition": asdict(part.formula),
        "caveats": part.about.caveats,
    }


def _records(answer: Answer) -> list[dict[str, Any]]:
    return [{**record, **_judged(answer, at)} for at, record in enumerate(answer.records())]


def _judged(answer: Answer, at: int) -> dict[str, Any]:
    row = answer.rows[at]
    return {"target": row.target.record(), "status": row.status} if row.target else {}

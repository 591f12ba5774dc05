"""Qualtrics from the tables warehouse loaders write: surveys sent out, and the answers to their questions.

What the tables leave open is read so:

- What a question asks shows in its export tag (or, without one, its description): ``nps``, ``csat``, ``ces1``, ``ces2``
  or ``ces``, ``resolved`` or ``fcr`` in it. A question of Qualtrics' own NPS kind is one whatever its tag. Others are
  kept as ``other``.
- The score is the answer's option by its recoded value, else the answer itself. The scale goes from the lowest to the
  highest recoded value of the question's options; NPS goes from 0 to 10.
- Each row of a matrix is a question of its own.
- Text answers of a response are the comment of each of its scores.
- A response is an answer to each question by itself; embedded data called ticket, ticket_id, agent or team say what it
  is about. Previews, tests, spam, and answers without their response are put aside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir

from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.rows import Origin
from deskpulse.connectors.warehouse import Columns, open_warehouse

TABLES: dict[str, Columns] = {
    "survey_response": {
        "id": "text", "survey_id": "text", "recorded_date": "instant", "end_date": "instant", "status": "text",
        "distribution_channel": "text",
    },
    "question_response": {
        "_fivetran_id": "text", "response_id": "text", "question_id": "text", "question_option_key": "text",
        "sub_question_key": "text", "loop_id": "text", "question": "text", "value": "text", "text": "text",
    },
    "question": {
        "id": "text", "survey_id": "text", "data_export_tag": "text", "question_description": "text",
        "question_type": "text", "selector": "text",
    },
    "question_option": {"key": "text", "question_id": "text", "survey_id": "text", "recode_value": "number"},
    "distribution": {"id": "text", "survey_link_survey_id": "text"},
    "distribution_contact": {
        "distribution_id": "text", "contact_id": "text", "response_id": "text", "sent_at": "instant",
    },
    "survey_embedded_data": {"response_id": "text", "key": "text", "value": "text"},
}  # fmt: skip
REQUIRED = {
    "survey_response": ("id", "survey_id"),
    "question_response": ("response_id", "question_id"),
    "question": ("id", "survey_id"),
    "distribution_contact": ("distribution_id", "contact_id"),
}
TAGS = (
    ("nps", "nps"),
    ("csat", "csat"),
    ("ces1", "ces1"),
    ("ces", "ces2"),
    ("resolved", "resolved"),
    ("fcr", "resolved"),
)
NOT_REAL = ("1", "2", "8", "9", "12", "17", "survey preview", "survey test", "spam")
"""Statuses of responses nobody gave in earnest, by Qualtrics' number or word."""

Tables = Mapping[str, Any]  # Ibis tables, whose columns have no static types


@dataclass(frozen=True, kw_only=True)
class QualtricsWarehouse:
    """Reads Qualtrics' warehouse tables from a folder, a DuckDB file or an Ibis address."""

    title: str = "Qualtrics tables of a warehouse loader (folder, DuckDB file or address)"

    def read(self, inputs: Sequence[str], *, source: str, observed_at: datetime) -> Iterator[Batch | Quarantined]:
        """Yield surveys offered and answered; raises InputError when an input has none of the tables."""
        origin = Origin(source=source, observed_at=observed_at)
        for address in inputs:
            warehouse = open_warehouse(address, TABLES, REQUIRED)
            yield from warehouse.refused
            yield from _put_aside(warehouse.tables, address)
            for rows in (_offered(warehouse.tables), _answered(warehouse.tables)):
                yield origin.from_table("survey", rows.to_pyarrow())


def _questions(tables: Tables) -> ir.Table:
    """survey_id, question_id, kind, is_text, scale_low, scale_high."""
    question, option = tables["question"], tables["question_option"]
    tag = ibis.coalesce(question.data_export_tag, question.question_description).lower()
    is_nps = question.selector.fill_null("").upper() == "NPS"
    kind = ibis.cases(*((tag.contains(word), kind) for word, kind in TAGS), else_="other")
    asked = question.select(
        "survey_id",
        question_id="id",
        kind=is_nps.ifelse("nps", kind.fill_null("other")),
        is_text=(question.question_type.upper() == "TE").fill_null(False),
    )
    ends = option.group_by("survey_id", "question_id").agg(
        low=option.recode_value.min(), high=option.recode_value.max()
    )
    scaled = asked.left_join(ends, ["survey_id", "question_id"])
    is_nps = scaled.kind == "nps"
    return scaled.select(
        *asked.columns, scale_low=is_nps.ifelse(0.0, scaled.low), scale_high=is_nps.ifelse(10.0, scaled.high)
    )


def _real(tables: Tables) -> ir.Table:
    response = tables["survey_response"]
    at = ibis.coalesce(response.recorded_date, response.end_date)
    real = response.filter(~response.status.lower().isin(NOT_REAL).fill_null(False) & at.notnull())
    return real.select("survey_id", at=ibis.coalesce(real.recorded_date, real.end_date),
                       response_id="id", channel="distribution_channel")  # fmt: skip


def _contacts(tables: Tables) -> ir.Table:
    contact = tables["distribution_contact"]
    known = contact.filter(contact.response_id.notnull())
    return known.group_by("response_id").agg(customer=known.contact_id.max())


def _about(tables: Tables) -> ir.Table:
    """What a response is about: ticket, agent, team."""
    data = tables["survey_embedded_data"]
    key = data.key.lower()
    names = {"ticket": ("ticket", "ticket_id"), "agent": ("agent",), "team": ("team",)}
    return data.group_by("response_id").agg(
        **{name: data.value.max(where=key.isin(keys)) for name, keys in names.items()}
    )


def _answered(tables: Tables) -> ir.Table:
    given = tables["question_response"]
    dated = given.inner_join(_real(tables), "response_id")
    asked = dated.left_join(_questions(tables), ["survey_id", "question_id"])
    asked = asked.drop(*(name for name in asked.columns if name.endswith("_right")))
    words = asked.filter(asked.is_text & asked.text.notnull())
    comments = words.group_by("response_id").agg(comment=words.text.max())
    option = tables["question_option"].select(
        "survey_id", "question_id", "recode_value", question_option_key=tables["question_option"].key
    )
    scored = asked.filter(~asked.is_text.fill_null(False))
    for more, keys in (
        (option, ["survey_id", "question_id", "question_option_key"]),
        (comments, ["response_id"]),
        (_contacts(tables), ["response_id"]),
        (_about(tables), ["response_id"]),
    ):
        scored = scored.left_join(more, keys)
        scored = scored.drop(*(name for name in scored.columns if name.endswith("_right")))
    parts = (scored[name].fill_null("") for name in ("sub_question_key", "loop_id", "question_option_key"))
    row_of_matrix = ibis.literal(":") + scored.sub_question_key
    question = scored.response_id + ":" + scored.question_id + row_of_matrix.fill_null("")
    return scored.select(
        *("at", "ticket", "agent", "team", "customer", "channel", "comment", "scale_low", "scale_high"),
        source_id=ibis.coalesce(scored["_fivetran_id"], ibis.literal(":").join([question, *parts])),
        survey=question,
        action=ibis.literal("answered"),
        kind=scored.kind.fill_null("other"),
        score=ibis.coalesce(scored.recode_value, scored.value.try_cast("float64")),
    )


def _offered(tables: Tables) -> ir.Table:
    """One invitation per question of a survey that was sent; it is the response's where one came of it."""
    contact, distribution = tables["distribution_contact"], tables["distribution"]
    sent = contact.filter(contact.sent_at.notnull()).inner_join(
        distribution.select(distribution_id="id", survey_id="survey_link_survey_id"), "distribution_id"
    )
    questions = _questions(tables)
    wanted = questions.filter((questions.kind != "other") & ~questions.is_text)
    asked = sent.inner_join(wanted, "survey_id")
    invitation = ibis.coalesce(asked.response_id, asked.distribution_id + ":" + asked.contact_id)
    return asked.select(
        *("kind", "scale_low", "scale_high"),
        source_id=invitation + ":" + asked.question_id + ":offered",
        survey=invitation + ":" + asked.question_id,
        action=ibis.literal("offered"),
        at="sent_at",
        customer="contact_id",
    )


def _put_aside(tables: Tables, address: str) -> Iterator[Quarantined]:
    given, response = tables["question_response"], tables["survey_response"]
    unreal = response.filter(response.status.lower().isin(NOT_REAL))
    undated = response.filter(ibis.coalesce(response.recorded_date, response.end_date).isnull())
    orphans = given.anti_join(response, given.response_id == response.id)
    for table, rows, column, reason in (
        ("survey_response", unreal, "status", "it is a preview, a test or spam"),
        ("survey_response", undated, "recorded_date", "it has no date"),
        ("question_response", orphans, "response_id", "its response is not in the table 'survey_response'"),
    ):
        for row in rows.to_pyarrow().to_pylist():
            raw = ",".join("" if value is None else str(value) for value in row.values())
            yield Quarantined(file=f"{address}: {table}", line=None, column=column, reason=reason, raw=raw)


CONNECTOR = QualtricsWarehouse()

"""Templates of files for each canonical table: a CSV with example rows, and the mapping for files of another form."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence

from deskpulse.connectors.meanings import Meaning
from deskpulse.connectors.tables import ID, TABLE_NAMES, required_columns, table_called, table_meanings, template_header
from deskpulse.errors import UnknownNameError
from deskpulse.events import EVENT_TABLES

Example = Mapping[str, str]

EXAMPLES: Mapping[str, Sequence[Example]] = {
    "ticket": (
        {"source_id": "T1", "created_at": "2024-03-04 09:15:00", "channel": "email", "customer": "C1",
         "subject": "Left speaker is silent", "status": "new", "team": "First line", "tier": "1", "priority": "high",
         "type": "problem", "topic": "sound", "tags": "left,warranty", "brand": "Home", "is_test": "no",
         "is_spam": "no"},
        {"source_id": "T2", "created_at": "2024-03-04T10:00:00+01:00", "channel": "chat", "assignee": "P1"},
    ),
    "message": (
        {"source_id": "M1", "ticket": "T1", "at": "2024-03-04 09:15:00", "seq": "1", "author": "C1",
         "author_kind": "customer", "is_public": "yes", "text": "The left speaker is silent."},
        {"source_id": "M2", "ticket": "T1", "at": "2024-03-04 09:40:00", "seq": "2", "author": "P1",
         "author_kind": "agent", "is_public": "yes", "text": "Please try another cable.", "work_seconds": "240",
         "concurrency": "2"},
    ),
    "change": (
        {"ticket": "T1", "at": "2024-03-04 09:20:00", "field": "assignee", "new": "P1", "by": "P1",
         "by_kind": "agent"},
        {"ticket": "T1", "at": "2024-03-04 11:00:00", "field": "status", "old": "new", "new": "solved", "by": "P1",
         "by_kind": "agent"},
    ),
    "policy_target": (
        {"ticket": "T1", "at": "2024-03-04 09:15:00", "policy": "Gold", "metric": "first_response",
         "target_seconds": "3600", "clock": "business"},
    ),
    "survey": (
        {"survey": "S1", "action": "offered", "at": "2024-03-04 12:00:00", "kind": "csat", "ticket": "T1",
         "customer": "C1", "channel": "email"},
        {"survey": "S1", "action": "answered", "at": "2024-03-04 18:30:00", "kind": "csat", "ticket": "T1",
         "customer": "C1", "score": "5", "scale_low": "1", "scale_high": "5", "comment": "Quick help"},
    ),
    "call": (
        {"source_id": "L1", "offered_at": "2024-03-04 09:30:00", "queue": "Main line", "customer": "C1",
         "ticket": "T1", "direction": "inbound", "is_queued": "yes", "queue_seconds": "24", "outcome": "answered"},
        {"source_id": "L2", "offered_at": "2024-03-04 09:31:30", "queue": "Main line", "direction": "inbound",
         "is_queued": "yes", "queue_seconds": "61", "outcome": "abandoned"},
    ),
    "call_leg": (
        {"call": "L1", "at": "2024-03-04 09:30:24", "seq": "1", "agent": "P1", "is_answered": "no",
         "dial_seconds": "15"},
        {"call": "L1", "at": "2024-03-04 09:30:39", "seq": "2", "agent": "P2", "is_answered": "yes",
         "dial_seconds": "5", "talk_seconds": "180", "hold_seconds": "20", "wrap_seconds": "45"},
    ),
    "call_interval": (
        {"interval_start": "2024-03-04 09:00:00", "interval_seconds": "1800", "queue": "Main line", "offered": "42",
         "answered": "38", "answered_within": "31", "threshold_seconds": "20", "abandoned": "4",
         "abandoned_short": "1", "queue_seconds": "820", "talk_seconds": "6840", "hold_seconds": "300",
         "wrap_seconds": "1140"},
    ),
    "person": (
        {"source_id": "P1", "name": "Agent One", "kind": "agent", "hired_at": "2023-01-09"},
        {"source_id": "P2", "name": "Agent Two", "kind": "agent", "hired_at": "2022-05-02", "left_at": "2024-06-28"},
    ),
    "membership": (
        {"person": "P1", "valid_from": "2023-01-09", "valid_to": "2024-02-01", "team": "First line", "tier": "1",
         "cost_per_hour": "31.50", "currency": "EUR"},
        {"person": "P1", "valid_from": "2024-02-01", "team": "Second line", "tier": "2", "cost_per_hour": "36.00",
         "currency": "EUR"},
    ),
    "customer": (
        {"source_id": "C1", "name": "Customer One", "account": "A1", "segment": "small"},
    ),
    "customer_segment": (
        {"customer": "C1", "valid_from": "2023-01-01", "valid_to": "2024-01-01", "segment": "trial"},
        {"customer": "C1", "valid_from": "2024-01-01", "segment": "small"},
    ),
    "agent_state": (
        {"agent": "P1", "at": "2024-03-04 09:00:00", "until": "2024-03-04 09:30:00", "state": "available"},
        {"agent": "P1", "at": "2024-03-04 09:30:00", "until": "2024-03-04 09:35:00", "state": "handling"},
    ),
    "engagement_answer": (
        {"at": "2024-03-01", "team": "First line", "question": "recommend", "score": "8"},
    ),
    "article": (
        {"source_id": "K1", "published_at": "2023-06-01", "updated_at": "2024-01-15", "title": "Pairing a speaker",
         "topic": "bluetooth", "language": "en"},
    ),
    "article_event": (
        {"at": "2024-03-04 08:50:00", "article": "K1", "visitor": "V1", "customer": "C1", "action": "view"},
        {"at": "2024-03-04", "article": "K1", "action": "helpful", "count": "12"},
    ),
    "review": (
        {"at": "2024-03-06", "site": "Reviews", "stars": "5", "ticket": "T1", "is_solicited": "yes",
         "comment": "They sent a new cable"},
    ),
    "subscription_change": (
        {"at": "2024-01-01", "subscription": "B1", "customer": "A1", "plan": "Basic", "monthly_amount": "49.00",
         "currency": "EUR", "reason": "start"},
        {"at": "2024-04-01", "subscription": "B1", "customer": "A1", "plan": "Basic", "monthly_amount": "0.00",
         "currency": "EUR", "reason": "end"},
    ),
    "spend_month": (
        {"month": "2024-03-01", "team": "First line", "item": "Pay", "amount": "18250.00", "currency": "EUR"},
    ),
    "revenue_month": (
        {"month": "2024-03-01", "customer": "A1", "amount": "49.00", "currency": "EUR"},
    ),
    "annotation": (
        {"at": "2024-03-04", "title": "New macro for silent speakers", "team": "First line"},
    ),
}  # fmt: skip


def named_table(name: str) -> str:
    """The table of this name, singular or plural; raises UnknownNameError."""
    table = table_called(name)
    if table is None:
        raise UnknownNameError("table", name, TABLE_NAMES.values())
    return table


def template_csv(table: str) -> str:
    """The header of a file for the table, with example rows to write over."""
    columns = list(table_meanings(table))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([template_header(column) for column in columns])
    for example in EXAMPLES[table]:
        writer.writerow([example.get(column, "") for column in columns])
    return text.getvalue()


def template_mapping(table: str) -> str:
    """The mapping (TOML with comments) of a file in the template's form, to edit for a file of another form."""
    return "\n".join(_mapping_lines(table)) + "\n"


def _mapping_lines(table: str) -> Iterator[str]:
    yield f"# {TABLE_NAMES[table]}: {EVENT_TABLES[table].meaning}"
    yield '# Write the names of your columns into [columns."..."], drop those you do not have, then import with this.'
    yield 'shape = "table"'
    yield f'table = "{TABLE_NAMES[table]}"'
    yield 'zone = "UTC"  # where the clock hung that wrote dates without an offset, such as "Europe/Rome"'
    yield 'null = ["", "?", "N/A", "-"]  # words that mean: not known'
    yield '# sheet = "Sheet2"  # of an Excel workbook, where it is not the first'
    yield "# [constants]  # what is the same in every row and in no column"
    yield '# currency = "EUR"'
    needed = required_columns(table)
    for meaning in table_meanings(table).values():
        yield ""
        yield from _column_lines(meaning, meaning.name in needed)


def _column_lines(meaning: Meaning, is_needed: bool) -> Iterator[str]:
    yield f"# {meaning.says}{' Needed in every row.' if is_needed else ''}"
    yield f'[columns."{template_header(meaning.name)}"]'
    yield f'meaning = "{meaning.name}"  # {type_words(meaning)}'
    if meaning.type in ("instant", "date"):
        yield 'format = "iso"  # or epoch, epoch_ms, excel, or a pattern such as "%d/%m/%Y %H:%M"'
    if meaning.one_of:
        yield f"values = {{ {', '.join(f'{json.dumps(word)} = {json.dumps(word)}' for word in meaning.one_of)} }}"
    if not is_needed:
        yield "optional = true"


def type_words(meaning: Meaning) -> str:
    """What may stand in the column, for people."""
    if meaning.one_of:
        return f"one of {', '.join(meaning.one_of)}"
    least = "" if meaning.least is None else f", from {meaning.least:g} up"
    words = {
        "text": "text",
        "instant": "date and time",
        "date": "date",
        "integer": f"whole number{least}",
        "number": f"number{least}",
        "decimal": "exact amount, such as 1234.50",
        "boolean": "yes or no",
    }
    return words[meaning.type]


def described_tables() -> Iterator[tuple[str, str]]:
    """Every table by the name that is typed, with what it holds."""
    for table, plural in TABLE_NAMES.items():
        yield plural, EVENT_TABLES[table].meaning


def described_columns(table: str) -> Iterator[tuple[str, str, str, str]]:
    """Header, need, what may stand in it and meaning of each column of a template."""
    needed = required_columns(table)
    for meaning in table_meanings(table).values():
        says = "The row's id in its source; without one a row is known by its content." if meaning.name == ID else ""
        yield (
            template_header(meaning.name),
            "yes" if meaning.name in needed else "",
            type_words(meaning),
            says or meaning.says,
        )

"""A proposal for the mapping of a file nobody has mapped yet: by the headers' words and the values' shapes.

It is a draft for a person to edit: every column is listed, those that were not understood as comments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from deskpulse.connectors.delimited import Rows
from deskpulse.connectors.files import read_rows, sheet_names
from deskpulse.connectors.instants import parse_instants
from deskpulse.connectors.meanings import EVENT_MEANINGS, TICKET_MEANINGS, Meaning
from deskpulse.errors import InputError
from deskpulse.events.ticket import STATUSES

NULLS = ("", "?", "n/a", "na", "-", "null")
MONTH_FIRST = "%m/%d"
_SAMPLE, _FEW = 2_000, 60
_FLAGS = ("true", "false", "yes", "no", "y", "n")
_FORMATS = (
    "iso", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M %p",
    "%Y/%m/%d %H:%M:%S.%f", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M",
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d %b %Y %H:%M", "%b %d, %Y %H:%M",
    "%a %b %d %H:%M:%S %z %Y",
)  # fmt: skip
_WORDS: tuple[tuple[str, str], ...] = (
    ("ticket", r"^((ticket|case|incident|conversation|issue|request)?[ _-]*(id|number|no|nr|key|#)|ticket|case)$"),
    ("at", r"timestamp|^(event|update|change)[ _]?(time|date|at)$|sys_updated_at|^(at|time|date|when)$"),
    ("created_at", r"(opened|created?|creation|submitted|received|reported)([ _]?(at|on|date|time))?|^open[ _]date"),
    ("first_reply_at", r"first[ _]?(reply|response|responded|answer)"),
    ("first_solved_at", r"first[ _]?(solve|resol)"),
    ("reopened_at", r"re-?open(ed)?[ _]?(at|on|date|time)"),
    ("solved_at", r"(solved|resolved|resolution|completed)[ _]?(at|on|date|time)"),
    ("closed_at", r"closed([ _]?(at|on|date|time))?$|closure"),
    ("rated_at", r"rat(ed|ing)[ _]?(at|on|date|time)"),
    ("updated_at", r"(updated|modified)([ _]?(at|on|date|time))?$"),
    ("reopen_count", r"reopen(s|ings|[ _]?count)"),
    ("reassignment_count", r"reassign(ments?)?[ _]?count"),
    ("seq", r"(mod|update)[ _]?count|^seq(uence)?$"),
    ("activity", r"^(activity|event|action|event[ _]type)$"),
    ("status", r"status|state$"),
    ("assignee", r"assignee|assigned[ _]?to|^(agent|owner)([ _]?(name|id|email))?$"),
    ("team", r"(assignment|support)?[ _]?group|team|queue|department|workgroup"),
    ("tier", r"^(tier|support[ _]level|level)$"),
    ("priority", r"priority|urgency|severity|seriousness"),
    ("type", r"^(ticket|request|issue)?[ _]?type$"),
    ("topic", r"category|topic|product|reason|label"),
    ("channel", r"channel$|contact[ _]type|^(source|origin|via)$"),
    ("customer", r"customer|requester|caller|client|contact[ _]?(id|name|email)|^(email|user)$"),
    ("subject", r"subject|title|summary|short[ _]description"),
    ("tags", r"^tags?$"),
    ("brand", r"brand"),
    ("rating_comment", r"(rating|satisfaction|csat)[ _]comment"),
    ("rating", r"rating|satisfaction|csat"),
    ("target_met", r"made_sla|(sla|target)[ _]?(met|achieved)"),
    ("author", r"author|resource|(updated|changed)[ _]by$|^from$|sender"),
    ("is_public", r"^(is[ _])?public$"),
    ("text", r"^(body|text|message|comment)$"),
    ("field", r"^field([ _]name)?$"),
    ("new", r"^(new|to)([ _]?value)?$"),
)
_STATUS_WORDS = (
    (r"re-?open|progress|active|work|^open|assigned|escalat", "open"),
    (r"^new|unassigned|queued|created", "new"),
    (r"hold|vendor|third|problem|evidence|upgrade", "on_hold"),
    (r"pending|wait|customer|user", "pending"),
    (r"solved|resolve|done|complet|fixed", "solved"),
    (r"clos|cancel|archiv", "closed"),
)


@dataclass(frozen=True, kw_only=True)
class _Look:
    """What a column looks like: its header, some distinct values, and the date format they fit."""

    header: str
    values: list[str]
    is_unique: bool
    format: str | None


@dataclass(frozen=True, kw_only=True)
class _Draft:
    """What one table of the file seems to be."""

    sheet: str | None
    shape: str
    looks: list[_Look]
    meant: dict[str, _Look]

    @property
    def missing(self) -> list[str]:
        """The meanings no row can do without that no column has."""
        return [
            needed for needed in ("ticket", "at" if self.shape == "event" else "created_at") if needed not in self.meant
        ]


def guess(path: Path) -> str:
    """A mapping (TOML with comments) for the file at ``path``; raises InputError when it cannot be read.

    Of a workbook the first sheet is proposed that has what every row needs, else the first.
    """
    sheets = sheet_names(path)
    drafts = (_draft(path, sheet) for sheet in sheets or (None,))
    first = next(drafts)
    draft = first if not first.missing else next((draft for draft in drafts if not draft.missing), first)
    return "\n".join(_lines(path.name, draft, sheets)) + "\n"


def _draft(path: Path, sheet: str | None) -> _Draft:
    try:
        rows = read_rows(path, sheet=sheet)
    except InputError:
        if sheet is None:
            raise
        return _Draft(sheet=sheet, shape="ticket", looks=[], meant={})  # an empty sheet among others
    looks = _in_one_order([_look(rows, header) for header in rows.headers])
    shape, meant = _meanings(rows, looks)
    return _Draft(sheet=sheet, shape=shape, looks=looks, meant=meant)


def _look(rows: Rows, header: str) -> _Look:
    every = pc.unique(pc.utf8_trim_whitespace(rows.table[header]))
    is_unique = rows.table.num_rows == len(every)
    distinct = [value for value in every.slice(0, _SAMPLE).to_pylist() if value.lower() not in NULLS]
    return _Look(header=header, values=distinct, is_unique=is_unique, format=_date_format(distinct))


def _in_one_order(looks: list[_Look]) -> list[_Look]:
    """Dates with the month first throughout where one column shows it: the others, which do not tell, follow."""
    if not any(look.format and MONTH_FIRST in look.format for look in looks):
        return looks
    return [replace(look, format=_month_first(look)) if _month_first(look) else look for look in looks]


def _month_first(look: _Look) -> str | None:
    """The column's format with the month first, where its dates allow that as well."""
    other = (look.format or "").replace("%d/%m", MONTH_FIRST)
    return other if other != (look.format or "") and _fit(look.values, other) else None


def _date_format(values: list[str]) -> str | None:
    """The first format all values fit, numbers last: ten digits are seconds since 1970, thirteen milliseconds."""
    if not values:
        return None
    likely = [form for form in _FORMATS if _fit(values[:1], form)]
    return next((form for form in likely if _fit(values, form)), None) or _number_format(values)


def _fit(values: list[str], form: str) -> bool:
    return bool(parse_instants(pa.array(values, pa.string()), [form], "UTC").null_count == 0)


def _number_format(values: list[str]) -> str | None:
    for form, pattern in (("epoch", r"1\d{9}(\.\d+)?"), ("epoch_ms", r"1\d{12}"), ("excel", r"[345]\d{4}\.\d+")):
        if all(re.fullmatch(pattern, value) for value in values):
            return form
    return None


def _meanings(rows: Rows, looks: list[_Look]) -> tuple[str, dict[str, _Look]]:
    """The shape, and the column of each meaning: a ticket column that repeats makes it a file of events."""
    ticket = _ticket_column(looks)
    is_event = ticket is not None and not ticket.is_unique and any(_dates(looks))
    known = EVENT_MEANINGS if is_event else TICKET_MEANINGS
    meant: dict[str, _Look] = {"ticket": ticket} if ticket else {}
    for name, pattern in _WORDS:
        named = [look for look in looks if re.search(pattern, look.header.strip().lower())]
        free = [look for look in named if look not in meant.values()]
        fitting = [look for look in free if name in known and name not in meant and _fits(known[name], look)]
        if fitting:
            meant[name] = fitting[0]
    return ("event" if is_event else "ticket"), _with_dates(meant, looks, "at" if is_event else "created_at")


def _ticket_column(looks: list[_Look]) -> _Look | None:
    pattern = dict(_WORDS)["ticket"]
    named = [look for look in looks if re.search(pattern, look.header.strip().lower()) and look.format is None]
    return next(iter(named), next((look for look in looks if look.is_unique and look.format is None), None))


def _dates(looks: list[_Look]) -> Iterator[_Look]:
    return (look for look in looks if look.format)


def _fits(meaning: Meaning, look: _Look) -> bool:
    """Whether the column's values can be of the meaning's type."""
    match meaning.type:
        case "instant":
            return look.format is not None
        case "integer" | "number":
            return bool(look.values) and all(re.fullmatch(r"-?\d+([.,]\d+)?", value) for value in look.values)
        case "boolean":
            return bool(look.values) and {value.lower() for value in look.values} <= {*_FLAGS, "1", "0"}
        case _:
            return bool(look.values) and look.format in (None, "epoch", "excel") and not _is_flag(look)


def _is_flag(look: _Look) -> bool:
    return {value.lower() for value in look.values} <= set(_FLAGS)


def _with_dates(meant: dict[str, _Look], looks: list[_Look], needed: str) -> dict[str, _Look]:
    """A date for the meaning no row can do without: the first that is free, else the one of the nearest meaning."""
    if needed not in meant:
        free = [look for look in _dates(looks) if look not in meant.values()]
        taken = [name for name in ("updated_at", "created_at") if name in meant]
        if free:
            meant[needed] = free[0]
        elif taken:
            meant[needed] = meant.pop(taken[0])
    return meant


def _lines(name: str, draft: _Draft, sheets: Sequence[str]) -> Iterator[str]:
    shape, looks, meant = draft.shape, draft.looks, draft.meant
    yield f"# A proposal for {_quoted(name)}: check every line, then import with it."
    if len(sheets) > 1:
        yield f"sheet = {_quoted(draft.sheet or sheets[0])}  # of {', '.join(map(_quoted, sheets))}"
    yield f'shape = "{shape}"  # one row per {"event or update" if shape == "event" else "ticket"}'
    yield 'zone = "UTC"  # where the clock hung that wrote dates without an offset, such as "Europe/Rome"'
    yield f"null = {json.dumps(NULLS)}  # words that mean: not known"
    for needed in draft.missing:
        yield f"# Every row needs a column that means '{needed}': none was found."
    known = EVENT_MEANINGS if shape == "event" else TICKET_MEANINGS
    by_header = {look.header: meaning for meaning, look in meant.items()}
    for look in looks:
        yield ""
        yield from _column_lines(look, known.get(by_header.get(look.header, "")))
    if "activity" in meant:
        yield from ("", "[activities]  # what each does: a status, assigned, agent_message, customer_message, note ...")
        yield from (f"{_quoted(value)} = {_quoted(_activity(value))}" for value in meant["activity"].values)


def _column_lines(look: _Look, meaning: Meaning | None) -> Iterator[str]:
    sample = ", ".join(look.values[:3])[:80]
    if meaning is None:
        yield f"# [columns.{_quoted(look.header)}]  # not understood; e.g. {_quoted(sample)}"
        yield '# meaning = ""'
        return
    yield f"[columns.{_quoted(look.header)}]  # e.g. {_quoted(sample)}"
    yield f'meaning = "{meaning.name}"  # {meaning.says}'
    if meaning.type == "instant":
        yield f"format = {json.dumps(look.format)}{_doubt(look)}"
    if meaning.name == "rating":
        yield from _rating_lines(look.values)
    if meaning.name == "status":
        yield from _status_lines(look.values[:_FEW])


def _doubt(look: _Look) -> str:
    """A remark where every date could as well have the month first."""
    other = _month_first(look)
    return f"  # or {other}: the dates do not tell" if other else ""


def _status_lines(values: Iterable[str]) -> Iterator[str]:
    known = {value: _status(value) for value in values}
    pairs = (f"{_quoted(value)} = {_quoted(status)}" for value, status in known.items() if status)
    yield f"values = {{ {', '.join(pairs)} }}"
    for value in (value for value, status in known.items() if not status):
        yield f"# {_quoted(value)} was not understood: its rows go to quarantine until it is added to the values."


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _rating_lines(values: Iterable[str]) -> Iterator[str]:
    highest = max((float(value.replace(",", ".")) for value in values), default=5.0)
    top = next(scale for scale in (1, 5, 7, 10, 100, highest) if highest <= scale)
    yield f"scale = [{0 if top in (1, 100) else 1}, {top:g}]  # lowest and highest answer possible"


def _status(value: str) -> str:
    """The canonical status a word looks like; empty when it looks like none."""
    word = value.strip().lower()
    if word in STATUSES:
        return word
    return next((status for pattern, status in _STATUS_WORDS if re.search(pattern, word)), "")


def _activity(value: str) -> str:
    """What an activity of this name does; a note when it says nothing of status."""
    return "assigned" if re.search(r"take|accept|pick", value.lower()) else _status(value) or "note"

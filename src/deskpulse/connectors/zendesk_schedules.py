"""Zendesk's schedules as the TOML a workspace's settings are written in.

Zendesk counts a schedule's minutes from Sunday 00:00 on its own wall clock and names zones as Ruby on Rails does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any
from zoneinfo import available_timezones

import ibis.expr.types as ir

from deskpulse.connectors.api.client import Client
from deskpulse.connectors.api.understood import learned
from deskpulse.connectors.warehouse import Columns
from deskpulse.connectors.zendesk_zones import ZONES

SCHEDULE_TABLES: dict[str, Columns] = {
    "schedule": {
        "id": "text", "name": "text", "start_time": "integer", "end_time": "integer", "time_zone": "text",
        "_fivetran_deleted": "boolean",
    },
    "schedule_holiday": {
        "schedule_id": "text", "name": "text", "start_date": "text", "end_date": "text", "_fivetran_deleted": "boolean",
    },
    "time_zone": {"time_zone": "text", "standard_offset": "text"},
}  # fmt: skip
FOLDER = "api/v2/business_hours/schedules"
LIST = f"{FOLDER}.json"
_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_DAY = 24 * 60
_WEEK = 7 * _DAY

Row = dict[str, Any]


def schedules_toml(tables: Mapping[str, ir.Table]) -> str:
    """A ``[schedules."NAME"]`` section per schedule, and a rule for the first of them."""
    offsets = {row["time_zone"]: row["standard_offset"] for row in tables["time_zone"].to_pyarrow().to_pylist()}
    return _written(_live(tables["schedule"]), _live(tables["schedule_holiday"]), offsets)


def schedules_over_api(client: Client) -> str:
    """The same of an account; empty where its plan has no schedules, or the access may not read them."""
    answer = client.get(LIST, accept=(403, 404))
    found = (answer.data.get("schedules") or []) if answer.status == 200 else []
    rows = [window for windows in learned(found, _windows) for window in windows]
    holidays = [one for id in dict.fromkeys(row["id"] for row in rows) for one in _holidays(client, id)]
    return _written(rows, holidays, {}) if rows else ""


def _windows(schedule: Any) -> list[Row]:
    told = {"id": str(schedule["id"]), "name": schedule.get("name"), "time_zone": schedule.get("time_zone")}
    windows = [(int(one["start_time"]), int(one["end_time"])) for one in schedule.get("intervals") or ()]
    return [{**told, "start_time": start, "end_time": end} for start, end in windows]


def _holidays(client: Client, schedule: str) -> Iterator[Row]:
    answer = client.get(f"{FOLDER}/{schedule}/holidays.json", accept=(403, 404))
    found = answer.data.get("holidays") if answer.status == 200 else []

    def read(one: Any) -> Row:
        return {"schedule_id": schedule, "start_date": str(one["start_date"]), "end_date": one.get("end_date")}

    return learned(found, read)


def _written(rows: list[Row], holidays: Sequence[Row], offsets: Mapping[str, str]) -> str:
    rows.sort(key=lambda row: (row["id"], row["start_time"]))
    parts, names = [], []
    for schedule_id, group in groupby(rows, key=lambda row: str(row["id"])):
        windows = list(group)
        names.append(windows[0]["name"] or schedule_id)
        mine = [row for row in holidays if row["schedule_id"] == schedule_id]
        parts.append("\n".join(_section(names[-1], windows, mine, offsets)))
    if names:
        rule = "[[schedule_rules]]  # for tickets that Zendesk names no schedule for"
        parts.append(f"{rule}\nschedule = {_quoted(names[0])}")
    return "\n\n".join(parts) + "\n"


def _live(table: ir.Table) -> list[Row]:
    rows: list[Row] = table.filter(~table["_fivetran_deleted"].fill_null(False)).distinct().to_pyarrow().to_pylist()
    return rows


def _section(name: str, windows: Sequence[Row], holidays: Sequence[Row], offsets: Mapping[str, str]) -> Iterator[str]:
    yield f"[schedules.{_quoted(name)}]"
    yield from _zone(windows[0]["time_zone"] or "UTC", offsets)
    for day, texts in _week([(row["start_time"], row["end_time"]) for row in windows]).items():
        yield f"{day} = {json.dumps(texts)}"
    if holidays:
        yield f"holidays = {json.dumps([_span(row) for row in sorted(holidays, key=lambda row: row['start_date'])])}"


def _zone(name: str, offsets: Mapping[str, str]) -> Iterator[str]:
    """The IANA zone; where the name is unknown, the fixed offset the warehouse has, with a note."""
    zone = name if name in available_timezones() else ZONES.get(name)
    if zone is None:
        zone = _fixed(offsets.get(name, "+00:00"))
        yield f"# Zendesk's zone {_quoted(name)} is not known: write its IANA name, so that summer time counts."
    yield f"zone = {_quoted(zone)}"


def _fixed(offset: str) -> str:
    hours = int(offset.partition(":")[0] or 0)
    return f"Etc/GMT{-hours:+d}" if hours else "UTC"


def _week(windows: Sequence[tuple[int, int]]) -> dict[str, list[str]]:
    """Windows of each day from minutes of the week; one that runs over midnight is cut there."""
    days: dict[str, list[str]] = {}
    for start, end in windows:
        for midnight in range(start // _DAY * _DAY, end, _DAY):
            opens, closes = max(start, midnight) - midnight, min(end - midnight, _DAY)
            day = _DAYS[(midnight % _WEEK) // _DAY]
            days.setdefault(day, []).append(f"{_clock(opens)}-{_clock(closes)}")
    return dict(sorted(days.items(), key=lambda item: _DAYS.index(item[0])))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _span(row: Row) -> str:
    first, last = str(row["start_date"])[:10], str(row["end_date"] or row["start_date"])[:10]
    return first if first == last else f"{first}..{last}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)

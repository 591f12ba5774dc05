"""Zendesk's warehouse tables: hand-made ones worked out here, and the published samples for their shapes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
import pytest
from connectors.reading import Read, read_with

from deskpulse.connectors.connector import preset
from deskpulse.connectors.zendesk_warehouse import schedules
from deskpulse.errors import InputError
from deskpulse.settings import load_settings

TABLES = {
    "ticket": (
        "id,created_at,updated_at,status,subject,description,requester_id,assignee_id,group_id,priority,via_channel,"
        "merged_ticket_ids,is_public,submitter_id\n"
        "1,2024-01-01 10:00:00,2024-01-09 00:00:00,closed,S,D,z,a,g,high,email,[2],TRUE,z\n"
        "2,2024-01-01 11:00:00,2024-01-02 00:00:00,closed,S,D,z,,g,,email,,TRUE,z\n"
        "3,2024-01-01 12:00:00,2024-01-03 00:00:00,deleted,S,D,nobody,a,,low,chat,[],FALSE,a\n"
        "4,2024-01-01 13:00:00,2024-01-04 00:00:00,solved,S,D,y,b,,,web,,TRUE,y\n"
    ),
    "ticket_comment": (
        "id,ticket_id,user_id,created,public,body\n"
        "11,1,z,2024-01-01 10:00:00,TRUE,Help\n"
        "12,1,a,2024-01-01 10:30:00,FALSE,psst\n"
        "13,1,a,2024-01-01 11:00:00,TRUE,Here\n"
        "14,1,left,2024-01-01 12:00:00,TRUE,Me too\n"
        "15,1,z,2024-01-03 00:00:00,TRUE,Again\n"
        "16,99,z,2024-01-03 00:00:00,TRUE,Lost\n"
        "17,1,-1,2024-01-03 00:00:00,TRUE,Thanks\n"
    ),
    "ticket_field_history": (
        "field_name,ticket_id,updated,user_id,value\n"
        "status,1,2024-01-01 10:00:00,z,open\n"
        "assignee_id,1,2024-01-01 10:00:00,,left\n"
        "assignee_id,1,2024-01-01 10:20:00,left,a\n"
        "group_id,1,2024-01-01 10:20:00,left,g\n"
        "priority,1,2024-01-01 10:00:00,z,low\n"
        "priority,1,2024-01-01 10:40:00,a,high\n"
        "status,1,2024-01-01 11:00:00,a,hold\n"
        "status,1,2024-01-02 00:00:00,a,solved\n"
        "status,1,2024-01-03 00:00:00,z,open\n"
        "status,1,2024-01-04 00:00:00,a,solved\n"
        "status,1,2024-01-09 00:00:00,-1,closed\n"
        "satisfaction_score,1,2024-01-05 00:00:00,,offered\n"
        "satisfaction_score,1,2024-01-06 00:00:00,z,bad\n"
        "satisfaction_score,1,2024-01-07 00:00:00,z,good_with_comment\n"
        "satisfaction_comment,1,2024-01-07 00:00:00,z,Thank you\n"
        "status,1,nonsense,a,open\n"
    ),
    "user": "id,name,role,organization_id\na,Ann,agent,\nb,Bea,admin,\nz,Zed,end-user,o\nleft,Lee,end-user,\n",
    "group": "id,name\ng,Billing\n",
    "organization": "id,name\no,Acme\n",
    "schedule": (
        "id,name,start_time,end_time,time_zone,_fivetran_deleted\n"
        # minutes from Sunday 00:00: Monday 09:00-12:00 is 1980-2160, 13:00-17:00 is 2220-2460;
        # Saturday 20:00 (9840) to Sunday 02:00 (10200) runs over midnight and the week's end
        "s,Office,1980,2160,London,FALSE\ns,Office,2220,2460,London,FALSE\ns,Office,9840,10200,London,FALSE\n"
        "old,Gone,0,60,London,TRUE\n"
    ),
    "schedule_holiday": "id,schedule_id,start_date,end_date\n1,s,2024-12-25,2024-12-26\n2,s,2024-01-01,2024-01-01\n",
    "ticket_schedule": "ticket_id,schedule_id,created_at\n1,s,2024-01-01 10:30:00\n",
    "ticket_sla_policy": (
        "ticket_id,sla_policy_id,policy_applied_at\n1,p,2024-01-01 10:30:00\n4,p,2024-01-01 13:00:00\n"
    ),
    "sla_policy_metric_history": (
        "sla_policy_id,sla_policy_updated_at,metric,priority,target,business_hours\n"
        "p,2023-01-01 00:00:00,first_reply_time,low,30,TRUE\n"
        "p,2024-01-01 00:00:00,first_reply_time,low,60,TRUE\n"
        "p,2024-02-01 00:00:00,first_reply_time,low,90,TRUE\n"
        "p,2023-01-01 00:00:00,first_reply_time,high,10,TRUE\n"
        "p,2023-01-01 00:00:00,total_resolution_time,low,1440,FALSE\n"
        "p,2023-01-01 00:00:00,agent_work_time,low,5,FALSE\n"
    ),
}


def write_csv(folder: Path) -> Path:
    for number, (name, text) in enumerate(TABLES.items()):
        (folder / (f"{name}_data.csv" if number % 2 else f"{name}.csv")).write_text(text)
    return folder


def write_parquet(folder: Path) -> Path:
    write_csv(folder)
    for path in list(folder.glob("*.csv")):
        pq.write_table(arrow_csv.read_csv(path), path.with_suffix(".parquet"))
        path.unlink()
    return folder


def write_duckdb(folder: Path) -> Path:
    (folder / "csv").mkdir()
    write_csv(folder / "csv")
    with duckdb.connect(str(folder / "warehouse.duckdb")) as database:
        database.execute("create schema zendesk")
        for path in (folder / "csv").glob("*.csv"):
            name = path.stem.removesuffix("_data")
            database.execute(f"create table zendesk.\"{name}\" as from read_csv('{path}')")
    return folder / "warehouse.duckdb"


@pytest.fixture(scope="module", params=[write_csv, write_parquet, write_duckdb], ids=["csv", "parquet", "duckdb"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return request.param(tmp_path_factory.mktemp("zendesk"))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def read(place: Path) -> Read:
    return read_with(preset("zendesk_warehouse"), place)


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2024, 1, day, hour, minute)


def test_tickets_open_with_the_first_values_of_their_history_else_with_the_present_ones(read: Read) -> None:
    columns = ("source_id", "status", "assignee", "team", "priority", "channel", "customer")
    assert sorted(read.rows("ticket", *columns)) == [
        ("1", "open", "left", None, "low", "email", "z"),
        ("2", "new", None, "Billing", None, "email", "z"),
        ("3", "new", "a", None, "low", "chat", "nobody"),
        ("4", "new", "b", None, None, "web", "y"),
    ]


def test_who_wrote_what(read: Read) -> None:
    rows = read.rows("message", "ticket", "at", "author", "author_kind", "is_public")
    assert [row[1:] for row in rows if row[0] == "1"] == [
        (at(1, 10), "z", "customer", True),
        (at(1, 10, 30), "a", "agent", False),
        (at(1, 11), "a", "agent", True),
        (at(1, 12), "left", "agent", True),  # an end-user today, but the ticket was once theirs
        (at(3), "z", "customer", True),
        (at(3), "-1", "system", True),
    ]
    # without comments the description speaks: an agent's own note of a request, and a customer's message
    assert [row for row in rows if row[0] in ("3", "4")] == [
        ("3", at(1, 12), "a", "agent", False), ("4", at(1, 13), "y", "customer", True),
    ]  # fmt: skip


def test_changes_follow_the_history(read: Read) -> None:
    assert [row for row in read.changes("status") if row[0] == "1"] == [
        ("1", at(1, 11), "open", "on_hold"),
        ("1", at(2), "on_hold", "solved"),
        ("1", at(3), "solved", "open"),
        ("1", at(4), "open", "solved"),
        ("1", at(9), "solved", "closed"),
    ]
    assert read.changes("assignee") == [("1", at(1, 10, 20), "left", "a")]
    assert read.changes("team") == [("1", at(1, 10, 20), None, "Billing")]
    assert read.changes("priority") == [("1", at(1, 10, 40), "low", "high")]
    assert read.changes("schedule") == [("1", at(1, 10, 30), None, "Office")]
    by = {row[:2]: row[2:] for row in read.rows("change", "ticket", "at", "by", "by_kind")}
    assert by["1", at(3)] == ("z", "customer")
    assert by["1", at(4)] == ("a", "agent")
    assert by["1", at(9)] == ("-1", "system")


def test_without_history_the_present_status_counts_since_the_last_update(read: Read) -> None:
    assert [row for row in read.changes("status") if row[0] in "24"] == [
        ("2", at(2), "new", "closed"), ("4", at(4), "new", "solved"),
    ]  # fmt: skip


def test_deleted_and_merged_tickets(read: Read) -> None:
    assert read.changes("deleted") == [("3", at(3), None, "true")]
    assert read.changes("merged_into") == [("2", at(2), None, "1")]


def test_ratings_come_from_the_history_with_a_second_answer_kept(read: Read) -> None:
    assert read.rows("survey", "survey", "action", "at", "score", "scale_high", "comment", "customer") == [
        ("1:rating", "offered", at(5), None, None, None, "z"),
        ("1:rating", "answered", at(6), 0.0, 1.0, None, "z"),
        ("1:rating", "answered", at(7), 1.0, 1.0, "Thank you", "z"),
    ]


def test_targets_by_the_version_and_the_priority_of_that_moment(read: Read) -> None:
    # ticket 1 was 'low' at 10:30 (high from 10:40), under the version of 1 January: 60 minutes; 4 has no priority
    assert sorted(read.rows("policy_target", "ticket", "metric", "target_seconds", "clock", "policy")) == [
        ("1", "first_response", 3600, "business", "p"),
        ("1", "resolution", 86_400, "calendar", "p"),
    ]


def test_people_and_customers(read: Read) -> None:
    assert sorted(read.rows("person", "source_id", "name", "kind")) == [
        ("a", "Ann", "agent"), ("b", "Bea", "agent"), ("left", "Lee", "agent"),
    ]  # fmt: skip
    assert sorted(read.rows("customer", "source_id", "name", "account"), key=str) == [
        ("nobody", None, None), ("y", None, None), ("z", "Zed", "Acme"),
    ]  # fmt: skip


def test_rows_of_no_ticket_and_rows_of_no_date_are_put_aside(read: Read) -> None:
    reasons = sorted((aside.column, aside.reason.split(" ", 1)[-1][:30]) for aside in read.aside)
    assert len(reasons) == 2
    assert {column for column, _ in reasons} == {"ticket_id", "updated"}


def test_ids_are_unique(read: Read) -> None:
    for name in read.tables:
        ids = read.rows(name, "source_id")
        assert len(set(ids)) == len(ids), name


def test_schedules_are_settings_a_workspace_can_load(place: Path, tmp_path: Path) -> None:
    text = schedules(str(place))
    (tmp_path / "deskpulse.toml").write_text(text)
    office = load_settings(tmp_path / "deskpulse.toml").schedules["Office"]
    assert office.zone == "Europe/London"
    assert [list(map(tuple, day)) for day in office.week] == [
        [(540, 720), (780, 1020)], [], [], [], [], [(1200, 1440)], [(0, 120)],
    ]  # fmt: skip
    assert sorted(map(str, office.holidays)) == ["2024-01-01", "2024-12-25", "2024-12-26"]
    assert "Gone" not in text


def test_a_folder_without_the_tables_and_a_missing_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none of the tables"):
        read_with(preset("zendesk_warehouse"), tmp_path)
    with pytest.raises(InputError, match="no folder or database"):
        read_with(preset("zendesk_warehouse"), tmp_path / "absent")
    (tmp_path / "broken.duckdb").write_text("not a database")
    with pytest.raises(InputError, match="cannot be opened"):
        read_with(preset("zendesk_warehouse"), tmp_path / "broken.duckdb")


def test_the_published_sample_tables(shared_data: Path) -> None:
    read = read_with(preset("zendesk_warehouse"), shared_data / "fivetran" / "zendesk")
    assert len(read.rows("ticket", "source_id")) == 10
    # ticket 11071 of ticket_field_history_data.csv, line by line
    assert [row[3] for row in read.changes("status") if row[0] == "11071"] == [
        "pending", "on_hold", "pending", "open", "pending", "on_hold", "open", "on_hold", "pending", "open", "solved",
        "closed",
    ]  # fmt: skip
    assert sorted(row[0] for row in read.changes("deleted")) == ["11013", "1595"]
    # policy 1002 asks 960 minutes of a ticket of priority normal
    assert read.rows("policy_target", "ticket", "target_seconds", "clock") == [("11071", 57_600, "calendar")]

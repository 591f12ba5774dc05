"""HubSpot's warehouse tables, by hand: tickets with a history of stages and owners, and tickets without one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from deskpulse.connectors.connector import preset
from deskpulse.errors import InputError
from tests.connectors.reading import Read, read_with

TABLES = {
    "ticket": (
        "id,is_deleted,property_createdate,property_closed_date,property_hs_lastmodifieddate,"
        "property_first_agent_reply_date,property_hs_pipeline,property_hs_pipeline_stage,property_hs_ticket_category,"
        "property_hs_ticket_priority,property_hubspot_owner_id,property_subject,property_content,property_source_type\n"
        "1,FALSE,2024-01-01 10:00:00,2024-01-04 00:00:00,2024-01-04 00:00:00,2024-01-01 11:00:00,p,done,BUG,HIGH,a,"
        "Sound,No sound,EMAIL\n"
        "2,FALSE,2024-01-02 10:00:00,2024-01-03 10:00:00,2024-01-05 00:00:00,,p,done,,,b,Two,,CHAT\n"  # no history
        "3,FALSE,2024-01-02 10:00:00,,2024-01-05 00:00:00,,p,done,,,b,Three,,CHAT\n"  # closed, no date
        "4,FALSE,2024-01-02 10:00:00,2024-01-06 00:00:00,,,q,unknown,,,,Four,,\n"  # stage not in the tables
        "5,FALSE,2024-01-02 10:00:00,2024-01-03 00:00:00,,,p,wait,,,,Five,,\n"  # reopened: an open stage
        "6,TRUE,2024-01-02 10:00:00,,2024-01-03 12:00:00,2024-01-01 09:00:00,p,new,,,,Six,,\n"  # reply before creation
        "7,FALSE,,,,,p,new,,,,Seven,,\n"
    ),
    "ticket_property_history": (
        "ticket_id,name,source,timestamp_instant,value\n"
        "1,hs_pipeline_stage,CRM,2024-01-01 10:00:00,new\n"
        "1,hs_pipeline_stage,CRM,2024-01-01 11:00:00,wait\n"
        "1,hs_pipeline_stage,CRM,2024-01-02 10:00:00,busy\n"
        "1,hs_pipeline_stage,CRM,2024-01-03 10:00:00,done\n"
        "1,hs_pipeline_stage,CRM,2024-01-03 20:00:00,busy\n"
        "1,hs_pipeline_stage,CRM,2024-01-04 00:00:00,done\n"
        "1,hubspot_owner_id,CRM,2024-01-01 10:00:00,b\n"
        "1,hubspot_owner_id,CRM,2024-01-02 12:00:00,gone\n"
        "1,hubspot_owner_id,CRM,2024-01-02 13:00:00,a\n"
        "1,hs_pipeline,CRM,2024-01-01 09:59:59,p\n"
        "1,hs_pipeline,CRM,2024-01-02 12:00:00,q\n"
        "1,subject,CRM,2024-01-02 12:00:00,Sound!\n"
        "none,hubspot_owner_id,CRM,2024-01-02 12:00:00,a\n"
    ),
    "ticket_pipeline": "pipeline_id,label\np,Support\nq,Repairs\n",
    "ticket_pipeline_stage": (
        "stage_id,label,is_closed,ticket_state,display_order\n"
        "new,New,FALSE,OPEN,0\nwait,Waiting on contact,FALSE,OPEN,1\nbusy,Waiting on us,FALSE,OPEN,2\n"
        "third,On hold,FALSE,OPEN,3\ndone,Closed,TRUE,CLOSED,4\n"
    ),
    "ticket_contact": "ticket_id,contact_id\n1,c2\n1,c1\n2,c2\n99,c9\n",
    "contact": "id,property_firstname,property_lastname,property_company\nc1,Cora,Coe,Acme\n",
    "owner": "owner_id,first_name,last_name\na,Ann,Abel\nb,Bea,\n",
}


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2024, 1, day, hour)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    folder = tmp_path_factory.mktemp("hubspot")
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text)
    return read_with(preset("hubspot_warehouse"), folder)


def test_tickets_open_with_the_first_values_of_their_history_else_with_the_present_ones(read: Read) -> None:
    columns = ("source_id", "status", "assignee", "team", "priority", "type", "channel", "customer")
    assert sorted(read.rows("ticket", *columns)) == [
        ("1", "new", "b", "Support", "high", "BUG", "email", "c1"),
        ("2", "new", "b", "Support", None, None, "chat", "c2"),
        ("3", "new", "b", "Support", None, None, "chat", None),
        ("4", "new", None, "Repairs", None, None, None, None),
        ("5", "pending", None, "Support", None, None, None, None),
        ("6", "new", None, "Support", None, None, None, None),
    ]


def test_stages_are_statuses(read: Read) -> None:
    """1 by its history; 2 by its closing date; 3 by its last change; 4 by its closing date, its stage being unknown.

    5 stands in an open stage: its closing date is an old one.
    """
    assert read.changes("status") == [
        ("1", at(1, 11), "new", "pending"),
        ("1", at(2, 10), "pending", "open"),
        ("1", at(3, 10), "open", "solved"),
        ("1", at(3, 20), "solved", "open"),
        ("1", at(4), "open", "solved"),
        ("2", at(3, 10), "new", "solved"),
        ("3", at(5), "new", "solved"),
        ("4", at(6), "new", "solved"),
    ]


def test_owners_and_pipelines(read: Read) -> None:
    assert read.changes("assignee") == [("1", at(2, 12), "b", "gone"), ("1", at(2, 13), "gone", "a")]
    assert read.changes("team") == [("1", at(2, 12), "Support", "Repairs")]
    assert read.changes("deleted") == [("6", at(3, 12), None, "true")]


def test_messages(read: Read) -> None:
    """Six openings and one reply: the one of ticket 6 lies before its creation."""
    rows = read.rows("message", "ticket", "at", "author", "author_kind", "text")
    assert [row for row in rows if row[0] == "1"] == [
        ("1", at(1, 10), "c1", "customer", "No sound"),
        ("1", at(1, 11), "a", "agent", None),
    ]
    assert len(rows) == 7


def test_people_and_customers(read: Read) -> None:
    assert sorted(read.rows("person", "source_id", "name"), key=str) == [
        ("a", "Ann Abel"), ("b", "Bea"), ("gone", None),
    ]  # fmt: skip
    assert sorted(read.rows("customer", "source_id", "name", "account"), key=str) == [
        ("c1", "Cora Coe", "Acme"), ("c2", None, None),
    ]  # fmt: skip


def test_what_is_put_aside_and_ids(read: Read) -> None:
    assert sorted(str(aside.column) for aside in read.aside) == ["property_createdate", "ticket_id"]
    for name in read.tables:
        ids = read.rows(name, "source_id")
        assert len(set(ids)) == len(ids), name


def test_a_folder_without_the_tables(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none of the tables"):
        read_with(preset("hubspot_warehouse"), tmp_path)


def test_the_published_sample_tables(shared_data: Path) -> None:
    """25 tickets. 23 have a closing date; that of 350123456 counts for nothing, since its stage has a history and is
    open; the one of 307034542 lies before its creation and is put aside. 4 of the 25 have a first reply."""
    read = read_with(preset("hubspot_warehouse"), shared_data / "fivetran" / "hubspot")
    assert [(aside.column, aside.raw) for aside in read.aside] == [("property_closed_date", "307034542")]
    assert len(read.rows("ticket", "source_id")) == 25
    solved = {row[0]: row[1] for row in read.changes("status")}
    assert len(solved) == 21
    assert not {"350123456", "307034542"} & set(solved)
    assert solved["238832209"] == datetime(2020, 11, 10, 14, 54, 50)
    assert [row[0] for row in read.rows("message", "author_kind")].count("agent") == 4
    teams = dict(read.rows("ticket", "source_id", "team"))
    assert teams["238832209"] == "43a68e729d0696fdd1014a83cd45267e"  # the label of pipeline 1486381
    assert teams["293370454"] == "1626124"  # a pipeline the sample does not name

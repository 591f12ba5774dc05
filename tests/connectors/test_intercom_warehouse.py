"""Intercom's warehouse tables, by hand: two conversations with parts, one known by its versions alone, and articles."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from deskpulse.connectors.connector import preset
from deskpulse.errors import InputError
from tests.connectors.reading import Read, read_with

TABLES = {
    # 1: opened by a user, closed, reopened by the customer, closed and rated twice. 2: opened by an admin. 3: no parts.
    "conversation_history": (
        "id,created_at,updated_at,state,assignee_id,assignee_type,priority,source_type,source_author_id,"
        "source_author_type,source_subject,source_body,conversation_rating_value,conversation_rating_remark,"
        "conversation_rating_created_at,_fivetran_active\n"
        "1,2024-01-01 10:00:00,2024-01-01 10:30:00,open,a,admin,not_priority,conversation,u,user,,Hi,,,,false\n"
        "1,2024-01-01 10:00:00,2024-01-02 09:00:00,closed,a,admin,priority,conversation,u,user,,Hi,2,Slow,"
        "2024-01-02 08:00:00,false\n"
        "1,2024-01-01 10:00:00,2024-01-02 12:00:00,closed,a,admin,priority,conversation,u,user,,Hi,5,Fine,"
        "2024-01-02 11:00:00,true\n"
        "2,2024-01-03 10:00:00,2024-01-03 10:00:00,open,,,not_priority,email,b,admin,News,Hello,,,,true\n"
        "3,2024-01-04 10:00:00,2024-01-04 10:05:00,open,t,team,,email,,,,Hm,,,,false\n"
        "3,2024-01-04 10:00:00,2024-01-04 11:00:00,snoozed,b,admin,,email,,,,Hm,,,,false\n"
        "3,2024-01-04 10:00:00,2024-01-04 12:00:00,closed,b,admin,,email,,,,Hm,,,,true\n"
    ),
    "conversation_part_history": (
        "id,conversation_id,created_at,updated_at,part_type,author_id,author_type,assigned_to_id,assigned_to_type,body\n"
        "10,1,2024-01-01 10:01:00,2024-01-01 10:01:00,comment,x,bot,,,One moment\n"
        "11,1,2024-01-01 10:05:00,2024-01-01 10:05:00,assignment,x,bot,t,team,\n"
        "12,1,2024-01-01 10:20:00,2024-01-01 10:20:00,assignment,a,admin,a,admin,Mine\n"
        "13,1,2024-01-01 10:30:00,2024-01-01 10:30:00,note,a,admin,,,Odd\n"
        "14,1,2024-01-01 10:40:00,2024-01-01 10:40:00,comment,a,admin,,,Try this\n"
        "14,1,2024-01-01 10:40:00,2024-01-01 10:41:00,comment,a,admin,,,Try that\n"
        "15,1,2024-01-01 10:40:00,2024-01-01 10:40:00,close,a,admin,,,\n"
        "16,1,2024-01-01 11:00:00,2024-01-01 11:00:00,comment,u,user,,,No\n"
        "17,1,2024-01-01 11:30:00,2024-01-01 11:30:00,snoozed,a,admin,,,\n"
        "18,1,2024-01-02 07:00:00,2024-01-02 07:00:00,timer_unsnooze,,,,,\n"
        "19,1,2024-01-02 07:30:00,2024-01-02 07:30:00,close,gone,admin,,,Bye\n"
        "20,2,2024-01-03 11:00:00,2024-01-03 11:00:00,comment,u,lead,,,Thanks\n"
        "99,nowhere,2024-01-03 11:00:00,2024-01-03 11:00:00,comment,u,lead,,,Lost\n"
    ),
    "conversation_contact_history": (
        "conversation_id,contact_id,conversation_updated_at\n2,u,\n3,v,2024-01-04 10:00:00\n"
    ),
    "conversation_tag_history": "conversation_id,tag_id,_fivetran_active\n1,g1,true\n1,g2,true\n1,g3,false\n",
    "tag": "id,name\ng1,Sound\ng2,Billing\ng3,Old\n",
    "contact_history": "id,name,updated_at\nu,Una,2024-01-02 00:00:00\nu,Unna,2024-01-01 00:00:00\n",
    "admin": "id,name\na,Ann\nb,Bea\n",
    "team": "id,name\nt,First line\n",
    "article_history": (
        "id,title,state,collection_id,default_locale,created_at,updated_at\n"
        "k1,Old title,published,c,en,2023-01-01 00:00:00,2023-02-01 00:00:00\n"
        "k1,Pairing,published,c,en,2023-01-01 00:00:00,2023-06-01 00:00:00\n"
        "k2,Draft,draft,c,en,2023-01-01 00:00:00,2023-01-02 00:00:00\n"
        "k3,Late,draft,none,en,2023-01-01 00:00:00,2023-01-01 00:00:00\n"
        "k3,Late,published,none,en,2023-01-01 00:00:00,2023-03-01 00:00:00\n"
        "k3,Late,draft,none,en,2023-01-01 00:00:00,2023-09-01 00:00:00\n"
    ),
    "collection_history": "id,name,updated_at\nc,Bluetooth,2023-01-01 00:00:00\n",
}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2024, 1, day, hour, minute)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    folder = tmp_path_factory.mktemp("intercom")
    for name, text in TABLES.items():
        (folder / f"{name}_data.csv").write_text(text)
    return read_with(preset("intercom_warehouse"), folder)


def test_conversations_are_tickets(read: Read) -> None:
    columns = ("source_id", "created_at", "status", "channel", "customer", "subject", "priority", "tags")
    assert sorted(read.rows("ticket", *columns)) == [
        ("1", at(1, 10), "open", "chat", "u", None, "priority", "Billing,Sound"),
        ("2", at(3, 10), "open", "email", "u", "News", None, None),
        ("3", at(4, 10), "open", "email", "v", None, None, None),
    ]


def test_who_wrote_what(read: Read) -> None:
    """Conversation 1: the opening, five parts with words; its second closing has words too. Part 14 was edited."""
    rows = read.rows("message", "ticket", "at", "author", "author_kind", "is_public", "text")
    assert [row[1:] for row in rows if row[0] == "1"] == [
        (at(1, 10), "u", "customer", True, "Hi"),
        (at(1, 10, 1), "x", "bot", True, "One moment"),
        (at(1, 10, 20), "a", "agent", False, "Mine"),
        (at(1, 10, 30), "a", "agent", False, "Odd"),
        (at(1, 10, 40), "a", "agent", True, "Try that"),
        (at(1, 11), "u", "customer", True, "No"),
        (at(2, 7, 30), "gone", "agent", True, "Bye"),
    ]
    assert [row[1:4] for row in rows if row[0] in "23"] == [
        (at(3, 10), "b", "agent"),
        (at(3, 11), "u", "customer"),
        (at(4, 10), None, "customer"),
    ]


def test_status_by_parts_else_by_versions(read: Read) -> None:
    """The customer's comment reopens what was closed; a comment on what is open changes nothing."""
    assert read.changes("status") == [
        ("1", at(1, 10, 40), "open", "solved"),
        ("1", at(1, 11), "solved", "open"),
        ("1", at(1, 11, 30), "open", "pending"),
        ("1", at(2, 7), "pending", "open"),
        ("1", at(2, 7, 30), "open", "solved"),
        ("3", at(4, 11), "open", "pending"),
        ("3", at(4, 12), "pending", "solved"),
    ]
    by = {row[:3]: row[3:] for row in read.rows("change", "ticket", "field", "at", "by", "by_kind")}
    assert by["1", "status", at(2, 7, 30)] == ("gone", "agent")
    assert by["1", "status", at(1, 11)] == ("u", "customer")
    assert by["3", "status", at(4, 12)] == (None, None)


def test_a_closing_comes_after_the_words_of_the_same_second(read: Read) -> None:
    [spoken] = [row[0] for row in read.rows("message", "seq", "at") if row[1] == at(1, 10, 40)]
    [closed] = [row[0] for row in read.rows("change", "seq", "at") if row[1] == at(1, 10, 40)]
    assert spoken < closed


def test_assignments(read: Read) -> None:
    assert read.changes("team") == [
        ("1", at(1, 10, 5), None, "First line"),
        ("3", at(4, 10, 5), None, "First line"),
        ("3", at(4, 11), "First line", None),
    ]
    assert read.changes("assignee") == [("1", at(1, 10, 20), None, "a"), ("3", at(4, 11), None, "b")]


def test_a_rating_given_again_is_a_second_answer(read: Read) -> None:
    assert read.rows("survey", "survey", "action", "at", "score", "scale_low", "scale_high", "comment", "customer") == [
        ("1:rating", "answered", at(2, 8), 2.0, 1.0, 5.0, "Slow", "u"),
        ("1:rating", "answered", at(2, 11), 5.0, 1.0, 5.0, "Fine", "u"),
    ]


def test_people_and_customers(read: Read) -> None:
    assert sorted(read.rows("person", "source_id", "name"), key=str) == [("a", "Ann"), ("b", "Bea"), ("gone", None)]
    assert sorted(read.rows("customer", "source_id", "name"), key=str) == [("u", "Una"), ("v", None)]


def test_articles_that_were_ever_public(read: Read) -> None:
    columns = ("source_id", "title", "topic", "published_at", "updated_at", "unpublished_at")
    assert sorted(read.rows("article", *columns)) == [
        ("k1", "Pairing", "Bluetooth", datetime(2023, 1, 1), datetime(2023, 6, 1), None),
        ("k3", "Late", "none", datetime(2023, 3, 1), datetime(2023, 9, 1), datetime(2023, 9, 1)),
    ]


def test_parts_of_no_conversation_are_put_aside_and_ids_are_unique(read: Read) -> None:
    assert [aside.column for aside in read.aside] == ["conversation_id"]
    for name in read.tables:
        ids = read.rows(name, "source_id")
        assert len(set(ids)) == len(ids), name


def test_a_folder_without_the_tables(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none of the tables"):
        read_with(preset("intercom_warehouse"), tmp_path)


def test_the_published_sample_tables(shared_data: Path) -> None:
    """Two conversations, known by their versions; nine parts, all of other conversations; three public articles of
    four (article_004 is a draft)."""
    read = read_with(preset("intercom_warehouse"), shared_data / "fivetran" / "intercom")
    assert read.rows("ticket", "source_id", "channel", "customer") == [
        ("156643300001311", "chat", "5f7295ca37f0d717d37dfddb"),
        ("156643300001372", "chat", "5f7295ca37f0d717d37dfddb"),
    ]
    assert [aside.column for aside in read.aside] == ["conversation_id"] * 9
    assert read.changes("status") == [
        ("156643300001311", datetime(2020, 11, 2, 14, 17, 59), "open", "solved"),
        ("156643300001372", datetime(2020, 11, 6, 13, 55, 1), "open", "solved"),
    ]
    assert read.changes("assignee") == [
        ("156643300001311", datetime(2020, 10, 29, 0, 26, 6), None, "4077639"),
        ("156643300001372", datetime(2020, 11, 4, 11, 41, 22), None, "4077639"),
    ]
    assert [row[0] for row in read.rows("article", "source_id")] == ["article_001", "article_002", "article_003"]
    assert len(read.rows("person", "source_id")) == 4

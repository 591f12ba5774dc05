"""Asterisk's queue log in both forms: the lines of the samples read by hand, and calls written for what they lack."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from connectors.reading import Read, read_with

from deskpulse.connectors.connector import preset


def read(folder: Path, *lines: str) -> Read:
    path = folder / "queue_log"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_with(preset("asterisk_queue_log"), path)


def rows(found: Read, table: str, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in found.tables[table].to_pylist()]


def test_the_file_form_of_2010(shared_data: Path) -> None:
    """Of two answered calls the beginnings are cut off; they came at epochs 1266833931 and 1266834002."""
    found = read_with(preset("asterisk_queue_log"), shared_data / "telco_queue" / "queue_log_2010_sample.txt")
    assert rows(found, "call", "offered_at", "queue_seconds", "outcome") == [
        (datetime(2010, 2, 22, 10, 18, 51), 2, "answered"),
        (datetime(2010, 2, 22, 10, 20, 2), 36, "answered"),
    ]
    assert rows(found, "call_leg", "agent", "is_answered", "dial_seconds", "talk_seconds") == [
        ("Local/2001@from-internal/n", False, 0, None),
        ("Local/2008@from-internal/n", False, 1, None),
        ("Local/2010@from-internal/n", False, 1, None),
        ("Local/2004@from-internal/n", True, 0, 4),
        ("Local/2004@from-internal/n", True, 0, 8),
    ]
    # Of the calls of lines 2 and 8 the log does not tell the end.
    assert [(aside.line, aside.reason) for aside in found.aside] == [
        (2, "the log does not tell how the call ended"),
        (8, "the log does not tell how the call ended"),
    ]


def test_the_table_form_with_a_clock_four_hours_behind(shared_data: Path) -> None:
    """Call 1341401601.24 began at epoch 1341401601, 11:33:21 UTC; the table says 07:33:21."""
    found = read_with(preset("asterisk_queue_log"), shared_data / "telco_queue" / "wazo_queue_log.rst")
    calls = rows(found, "call", "offered_at", "is_queued", "queue_seconds", "outcome", "customer")
    assert calls == [
        (datetime(2012, 7, 4, 11, 27, 55), False, 0, "missed", None),
        (datetime(2012, 7, 4, 11, 33, 21), True, 2, "answered", "1000"),
        (datetime(2012, 7, 4, 11, 37, 32), True, 2, "answered", None),  # ended 11:37:46 after 2 s and 12 s of talk
        (datetime(2012, 7, 4, 11, 40, 17), False, 0, "missed", None),
        (datetime(2012, 7, 4, 11, 48, 3), False, 0, "missed", None),
        (datetime(2012, 7, 4, 11, 49, 46), True, 6, "abandoned", None),
    ]
    states = rows(found, "agent_state", "agent", "at", "state")
    assert states == [
        ("Agent/3001", datetime(2012, 7, 3, 19, 27, 23), "available"),
        ("Agent/3001", datetime(2012, 7, 3, 19, 28, 6), "offline"),
    ]
    assert all("|" not in aside.raw for aside in found.aside)  # the prose around the tables, and nothing of them


def test_a_call_passed_on_to_another_queue_is_another_call_with_its_own_wait(tmp_path: Path) -> None:
    """It waits 10 s for Ann, who lets it ring 2 s, talks 30 s and passes it on; in q2 it is given up after 7 s."""
    found = read(
        tmp_path,
        "1700000000|1700000000.1|q1|NONE|ENTERQUEUE||0170|1",
        "1700000005|1700000000.1|q1|SIP/bob|RINGNOANSWER|4000",
        "1700000010|1700000000.1|q1|SIP/ann|CONNECT|10|1700000008.2|2",
        "1700000040|1700000000.1|q1|SIP/ann|BLINDTRANSFER|600|internal|10|30|1",
        "1700000041|1700000000.1|q2|NONE|ENTERQUEUE||0170|1",
        "1700000048|1700000000.1|q2|NONE|ABANDON|1|1|7",
    )
    assert rows(found, "call", "queue", "queue_seconds", "outcome", "customer") == [
        ("q1", 10, "answered", "0170"),
        ("q2", 7, "abandoned", "0170"),
    ]
    start = datetime(2023, 11, 14, 22, 13, 20)  # epoch 1700000000
    assert rows(found, "call_leg", "agent", "at", "is_answered", "dial_seconds", "talk_seconds") == [
        ("SIP/bob", start.replace(second=21), False, 4, None),
        ("SIP/ann", start.replace(second=28), True, 2, 30),
    ]


def test_entering_again_after_a_timeout_is_another_visit(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "1700000000|1.1|q1|NONE|ENTERQUEUE||0170|1",
        "1700000060|1.1|q1|NONE|EXITWITHTIMEOUT|1|1|60",
        "1700000061|1.1|q1|NONE|ENTERQUEUE||0170|1",
        "1700000065|1.1|q1|SIP/ann|CONNECT|4|1.2|1",
        "1700000095|1.1|q1|SIP/ann|COMPLETECALLER|4|30|1",
    )
    assert rows(found, "call", "queue_seconds", "outcome") == [(60, "overflow"), (4, "answered")]
    assert rows(found, "call_leg", "talk_seconds") == [(30,)]


def test_paused_in_every_queue_is_a_break_and_in_one_is_not(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "1700000000|NONE|q1|SIP/ann|ADDMEMBER|",
        "1700000001|NONE|q2|SIP/ann|ADDMEMBER|",
        "1700000100|NONE|q1|SIP/ann|PAUSE|",
        "1700000200|NONE|q2|SIP/ann|PAUSE|Team meeting",
        "1700000300|NONE|NONE|SIP/ann|UNPAUSEALL|",
        "1700000400|NONE|NONE|SIP/ann|PAUSEALL|lunch",
        "1700000500|NONE|q1|SIP/ann|REMOVEMEMBER|",
        "1700000600|NONE|q2|SIP/ann|REMOVEMEMBER|",
        "1700000700|NONE|NONE|NONE|QUEUESTART|",
        "1700000900|2.1|q1|NONE|FULL|",
    )
    seconds = [
        (int((at - datetime(2023, 11, 14, 22, 13, 20)).total_seconds()), int((until - at).total_seconds()), state)
        for at, until, state in rows(found, "agent_state", "at", "until", "state")
    ]
    assert seconds == [
        (0, 200, "available"),
        (200, 100, "meeting"),
        (300, 100, "available"),
        (400, 200, "break"),
        (600, 300, "offline"),  # until the log's last line, and nobody knows what then
    ]


def test_what_is_no_line_of_the_log_is_put_aside_with_the_reason(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "soon|1.1|q1|NONE|ENTERQUEUE||0170|1",
        "1700000000|1.1|q1|NONE|TELEPORT|",
        "1700000000|1.1",
        "1700000000|1.2|q1|NONE|JOINEMPTY|",
    )
    assert [(aside.line, aside.reason) for aside in found.aside] == [
        (1, "no time in the first field"),
        (2, "unknown event TELEPORT"),
        (3, "no line of a queue log: fewer than five fields"),
    ]
    assert rows(found, "call", "outcome") == [("missed",)]

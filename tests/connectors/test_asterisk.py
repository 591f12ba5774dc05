"""Asterisk's queue log, followed: the same calls as from the whole file, however it is cut and rotated meanwhile."""

from __future__ import annotations

import gzip
import random
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from connectors.reading import Read, read_with
from hypothesis import given, settings
from hypothesis import strategies as st

from deskpulse.connectors import asterisk_files
from deskpulse.connectors.api.connector import Account
from deskpulse.connectors.asterisk import API, GAP
from deskpulse.connectors.asterisk_lines import KNOWN, NOISE, read_lines
from deskpulse.connectors.connector import preset
from deskpulse.errors import SourceError
from deskpulse.events import EVENT_TABLES
from deskpulse.sync import check

NOW = datetime(2026, 1, 1)
START = 1_700_000_000


class Reader:
    """Runs one after the other over one log: the cursor of each is where the next goes on."""

    def __init__(self, path: Path) -> None:
        self.account = Account(source="phones", options={"path": str(path)})
        self.cursor: str | None = None
        self.items: list[Any] = []
        self.pages = 0

    def run(self, most: int = 1000) -> Read:
        """A run that is stopped after ``most`` pages."""
        with API.open(self.account) as client:
            for number, page in enumerate(API.pages(client, self.cursor, now=NOW, since=None), 1):
                self.cursor = page.cursor
                self.pages += 1
                page.__dict__.pop("portion")  # as when it is read again from where it is kept
                self.items += list(API.to_events(page, self.account))
                if number == most:
                    break
        return Read(self.items)


def newest(seen: Read, table: str) -> list[dict[str, Any]]:
    """The newest version of each row."""
    found: dict[str, dict[str, Any]] = {}
    for row in seen.tables[table].to_pylist() if table in seen.tables else ():
        if row["version"] >= found.get(row["source_id"], row)["version"]:
            found[row["source_id"]] = {
                name: value for name, value in row.items() if name not in ("source", "observed_at")
            }
    return sorted(found.values(), key=lambda row: str(row["source_id"]))


def calls(seen: Read) -> list[tuple[Any, ...]]:
    return [(row["queue"], row["queue_seconds"], row["outcome"]) for row in newest(seen, "call")]


def talks(seen: Read) -> list[tuple[Any, ...]]:
    return [(row["agent"], row["is_answered"], row["talk_seconds"]) for row in newest(seen, "call_leg")]


def write(path: Path, *lines: str, mode: str = "a") -> None:
    with path.open(mode) as file:
        file.writelines(f"{line}\n" for line in lines)


def test_a_call_is_completed_when_the_log_goes_on(tmp_path: Path) -> None:
    """Entered at 0, answered after 10 s, talked for 30 s; the other one is given up after 7 s."""
    log = tmp_path / "queue_log"
    reader = Reader(log)
    write(log, f"{START}|1.1|q|NONE|ENTERQUEUE||0170|1", f"{START + 1}|2.1|q|NONE|ENTERQUEUE||0171|2")
    assert calls(reader.run()) == []
    write(log, f"{START + 10}|1.1|q|SIP/ann|CONNECT|10|1.2|2")
    seen = reader.run()
    assert calls(seen) == [("q", 10, "answered")]
    assert talks(seen) == [("SIP/ann", True, None)]
    write(log, f"{START + 8}|2.1|q|NONE|ABANDON|2|2|7", f"{START + 40}|1.1|q|SIP/ann|COMPLETECALLER|10|30|1")
    seen = reader.run()
    assert calls(seen) == [("q", 10, "answered"), ("q", 7, "abandoned")]
    assert talks(seen) == [("SIP/ann", True, 30)]
    assert not seen.aside
    pages = reader.pages
    reader.run()
    assert reader.pages == pages


def test_half_a_line_waits_for_its_other_half(tmp_path: Path) -> None:
    log = tmp_path / "queue_log"
    reader = Reader(log)
    log.write_text(f"{START}|1.1|q|NONE|JOINEMPTY|\n{START + 5}|1.2|q|NONE|JOINEM")
    assert calls(reader.run()) == [("q", 0, "missed")]
    with log.open("a") as file:
        file.write("PTY|\n")
    seen = reader.run()
    assert calls(seen) == [("q", 0, "missed")] * 2
    assert not seen.aside


@pytest.mark.parametrize("way", ["renamed", "packed", "copied and cut"])
def test_the_rest_of_a_rotated_file_is_read_and_then_the_new_one(tmp_path: Path, way: str) -> None:
    log, old = tmp_path / "queue_log", tmp_path / "queue_log.1"
    reader = Reader(log)
    write(log, f"{START}|1.1|q|NONE|ENTERQUEUE||0170|1")
    reader.run()
    write(log, f"{START + 10}|1.1|q|SIP/ann|CONNECT|10|1.2|2")
    old.write_bytes(log.read_bytes())
    if way == "copied and cut":
        log.write_bytes(b"")
        reader.run()  # before anything is in it again
    else:
        log.unlink()
    if way == "packed":
        (tmp_path / "queue_log.1.gz").write_bytes(gzip.compress(old.read_bytes()))
        old.unlink()
    write(log, f"{START + 40}|1.1|q|SIP/ann|COMPLETEAGENT|10|30|1")
    seen = reader.run()
    assert calls(seen) == [("q", 10, "answered")]
    assert talks(seen) == [("SIP/ann", True, 30)]
    assert not seen.aside
    write(log, f"{START + 50}|1.9|q|NONE|FULL|")
    assert calls(reader.run())[1:] == [("q", 0, "missed")]


def test_all_rotated_files_are_read_the_first_time_and_files_beside_the_log_are_not(tmp_path: Path) -> None:
    log = tmp_path / "queue_log"
    write(tmp_path / "queue_log-20231114", f"{START}|1.1|q|NONE|ENTERQUEUE||0170|1")
    write(tmp_path / "queue_log-20231115", f"{START + 9}|1.1|q|NONE|ABANDON|1|1|9")
    write(tmp_path / "queue_logger", "nothing of the kind")
    write(log, f"{START + 50}|1.9|q|NONE|FULL|")
    seen = Reader(log).run()
    assert calls(seen) == [("q", 9, "abandoned"), ("q", 0, "missed")]
    assert not seen.aside


def test_what_was_rotated_away_unread_is_told(tmp_path: Path) -> None:
    log = tmp_path / "queue_log"
    reader = Reader(log)
    write(log, f"{START}|1.1|q|NONE|ENTERQUEUE||0170|1")
    reader.run()
    write(log, f"{START + 90}|1.9|q|NONE|FULL|", mode="w")
    seen = reader.run()
    assert [(aside.file, aside.reason) for aside in seen.aside] == [("phones: queue_log", GAP)]
    assert calls(seen) == [("q", 0, "missed")]


def test_a_call_that_nobody_ends_is_put_aside_after_a_day(tmp_path: Path) -> None:
    log = tmp_path / "queue_log"
    reader = Reader(log)
    write(log, f"{START}|1.1|q|NONE|ENTERQUEUE||0170|1", f"{START + 86_401}|1.9|q|NONE|FULL|", "no line at all")
    seen = reader.run()
    assert sorted(aside.reason for aside in seen.aside) == [
        "no line of a queue log: fewer than five fields",
        "the log does not tell how the call ended",
    ]
    write(log, f"{START + 86_500}|1.1|q|NONE|ABANDON|1|1|9")  # too late: its beginning is not known any more
    assert calls(reader.run()) == [("q", 9, "abandoned"), ("q", 0, "missed")]


def test_states_of_agents_go_on(tmp_path: Path) -> None:
    log = tmp_path / "queue_log"
    reader = Reader(log)
    write(log, f"{START}|NONE|q|SIP/ann|ADDMEMBER|")
    reader.run()
    write(log, f"{START + 60}|NONE|q|SIP/ann|PAUSE|lunch")
    reader.run()
    write(log, f"{START + 99}|1.9|q|NONE|FULL|")
    rows = [(row["state"], (row["until"] - row["at"]).total_seconds()) for row in newest(reader.run(), "agent_state")]
    assert rows == [("available", 60), ("break", 39)]


def busy_log(chance: random.Random) -> list[str]:
    lines, at = [], START
    for number in range(40):
        at += chance.randint(0, 30)
        call, queue, agent = f"{at}.{number % 7}", chance.choice("pq"), chance.choice(("a", "b", "c"))
        lines.append((at, f"{call}|{queue}|NONE|ENTERQUEUE||0170{number}|1"))
        for ring in range(chance.randint(0, 2)):
            lines.append((at + ring, f"{call}|{queue}|{agent}|RINGNOANSWER|1000"))
        end = at + chance.randint(2, 200)
        lines.append((at + 2, f"{call}|{queue}|{agent}|CONNECT|2|x|1"))
        lines.append((end, f"{call}|{queue}|{agent}|COMPLETEAGENT|2|{end - at - 2}|1"))
        pause = chance.choice(("ADDMEMBER|", "PAUSE|training", "UNPAUSE|", "REMOVEMEMBER|", "CONNECT"))
        lines.append((at + 1, f"NONE|{queue}|{agent}|{pause}"))
    return [f"{at}|{words}" for at, words in sorted(lines, key=lambda line: line[0])]


@pytest.mark.parametrize("seed", range(12))
def test_however_it_is_cut_rotated_and_stopped_the_rows_are_those_of_the_whole(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asterisk_files, "PORTION", 700)
    chance = random.Random(seed)
    text = "".join(f"{line}\n" for line in busy_log(chance))
    whole, log = tmp_path / "whole", tmp_path / "queue_log"
    whole.write_text(text)
    log.touch()
    reader, begin, rotated = Reader(log), 0, 0
    while begin < len(text):
        end = min(len(text), begin + chance.randint(1, 1500))
        with log.open("a") as file:
            file.write(text[begin:end])
        begin = end
        if chance.random() < 0.7:
            reader.run(most=chance.randint(1, 3))
        if chance.random() < 0.1:  # at the end of a line
            begin = text.find("\n", end - 1) + 1
            with log.open("a") as file:
                file.write(text[end:begin])
            rotated += 1
            log.rename(tmp_path / f"queue_log.{rotated}")
            log.touch()
    seen = reader.run()
    expected = read_with(preset("asterisk_queue_log"), whole)
    for table in ("call", "call_leg", "agent_state"):
        assert newest(seen, table) == newest(expected, table)
    assert not [aside for aside in seen.aside if "ended" not in aside.reason and "CONNECT" not in aside.raw]


CELLS = st.sampled_from(
    (
        *("1700000000", "1700000009", "99999999999", "9999-12-31 23:59:59", "0001-01-01", "2024-01-01T00:00:00+14:00"),
        *(
            "-5",
            "1e300",
            "9" * 400,
            "٣",
            "a\0b",
            "NONE",
            "",
            "1700000000.5",
            "\u2028",
            "5",
            "30",
            "ENTERQUEUE",
            "CONNECT",
        ),
    )
)
LINES = st.lists(st.lists(st.one_of(CELLS, st.sampled_from(KNOWN)), min_size=2, max_size=9).map("|".join), max_size=15)


@settings(max_examples=50, deadline=None)
@given(LINES, st.binary(max_size=40))
def test_whatever_the_log_holds_each_line_is_read_or_put_aside(lines: list[str], rest: bytes) -> None:
    log = read_lines("f", "\n".join(lines))
    ignored = [line for line in lines if line.split("|")[4:5] and line.split("|")[4] in NOISE]
    told = {refused.line for refused in log.refused} | set(log.ints("number").tolist())
    silent = [line for number, line in enumerate(lines, 1) if number not in told]
    assert set(silent) <= {*ignored, *(line for line in lines if not line.strip("| "))}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "queue_log"
        path.write_bytes("\n".join(lines).encode() + b"\n" + rest)
        for seen in (read_with(preset("asterisk_queue_log"), path), Reader(path).run()):
            for table, rows in seen.tables.items():
                check(EVENT_TABLES[table], rows)


def test_mistakes_are_told_with_the_remedy(tmp_path: Path) -> None:
    log = tmp_path / "queue_log"

    def check() -> None:
        with API.open(Account(source="phones", options={"path": str(log)})) as client:
            assert API.check(client) == ()

    with pytest.raises(SourceError, match="is not there: give the path where Asterisk writes it"):
        check()
    log.write_text("[general]\npersistentmembers = yes\n")
    with pytest.raises(SourceError, match=r"begins with no line of a queue log.*deskpulse connect phones"):
        check()
    log.write_text("")
    check()
    write(log, f"{START}|1.1|q|NONE|ENTERQUEUE||0170|1")
    check()
    log.unlink()
    log.mkdir()
    with pytest.raises(SourceError, match="Is a directory"):
        check()

"""A bank's calls of February 1999: what is published of the month comes out, and six service levels counted apart."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from connectors.reading import Read, read_with

from deskpulse import workspace
from deskpulse.connectors.connector import preset
from deskpulse.errors import InputError
from deskpulse.workspace import Workspace

HEADER = "vru+line\tcall_id\tcustomer_id\tpriority\ttype\tdate\tvru_entry\tvru_exit\tvru_time\tq_start\tq_exit\tq_time"
HEADER += "\toutcome\tser_start\tser_exit\tser_time\tserver"
FINE = "AA0101\t1\t0\t0\tPS\t990201\t7:02:47\t7:02:56\t9\t0:00:00\t0:00:00\t0\tAGENT\t7:02:55\t7:05:41\t166\tDORIT"


@pytest.fixture(scope="module")
def month(shared_data: Path) -> Path:
    return shared_data / "anonymous_bank" / "february_1999.txt.gz"


@pytest.fixture(scope="module")
def rows(month: Path) -> list[tuple[str, int, int, str]]:
    """Outcome, wait, service time and server of each call, read by the standard library alone."""
    with gzip.open(month, "rt", encoding="latin-1", newline="") as file:
        read = csv.reader(file, delimiter="\t")
        names = [name.strip() for name in next(read)]
        outcome, wait, served, server = (names.index(n) for n in ("outcome", "q_time", "ser_time", "server"))
        return [(r[outcome].strip(), int(r[wait]), int(r[served]), r[server].strip()) for r in read]


@pytest.fixture(scope="module")
def read(month: Path) -> Read:
    return read_with(preset("anonymous_bank"), month)


@pytest.fixture(scope="module")
def bank(month: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("bank") / "workspace"
    place = workspace.create(folder, settings='[workspace]\nzone = "Asia/Jerusalem"\n')
    place.import_files("anonymous_bank", [str(month)], now=datetime(1999, 3, 1))
    return place


def test_every_row_is_a_call_and_25_menus_are_in_quarantine(read: Read) -> None:
    assert read.tables["call"].num_rows == 33_344
    ends = Counter(read.tables["call"]["outcome"].to_pylist())
    assert ends == {"answered": 27_162, "abandoned": 5_904, "phantom": 278}
    assert sum(read.tables["call"]["is_queued"].to_pylist()) == 18_306
    assert len(read.aside) == 25
    # zcat february_1999.txt.gz | awk -F'\t' '$9 < 0 {print NR; exit}' gives 2047
    assert (read.aside[0].line, read.aside[0].column) == (2047, "vru_time")
    assert {aside.reason for aside in read.aside} == {"a time below 0 seconds"}


def test_the_491_answered_by_nobody_have_no_leg(read: Read) -> None:
    legs = read.tables["call_leg"].to_pandas()
    assert len(legs) == 27_162 - 491
    assert legs.talk_seconds.mean() == pytest.approx(179.035, abs=0.0005)


def test_no_server_talks_twice_at_once(read: Read) -> None:
    legs = read.tables["call_leg"].to_pandas().dropna(subset=["agent"])
    legs["since"] = legs["at"].astype("int64") // 10 ** (9 if legs["at"].dt.unit == "ns" else 6)
    legs = legs.sort_values(["agent", "since"])
    ends = (legs.since + legs.talk_seconds).groupby(legs.agent).shift()
    assert not (legs.since < ends).any()
    assert len(legs) == 27_162 - 491 - 449  # of 449 calls the log names a server who was on another


def test_times_are_those_of_jerusalem(read: Read) -> None:
    """The first row: the menu was entered at 7:02:47 on 1 February, in winter two hours ahead of UTC."""
    assert read.tables["call"]["offered_at"][0].as_py() == datetime(1999, 2, 1, 5, 2, 47)
    assert read.tables["call_leg"]["at"][0].as_py() == datetime(1999, 2, 1, 5, 2, 55)


def test_answered_after_midnight_is_the_next_day(tmp_path: Path) -> None:
    """It enters the menu at 23:59:20 and is served from 0:00:27: on 1 February at 21:59:20 and 22:00:27 UTC."""
    late = FINE.replace("7:02:47", "23:59:20").replace("7:02:56", "23:59:29").replace("7:02:55", "0:00:27")
    (tmp_path / "february.txt").write_text(f"{HEADER}\n{late}\n")
    found = read_with(preset("anonymous_bank"), tmp_path / "february.txt")
    assert found.tables["call"]["offered_at"][0].as_py() == datetime(1999, 2, 1, 21, 59, 20)
    assert found.tables["call_leg"]["at"][0].as_py() == datetime(1999, 2, 1, 22, 0, 27)


def test_what_cannot_be_understood_is_put_aside_alone(tmp_path: Path) -> None:
    bad = [
        FINE.replace("990201", "990231"),
        FINE.replace("\t166\t", "\t-166\t"),
        FINE.replace("AGENT", "ROBOT"),
        FINE.replace("7:02:55", "soon"),
    ]
    (tmp_path / "february.txt").write_text("\n".join([HEADER, *bad, FINE]) + "\n")
    found = read_with(preset("anonymous_bank"), tmp_path / "february.txt")
    assert [(a.line, a.column) for a in found.aside] == [(2, "date"), (3, "ser_time"), (4, "outcome"), (5, "ser_start")]
    assert found.tables["call"].num_rows == 1


def test_another_file_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("a\tb\n1\t2\n")
    with pytest.raises(InputError, match="no monthly file of this log"):
        read_with(preset("anonymous_bank"), tmp_path / "other.txt")


def test_volume_and_both_abandonment_rates(bank: Workspace) -> None:
    [offered] = bank.ask("call_volume").rows
    assert (offered.value, offered.left_out) == (27_162 + 5_904, {"phantom": 278})
    [every] = bank.ask("abandonment_rate:all").rows
    assert (every.value, every.n) == (pytest.approx(5_904 / 33_066), 33_066)
    [queued] = bank.ask("abandonment_rate:queued").rows  # 18,306 queued, of them 278 phantoms
    assert (queued.value, queued.n) == (pytest.approx(3_932 / 18_028), 18_028)


def test_waits_and_handling(bank: Workspace) -> None:
    assert bank.ask("average_speed_of_answer").value == pytest.approx(40.774, abs=0.0005)
    [handled] = bank.ask("average_handle_time").rows
    assert (handled.value, handled.n) == (pytest.approx(179.035, abs=0.0005), 26_671)
    assert bank.ask("average_handle_time:spread", statistic="median").value == 109


def test_the_service_level_in_six_variants(bank: Workspace, rows: list[tuple[str, int, int, str]]) -> None:
    """Counted from the file by itself: 20 s, and 5 s for a call given up early."""
    answered = [wait for outcome, wait, _, _ in rows if outcome == "AGENT"]
    given_up = [wait for outcome, wait, _, _ in rows if outcome == "HANG"]
    met, soon, short = (
        sum(wait <= limit for wait in waits) for waits, limit in ((answered, 20), (given_up, 20), (given_up, 5))
    )
    every = len(answered) + len(given_up)
    expected = {
        "answered_in_t": met / every,
        "of_answered": met / len(answered),
        "with_abandoned_in_t": (met + soon) / every,
        "without_abandoned_in_t": met / (every - soon),
        "with_short": (met + short) / every,
        "without_short": met / (every - short),
    }
    assert {name: bank.ask(f"service_level:{name}").value for name in expected} == pytest.approx(expected)

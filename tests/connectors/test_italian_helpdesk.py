"""The helpdesk of an Italian software company: no event is lost, and the header that repeats is no trouble."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from connectors.reading import Read, read_with

from deskpulse.connectors.connector import preset


@pytest.fixture(scope="module")
def log(shared_data: Path) -> Read:
    return read_with(preset("italian_helpdesk"), shared_data / "italian_helpdesk" / "helpdesk.csv.gz")


def test_cases_and_the_time_from_first_to_last_event(log: Read) -> None:
    assert log.aside == []
    created = log.tables["ticket"].to_pandas().set_index("source_id").created_at
    told = pd.concat([log.tables[name].to_pandas()[["ticket", "at"]] for name in ("change", "message")])
    days = (told.groupby("ticket")["at"].max() - created).dt.total_seconds() / 86400
    assert len(days) == 4_580
    assert days.median() == pytest.approx(39.859, abs=0.0005)
    assert days.mean() == pytest.approx(40.858, abs=0.0005)


def test_every_event_of_the_log_gave_a_change_or_a_note(log: Read) -> None:
    # 21,348 rows; a change's and a note's id begin with the id of their row, an opening's does not
    ids = [row[0] for name in ("change", "message") for row in log.rows(name, "source_id")]
    rows = {":".join(one.split(":")[:3]) for one in ids if not one.endswith(":opening")}
    first_rows_that_only_open = 21_348 - len(rows)
    assert first_rows_that_only_open == 0
    assert len(ids) == len(set(ids))


def test_a_case_worked_by_hand(log: Read) -> None:
    # Case 2: seriousness assigned 08:55:38, taken 08:55:53 (Value 4), resolved two days later, closed on 19 May
    assert [(str(at), old, new) for ticket, at, old, new in log.changes("status") if ticket == "Case 2"] == [
        ("2012-04-03 08:55:53", "new", "open"),
        ("2012-04-05 09:15:52", "open", "solved"),
        ("2012-05-19 09:00:28", "solved", "closed"),
    ]
    assert [new for ticket, _, _, new in log.changes("assignee") if ticket == "Case 2"] == ["Value 4"]

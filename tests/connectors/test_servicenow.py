"""The incidents of an IT company (UCI 498): the figures published for this log come out of the events alone."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from connectors.reading import Read, read_with

from deskpulse.connectors.connector import preset

DONE = ["solved", "closed"]


@pytest.fixture(scope="module")
def log(shared_data: Path) -> Read:
    return read_with(preset("servicenow"), shared_data / "servicenow" / "incident_event_log.csv.gz")


@pytest.fixture(scope="module")
def created(log: Read) -> pd.Series:
    tickets = log.tables["ticket"].to_pandas()
    return tickets.set_index("source_id").created_at


def changes(log: Read, field: str) -> pd.DataFrame:
    rows = log.tables["change"].to_pandas()
    return rows[rows.field == field].sort_values(["ticket", "at", "seq"])


def test_five_rows_of_an_unknown_state_are_put_aside_with_their_lines(log: Read) -> None:
    # zcat incident_event_log.csv.gz | grep -n ',-100,' gives these lines
    assert [aside.line for aside in log.aside] == [115643, 115644, 124509, 124510, 124511]
    assert {aside.column for aside in log.aside} == {"incident_state"}


def test_incidents_and_resolutions(log: Read, created: pd.Series) -> None:
    assert len(created) == 24_918
    status = changes(log, "status")
    solved = status[status.new == "solved"].groupby("ticket")["at"].last()
    reopened = status[status.old.isin(DONE) & ~status.new.isin(DONE)].groupby("ticket")["at"].last()
    standing = solved[~(reopened.reindex(solved.index) > solved)]
    hours = (standing - created.reindex(standing.index)).dt.total_seconds() / 3600
    assert len(hours) == 23_362
    assert hours.median() == pytest.approx(22.1)
    assert hours.mean() == pytest.approx(178.17, abs=0.005)


def test_each_status_change_starts_from_the_status_before(log: Read) -> None:
    status = changes(log, "status")
    before = status.groupby("ticket").new.shift().fillna("new")
    assert (before == status.old).all()


def test_reopenings_and_reassignments(log: Read) -> None:
    status, team = changes(log, "status"), changes(log, "team")
    assert status[status.old.isin(DONE) & ~status.new.isin(DONE)].ticket.nunique() == 275
    before = team.groupby("ticket").new.shift()
    assert ((before == team.old) | before.isna()).all()
    assert 24_918 - team.ticket.nunique() == 13_549


def test_both_readings_of_the_source_s_own_verdict(log: Read) -> None:
    verdicts = changes(log, "target_met")
    met = (verdicts.new == "true").groupby(verdicts.ticket)
    assert met.all().mean() == pytest.approx(0.6342, abs=0.00005)
    assert met.last().mean() == pytest.approx(0.6348, abs=0.00005)


def test_a_question_mark_is_null(log: Read) -> None:
    tickets = log.tables["ticket"].to_pandas()
    assert not tickets.eq("?").any().any()
    assert tickets.assignee.isna().any()

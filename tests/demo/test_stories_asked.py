"""The stories are found by asking KPIs: what is planted is more than noise in the answers, and on the right side."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Unpack

import pytest

from deskpulse.answers.answer import Row
from deskpulse.demo import stories
from deskpulse.demo.staff import PARTNER
from deskpulse.demo.stories import Story
from deskpulse.workspace import Workspace
from deskpulse.workspace.asking import Options
from deskpulse.workspace.demo import create_demo
from tests.demo.conftest import END


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The demo's workspace."""
    return create_demo(tmp_path_factory.mktemp("stories") / "company", now=END, seed=2)


def back(days: int) -> datetime:
    """The instant so many days before the end."""
    return END - timedelta(days=days)


def during(story: Story) -> tuple[datetime, datetime]:
    """From when to when a story lasts."""
    return back(story.begins or 0), back(story.ends)


def asked(company: Workspace, kpi: str, **options: Unpack[Options]) -> dict[str | None, Row]:
    """The rows of an answer by their only dimension; of one without, under null."""
    answer = company.ask(kpi, **options)
    return {next(iter(row.dimensions.values()), None): row for row in answer.rows}


def between(company: Workspace, kpi: str, dates: tuple[datetime, datetime], where: dict[str, str]) -> Row:
    """The value of some days."""
    start, end = dates
    return asked(company, kpi, start=start, end=end, where=where)[None]


def is_above(one: Row, other: Row) -> bool:
    """Whether the whole interval of one lies above that of the other."""
    assert one.low is not None and other.high is not None
    return one.low > other.high


def test_the_partner_is_fast_and_is_reopened(company: Workspace) -> None:
    again = asked(company, "reopen_rate", period="all", by=["partner"], where={"team": "Technical"})
    assert is_above(again[PARTNER], again[None])
    wait = asked(company, "first_response_time", period="all", by=["partner"], where={"team": "Technical"})
    assert is_above(wait[None], wait[PARTNER])


def test_the_release_floods_pairing_and_costs_satisfaction(company: Workspace) -> None:
    release, before = during(stories.BAD_RELEASE), (back(103), back(89))
    pairing = {"topic": "pairing"}
    flood = between(company, "ticket_volume", release, pairing)
    assert is_above(flood, between(company, "ticket_volume", before, pairing))
    usual = between(company, "csat:mean", (back(240), back(75)), pairing)
    assert is_above(usual, between(company, "csat:mean", release, pairing))


def test_callers_wait_in_the_season(company: Workspace) -> None:
    line = {"queue": "Orders line"}
    season = between(company, "service_level", during(stories.PEAK), line)
    assert is_above(between(company, "service_level", (back(stories.PEAK.ends), END), line), season)


def test_the_bot_takes_chats_and_satisfaction(company: Workspace) -> None:
    chat, since = {"channel": "chat"}, during(stories.BOT)
    assert is_above(between(company, "csat", (back(240), since[0]), chat), between(company, "csat", since, chat))


def test_nobody_is_shown_whose_group_is_too_small(company: Workspace) -> None:
    groups = asked(company, "employee_engagement", period="all", by=["team"])
    assert groups["Team leads"].value is None and groups["Orders"].value is not None

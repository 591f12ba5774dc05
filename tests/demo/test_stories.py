"""The stories are in the events of any seed: each planted effect is measured here without deskpulse's own facts.

The expected values are those of ``deskpulse.demo.stories``; the bounds are a few standard errors of the counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import pandas as pd
import pytest

from deskpulse.demo import stories
from deskpulse.demo.company import company
from deskpulse.demo.stories import Story
from tests.demo.conftest import END

Frames = Mapping[str, pd.DataFrame]
SEEDS = (1, 2, 3, 4, 5, 6)


@pytest.fixture(scope="module", params=SEEDS)
def frames(request: pytest.FixtureRequest) -> Frames:
    """Every table of the company, by one seed after the other."""
    return {batch.table: batch.rows.to_pandas() for batch in company(seed=request.param, end=END)}


@pytest.fixture(scope="module")
def tickets(frames: Frames) -> pd.DataFrame:
    """The tickets by their id."""
    return frames["ticket"].set_index("source_id")


def during(at: pd.Series, story: Story) -> pd.Series:
    """Which moments a story covers."""
    return (at > END - timedelta(days=story.begins or 0)) & (at <= END - timedelta(days=story.ends))


def per_day(at: pd.Series, story: Story) -> tuple[float, float]:
    """Mean tickets a day while the story lasts, and in the four weeks on either side."""
    begins, ends = (END - timedelta(days=days) for days in (story.begins or 0, story.ends))
    around = ((at > begins - timedelta(days=28)) & (at <= begins)) | ((at > ends) & (at <= ends + timedelta(days=28)))
    return during(at, story).sum() / ((story.begins or 0) - story.ends), around.sum() / 56


def csat(frames: Frames) -> pd.Series:
    """The first score of each ticket that was rated."""
    answers = frames["survey"].query("kind == 'csat' and action == 'answered'").sort_values("at")
    return answers.groupby("ticket")["score"].first()


def test_a_release_floods_one_topic_for_two_weeks(tickets: pd.DataFrame) -> None:
    # 6 times the pairing tickets of ordinary days (about 5 a day): 420 in 14 days, so 6 +- 3 x 0.45.
    pairing = tickets[tickets["topic"] == "pairing"]["created_at"]
    inside, outside = per_day(pairing, stories.BAD_RELEASE)
    assert inside / outside == pytest.approx(6.0, abs=1.35)
    other_inside, other_outside = per_day(tickets[tickets["topic"] == "invoice"]["created_at"], stories.BAD_RELEASE)
    assert other_inside / other_outside == pytest.approx(1.0, abs=0.4)


def test_ratings_fall_while_the_release_is_bad(frames: Frames, tickets: pd.DataFrame) -> None:
    # 0.9 points are taken off and the longer wait takes some more; about 60 answers, so an error of 0.15.
    scores = csat(frames)
    rated = tickets.reindex(scores.index)
    pairing = rated["topic"] == "pairing"
    bad = during(rated["created_at"], stories.BAD_RELEASE) & pairing
    assert scores[pairing & ~bad].mean() - scores[bad].mean() == pytest.approx(0.9, abs=0.45)


def test_the_gift_season_is_a_peak_of_everything(tickets: pd.DataFrame) -> None:
    inside, outside = per_day(tickets["created_at"], stories.PEAK)
    assert inside / outside == pytest.approx(1.9, abs=0.2)


def test_billing_is_fast_and_is_reopened_more(frames: Frames, tickets: pd.DataFrame) -> None:
    # Waits are 0.4 of the others', give or take the agents' own paces (five people with a spread of 22 %); looked at
    # in the first two hours of the day, lest the lunch break stretch them. Reopenings: 18 % against 6 %.
    written = tickets[tickets["channel"].isin(["email", "web"])]
    replies = frames["message"].query("author_kind == 'agent' and is_public and seq > 0")
    wait = (replies.groupby("ticket")["at"].min() - written["created_at"]).dropna().dt.total_seconds()
    opened = written["created_at"].reindex(wait.index)
    local = opened.dt.tz_localize("UTC").dt.tz_convert("Europe/London")
    morning = (local.dt.day_of_week < 5) & local.dt.hour.between(9, 10)
    team = written["team"].reindex(wait.index)
    medians = wait[morning].groupby(team[morning]).median()
    assert medians["Billing"] / medians["Orders"] == pytest.approx(0.4, abs=0.15)

    status = frames["change"].query("field == 'status'")
    solved = written.index.intersection(status.query("new == 'solved'")["ticket"].unique())
    reopened = pd.Series(solved.isin(status.query("old == 'solved' and new == 'open'")["ticket"]), index=solved)
    share = reopened.groupby(written["team"].reindex(solved)).mean()
    assert share["Orders"] == pytest.approx(0.06, abs=0.015)
    assert share["Billing"] == pytest.approx(0.18, abs=0.035)


def test_the_bot_deflects_but_frustrates(frames: Frames, tickets: pd.DataFrame) -> None:
    chats = tickets[(tickets["channel"] == "chat") & ~tickets["is_spam"]]
    met = chats.index.isin(frames["message"].query("author_kind == 'bot'")["ticket"])
    on = during(chats["created_at"], stories.BOT)
    assert not met[~on].any()
    assert met[on].mean() == pytest.approx(stories.BOT_GREETS, abs=0.07)

    solved = frames["change"].query("field == 'status' and new == 'solved' and by_kind == 'bot'")["ticket"]
    greeted, deflected = chats.index[met], chats.index.intersection(solved)
    assert len(deflected) / len(greeted) == pytest.approx(stories.BOT_DEFLECTS, abs=0.08)
    wants_person = deflected.isin(frames["change"].query("field == 'escalation_asked'")["ticket"])
    assert wants_person.mean() == pytest.approx(stories.BOT_RETURNS, abs=0.09)

    scores = csat(frames)
    rated = scores[scores.index.isin(chats.index)]
    by_bot = rated.index.isin(deflected)
    assert rated[~by_bot].mean() - rated[by_bot].mean() > 0.8  # 1.3 planted, and 1 more for those who came back


def test_the_macro_shortens_handling_of_returns_only(frames: Frames, tickets: pd.DataFrame) -> None:
    # A mean of about 500 log-normal times (spread 0.6) has an error of about 4 %, the ratio of two about 6 %. Compared
    # with the team's other topics: the mix of the others' people changes, and the partner's are quick.
    work = frames["message"].dropna(subset=["work_seconds"])
    after = during(work["at"], stories.MACRO)
    topic = work["ticket"].map(tickets["topic"])

    def ratio(kept: pd.Series) -> float:
        return float(work[kept & after]["work_seconds"].mean() / work[kept & ~after]["work_seconds"].mean())

    assert ratio(topic == "returns") == pytest.approx(0.6, abs=0.1)
    assert ratio(topic.isin(["delivery", "order change", "advice"])) == pytest.approx(1.0, abs=0.12)


def test_what_the_company_announced_is_annotated(frames: Frames) -> None:
    noted = frames["annotation"].set_index("title")["at"]
    assert noted["New macro for returns"] == datetime(2026, 8, 16, 22)  # 45 days before 30 September 22:00
    assert noted["Firmware 4.2 released"] == datetime(2026, 7, 17, 22)  # 75 days before
    assert len(noted) == 3

"""The demo's events hold together: they fit the event tables, refer to what is there and tell one story per ticket."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from deskpulse.demo.company import company
from deskpulse.demo.settings import FILE
from deskpulse.events import EVENT_TABLES
from deskpulse.settings import load_settings
from tests.demo.conftest import END, SEED

Events = Mapping[str, pa.Table]
Frames = Mapping[str, pd.DataFrame]
MADE = (
    *("person", "membership", "customer", "customer_segment", "annotation", "ticket", "message", "change"),
    *("policy_target", "survey", "call", "call_leg", "call_interval"),
    *("article", "article_event", "review", "subscription_change", "spend_month", "revenue_month"),
    *("agent_state", "engagement_answer"),
)


def test_same_seed_same_history() -> None:
    first, second = (list(company(seed=SEED, end=END, days=20)) for _ in range(2))
    assert all(a.table == b.table and a.rows.equals(b.rows) for a, b in zip(first, second, strict=True))


def test_another_seed_is_another_history() -> None:
    first, second = ({b.table: b.rows for b in company(seed=seed, end=END, days=20)} for seed in (1, 2))
    assert not first["ticket"].equals(second["ticket"])


@pytest.mark.parametrize("name", MADE)
def test_rows_fit_their_event_table(events: Events, name: str) -> None:
    table, rows = EVENT_TABLES[name], events[name]
    assert rows.schema.equals(table.schema)
    assert rows.num_rows > 0
    for column in table.columns:
        values = rows[column.name]
        if column.required:
            assert values.null_count == 0, column.name
        if column.one_of:
            assert set(pc.unique(values.drop_null()).to_pylist()) <= set(column.one_of), column.name
        if column.least is not None and values.null_count < len(values):
            assert pc.min(values).as_py() >= column.least, column.name
    assert pc.count_distinct(rows["source_id"]).as_py() == rows.num_rows


def test_every_table_is_named_here(events: Events) -> None:
    assert set(events) == set(MADE)


def test_about_fifty_tickets_a_day(tickets: pd.DataFrame) -> None:
    # 240 days x 50 = 12,000 expected; Poisson's deviation is 110, five of them are 550.
    assert 11_450 < len(tickets) < 12_550


def test_nothing_happens_before_the_beginning_or_after_the_end(tickets: pd.DataFrame, history: pd.DataFrame) -> None:
    assert tickets["created_at"].min() >= END - timedelta(days=240)
    assert history["at"].max() <= END


@pytest.mark.parametrize(
    ("table", "column", "target"),
    [
        ("message", "ticket", "ticket"),
        ("change", "ticket", "ticket"),
        ("policy_target", "ticket", "ticket"),
        ("survey", "ticket", "ticket"),
        ("call", "ticket", "ticket"),
        ("call_leg", "call", "call"),
        ("call_leg", "agent", "person"),
        ("membership", "person", "person"),
        ("ticket", "customer", "customer"),
        ("call", "customer", "customer"),
        ("customer_segment", "customer", "customer"),
        ("article_event", "article", "article"),
        ("article_event", "customer", "customer"),
        ("review", "ticket", "ticket"),
        ("review", "customer", "customer"),
        ("agent_state", "agent", "person"),
        ("customer", "account", "customer"),
        ("subscription_change", "customer", "customer"),
        ("revenue_month", "customer", "customer"),
    ],
)
def test_rows_refer_to_what_is_there(frames: Frames, table: str, column: str, target: str) -> None:
    assert set(frames[table][column].dropna()) <= set(frames[target]["source_id"])


def test_authors_are_of_their_kind(frames: Frames) -> None:
    people = frames["person"].set_index("source_id")["kind"]
    for kind in ("agent", "bot"):
        authors = frames["message"].query("author_kind == @kind")["author"]
        assert (authors.map(people) == kind).all()
    written = (
        frames["message"]
        .query("author_kind == 'customer'")
        .merge(frames["ticket"], left_on="ticket", right_on="source_id")
    )
    assert (written["author"] == written["customer"]).all()


def test_a_ticket_opens_with_its_first_message(tickets: pd.DataFrame, history: pd.DataFrame) -> None:
    first = history.groupby("ticket").first()
    assert len(first) == len(tickets)
    assert (first["table"] == "message").all()
    assert (first["at"] == tickets["created_at"].reindex(first.index)).all()


def test_time_never_runs_backwards_and_no_two_events_share_a_place(history: pd.DataFrame) -> None:
    assert not history.duplicated(["ticket", "seq"]).any()
    assert (history.groupby("ticket")["at"].diff().dropna() >= timedelta(0)).all()


def test_each_status_follows_from_the_one_before(history: pd.DataFrame) -> None:
    status = history[history["field"] == "status"]
    before = status.groupby("ticket")["new"].shift().fillna("new")
    assert (status["old"] == before).all()
    assert set(status["new"]) == {"open", "pending", "on_hold", "solved", "closed"}


def test_nobody_writes_before_joining_or_after_leaving(frames: Frames) -> None:
    person = frames["person"].set_index("source_id")
    assert person["left_at"].notna().sum() == 2
    written = frames["message"].query("author_kind == 'agent'")
    assert (written["at"] >= written["author"].map(person["hired_at"])).all()
    left = written["author"].map(person["left_at"])
    assert not (written["at"] >= left).any()


def test_agents_answer_only_while_their_team_works(frames: Frames, tickets: pd.DataFrame) -> None:
    # Orders and Billing work in London from 9:00 to 12:30 and from 13:00 to 17:30.
    moved = set(frames["change"].query("field == 'team'")["ticket"])
    written = frames["message"].query("author_kind == 'agent' and is_public and seq > 0")
    written = written[
        written["ticket"].map(tickets["team"]).isin(["Orders", "Billing"]) & ~written["ticket"].isin(moved)
    ]
    local = written["at"].dt.tz_localize("UTC").dt.tz_convert("Europe/London")
    minute = local.dt.hour * 60 + local.dt.minute
    assert (local.dt.day_of_week < 5).all()
    assert (minute.between(9 * 60, 12 * 60 + 30) | minute.between(13 * 60, 17 * 60 + 30)).all()
    assert not (local.dt.date == pd.Timestamp("2026-08-31").date()).any()  # the summer bank holiday


def test_every_kind_of_trouble_occurs(frames: Frames, tickets: pd.DataFrame, history: pd.DataFrame) -> None:
    fields = set(frames["change"]["field"])
    assert fields >= {"assignee", "team", "tier", "merged_into", "deleted", "spam", "handoff", "escalation_asked"}
    assert tickets["is_test"].any() and tickets["is_spam"].any()
    message = frames["message"]
    assert {"customer", "agent", "bot", "system"} == set(message["author_kind"])
    assert (~message["is_public"]).any() and message["is_deleted"].any()
    answers = frames["survey"].query("action == 'answered'")
    assert answers.duplicated("survey").any()  # somebody thought again
    assert set(frames["survey"]["kind"]) == {"csat", "resolved", "nps", "ces2"}
    assert set(frames["call"]["outcome"]) >= {"answered", "abandoned", "missed", "voicemail"}
    answered_legs = frames["call_leg"].query("is_answered").groupby("call").size()
    assert (answered_legs == 2).any()  # a transfer is two handles
    assert history.groupby("ticket")["table"].count().min() >= 1
    assert frames["membership"].groupby("person").size().max() == 2  # movers


def test_merged_tickets_go_into_one_of_the_same_customer(frames: Frames, tickets: pd.DataFrame) -> None:
    merges = frames["change"].query("field == 'merged_into'")
    customer = tickets["customer"]
    assert (merges["ticket"].map(customer).to_numpy() == merges["new"].map(customer).to_numpy()).all()
    assert not set(merges["new"]) & set(merges["ticket"])


def test_the_settings_are_read() -> None:
    settings = load_settings(FILE)
    assert sorted(settings.schedules) == ["office", "toronto"]
    assert [rule.schedule for rule in settings.schedule_rules] == ["toronto", "office"]
    assert {target.metric for target in settings.targets} == {"first_response", "resolution"}


def test_chat_takes_minutes_and_mail_about_an_hour(frames: Frames, tickets: pd.DataFrame) -> None:
    # Planted: 65 s in chat and 2900 s by mail, times the agents' pace and the stories; triage adds a little.
    written = frames["message"].query("author_kind == 'agent' and is_public and seq > 0")
    wait = (written.groupby("ticket")["at"].min() - tickets["created_at"]).dropna().dt.total_seconds()
    channel, at = tickets["channel"].reindex(wait.index), tickets["created_at"].reindex(wait.index)
    morning = at.dt.hour.between(9, 13) & (at.dt.day_of_week < 4)
    assert 30 < wait[(channel == "chat") & morning].median() < 180
    assert 1800 < wait[(channel == "email") & morning].median() < 5400
    assert wait[channel == "email"].mean() > 3 * wait[channel == "email"].median()

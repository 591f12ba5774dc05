"""What is due is sent once: across runs, processes, failures and kills.

The report is due on Mondays at 08:00 in Berlin, which is 06:00 UTC in summer; 19 May 2025 is a Monday.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from deskpulse.errors import DeliveryError, UnknownNameError
from deskpulse.present.report import Document
from deskpulse.settings import FILE_NAME, Mail
from deskpulse.time.period import parse_period
from deskpulse.workspace import Workspace
from deskpulse.workspace.delivery import ledger, message, newest, run_due, upcoming
from deskpulse.workspace.documents import span_words
from deskpulse.workspace.health import examine
from deskpulse.workspace.sending import Message

DUE = datetime(2025, 5, 19, 6)
MINUTE, DAY, WEEK = timedelta(minutes=1), timedelta(days=1), timedelta(weeks=1)
BOTH = ["$CHAT", "lead@example.com"]


@dataclass
class Post:
    """A post office that keeps what it was given, and refuses some."""

    refuses: set[str] = field(default_factory=set)
    taken: list[tuple[str, Message]] = field(default_factory=list)

    def __call__(self, message: Message, recipient: str, mail: Mail) -> None:
        if recipient in self.refuses:
            raise DeliveryError("The box is full.")
        self.taken.append((recipient, message))

    @property
    def recipients(self) -> list[str]:
        return sorted(recipient for recipient, _ in self.taken)


@pytest.fixture
def quick(root: Path, board: Document, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same workspace, whose reports are not asked anew: they name the days they would be about."""

    def instead(place: Workspace, period: str, *, at: datetime, **_: object) -> Document:
        span = span_words(parse_period(period, now=at, zone=board.zone), board.zone)
        return replace(board, span=span, parts=())

    monkeypatch.setattr("deskpulse.workspace.delivery.document", instead)
    return root


def test_a_report_is_sent_once_for_each_due_time_to_each_recipient(root: Path) -> None:
    post = Post()
    assert run_due(root, DUE - MINUTE, send=post) == ()
    for late in range(3):
        run_due(root, DUE + late * MINUTE, send=post)
    assert post.recipients == BOTH
    run_due(root, DUE + WEEK, send=post)
    assert post.recipients == sorted(BOTH * 2)
    spans = [message.subject.rpartition(", ")[2] for _, message in post.taken]
    assert spans == ["12 May – 18 May 2025"] * 2 + ["19 May – 25 May 2025"] * 2


def test_a_report_is_sent_in_its_own_language(place: Workspace) -> None:
    """Three tickets, answered after 30 minutes, 1 h 24 m and 3 hours: the middle one is the median."""
    (weekly,) = place.settings.reports
    texts = {code: message(place, replace(weekly, language=code), DUE, DUE) for code in ("en", "de")}
    assert texts["de"].subject.endswith("12.05.2025 – 18.05.2025")
    assert "Ticketaufkommen: Anzahl 3" in texts["de"].text
    assert "Erstreaktionszeit: Median 1 Std. 24 Min." in texts["de"].text.replace("\N{NO-BREAK SPACE}", " ")
    assert "First response time: median 1h 24m" in texts["en"].text
    assert "Zeit von der ersten Nachricht eines Kunden" in texts["de"].files["md"].decode()


def test_two_who_run_at_once_send_it_once(quick: Path) -> None:
    post = Post()
    with ThreadPoolExecutor(4) as several:
        list(several.map(lambda _: run_due(quick, DUE, send=post), range(4)))
    assert post.recipients == BOTH


def test_a_failure_is_tried_again_later_and_later_and_holds_nobody_else_up(quick: Path) -> None:
    post = Post(refuses={"lead@example.com"})
    failed = next(one for one in run_due(quick, DUE, send=post) if one.error)
    assert post.recipients == ["$CHAT"]
    assert (failed.recipient, failed.error, failed.next_at) == ("lead@example.com", "The box is full.", DUE + MINUTE)
    assert run_due(quick, DUE + timedelta(seconds=59), send=post) == ()
    (again,) = run_due(quick, DUE + MINUTE, send=post)
    assert again.next_at == DUE + 6 * MINUTE
    post.refuses.clear()
    assert [one.error for one in run_due(quick, DUE + 6 * MINUTE, send=post)] == [""]
    assert post.recipients == BOTH
    found = {one.recipient: one for one in newest(quick)}["lead@example.com"]
    assert (found.state, found.attempts, found.error) == ("sent", 3, None)


def test_after_the_last_attempt_it_is_given_up_and_shown(quick: Path) -> None:
    post = Post(refuses={"lead@example.com"})
    at, attempts = DUE, 0
    while outcomes := [one for one in run_due(quick, at, send=post) if one.error]:
        attempts += 1
        at = outcomes[0].next_at or at + DAY
    # Waits of 1, 5 and 15 minutes and of 1, 3, 6 and 12 hours: eight attempts within a day.
    assert attempts == 8
    assert {one.recipient: one.state for one in newest(quick)} == {"$CHAT": "sent", "lead@example.com": "given up"}
    told = {check.name: check for check in examine(quick)}["reports"]
    assert not told.is_well


def test_one_who_is_killed_while_sending_leaves_it_to_the_next(quick: Path) -> None:
    """Whether it left before the kill nobody knows: it is sent again, as the same message."""

    class Killed(BaseException):
        pass

    post = Post()

    def die(message: Message, recipient: str, mail: Mail) -> None:
        post(message, recipient, mail)
        raise Killed

    with pytest.raises(Killed):
        run_due(quick, DUE, send=die)
    first = post.recipients
    run_due(quick, DUE + MINUTE, send=post)
    assert post.recipients == BOTH  # the other one, while the claim of the first holds
    run_due(quick, DUE + 15 * MINUTE, send=post)
    assert post.recipients == sorted([*BOTH, *first])
    ids = {recipient: {message.id for who, message in post.taken if who == recipient} for recipient in BOTH}
    assert [len(found) for found in ids.values()] == [1, 1]
    assert ids["$CHAT"] != ids["lead@example.com"]


def test_what_was_just_scheduled_is_not_sent_for_long_ago(quick: Path) -> None:
    post = Post()
    assert run_due(quick, DUE + DAY + MINUTE, send=post) == ()
    ledger(quick).path.unlink()
    assert len(run_due(quick, DUE + DAY, send=post)) == 2


def test_after_weeks_asleep_only_the_newest_is_sent(quick: Path) -> None:
    post = Post(refuses=set(BOTH))
    run_due(quick, DUE, send=post)
    post.refuses.clear()
    run_due(quick, DUE + 3 * WEEK, send=post)
    assert [message.subject.rpartition(", ")[2] for _, message in post.taken] == ["2 June – 8 June 2025"] * 2
    assert run_due(quick, DUE + 3 * WEEK + DAY, send=post) == ()


def test_a_report_can_be_sent_before_it_is_due_and_is_still_sent_then(quick: Path) -> None:
    post = Post()
    run_due(quick, DUE - DAY, at_once=True, send=post)
    assert post.recipients == BOTH
    run_due(quick, DUE, send=post)
    assert post.recipients == sorted(BOTH * 2)


def test_who_was_taken_off_the_list_gets_nothing_more(quick: Path) -> None:
    post = Post(refuses=set(BOTH))
    run_due(quick, DUE, send=post)
    post.refuses.clear()
    file = quick / FILE_NAME
    written = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r', "\$CHAT"', "", written), encoding="utf-8")
    try:
        run_due(quick, DUE + MINUTE, send=post)
    finally:
        file.write_text(written, encoding="utf-8")
    assert post.recipients == ["lead@example.com"]


def test_a_period_that_has_not_reached_the_data_waits_for_them(root: Path) -> None:
    post = Post()
    outcomes = run_due(root, DUE + 3 * WEEK, send=post)
    assert ["after the last thing known" in one.error for one in outcomes] == [True, True]
    assert all(one.next_at for one in outcomes) and post.taken == []


def test_when_it_is_due_next(quick: Path) -> None:
    assert [(one.report.name, one.at) for one in upcoming(quick, DUE)] == [("weekly", DUE + WEEK)]


def test_one_report_can_be_sent_alone(quick: Path) -> None:
    post = Post()
    run_due(quick, DUE - DAY, at_once=True, only="weekly", send=post)
    assert post.recipients == BOTH
    with pytest.raises(UnknownNameError, match="Did you mean 'weekly'"):
        run_due(quick, DUE, at_once=True, only="weekli", send=post)


def test_a_fault_of_ours_keeps_nobody_from_the_others(quick: Path) -> None:
    post = Post()

    def breaks(message: Message, recipient: str, mail: Mail) -> None:
        if recipient == "$CHAT":
            raise ZeroDivisionError("division by zero")
        post(message, recipient, mail)

    outcomes = {one.recipient: one for one in run_due(quick, DUE, send=breaks)}
    assert "ZeroDivisionError" in outcomes["$CHAT"].error and outcomes["$CHAT"].next_at == DUE + MINUTE
    assert post.recipients == ["lead@example.com"]

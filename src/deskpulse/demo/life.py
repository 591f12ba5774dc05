"""What happens to the invented company's tickets, step by step, until they are closed."""

from __future__ import annotations

import numpy as np

from deskpulse.demo import stories
from deskpulse.demo.desk import (
    AGENT,
    CHAT,
    CODE,
    CUSTOMER,
    CUSTOMER_WAIT,
    DAY,
    EMAIL,
    HOUR,
    LATER_WAIT,
    MERGE,
    PHONE,
    ROBOT,
    SYSTEM,
    TECHNICAL,
    WEB,
    Desk,
)
from deskpulse.demo.staff import BOT, PEOPLE
from deskpulse.demo.threads import Flags, Numbers
from deskpulse.demo.tone import opening_texts
from deskpulse.demo.words import ACKNOWLEDGEMENT, BOT_WORDS, CALL_NOTE, OUTBOUND, TEAMS, TEXT, WANT_A_PERSON


def live(desk: Desk) -> None:
    """Everything that happens, in order."""
    for step in STEPS:
        step(desk)


def open_up(desk: Desk) -> None:
    """The opening message: the customer's, or an agent's note after a call, or an agent who writes first."""
    threads, by_phone = desk.threads, desk.channel == PHONE
    by_agent = by_phone | desk.is_outbound
    desk.ask(np.flatnonzero(~by_agent), opening_texts(desk.rng, desk.topic, is_released(desk)))
    noted, sent = np.flatnonzero(by_phone), np.flatnonzero(desk.is_outbound)
    threads.say(noted, author=desk.agent, kind=AGENT, public=0, work=desk.work_seconds(), text=TEXT[CALL_NOTE])
    threads.say(sent, author=desk.agent, kind=AGENT, work=desk.work_seconds(), text=TEXT[OUTBOUND])
    desk.put(np.flatnonzero(by_agent), "assignee", CODE[PEOPLE[0]] + desk.agent)
    desk.become(np.flatnonzero(by_agent), "open", by=desk.agent, kind=AGENT)
    written = ((desk.channel == EMAIL) | (desk.channel == WEB)) & ~by_agent
    threads.say(threads.pass_time(written, 3), author=-1, kind=SYSTEM, text=TEXT[ACKNOWLEDGEMENT])
    desk.ask(desk.wait_for_customer(desk.is_outbound, desk.around(4 * HOUR, 1.0)))
    desk.ask(threads.pass_time(~by_agent & desk.chance(0.15), desk.around(70, 0.7)))


def is_released(desk: Desk) -> Flags:
    """Whose trouble is the bad release."""
    return stories.BAD_RELEASE.holds(desk.created, desk.end, desk.traits) & desk.chance(stories.NAMES_RELEASE)


def greet_by_bot(desk: Desk) -> None:
    """The bot answers chats first; some it solves, of these some come back and ask for a person."""
    threads = desk.threads
    met = stories.BOT.holds(desk.created, desk.end, desk.traits) & desk.chance(stories.BOT_GREETS) & ~desk.is_spam
    threads.say(threads.pass_time(met, 2), author=BOT, kind=ROBOT, text=TEXT[BOT_WORDS])
    desk.ask(threads.pass_time(met, desk.around(40, 0.7)))
    done = met & desk.chance(stories.BOT_DEFLECTS) & threads.is_live
    desk.become(threads.pass_time(done, 45), "solved", by=BOT, kind=ROBOT)
    back = done & desk.chance(stories.BOT_RETURNS)
    again = desk.wait_for_customer(back, desk.around(3 * HOUR, 1.0))
    desk.ask(again, TEXT[WANT_A_PERSON])
    desk.become(again, "open", by=desk.author, kind=CUSTOMER)
    desk.was_reopened[again] = True
    insists = met & ~done & desk.chance(0.2)
    desk.put(np.flatnonzero((back | insists) & threads.is_live), "escalation_asked", CODE["true"], kind=CUSTOMER)
    desk.put(threads.pass_time(met & (~done | back), 4), "handoff", CODE["true"], kind=ROBOT)
    desk.is_bot_solved = done
    desk.rounds = np.where(done & ~back, 0, desk.rounds)


def assign(desk: Desk) -> None:
    """Triage: a wrong team passes it on, then somebody takes it."""
    waiting = ~desk.is_solved & (desk.channel != PHONE) & ~desk.is_outbound & ~desk.is_spam & ~desk.is_duplicate
    moved = desk.work(waiting & (desk.channel != CHAT) & desk.chance(0.07), desk.around(900, 0.8))
    desk.hand_over(moved, (desk.team + desk.rng.integers(1, len(TEAMS), desk.size)) % len(TEAMS))
    taken = desk.work(waiting, (desk.first_wait() * desk.rng.uniform(0.1, 0.6, desk.size)).astype(np.int64))
    desk.put(taken, "assignee", CODE[PEOPLE[0]] + desk.agent)
    desk.become(taken[desk.chance(0.7)[taken]], "open", by=desk.agent, kind=AGENT)


def exchange(desk: Desk, turn: int) -> None:
    """A person replies; the customer answers unless it was the last round."""
    threads, goes_on, last = desk.threads, desk.rounds > turn, desk.rounds == turn + 1
    if turn == 1:
        escalate(desk, goes_on)
    desk.reply(desk.work(goes_on & desk.chance(0.15), desk.around(300, 0.8)), public=0)
    later = LATER_WAIT[desk.channel] * stories.factor("wait", desk.created, desk.end, desk.traits)
    wait = desk.first_wait() if turn == 0 else desk.around(later * desk.staff.pace[desk.agent], 1.1)
    replied = desk.work(goes_on, wait)
    desk.reply(replied)
    on_hold, pending = desk.chance(0.05) & ~last, desk.chance(0.6) & ~last
    desk.become(replied[on_hold[replied]], "on_hold", by=desk.agent, kind=AGENT)
    desk.become(replied[(pending & ~on_hold)[replied]], "pending", by=desk.agent, kind=AGENT)
    answered = desk.wait_for_customer(goes_on & ~last, desk.around(CUSTOMER_WAIT[desk.channel], 1.3))
    desk.ask(answered)
    desk.become(answered, "open", by=desk.author, kind=CUSTOMER)
    desk.ask(threads.pass_time(goes_on & ~last & desk.chance(0.15), desk.around(60, 0.7)))


def escalate(desk: Desk, goes_on: Flags) -> None:
    """A technical case too hard for the first level, a colleague who takes over, a customer who asks for more."""
    asked = goes_on & desk.chance(0.02)
    desk.put(np.flatnonzero(asked & desk.threads.is_live), "escalation_asked", CODE["true"], kind=CUSTOMER)
    raised = desk.work((asked | desk.chance(0.13)) & goes_on & (desk.team == TECHNICAL), desk.around(900, 0.8))
    desk.put(raised, "tier", CODE["2"], CODE["1"])
    desk.reassign(raised, tier=2)
    colleague = desk.work(goes_on & (desk.team != TECHNICAL) & desk.chance(0.08), desk.around(600, 0.8))
    desk.reassign(colleague)


def solve(desk: Desk) -> None:
    """Most are solved with the last reply, some only once the customer has been silent; a few are forgotten."""
    due = ~desk.is_solved & ~desk.is_spam & ~desk.is_duplicate & desk.chance(0.98)
    at_once = due & desk.chance(0.75)
    desk.solve(desk.work(at_once, desk.around(40, 0.8)))
    left = due & ~at_once
    desk.become(np.flatnonzero(left & desk.threads.is_live), "pending", by=desk.agent, kind=AGENT)
    desk.solve(desk.work(left, desk.around(10 * HOUR, 0.8)))


def reopen(desk: Desk, share: Numbers) -> None:
    """Customers come back about solved tickets."""
    back = desk.is_solved & ~desk.is_bot_solved & desk.chance(share)
    asked = desk.wait_for_customer(back, np.minimum(desk.around(10 * HOUR, 1.0), 3 * DAY))
    desk.ask(asked)
    desk.become(asked, "open", by=desk.author, kind=CUSTOMER)
    desk.was_reopened[asked] = True
    is_back = np.isin(np.arange(desk.size), asked)
    desk.reply(desk.work(is_back, desk.around(LATER_WAIT[desk.channel] * desk.staff.pace[desk.agent], 1.0)))
    desk.solve(desk.work(is_back & desk.chance(0.97), desk.around(60, 0.8)))


def clear_away(desk: Desk) -> None:
    """Duplicates are merged into the ticket before them, spam is marked, a few are deleted."""
    merged = desk.work(desk.is_duplicate, desk.around(1500, 0.8))
    desk.put(merged, "merged_into", MERGE)
    desk.become(merged, "closed", by=desk.agent, kind=AGENT)
    spam = desk.work(desk.is_spam & desk.chance(0.6), desk.around(1500, 0.8))
    desk.put(spam, "spam", CODE["true"])
    desk.put(desk.threads.pass_time(desk.chance(0.004), HOUR), "deleted", CODE["true"])


def exchanges(desk: Desk) -> None:
    """As many rounds as each ticket needs."""
    for turn in range(int(desk.rounds.max(initial=0))):
        exchange(desk, turn)


def reopen_some(desk: Desk) -> None:
    """Some come back, and some of these once more."""
    reopen(desk, stories.REOPENED * stories.factor("reopened", desk.created, desk.end, desk.traits))
    reopen(desk, np.where(desk.was_reopened, 0.12, 0.0))


def close(desk: Desk) -> None:
    """Solved tickets close by themselves after five days."""
    desk.become(desk.threads.pass_time(desk.is_solved, 5 * DAY), "closed", by=-1, kind=SYSTEM)


STEPS = (open_up, greet_by_bot, assign, exchanges, solve, reopen_some, clear_away, close)

"""What the invented company's agents were doing: at the desk when there was something to do, else in the workshop."""

from __future__ import annotations

import numpy as np

from deskpulse.demo import stories
from deskpulse.demo.calls import Calls
from deskpulse.demo.columns import Columns, instants, named, numbered
from deskpulse.demo.desk import Desk
from deskpulse.demo.draws import one_of
from deskpulse.demo.staff import AGENTS, PEOPLE
from deskpulse.demo.threads import Flags, Ints
from deskpulse.events.people import agent_state

STATES = agent_state.column("state").one_of
AT_ONCE = 240
"""Seconds between two pieces of work that are one stretch of it."""
STAYS = 420
"""Seconds without work after which an agent goes back to the workshop."""
LINGERS = (20, 200)
"""Seconds an agent who goes is still available; half of it in the gift season."""
ASIDE = {"break": (0.06, 900), "meeting": (0.012, 1800), "training": (0.003, 3600), "other": (0.02, 600)}
"""What an agent does before going back to the workshop: how often, and for how many seconds."""
FAR = 10**10


def agent_states(desk: Desk, calls: Calls, rng: np.random.Generator) -> Columns:
    """Stretches that follow from one another: handling, available, something aside, and offline until the next work."""
    agent, since, until = _stretches(*_busy(desk, calls))
    is_last = np.append(agent[1:] != agent[:-1], True)
    following = np.where(is_last, until, np.append(since[1:], 0))
    free = following - until
    goes = free > STAYS
    hurries = np.where(stories.PEAK.holds(until, desk.end, {}), 2, 1)
    lingers = np.where(goes, rng.integers(*LINGERS, len(free)) // hurries, free)
    aside, aside_seconds = _asides(rng, free - lingers, goes)
    at = (since, until, until + lingers, until + lingers + aside_seconds)
    ends = (*at[1:], following)
    codes = (_code("handling"), _code("available"), aside, _code("offline"))
    state = np.concatenate([np.broadcast_to(code, len(free)) for code in codes])
    begin, end, who = np.concatenate(at), np.concatenate(ends), np.tile(agent, len(codes))
    kept = (end > begin) & (end <= desk.end)
    order = np.lexsort((begin[kept], who[kept]))
    return {
        "source_id": numbered(np.arange(int(kept.sum())) + 1),
        "agent": named(who[kept][order], PEOPLE),
        "at": instants(begin[kept][order]),
        "until": instants(end[kept][order]),
        "state": named(state[kept][order], STATES),
    }


def _busy(desk: Desk, calls: Calls) -> tuple[Ints, Ints, Ints]:
    """Who worked from when to when: the work recorded with each message, never begun before the ticket, and calls."""
    told = desk.threads.messages.columns()
    mine = (told["work"] > 0) & (told["author"] < AGENTS)
    agent, at, work, index = (told[name][mine] for name in ("author", "at", "work", "index"))
    since = np.maximum(at - work, desk.created[index])
    parts = ((agent, since, since + work), calls.handles())
    agent, since, until = (np.concatenate(column) for column in zip(*parts, strict=True))
    return agent, since, until


def _stretches(agent: Ints, since: Ints, until: Ints) -> tuple[Ints, Ints, Ints]:
    """Work at once is one stretch, by agent and time."""
    order = np.lexsort((since, agent))
    agent, since, until = agent[order], since[order], until[order]
    reached = np.maximum.accumulate(until + agent * FAR)
    begins = np.append(True, since[1:] + agent[1:] * FAR > reached[:-1] + AT_ONCE)
    ends = np.append(begins[1:], True)
    return agent[begins], since[begins], (reached - agent * FAR)[ends]


def _asides(rng: np.random.Generator, free: Ints, goes: Flags) -> tuple[Ints, Ints]:
    """What is done aside, and how long; nothing where there is no time for it."""
    shares = np.array([share for share, _ in ASIDE.values()])
    drawn = one_of(rng, np.tile(np.append(shares, 1 - shares.sum()), (len(free), 1)))
    seconds = np.array([*(seconds for _, seconds in ASIDE.values()), 0])[drawn]
    states = np.array([*(_code(state) for state in ASIDE), 0])[drawn]
    return states, np.where(goes & (seconds < free), seconds, 0)


def _code(state: str) -> int:
    return STATES.index(state)

"""The invented company's people: who was in which team and tier from when to when, and how fast each one works."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deskpulse.demo.threads import Flags, Ints, Numbers
from deskpulse.demo.words import TEAMS

NAMES = (
    *("Amber", "Bilal", "Carys", "Dov", "Elif", "Femi", "Greta", "Hugo", "Ines", "Jonas", "Kiri", "Lior"),
    *("Maeve", "Nuno", "Oona", "Pavel", "Quinn", "Ruth", "Sami", "Tove", "Uma", "Viggo", "Wanda", "Yusuf"),
    *("Anouk", "Bruno"),
)
AGENTS = len(NAMES)
BOT = AGENTS
BOT_NAME = "Pip"
PEOPLE = (*(f"agent-{number}" for number in range(1, AGENTS + 1)), "bot-1")
PARTNER = "Northway Contact"
COST_PER_HOUR = {"1": "27.50", "2": "34.00"}
"""What an hour of the company's own people costs, by tier."""
COST_CURRENCY = "GBP"
PARTNER_COST, PARTNER_CURRENCY = "21.80", "EUR"


@dataclass(frozen=True, kw_only=True)
class Stint:
    """An agent's time in a team and tier: from and to in days before the end (null: before it all, and still)."""

    agent: int
    team: str
    tier: str = "1"
    begins: int | None = None
    ends: int | None = None
    partner: str | None = None


STINTS = (
    *(Stint(agent=agent, team="Orders") for agent in range(7)),
    Stint(agent=7, team="Orders", ends=95),
    Stint(agent=7, team="Technical", begins=95),
    Stint(agent=8, team="Orders", begins=140),
    *(Stint(agent=agent, team="Billing") for agent in range(9, 13)),
    Stint(agent=13, team="Billing", ends=60),
    Stint(agent=14, team="Billing", begins=58),
    *(Stint(agent=agent, team="Technical") for agent in range(15, 18)),
    Stint(agent=18, team="Technical", ends=120),
    Stint(agent=18, team="Technical", tier="2", begins=120),
    Stint(agent=19, team="Technical", partner=PARTNER),
    Stint(agent=20, team="Technical", partner=PARTNER, ends=85),
    Stint(agent=21, team="Technical", partner=PARTNER, ends=40),
    Stint(agent=21, team="Technical", begins=40),
    *(Stint(agent=agent, team="Technical", tier="2") for agent in range(22, 24)),
    Stint(agent=24, team="Technical", partner=PARTNER, begins=165),
    Stint(agent=25, team="Technical", partner=PARTNER, begins=90),
)


def _levelled(traits: Numbers) -> Numbers:
    """Traits of people so that each team, and the partner's people, are alike on average: what differs is planted."""
    first = {stint.agent: (stint.team, stint.partner) for stint in reversed(STINTS)}
    levelled = traits.copy()
    for group in set(first.values()):
        members = [agent for agent, own in first.items() if own == group]
        levelled[members] -= traits[members].mean()
    return levelled


class Staff:
    """Chooses who takes a ticket; each agent has a pace, and some take more than others."""

    def __init__(self, rng: np.random.Generator, *, begins: int, end: int) -> None:
        self.rng = rng
        self.pace: Numbers = np.exp(_levelled(rng.normal(0, 0.22, AGENTS + 1)))
        self.skill: Numbers = _levelled(rng.normal(0, 0.2, AGENTS + 1))
        self.appetite: Numbers = rng.uniform(0.6, 1.4, AGENTS + 1)
        self.begins = np.array([begins if s.begins is None else end - s.begins * 86400 for s in STINTS])
        self.ends = np.array([end + 1 if s.ends is None else end - s.ends * 86400 for s in STINTS])
        self.agents = np.array([s.agent for s in STINTS])
        self.teams = np.array([TEAMS.index(s.team) for s in STINTS])
        self.tiers = np.array([int(s.tier) for s in STINTS])

    def choose(self, team: Ints, at: Ints, tier: int = 1) -> Ints:
        """An agent for each ticket of ``team``, of those who are there at ``at``; another tier if this one is empty."""
        here = (self.begins <= at[:, None]) & (at[:, None] < self.ends) & (self.teams == team[:, None])
        draw = self.rng.random(here.shape) * self.appetite[self.agents]
        chosen: Ints = self.agents[np.argmax(here * (draw + 10.0 * (self.tiers == tier)), axis=1)]
        return chosen

    def several(self, team: Ints, at: Ints, count: int) -> Ints:
        """Up to ``count`` different agents for each moment, whom the phone rings at in turn; -1: no more of them."""
        here = (self.begins <= at[:, None]) & (at[:, None] < self.ends) & (self.teams == team[:, None])
        draw = np.where(here, self.rng.random(here.shape), -1.0)
        order = np.argsort(-draw, axis=1)[:, :count]
        rung: Ints = np.where(np.take_along_axis(draw, order, axis=1) < 0, -1, self.agents[order])
        return rung

    def is_partner(self, agent: Ints, at: Ints) -> Flags:
        """Whether the agent worked for the partner then."""
        found = np.zeros(len(agent), np.bool_)
        for stint, begins, ends in zip(STINTS, self.begins, self.ends, strict=True):
            if stint.partner is not None:
                found |= (agent == stint.agent) & (begins <= at) & (at < ends)
        return found

    def is_gone(self, agent: Ints, at: Ints) -> Flags:
        """Whether the agent had left the company by then."""
        last = np.array([self.ends[self.agents == number].max() for number in range(AGENTS)])
        return at >= last[agent]

"""The invented company's people: who was in which team and tier from when to when, and how fast each one works."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deskpulse.demo.threads import Flags, Ints, Numbers
from deskpulse.demo.words import TEAMS

NAMES = (
    *("Amber", "Bilal", "Carys", "Dov", "Elif", "Femi", "Greta", "Hugo", "Ines", "Jonas", "Kiri", "Lior"),
    *("Maeve", "Nuno", "Oona", "Pavel", "Quinn", "Ruth", "Sami", "Tove", "Uma", "Viggo", "Wanda", "Yusuf"),
)
AGENTS = len(NAMES)
BOT = AGENTS
BOT_NAME = "Pip"
PEOPLE = (*(f"agent-{number}" for number in range(1, AGENTS + 1)), "bot-1")
PARTNER = "Lakeside Support"


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
    *(Stint(agent=agent, team="Technical", partner=PARTNER) for agent in range(19, 22)),
    *(Stint(agent=agent, team="Technical", tier="2") for agent in range(22, 24)),
)


class Staff:
    """Chooses who takes a ticket; each agent has a pace, and some take more than others."""

    def __init__(self, rng: np.random.Generator, *, begins: int, end: int) -> None:
        self.rng = rng
        self.pace: Numbers = np.exp(rng.normal(0, 0.22, AGENTS + 1))
        self.skill: Numbers = rng.normal(0, 0.2, AGENTS + 1)
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

    def is_gone(self, agent: Ints, at: Ints) -> Flags:
        """Whether the agent had left the company by then."""
        last = np.array([self.ends[self.agents == number].max() for number in range(AGENTS)])
        return at >= last[agent]

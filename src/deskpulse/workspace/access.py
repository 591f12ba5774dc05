"""Who asks, and what they may see. The rules go into every question, so that no surface can forget them.

An admin and an analyst see everything, unless they belong to a partner: then only what that partner did. A lead sees
the own team, a viewer all figures but no names of people, an agent the own team's figures and the own name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

from deskpulse.answers.question import Filter, Question
from deskpulse.errors import AccessError

Role = Literal["viewer", "agent", "lead", "analyst", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
Right = Literal["annotate", "edit_targets", "administer", "send_events"]
RIGHTS: dict[Role, tuple[Right, ...]] = {
    "viewer": (),
    "agent": (),
    "lead": ("annotate",),
    "analyst": ("annotate", "edit_targets"),
    "admin": ("annotate", "edit_targets", "administer", "send_events"),
}
AGENT = "agent"


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """A person, or a token of theirs, that asks. ``agent``, ``team`` and ``partner`` are who they are in the data.

    ``form`` is the secret the forms of their pages must carry; ``scopes`` are those of a token, null for a browser.
    """

    name: str
    role: Role
    agent: str | None = None
    team: str | None = None
    partner: str | None = None
    language: str | None = None
    zone: str | None = None
    form: str = ""
    account: int | None = None
    session: str | None = None
    scopes: tuple[str, ...] | None = None

    @property
    def rules(self) -> tuple[Filter, ...]:
        """The filters no question of theirs goes without."""
        team = self.team if self.role in ("agent", "lead") else None
        bounds = (("team", team), ("partner", self.partner))
        return tuple(Filter(dimension=name, values=(value,)) for name, value in bounds if value)

    @property
    def sees_names(self) -> bool:
        """They may see which other person did something."""
        return self.role in ("lead", "analyst", "admin")

    def may(self, right: Right) -> bool:
        """Whether their role, and their token's scopes, allow it."""
        scoped = self.scopes is None or "write" in self.scopes or "admin" in self.scopes
        return right in RIGHTS[self.role] and scoped

    def need(self, right: Right) -> None:
        """Raises AccessError where they may not."""
        if not self.may(right):
            raise AccessError(f"This needs the right to {right.replace('_', ' ')}. Ask an admin for another role.")

    def restricted(self, question: Question) -> Question:
        """The question with the rules in it; raises AccessError for a question about other people by name."""
        if self.role in ("agent", "lead") and not self.team:
            raise AccessError("Your account has no team yet, so there is nothing to show. Ask an admin to set it.")
        rules = self.rules
        named = [condition for condition in question.where if condition.dimension == AGENT]
        if not self.sees_names and (AGENT in question.by or named):
            rules = (*rules, self._only_self(named))
        return replace(question, rules=rules)

    def _only_self(self, named: list[Filter]) -> Filter:
        if self.role != "agent" or not self.agent or any(c.negated or c.values != (self.agent,) for c in named):
            raise AccessError("Figures of single people are for leads and analysts. Ask by team instead.")
        return Filter(dimension=AGENT, values=(self.agent,))


LOCAL = Viewer(name="local", role="admin")
"""Whoever sits at the machine the workspace lies on: the command line and Python."""

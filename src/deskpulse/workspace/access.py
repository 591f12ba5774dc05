"""Who asks, and what they may see. The rules go into every question, so that no surface can forget them.

An admin and an analyst see everything, unless they belong to a partner: then only what that partner did. A lead sees
the own team, a viewer all figures but no names of people, an agent the own team's figures and the own name. Who
belongs to a partner changes nothing that others see, whatever the role. Names within what may be seen are another
matter: ``workspace.names``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from deskpulse import catalog
from deskpulse.answers.question import Filter, Question
from deskpulse.errors import AccessError

if TYPE_CHECKING:
    from deskpulse.answers.answer import Answer

Role = Literal["viewer", "agent", "lead", "analyst", "admin"]
Right = Literal["annotate", "see_sources", "edit_targets", "administer", "send_events"]
RIGHTS: dict[Role, tuple[Right, ...]] = {
    "viewer": (),
    "agent": (),
    "lead": ("annotate",),
    "analyst": ("annotate", "see_sources", "edit_targets"),
    "admin": ("annotate", "see_sources", "edit_targets", "administer", "send_events"),
}
ROLE_WORDS: dict[Role, str] = {
    "viewer": "sees all figures, and neither agents' nor customers' names",
    "agent": "sees the own team's figures and tickets, and the own name",
    "lead": "sees the own team's figures, tickets and names; announces changes",
    "analyst": "sees everything; sets targets and scorecards",
    "admin": "sees everything; sets targets and scorecards, and who has an account",
}
AGENT, ACCOUNT = "agent", "account"


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

    @property
    def sees_customers(self) -> bool:
        """They may see who asked: those who work with customers, not those who see figures alone."""
        return self.role != "viewer"

    def may(self, right: Right) -> bool:
        """Whether their role, and their token's scopes, allow it; never for a partner's people."""
        scopes = ("admin",) if right == "administer" else ("write", "admin")
        return right in RIGHTS[self.role] and self.partner is None and self._has_scope(*scopes)

    def _has_scope(self, *scopes: str) -> bool:
        return self.scopes is None or not set(scopes).isdisjoint(self.scopes)

    def need(self, right: Right) -> None:
        """Raises AccessError where they may not."""
        if not self.may(right):
            raise AccessError(
                "This needs the right to %(right)s. Ask an admin for another role.", right=right.replace("_", " ")
            )

    def restricted(self, question: Question, *, ranks: bool = False) -> Question:
        """The question with the rules in it; raises AccessError for a question about other people by name.

        ``ranks``: an agent's leaderboard is made of the whole team, and ``is_shown`` keeps what is theirs.
        """
        if not self._has_scope("read", "admin"):
            raise AccessError("This token may write and not read. Make one with the scope 'read' on your account page.")
        if self.role in ("agent", "lead") and not self.team:
            raise AccessError("Your account has no team yet, so there is nothing to show. Ask an admin to set it.")
        if not self.sees_customers and ACCOUNT in (*question.by, *(one.dimension for one in question.where)):
            raise AccessError("Figures of single customers are for those who work with them. Ask by segment instead.")
        rules = self.rules
        named = [condition for condition in question.where if condition.dimension == AGENT]
        if not self.sees_names and (named or is_by_agent(question)):
            alone = self._only_self(named)
            rules = rules if ranks and is_leaderboard(question) and not named else (*rules, alone)
        return replace(question, rules=rules)

    def only_own(self, question: Question) -> Question:
        """The question about nobody else, of rows that each stand for an agent; raises AccessError."""
        if self.sees_names:
            return question
        return replace(question, rules=(*question.rules, self._only_self([])))

    def is_shown(self, agent: str | None) -> bool:
        """A row for this agent may be shown, among those of an answer by agent."""
        return self.sees_names or (self.agent is not None and agent == self.agent)

    def _only_self(self, named: list[Filter]) -> Filter:
        if self.role != "agent" or not self.agent or any(c.negated or c.values != (self.agent,) for c in named):
            raise AccessError("Figures of single people are for leads and analysts. Ask by team instead.")
        return Filter(dimension=AGENT, values=(self.agent,))


def is_leaderboard(question: Question) -> bool:
    """Its KPI ranks agents, teams or partners."""
    from deskpulse.metrics.measure import Ranking

    return isinstance(catalog.kpi(question.kpi).variant(question.variant), Ranking)


def is_by_agent(question: Question) -> bool:
    """It is answered agent by agent: asked so, or a leaderboard that was not asked for by anything else."""
    from deskpulse.metrics.ranking import UNITS

    return AGENT in question.by or (is_leaderboard(question) and set(UNITS).isdisjoint(question.by))


def shown(answer: Answer, viewer: Viewer) -> Answer:
    """The answer without rows for other people, where the viewer may not see those: their places among them stay."""
    if viewer.sees_names or not is_by_agent(answer.question):
        return answer
    rows = tuple(row for row in answer.rows if viewer.is_shown(row.dimensions.get(AGENT)))
    return replace(answer, rows=rows)


LOCAL = Viewer(name="local", role="admin")
"""Whoever sits at the machine the workspace lies on: the command line and Python."""

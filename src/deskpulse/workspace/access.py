"""Who asks, and what they may see: row rules are put into every question, so no surface can forget them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from deskpulse.answers.question import Filter, Question

Role = Literal["viewer", "agent", "lead", "analyst", "admin"]


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """A person (or a token) that asks. ``rows`` are filters no question of theirs goes without."""

    name: str
    role: Role
    rows: tuple[Filter, ...] = ()

    def restricted(self, question: Question) -> Question:
        """The question with the viewer's row rules in it."""
        return replace(question, where=(*question.where, *self.rows))


LOCAL = Viewer(name="local", role="admin")
"""Whoever sits at the machine the workspace lies on."""

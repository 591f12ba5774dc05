"""Whose names someone may read: their own, those of a lead's team, those of a partner's people; or everybody's.

What is seen is decided ticket by ticket and row by row, but a ticket of one's own may have passed through other hands:
the others are ``HIDDEN``, on every page, in every export and in evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deskpulse.answers.people import agents, ids_of

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace

HIDDEN = "a colleague"


@dataclass(frozen=True, kw_only=True)
class Names:
    """The names that may be read, with the ids sources know them by; null where all may."""

    known: frozenset[str] | None

    @property
    def all(self) -> bool:
        """Everybody's may be read."""
        return self.known is None

    def of(self, who: str | None) -> str | None:
        """The name, or that it is somebody else; null stays null."""
        return who if who is None or self.known is None or who in self.known else HIDDEN


def names(place: Workspace) -> Names:
    """The names that who sees this workspace may read."""
    viewer = place.viewer
    if viewer.sees_names and not viewer.rules:
        return Names(known=None)
    own = frozenset((viewer.agent,)) if viewer.agent and viewer.role != "viewer" else frozenset()
    known = own | agents(place.backend, viewer.rules) if viewer.sees_names else own
    return Names(known=known | ids_of(place.backend, known))


def people(place: Workspace) -> tuple[str, ...]:
    """The agents there are, as far as they may be seen, in order."""
    readable = names(place)
    return tuple(sorted(name for name in agents(place.backend) if readable.of(name) == name))

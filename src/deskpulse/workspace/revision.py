"""What an answer depends on besides the question: it changes with the data, the settings, the viewer."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace


def revision(place: Workspace, *asked: str) -> str:
    """A short text that is the same as long as the viewer of ``place`` gets the same answer to what was ``asked``."""
    viewer = place.viewer
    seen = (viewer.role, viewer.agent, viewer.team, viewer.partner, viewer.language, viewer.zone, viewer.scopes)
    parts = (place.snapshot.version, place.as_of, place.settings, seen, asked)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]

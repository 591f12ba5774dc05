"""Customer-support KPIs that can be proved.

``import deskpulse; ws = deskpulse.open("DIR"); ws.ask("first_response_time", by="channel")``. Importing the package
loads nothing else: each name comes from its module when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deskpulse.errors import DeskpulseError
    from deskpulse.workspace import Workspace, create, open

__all__ = ["DeskpulseError", "Workspace", "create", "open"]

_HOMES = {
    "DeskpulseError": "deskpulse.errors",
    "Workspace": "deskpulse.workspace",
    "create": "deskpulse.workspace",
    "open": "deskpulse.workspace",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'deskpulse' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)

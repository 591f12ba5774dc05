"""Saved views: named addresses of pages. What is behind an address is restricted when it is opened, not here."""

from __future__ import annotations

from pathlib import Path

from deskpulse.errors import QuestionError, UnknownNameError
from deskpulse.store.layout import Layout
from deskpulse.store.views import SavedView, ViewFile
from deskpulse.workspace.access import Viewer

PAGES = ("/explore?", "/kpis/", "/?", "/comments?", "/tickets?")
"""What an address may begin with: pages whose address says all that was chosen."""
LONGEST_NAME, LONGEST_ADDRESS = 80, 2000


def saved_views(root: Path, viewer: Viewer) -> tuple[SavedView, ...]:
    """The viewer's own and those shared with everybody, which a partner's people do not share."""
    found = _file(root).seen_by(viewer.name)
    return tuple(one for one in found if viewer.partner is None or one.owner == viewer.name)


def save_view(root: Path, viewer: Viewer, name: str, address: str, *, shared: bool) -> None:
    """Keeps an address under a name; one the viewer has of that name is replaced.

    Raises QuestionError for a name or an address that cannot be kept.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise QuestionError("Give the view a name of 1 to %(most)s characters.", most=LONGEST_NAME)
    if not address.startswith(PAGES) or len(address) > LONGEST_ADDRESS or "\\" in address:
        raise QuestionError("Only pages of this dashboard can be saved: open one and save it from there.")
    _file(root).save(viewer.name, name, address, shared=shared and viewer.partner is None)


def delete_view(root: Path, viewer: Viewer, view: int) -> None:
    """Forgets a view of the viewer's own, or anybody's where an admin asks; raises UnknownNameError."""
    owner = None if viewer.may("administer") else viewer.name
    if not _file(root).delete(view, owner):
        raise UnknownNameError("saved view of yours", str(view), ())


def _file(root: Path) -> ViewFile:
    return ViewFile(Layout(root=root).private)

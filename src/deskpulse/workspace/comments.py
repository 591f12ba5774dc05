"""Comments as someone may see them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deskpulse.answers.comments import Comment, CommentPage, Sought
from deskpulse.answers.comments import find_comments as found_by
from deskpulse.answers.question import Question
from deskpulse.workspace.access import Viewer
from deskpulse.workspace.names import Names, names

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace


def find_comments(place: Workspace, asked: Question, sought: Sought, *, most: int, after: int) -> CommentPage:
    """Comments of the period, filters and rules of ``asked``; nobody's name to who may not see names."""
    asked = place.viewer.restricted(asked)
    bound = replace(sought, where=asked.where, rules=asked.rules, start=asked.start, end=asked.end)
    page = found_by(place.backend, bound, most=most, after=after)
    return replace(page, rows=tuple(_masked(row, place.viewer, names(place)) for row in page.rows))


def _masked(row: Comment, viewer: Viewer, readable: Names) -> Comment:
    return replace(row, agent=readable.of(row.agent), customer=row.customer if viewer.sees_customers else None)

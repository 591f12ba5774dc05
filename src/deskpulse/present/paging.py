"""Long lists by the page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from deskpulse import units
from deskpulse.answers.evidence import Evidence
from deskpulse.language import gettext

SIZE = 50


@dataclass(frozen=True, kw_only=True)
class Paging:
    """Which part of a list is shown; pages count from 1. ``total`` is null until it is known."""

    page: int
    size: int = SIZE
    total: int | None = None

    @property
    def after(self) -> int:
        """How many rows come before this page."""
        return (max(self.page, 1) - 1) * self.size

    @property
    def before(self) -> int | None:
        """The page before, if there is one."""
        return self.page - 1 if self.page > 1 else None

    @property
    def next(self) -> int | None:
        """The page after, if there is one."""
        return self.page + 1 if self.total is not None and self.after + self.size < self.total else None

    @property
    def words(self) -> str:
        """``51–100 of 4 474``."""
        total = self.total or 0
        first, last = min(self.after + 1, total), min(self.after + self.size, total)
        shown = f"{units.format_count(first)}–{units.format_count(last)}"
        return gettext("%(some)s of %(all)s", some=shown, all=units.format_count(total))

    def of(self, total: int) -> Paging:
        """With the length of the whole list."""
        return replace(self, total=total)

    def of_evidence(self, evidence: Evidence) -> Paging:
        """With as many rows as count or were left out."""
        rows = evidence.answer.rows
        return self.of(sum(row.n + sum(row.left_out.values()) for row in rows))

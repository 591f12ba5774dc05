"""The report in the terminal: scorecard, findings, notes; printed by ``report`` and ``demo``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from deskpulse.surfaces.cli.session import console

if TYPE_CHECKING:
    from rich.table import Table

    from deskpulse.present import Tile
    from deskpulse.workspace.reporting import Report

COLOURS = {"better": "green", "worse": "red", "different": "bold", "not distinguishable": "dim", "unknown": ""}
STATUS_COLOURS = {"met": "green", "missed": "red", "within noise": "dim", "not enough data": "dim", "": ""}


def print_report(report: Report) -> None:
    """To standard output."""
    screen = console()
    screen.print(report.title, style="bold", markup=False)
    if report.goal:
        screen.print(report.goal, markup=False)
    screen.print(scorecard(report.tiles))
    for line in (*report.findings, *report.notes):
        screen.print(f"- {line}", markup=False)


def scorecard(tiles: Iterable[Tile]) -> Table:
    """One line per KPI: value, interval, n, the change with its verdict in words, target and status, and the trend."""
    from rich.table import Table
    from rich.text import Text

    from deskpulse.present import remark

    shown = tuple(tiles)
    targets = ("target", "status") if any(tile.target for tile in shown) else ()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("KPI", "", "value", "95 % interval", "n", *targets, "before", "change", "", "trend"):
        table.add_column(heading, justify="right" if heading in ("value", "n", "before") else "left")
    for tile in shown:
        change = Text(tile.change, style=COLOURS[tile.verdict])
        judged = (tile.target, Text(tile.status, style=STATUS_COLOURS[tile.status])) if targets else ()
        table.add_row(
            tile.title, tile.statistic, Text(tile.value, style="bold"), tile.interval, tile.n, *judged, tile.previous,
            change, remark(tile), tile.trend,
        )  # fmt: skip
    return table

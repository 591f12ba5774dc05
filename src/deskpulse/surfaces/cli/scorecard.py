"""The report in the terminal: scorecard, findings, notes; printed by ``report`` and ``demo``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from deskpulse.surfaces.cli.output import VERDICT, print_table, printing_to

if TYPE_CHECKING:
    from rich.console import Console

    from deskpulse.present import Tile
    from deskpulse.workspace.reporting import Report

COLOURS = {"better": "green", "worse": "red", "different": "bold", "not distinguishable": "dim", "unknown": ""}
STATUS_COLOURS = {"met": "green", "missed": "red", "within noise": "dim", "not enough data": "dim", "": ""}
RIGHT = ("value", "n", "before")
NEWEST = 30  # buckets of a trend that are shown


def print_report(report: Report, output: Path | None = None) -> None:
    """To standard output, or to a file."""
    with printing_to(output) as screen:
        screen.print(report.title, style="bold", markup=False)
        if report.goal:
            screen.print(report.goal, markup=False)
        print_scorecard(screen, report.tiles)
        for line in (*report.findings, *report.notes):
            screen.print(f"- {line}", markup=False)


def print_scorecard(screen: Console, tiles: Iterable[Tile]) -> None:
    """One line per KPI: value, interval, n, the change with its verdict in words, target and status, and the trend."""
    from rich.text import Text

    from deskpulse.present import remark

    shown = tuple(tiles)
    targets = ("target", "status") if any(tile.target for tile in shown) else ()
    rows = []
    for tile in shown:
        change = Text(tile.change, style=COLOURS[tile.verdict])
        judged = (tile.target, Text(tile.status, style=STATUS_COLOURS[tile.status])) if targets else ()
        rows.append(
            (
                tile.title, tile.statistic, Text(tile.value, style="bold"), tile.interval, tile.n, *judged,
                tile.previous, change, remark(tile), tile.trend[-NEWEST:],
            )
        )  # fmt: skip
    headings = ("KPI", "", "value", "95 % interval", "n", *targets, "before", "change", VERDICT, "trend")
    print_table(screen, headings, rows, right=RIGHT)

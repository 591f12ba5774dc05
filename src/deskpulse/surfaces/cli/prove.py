"""``deskpulse prove KPI[:VARIANT]``: the rows behind a value, or the clock segments of one ticket."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from deskpulse.surfaces.cli import choices
from deskpulse.surfaces.cli.output import OutputOption, as_csv, as_json, write_sheets, write_text
from deskpulse.surfaces.cli.session import WorkspaceOption, open_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from deskpulse.answers.evidence import Evidence, TicketEvidence

NAME = "prove"


class Format(StrEnum):
    """How evidence is written."""

    table = "table"
    json = "json"
    csv = "csv"


def run(  # noqa: PLR0913, PLR0917 - one parameter per option
    kpi: choices.OneKPI,
    where: choices.Where = None,
    period: choices.PeriodOption = None,
    start: choices.From = None,
    end: choices.To = None,
    statistic: choices.Statistic = None,
    clock: choices.ClockOption = None,
    dated_by: choices.DatedBy = None,
    zone: choices.Zone = None,
    ticket: Annotated[str | None, typer.Option(help="One ticket: source:id.", show_default=False)] = None,
    form: Annotated[Format, typer.Option("--format", help="How to write the evidence.")] = Format.table,
    output: OutputOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """The rows behind a value and those left out with the reason; --ticket shows the clock segments of one."""
    chosen = choices.Choices(
        where=where, period=period, start=start, end=end, statistic=statistic, clock=clock, dated_by=dated_by, zone=zone
    ).options()
    place = open_workspace(workspace)
    if ticket:
        return _write_ticket(place.prove_ticket(kpi, ticket, **chosen), form, output)
    _write_rows(place.prove(kpi, **chosen), form, output)


def _write_rows(evidence: Evidence, form: Format, output: Path | None) -> None:
    from deskpulse.present import evidence_sheets

    if form is Format.table:
        return write_sheets(evidence_sheets(evidence), output)
    write_text((as_json if form is Format.json else as_csv)(evidence.records()), output)


def _write_ticket(evidence: TicketEvidence, form: Format, output: Path | None) -> None:
    from deskpulse.present import ticket_record, ticket_sheets

    if form is Format.table:
        return write_sheets(ticket_sheets(evidence), output)
    if form is Format.csv:
        return write_text(as_csv(evidence.records()), output)
    write_text(f"{json.dumps(ticket_record(evidence), indent=2, ensure_ascii=False)}\n", output)

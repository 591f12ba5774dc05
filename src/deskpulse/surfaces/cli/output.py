"""Answers and evidence as a table, JSON, CSV, Parquet or Markdown, to a file or to standard output."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deskpulse.errors import InputError
from deskpulse.surfaces.cli.session import console, say

if TYPE_CHECKING:
    from rich.table import Table

    from deskpulse.answers.answer import Answer
    from deskpulse.present import Sheet


class Format(StrEnum):
    """How an answer is written."""

    table = "table"
    json = "json"
    csv = "csv"
    parquet = "parquet"
    md = "md"


OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to FILE.", show_default=False)
]


def write_answers(answers: Sequence[Answer], form: Format, output: Path | None) -> None:
    """Writes answers in a format; tables are for people, the others carry durations in seconds and shares as 0-1."""
    if form is Format.parquet:
        return _write_parquet(answers, output)
    if form is Format.table:
        from deskpulse.present import sheet

        return write_sheets([sheet(answer) for answer in answers], output)
    records = [record for answer in answers for record in answer.records()]
    text = {Format.json: as_json, Format.csv: as_csv}[form](records) if form is not Format.md else as_markdown(answers)
    write_text(text, output)


def write_text(text: str, output: Path | None) -> None:
    """To the file, else to standard output."""
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise InputError(f"'{output}' cannot be written: {error.strerror}. Choose another file with -o.") from error
    say(f"Wrote {output}")


def as_json(records: Iterable[Mapping[str, Any]]) -> str:
    """A JSON array, one object per row."""
    return json.dumps(list(records), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def as_csv(records: Sequence[Mapping[str, Any]]) -> str:
    """CSV with a header; what is nested is JSON text, null is empty. Numbers read back to the same value."""
    text = io.StringIO()
    headings = dict.fromkeys(name for record in records for name in record)
    rows = csv.DictWriter(text, list(headings), lineterminator="\n")
    rows.writeheader()
    rows.writerows({name: _cell(value) for name, value in record.items()} for record in records)
    return text.getvalue()


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def as_markdown(answers: Iterable[Answer]) -> str:
    """A Markdown table per answer, with its provenance below."""
    from deskpulse.present import sheet

    return "\n".join("".join(f"{line}\n" for line in _markdown_lines(sheet(answer))) for answer in answers)


def _markdown_lines(sheet: Sheet) -> Iterable[str]:
    yield f"**{sheet.title}**\n"
    yield from (_markdown_row(cells) for cells in (sheet.headings, ("---",) * len(sheet.headings), *sheet.rows))
    yield f"\n{'. '.join(sheet.notes)}"


def _markdown_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def write_sheets(sheets: Iterable[Sheet], output: Path | None) -> None:
    """Tables for people, each with its notes."""
    screen = console()
    with screen.capture() if output else nullcontext() as captured:
        for written in sheets:
            screen.print(written.title, style="bold", markup=False)
            screen.print(as_table(written))
            screen.print("\n".join(written.notes), style="dim", markup=False)
    if output and captured:
        write_text(captured.get(), output)


def as_table(sheet: Sheet) -> Table:
    """A table of texts for the terminal."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in sheet.headings:
        table.add_column(heading)
    for cells in sheet.rows:
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _write_parquet(answers: Sequence[Answer], output: Path | None) -> None:
    import pyarrow as pa
    import pyarrow.parquet

    if output is None and sys.stdout.isatty():
        raise InputError("Parquet is not for reading on a terminal. Add -o FILE, or choose --format table.")
    table = pa.concat_tables([answer.to_arrow() for answer in answers], promote_options="permissive")
    sink = pa.BufferOutputStream()
    pa.parquet.write_table(table, sink)
    write_bytes(sink.getvalue().to_pybytes(), output)


def write_bytes(content: bytes, output: Path | None) -> None:
    """To the file, else to standard output."""
    if output is None:
        typer.echo(content, nl=False)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise InputError(f"'{output}' cannot be written: {error.strerror}. Choose another file with -o.") from error
    say(f"Wrote {output}")

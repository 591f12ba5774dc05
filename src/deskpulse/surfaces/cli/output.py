"""Answers and evidence as a table, JSON, CSV, Parquet or Markdown, to a file or to standard output."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deskpulse.errors import InputError
from deskpulse.surfaces.cli.session import console, say

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from deskpulse.answers.answer import Answer
    from deskpulse.present import Sheet


class Format(StrEnum):
    """How an answer is written."""

    table = "table"
    json = "json"
    csv = "csv"
    parquet = "parquet"
    md = "md"


VERDICT = ""  # the heading of the column beside a change
FIRST_TO_GO = ("trend", "before", "last year", "target", VERDICT, "n", "left out", "status", "change")
"""What a narrow terminal does without: never a value or its interval."""

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
    with printing_to(output) as screen:
        for written in sheets:
            screen.print(written.title, style="bold", markup=False)
            print_table(screen, written.headings, written.rows)
            screen.print("\n".join(written.notes), style="dim", markup=False)


@contextmanager
def printing_to(output: Path | None) -> Iterator[Console]:
    """The terminal to print on, or one as wide as any whose text goes to the file."""
    screen = console(wide=output is not None)
    with screen.capture() if output else nullcontext() as captured:
        yield screen
    if output and captured:
        write_text(captured.get(), output)


def print_table(
    screen: Console, headings: Sequence[str], rows: Sequence[Sequence[str | Text]], *, right: Container[str] = ()
) -> None:
    """A table as wide as the terminal allows: columns that find no room are named below it, or each row is a list."""
    from rich.table import Table
    from rich.text import Text

    from deskpulse.present.fitted import GAP, fitted

    last = {heading: place for place, heading in enumerate(headings)}
    going = [last[name] for name in FIRST_TO_GO if name in last]
    found = fitted(headings, [list(map(str, cells)) for cells in rows], room=screen.width, first_to_go=going)
    if not found.has_room:
        return _print_lists(screen, headings, rows)
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0))
    for place, width in found.widths.items():
        is_right = headings[place] in right
        table.add_column(headings[place], width=width, overflow="fold", justify="right" if is_right else "left")
    for cells in rows:
        texts = (cells[place] for place in found.widths)
        table.add_row(*(text if isinstance(text, Text) else Text(text) for text in texts))
    screen.print(table)
    if found.dropped:
        named = ", ".join(heading or "verdict" for heading in found.dropped)
        screen.print(f"No room for: {named}. Widen the terminal, or add -o FILE.", style="dim", markup=False)


def _print_lists(screen: Console, headings: Sequence[str], rows: Iterable[Sequence[str | Text]]) -> None:
    for cells in rows:
        for heading, cell in zip(headings, cells, strict=True):
            if str(cell):
                screen.print(f"{heading}: {cell}" if heading else str(cell), markup=False)
        screen.print()


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

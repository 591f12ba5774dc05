"""Writes the page of each KPI, and their index, from the declarations: `make docs`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from deskpulse import catalog
from deskpulse.connectors.templates import described_columns, described_tables, named_table
from deskpulse.present import Entry, entry

FOLDER = "docs/kpis"
IMPORTING = "docs/import.md"
NOTE = "<!-- Written by `make docs` from the declaration: edit {source} instead. -->\n"
BETTER = {
    "higher": "Higher is better.",
    "lower": "Lower is better.",
    "band": "Best inside a band.",
    "none": "Neither more nor less is better in itself.",
}
IMPORTING_TEXT = """# Importing files

```sh
deskpulse template                        # the tables there are
deskpulse template calls > calls.csv      # a file with example rows: write yours over them
deskpulse import calls calls.csv          # any table, by its name in the singular or the plural
```

CSV (comma, semicolon, tab or bar), JSON lines, Parquet and Excel are read, gzipped or not. Columns stand in any
order; one that is not needed may be left out, and one the table does not have is refused, so that a misspelt
name loses nothing. A row with a cell that cannot be understood goes to quarantine with its line, column and
reason, and the others are read.

- Dates are ISO: `2024-03-04`, `2024-03-04 09:15:00`, `2024-03-04T09:15:00+01:00`. Without an offset they are
  UTC.
- An empty cell, `?`, `N/A`, `NA`, `-` and `null` mean: not known.
- A row with the id of an earlier one takes its place. A row without an id is known by its content: read twice,
  it is one row, and edited it is another.
- All tables are read as one source called `files`, since they refer to each other by id: a call leg to its
  call, an article's reader to a ticket's customer. `--source NAME` names another: give all files of one system
  the same.

## Files of another form

```sh
deskpulse template calls --mapping > calls.toml   # what each column means: write the names of yours
deskpulse import calls.toml export.xlsx
```

A mapping names the columns of your file, their date formats, time zone, words for unknown values, other words
for listed values, and what is the same in every row (`[constants]`). `sheet = "March"` reads that sheet of an
Excel workbook. For one row per ticket, or a log of events, `deskpulse import --guess FILE` proposes a mapping
of the shape `ticket` or `event`.
"""
SIGNAL = {
    "leading": "A leading indicator: it moves before customers say anything.",
    "lagging": "A lagging indicator: it tells how it went.",
}


def pages() -> dict[str, str]:
    """Every page by its path in the repository."""
    return {f"{FOLDER}/{name}.md": page(name) for name in sorted(catalog.kpis())} | {f"{FOLDER}/index.md": index()}


def page(name: str) -> str:
    """The page of one KPI, in Markdown."""
    of = entry(name)
    parts = (_head(of), _variants(of), _asking(of), _guardrails(of), _caveats(of), _inputs(of), _sources(of))
    return "\n".join(part for part in parts if part)


def index() -> str:
    """All KPIs by category, one line each."""
    source = "the files in src/deskpulse/kpis"
    text = NOTE.format(source=source) + "# The KPIs\n"
    for category in dict.fromkeys(catalog.category(name) for name in catalog.kpis()):
        rows = (
            (f"[{name}]({name}.md)", of.title, of.meaning)
            for name in sorted(catalog.kpis())
            if catalog.category(name) == category
            for of in [entry(name)]
        )
        text += f"\n## {category.capitalize()}\n\n" + _table(("id", "KPI", "what it is"), rows)
    return text


def importing() -> str:
    """The page about files for the tables of the event history, in Markdown."""
    text = NOTE.format(source="tools/docs.py, and the tables in src/deskpulse/events") + IMPORTING_TEXT
    for name, meaning in described_tables():
        text += f"\n## {name}\n\n{meaning}\n\n"
        text += _table(("column", "needed", "holds", "meaning"), described_columns(named_table(name)))
    return text


def _head(of: Entry) -> str:
    called = f"Also called: {', '.join(of.also_called)}.\n\n" if of.also_called else ""
    source = f"src/deskpulse/kpis/{of.category}/{of.id}.py"
    return (
        f"{NOTE.format(source=source)}# {of.title}\n\n{of.meaning}\n\n{called}{BETTER[of.better]} {SIGNAL[of.signal]}\n"
    )


def _variants(of: Entry) -> str:
    rows = ((f"`{v.name}`", v.differs or "The default.", v.formula, v.unit, f"`{v.definition}`") for v in of.variants)
    return "## Variants\n\n" + _table(("variant", "how it differs", "formula", "unit", "definition"), rows)


def _asking(of: Entry) -> str:
    rows = (
        (f"`{v.name}`", _names(v.statistics), _names(v.clocks), f"`{v.dated_by}`", _names(v.by)) for v in of.variants
    )
    other = f"deskpulse ask {of.id}:{of.variants[-1].name} --period last-month --compare previous\n"
    return (
        f"## Asking for it\n\n```sh\ndeskpulse ask {of.id} --by {of.variants[0].by[0]} --grain week\n"
        f"{other if len(of.variants) > 1 else ''}deskpulse prove {of.id}\n```\n\n"
        + _table(("variant", "statistics", "clocks", "dated by", "can be broken down by"), rows)
    )


def _guardrails(of: Entry) -> str:
    lines = (f"[{name}]({name}.md): {why}" for name, why in of.guardrails.items())
    return "## Read it beside\n\n" + _list(lines) if of.guardrails else ""


def _caveats(of: Entry) -> str:
    return "## How it misleads\n\n" + _list(of.caveats)


def _inputs(of: Entry) -> str:
    inputs = {(v.fact, column): meaning for v in of.variants for column, meaning in v.inputs.items()}
    rows = ((f"`{fact}`", f"`{column}`", meaning) for (fact, column), meaning in inputs.items())
    left_out = dict.fromkeys(reason for v in of.variants for reason in v.left_out)
    told = f"\nCounted apart as left out: {'; '.join(left_out)}.\n" if left_out else ""
    return "## What it reads\n\n" + _table(("fact", "column", "meaning"), rows) + told


def _sources(of: Entry) -> str:
    return "## Sources\n\n" + _list(of.sources) if of.sources else ""


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _list(lines: Iterable[str]) -> str:
    return "".join(f"- {line}\n" for line in lines)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "".join(_lines(head, rows))


def _lines(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for cells in (head, ("---",) * len(head), *rows):
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def write(root: Path) -> int:
    """Writes the pages under ``root``, removes those of KPIs that are gone, and returns how many there are."""
    wanted = pages()
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    for path in (root / FOLDER).glob("*.md"):
        if path.relative_to(root).as_posix() not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (root / name).write_text(text, encoding="utf-8")
    (root / IMPORTING).write_text(importing(), encoding="utf-8")
    return len(wanted)


if __name__ == "__main__":
    print(f"{write(Path(__file__).resolve().parents[1])} pages in {FOLDER}")

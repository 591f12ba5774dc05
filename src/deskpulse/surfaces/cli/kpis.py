"""``deskpulse kpis [NAME]``: the dictionary of KPIs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from deskpulse.surfaces.cli.session import console

if TYPE_CHECKING:
    from rich.table import Table

    from deskpulse.present import Entry, VariantEntry

NAME = "kpis"


class Format(StrEnum):
    """How the dictionary is written."""

    table = "table"
    json = "json"


def run(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="One KPI in full.", show_default=False)] = None,
    form: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.table,
) -> None:
    """The dictionary: what each KPI means, its formulas, variants, caveats and inputs."""
    from deskpulse import catalog
    from deskpulse.present import entry

    entries = [entry(each) for each in ([name] if name else catalog.kpis())]
    if form is Format.json:
        written = [asdict(each) for each in entries]
        typer.echo(json.dumps(written[0] if name else written, indent=2, ensure_ascii=False))
    elif name:
        typer.echo("\n".join(_in_full(entries[0])))
    else:
        console().print(_listed(entries))


def _listed(entries: Sequence[Entry]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("KPI", "category", "better", "variants", "meaning"):
        table.add_column(heading, no_wrap=heading == "KPI")
    for each in entries:
        table.add_row(each.id, each.category, each.better, ", ".join(v.name for v in each.variants), each.meaning)
    return table


def _in_full(entry: Entry) -> Iterator[str]:
    yield f"{entry.title}  ({entry.id})"
    yield f"{entry.category}, {entry.signal}; better: {entry.better}"
    yield f"\n{entry.meaning}"
    if entry.also_called:
        yield f"Also called: {', '.join(entry.also_called)}"
    yield "\nVariants (the first is the default)"
    for variant in entry.variants:
        yield from _variant(variant)
    yield from _listing("How it misleads", entry.caveats)
    yield from _listing("Read beside", (f"{name}: {why}" for name, why in entry.guardrails.items()))
    yield from _listing("Sources", entry.sources)
    yield from _listing("Published figures", _benchmarks(entry.id))
    yield f"\nType: deskpulse ask {entry.id} --by {entry.variants[0].by[0]}"


def _benchmarks(kpi: str) -> list[str]:
    from deskpulse.insights.benchmarks import benchmarks_of
    from deskpulse.present.benchmark import benchmark_line

    return [benchmark_line(each) for each in benchmarks_of(kpi)]


def _variant(variant: VariantEntry) -> Iterator[str]:
    yield f"  {variant.name}: {variant.formula}"
    if variant.differs:
        yield f"      {variant.differs}"
    yield f"      unit {variant.unit}; statistics {', '.join(variant.statistics)}; clocks {', '.join(variant.clocks)}"
    yield f"      dated by {variant.dated_by} of the fact '{variant.fact}'; definition {variant.definition}"
    yield f"      inputs: {', '.join(variant.inputs)}"
    yield f"      by: {', '.join(variant.by)}"
    if variant.left_out:
        yield f"      left out and counted: {', '.join(variant.left_out)}"


def _listing(title: str, lines: Sequence[str] | Iterator[str]) -> Iterator[str]:
    texts = list(lines)
    if texts:
        yield f"\n{title}"
        yield from (f"  - {text}" for text in texts)

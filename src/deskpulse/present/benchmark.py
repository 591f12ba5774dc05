"""Published benchmarks as lines and tables of texts."""

from __future__ import annotations

from collections.abc import Sequence

from deskpulse import catalog, units
from deskpulse.insights.benchmarks import Benchmark, Benchmarked
from deskpulse.language import declared, gettext
from deskpulse.present.tile import Sheet, headline, provenance, tile
from deskpulse.present.words import PERCENT, title_of

THIS_VALUE = "this value is"
HEADINGS = ("segment", "figure", "definition", "source", "quality")


def figure_words(each: Benchmark) -> str:
    """The published value or range in its unit."""
    if each.low is not None and each.high is not None:
        return f"{_written(each.low, each).removesuffix(PERCENT)}–{_written(each.high, each)}"
    assert each.value is not None
    return " ".join(filter(None, (declared(each.bound or ""), _written(each.value, each))))


def _written(value: float, each: Benchmark) -> str:
    if each.unit == "seconds":
        return units.format_duration(value)
    if each.unit == "share":
        return units.format_share(value)
    return units.format_net(value) if each.unit == "net" else f"{units.format_number(value)} {each.currency}"


def source_words(each: Benchmark) -> str:
    """Who published it, when, of how many."""
    year = str(each.year) if each.year and str(each.year) not in each.source else ""
    return ", ".join(filter(None, (declared(each.source), year, declared(each.sample or ""))))


def quality_words(each: Benchmark) -> str:
    """How far to trust it."""
    hint = gettext("indicative") if each.is_indicative else ""
    return ", ".join(filter(None, (declared(each.quality), declared(each.remark or ""), hint)))


def benchmark_line(each: Benchmark) -> str:
    """One figure in a line, for the dictionary."""
    origin = f"{source_words(each)}; {quality_words(each)}"
    return f"{each.segment}: {_figure(each)}; {each.definition}. {origin}"


def _figure(each: Benchmark) -> str:
    statistic = f" ({declared(each.statistic)})" if each.statistic in ("median", "mean") else ""
    return figure_words(each) + statistic


def benchmark_sheet(kpi: str, found: Sequence[Benchmark]) -> Sheet:
    """Everything published for a KPI."""
    return Sheet(
        title=f"{catalog.kpi(kpi).title}: published figures",
        headings=HEADINGS,
        rows=tuple(_cells(each) for each in found),
        notes=() if found else ("Nothing trustworthy enough to repeat is published.",),
    )


def _cells(each: Benchmark) -> tuple[str, ...]:
    words = declared(each.segment), _figure(each), declared(each.definition)
    return (*words, source_words(each), quality_words(each))


def compared_sheets(found: Benchmarked) -> tuple[Sheet, ...]:
    """The figures of the same definition with where the answer lies, then the others with why they are not compared."""
    answer = found.answer
    title = f"{title_of(answer)}: {headline(tile(answer.rows[0], answer))}"
    compared = Sheet(
        title=title,
        headings=(declared(THIS_VALUE), *map(declared, HEADINGS)),
        rows=tuple((declared(match.standing), *_cells(match.benchmark)) for match in found.matches),
        notes=(*(() if found.matches else (gettext("No published figure has this definition."),)), provenance(answer)),
    )
    if not found.refusals:
        return (compared,)
    refused = Sheet(
        title=gettext("Not compared"),
        headings=(gettext("why not"), *map(declared, HEADINGS)),
        rows=tuple((declared(refusal.reason), *_cells(refusal.benchmark)) for refusal in found.refusals),
        notes=(),
    )
    return (compared, refused)

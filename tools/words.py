"""Writes what there is to translate into the files of translations: `make words`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from deskpulse import catalog, units
from deskpulse.answers import comments, customers, tickets
from deskpulse.answers.answer import Status
from deskpulse.answers.apart import ONE_SIDE
from deskpulse.answers.local import WEEKDAYS
from deskpulse.answers.question import Grain
from deskpulse.events import EVENT_TABLES
from deskpulse.events.ticket import STATUSES
from deskpulse.facts import FACTS
from deskpulse.facts.build.call_counts import CONTRADICTION, RECORDED_SHORTER, RECORDED_SINGLY
from deskpulse.facts.build.risk_model import EXTRA, NO_SKILL
from deskpulse.insights.benchmarks import Benchmark, Standing, benchmarks
from deskpulse.insights.scorecard import READY
from deskpulse.language import FOLDER, codes
from deskpulse.metrics.fact import Clock
from deskpulse.metrics.formula import ONLY_COUNTS, Statistic, Unit
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import shared_dimensions
from deskpulse.metrics.ranking import TOO_FEW
from deskpulse.present import axes, benchmark, ranks, words
from deskpulse.present.report import listing, paper, workbook
from deskpulse.settings import BUSINESS_CLOCK_WORDS
from deskpulse.surfaces.web import view
from deskpulse.surfaces.web.pages import account, admin, reports
from deskpulse.surfaces.web.pages.surveys import UNCHOSEN
from deskpulse.time.period import WORDS
from deskpulse.workspace.access import ROLE_WORDS
from deskpulse.workspace.exploring import COMPARISONS
from deskpulse.workspace.signing_in import SCOPES, WRONG
from deskpulse.workspace.surveys import CLOSED, ENDED, FORGED, TOO_OFTEN

SOURCES = "src/deskpulse"
METHODS = [("surfaces/cli/**.py", "ignore"), ("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {"**/templates/**.html": {"newstyle_gettext": "true"}}
ERRORS = dict.fromkeys(("AccessError", "ChangedError", "MissingError", "QuestionError", "SignInError"))
"""What pages show where something cannot be shown or done."""
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "template", "composed"), None),
    **dict.fromkeys(("ngettext", "template_by_count"), (1, 2)),
}
ASKED_FOR = (
    *("account", "aim", "announced change", "choice", "comparison", "contract", "customer", "grain", "language"),
    *("order of customers", "order of tickets", "report", "role", "saved view of yours", "scope", "score", "scorecard"),
    *("scorecard of your own", "source", "survey", "table", "target", "ticket", "time zone", "version of the settings"),
)
"""What errors call a thing of which there is none by a name."""
Text = str | tuple[str, ...]
"""A text, or the two of one thing and of several."""
HEADER = "# What deskpulse says, in another language. `make words` keeps it up to date with the code."
ABOUT = {
    "project": "deskpulse",
    **dict.fromkeys(("version", "msgid_bugs_address", "last_translator", "language_team"), ""),
}
OTHERS = (
    *("sent", "failed", "waiting", "no status", "test", "spam", "deleted", "merged", "CES", "Solved?", "mean"),
    *("value", "at", "what", "by", "no rate", "overlap", "phantom"),
    *("system", "bot", "Not Found"),
)
"""States, reasons and headings that are written where nothing declares them."""
MAPPINGS: tuple[Mapping[Any, str], ...] = (
    *(words.STATISTIC_WORDS, words.COMPARISON_WORDS, COMPARISONS, ranks.PLACES, ROLE_WORDS, comments.SCORES),
    *(BUSINESS_CLOCK_WORDS, account.SAID, admin.SAID, reports.FORMS, units.LENGTHS, axes.DATES, paper.WORDS),
)


def texts(root: Path) -> dict[Text, list[str]]:
    """Every text that must be translated, and the files it stands in."""
    found = _extracted(root, KEYWORDS)
    for text in declared():
        found.setdefault(text, []).append("a declaration")
    return found


def of_errors_and_entries(root: Path) -> dict[Text, list[str]]:
    """What may stay English, and then is marked so: errors, and the entries of KPIs and published figures."""
    found = {**_extracted(root, ERRORS), WORDS: [f"{SOURCES}/time/period.py"]}
    for text in ASKED_FOR:
        found.setdefault(text, []).append(f"{SOURCES}/errors.py")
    for id, kpi in catalog.kpis().items():
        for text in of_kpi(kpi):
            found.setdefault(text, []).append(f"{SOURCES}/kpis/{catalog.category(id)}/{id}.py")
    for text in filter(None, (text for each in benchmarks() for text in _of_benchmark(each))):
        found.setdefault(text, []).append(f"{SOURCES}/insights/benchmarks.toml")
    return found


def _extracted(root: Path, keywords: Mapping[str, Any]) -> dict[Text, list[str]]:
    found: dict[Text, list[str]] = {}
    for file, _, text, _, _ in extract_from_dir(root / SOURCES, METHODS, OPTIONS, keywords):
        found.setdefault(text, []).append(f"{SOURCES}/{file}")
    return found


def declared() -> Iterator[Text]:
    """What declarations call things, as far as pages write it out."""
    kinds = (*get_args(Grain), *get_args(Statistic), *get_args(Clock))
    names = (*FACTS, *EVENT_TABLES, *STATUSES, *view.DIMENSIONS, *kinds)
    yield from dict.fromkeys(name.replace("_", " ") for name in names)
    yield from (text for card in READY.values() for text in (card.title, card.goal))
    yield from words.NOUNS.values()
    yield from map(str.capitalize, catalog.categories())
    for several in (WEEKDAYS, get_args(Status), get_args(Standing), ROLE_WORDS, SCOPES):
        yield from several
    yield from (text for mapping in MAPPINGS for text in mapping.values())
    yield from (*ranks.STANDING_HEADINGS, *ranks.POINT_HEADINGS, *benchmark.HEADINGS, benchmark.THIS_VALUE)
    yield from filter(None, (*listing.SUMMARY_HEADINGS, *workbook.SUMMARY, *workbook.ROWS, *workbook.DEFINITIONS))
    yield from (*get_args(Unit), *listing.SPLIT_HEADINGS, *listing.GUARD_HEADINGS, *listing.VARIANT_HEADINGS)
    yield from (name for _, name in (*view.PERIODS, *account.LIVES, account.BY_BROWSER))
    yield from (order[0] for order in customers.ORDERS.values())
    yield from (order[0] for order in tickets.ORDERS.values())
    yield from (units.SECONDS_ALONE, axes.DAY, words.NO_DATA, words.NO_VALUE, ranks.COMPARED)
    yield from (each.meaning for fact in FACTS.values() for each in fact.durations.values())
    yield from (ONE_SIDE, ONLY_COUNTS, TOO_FEW, RECORDED_SINGLY, RECORDED_SHORTER, CONTRADICTION, EXTRA, NO_SKILL)
    yield from (WRONG, UNCHOSEN, FORGED, ENDED, CLOSED, TOO_OFTEN, *get_args(words.Verdict), *OTHERS)


def _of_benchmark(each: Benchmark) -> Iterator[str | None]:
    yield from (each.segment, each.definition, each.differs, each.source, each.sample)
    yield from (each.quality, each.remark, each.bound)


def of_kpi(kpi: KPI) -> Iterator[str]:
    """What a KPI declares: its entry of the dictionary, and the names and reasons of every formula."""
    whys = (why for _, why in kpi.guardrails)
    yield from (kpi.title, kpi.meaning, *kpi.also_called, *kpi.caveats, *whys)
    yield from (text for said in (kpi.differs, kpi.notes) for text in (said or {}).values())
    for name, measure in kpi.variants.items():
        yield from (measure.words, measure.dated_by.meaning, *([measure.of.words] if measure.of else ()))
        names = (name, *shared_dimensions(measure), measure.dated_by.name.removesuffix("_at"))
        yield from (one.replace("_", " ") for one in names)
        gaps = (gap for clock in measure.clocks for gap in measure.gaps(clock))
        yield from (text for text, _ in (*measure.left_out, *measure.flagged, *gaps))


def half_said(translations: Catalog, kpis: Mapping[str, KPI]) -> dict[str, list[Text]]:
    """What is missing of each KPI whose title is translated; one that is English as a whole is left so."""
    said = {id: kpi for id, kpi in kpis.items() if not unsaid(translations, [kpi.title])}
    missing = {id: unsaid(translations, filter(None, of_kpi(kpi))) for id, kpi in said.items()}
    return {id: texts for id, texts in missing.items() if texts}


def write(root: Path) -> list[str]:
    """Brings each file of translations up to date; gives what is not translated yet."""
    found = texts(root)
    for text, places in of_errors_and_entries(root).items():
        found.setdefault(text, []).extend(places)
    return [f"{code}: {text}" for code in codes()[1:] for text in _written(FOLDER / f"{code}.po", code, found)]


def _written(file: Path, code: str, found: Mapping[Text, Sequence[str]]) -> list[Text]:
    known = read(file, code)
    fresh = Catalog(locale=code, header_comment=HEADER, fuzzy=False)
    fresh.creation_date = fresh.revision_date = known.creation_date
    for name, value in ABOUT.items():
        setattr(fresh, name, value)
    for text, places in found.items():
        before = known.get(text if isinstance(text, str) else text[0])
        fresh.add(text, before.string if before else "", locations=[(place, 0) for place in sorted(set(places))])
    with file.open("wb") as target:
        write_po(target, fresh, sort_output=True, include_lineno=False, width=0)
    return unsaid(fresh, found)


def read(file: Path, code: str) -> Catalog:
    """A file of translations."""
    with file.open("rb") as source:
        return read_po(source, locale=code)


def unsaid(translations: Catalog, found: Iterable[Text]) -> list[Text]:
    """The texts that are not translated, or not in each of their forms."""
    return [text for text in found if not all(_strings(translations, text))]


def _strings(translations: Catalog, text: Text) -> tuple[str, ...]:
    message = translations.get(text if isinstance(text, str) else text[0])
    string = message.string if message else ""
    return (string,) if isinstance(string, str) else tuple(string or ("",))


if __name__ == "__main__":
    for line in write(Path(__file__).parent.parent):
        print(f"Not translated yet: {line}")

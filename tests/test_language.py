"""Texts and numbers in another language: nothing is left untranslated, and numbers are written as its readers do."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from deskpulse import catalog, units
from deskpulse.facts import ticket
from deskpulse.language import FOLDER, best, codes, composed, declared, gettext, language, ngettext, speaking, spoken
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import duration
from deskpulse.present.chart import SCHEMA, Chart
from deskpulse.present.drawing import svg
from deskpulse.present.freshness import freshness
from deskpulse.present.tile import Sheet
from deskpulse.present.words import time_words
from tools.words import half_said, read, texts, unsaid

ROOT = Path(__file__).parent.parent
OTHERS = codes()[1:]
NBSP = "\N{NO-BREAK SPACE}"
FILLED = re.compile(r"%\((\w+)\)s|%%")


def test_german_is_there() -> None:
    assert "de" in OTHERS


@pytest.fixture(scope="module")
def found() -> dict[str | tuple[str, ...], list[str]]:
    """Every text that must be translated."""
    return texts(ROOT)


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated(code: str, found: dict[str | tuple[str, ...], list[str]]) -> None:
    missing = unsaid(read(FOLDER / f"{code}.po", code), filter(None, found))
    assert not missing, f"Type 'make words', then write these in src/deskpulse/language/{code}.po: {missing}"


@pytest.mark.parametrize("code", OTHERS)
def test_a_kpi_is_translated_in_whole_or_not_at_all(code: str) -> None:
    """A KPI stays one file: it may be English altogether, but the dictionary is not half in one language."""
    translations, kpis = read(FOLDER / f"{code}.po", code), catalog.kpis()
    missing = half_said(translations, kpis)
    assert not missing, f"Type 'make words', then write these in src/deskpulse/language/{code}.po: {missing}"
    assert 10 * len(unsaid(translations, [kpi.title for kpi in kpis.values()])) <= len(kpis)


def test_a_new_kpi_needs_no_translation() -> None:
    pace = KPI(
        title="Pace",
        meaning="How long a reply takes.",
        variants={"pace": duration(ticket.first_response)},
        better="lower",
        signal="leading",
        caveats=("Not every ticket has a reply.",),
    )
    german = read(FOLDER / "de.po", "de")
    assert half_said(german, {"pace": pace}) == {}
    german.add("Pace", "Tempo")
    assert half_said(german, {"pace": pace}) == {"pace": [pace.meaning, *pace.caveats, "pace"]}


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_is_filled_in_with_the_same_names(code: str) -> None:
    """A name that the code does not give would be an error on the page; one left out would be lost."""
    for message in read(FOLDER / f"{code}.po", code):
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        names = set(re.findall(r"%\((\w+)\)s", ids[-1]))
        for string in filter(lambda text: text and message.id and names, strings):
            assert set(re.findall(r"%\((\w+)\)s", string)) == names, message.id
            assert "%" not in FILLED.sub("", string), message.id


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (lambda: units.format_count(1_234_567), "1.234.567"),
        (lambda: units.format_number(3.744), "3,74"),
        (lambda: units.format_share(0.8617), "86,2 %"),
        (lambda: units.format_points(0.021), "+2,1 %-Punkte"),
        (lambda: units.format_duration(5_040), f"1{NBSP}Std. 24{NBSP}Min."),
        (lambda: units.format_duration(310), f"5{NBSP}Min. 10{NBSP}Sek."),
        (lambda: units.format_duration(45), f"45{NBSP}Sek."),
        (lambda: units.format_duration(273_600), f"3{NBSP}Tg. 4{NBSP}Std."),
        (lambda: ngettext("%(num)s day", "%(num)s days", 1), "1 Tag"),
        (lambda: ngettext("%(num)s day", "%(num)s days", 2), "2 Tage"),
        (lambda: time_words(datetime(2025, 7, 1, 22, 30), "Europe/Berlin"), "02.07.2025 00:30"),
        (lambda: freshness(datetime(2025, 1, 9, 7), datetime(2025, 1, 9, 8, 30), "UTC").until, "09.01.2025, 07:00"),
        (lambda: declared("First response time"), "Erstreaktionszeit"),
        (lambda: declared("a text of nobody"), "a text of nobody"),
    ],
)
def test_german_is_written_as_its_readers_write(written: object, text: str) -> None:
    """72 h + 4 h are 273,600 s; Berlin is two hours ahead of UTC in July."""
    with speaking("de"):
        assert written() == text  # type: ignore[operator]


def test_a_note_that_is_kept_is_written_in_the_language_of_who_reads_it_later() -> None:
    """An answer is kept for whoever asks next: its notes are English, whoever asked first, and German to Germans."""
    share = partial(units.format_share, 0.925)
    with speaking("de"):
        note = composed("%(share)s of %(what)s", share=share, what=partial(declared, "tickets"))
        nested = composed(
            "%(what)s, deleted later", what=composed("%(who)s wrote in public", who=partial(declared, "customer"))
        )
        assert nested == "customer wrote in public, deleted later"
        assert declared(nested) == "Kunde schrieb öffentlich, später gelöscht"
        assert declared(note) == "92,5 % of Tickets"
    assert note == declared(note) == "92.5 % of tickets"


def test_english_is_back_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), speaking("de"):
        _ = 1 // 0
    assert spoken().code == "en"
    assert units.format_share(0.5) == "50.0 %"


def test_who_asks_at_the_same_time_gets_their_own_language() -> None:
    def told(code: str) -> str:
        with speaking(code):
            return gettext("Tickets") + declared("Overview") + units.format_number(1.5)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(told, ["de", "en"] * 20)) == ["TicketsÜberblick1,50", "TicketsOverview1.50"] * 20


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en;q=0.5, de;q=0.9", "de"),
        ("fr-FR, fr;q=0.9, de;q=0.3", "de"),
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("fr", "en"),
        ("*", "en"),
        ("", "en"),
        ("de;q=zero,,;;=", "de"),
    ],
)
def test_the_browsers_wish_is_read(header: str, code: str) -> None:
    assert best(header) == code


def test_axes_are_written_in_the_readers_language() -> None:
    """Vega's own writing is the second witness: thousands are parted by a comma in its English, by a dot in ours."""
    march = {"at": "2025-03-01", "value": 1500}
    spec = {
        "$schema": SCHEMA,
        "data": {"values": [march, {"at": "2025-05-01", "value": 0}]},
        "mark": "point",
        "encoding": {
            "x": {"field": "at", "type": "temporal", "axis": {"format": "%b", "values": ["2025-03-01"]}},
            "y": {"field": "value", "type": "quantitative", "axis": {"format": ",.1f", "values": [1500]}},
        },
    }
    empty = Sheet(title="", headings=(), rows=(), notes=())
    chart = Chart(title="", subtitle="", sentence="", spec=spec, table=empty)
    with speaking("de"):
        german = svg(chart)
    assert ">1.500,0<" in german and ">März<" in german
    assert ">1,500.0<" in (english := svg(chart)) and ">Mar<" in english


def test_months_are_those_of_the_cldr() -> None:
    german = language("de").months
    assert german[0] == "Jan." and german[2] == "März" and german[11] == "Dez."
    assert datetime(2025, 12, 1, tzinfo=UTC).strftime("%b") == language("en").months[11]

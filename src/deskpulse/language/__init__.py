"""The language that texts are written in: that of whoever is answered, and English where nobody chose.

English is what texts are declared in. Another language is a file of translations in this folder (gettext's ``.po``,
written by ``make words``); how it writes numbers, dates and units comes from the Unicode CLDR, by Babel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, cached_property
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

ENGLISH = "en"
FOLDER = Path(__file__).parent
RANGE = re.compile(r"([A-Za-z]{2,8})(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q=([01](?:\.\d{1,3})?))?")


@dataclass(frozen=True, kw_only=True)
class Language:
    """A language by its ISO 639 code: its texts, how it parts numbers, and its months in short, January first."""

    code: str
    texts: NullTranslations = field(default_factory=NullTranslations)
    decimal: str = "."
    grouping: str = "\N{NARROW NO-BREAK SPACE}"
    months: tuple[str, ...] = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

    @cached_property
    def separators(self) -> Mapping[int, str]:
        """From the signs in a number as Python formats it to the language's own, for ``str.translate``."""
        return str.maketrans({",": self.grouping, ".": self.decimal})


@cache
def codes() -> tuple[str, ...]:
    """The languages there are: English, and each that has a file of translations."""
    return (ENGLISH, *sorted(file.stem for file in FOLDER.glob("*.po")))


@cache
def language(code: str) -> Language:
    """The language of one of ``codes``; a translation is read once."""
    if code == ENGLISH:
        return Language(code=code)
    from babel.dates import get_month_names
    from babel.numbers import get_decimal_symbol, get_group_symbol

    return Language(
        code=code,
        texts=_texts(code),
        decimal=get_decimal_symbol(code),
        grouping=get_group_symbol(code),
        months=tuple(get_month_names("abbreviated", locale=code).values()),
    )


@cache
def names() -> Mapping[str, str]:
    """What each language calls itself, by its code."""
    from babel import Locale

    return {code: str(Locale.parse(code).display_name).capitalize() for code in codes()}


def best(wanted: str) -> str:
    """The language that an ``Accept-Language`` header asks for (RFC 9110, 12.5.4); English where there is none."""
    ranges = sorted(RANGE.findall(wanted), key=lambda one: -float(one[1] or 1))
    return next((code.lower() for code, _ in ranges if code.lower() in codes()), ENGLISH)


def _texts(code: str) -> GNUTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with (FOLDER / f"{code}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)


_spoken: ContextVar[Language] = ContextVar("language")


def spoken() -> Language:
    """The language that is written now."""
    return _spoken.get(language(ENGLISH))


@contextmanager
def speaking(code: str | None) -> Iterator[None]:
    """Writes in a language for as long as it takes; English where there is no such one."""
    before = _spoken.set(language(code if code in codes() else ENGLISH))
    try:
        yield
    finally:
        _spoken.reset(before)


def template(message: str) -> str:
    """A text with its ``%(name)s`` still to be filled in."""
    return spoken().texts.gettext(message)


def template_by_count(one: str, several: str, count: int) -> str:
    """The one of two texts that fits a count; languages have up to six such forms."""
    return spoken().texts.ngettext(one, several, count)


def gettext(message: str, **values: object) -> str:
    """A text with its ``%(name)s`` filled in; a sign of per cent is written twice, as in pages."""
    return template(message) % values


def ngettext(one: str, several: str, count: int, **values: object) -> str:
    """The same by a count, which is ``%(num)s`` in the text."""
    return template_by_count(one, several, count) % {"num": count, **values}


class Composed(str):
    """An English text that knows what it was filled in from, so that ``declared`` can write it again."""

    __slots__ = ("message", "values")
    message: str
    values: Mapping[str, object]


def composed(message: str, **values: object) -> Composed:
    """A text for readers of any language, who come later: English until it goes through ``declared``.

    A value that can be called writes itself, in the language of the moment, as ``partial(declared, word)`` does.
    """
    with speaking(ENGLISH):
        text = Composed(_filled(message, values))
    text.message, text.values = message, values
    return text


def _filled(message: str, values: Mapping[str, object]) -> str:
    return template(message) % {name: _written(value) for name, value in values.items()}


def _written(value: object) -> object:
    if isinstance(value, Composed):
        return declared(value)
    return value() if callable(value) else value


def declared(text: str) -> str:
    """A text from a declaration (a title, a caveat) as it stands; what nobody translated stays English."""
    if isinstance(text, Composed):
        return _filled(text.message, text.values)
    return template(text) if text else text


def named(name: str) -> str:
    """A name from a declaration, like ``first_reply``, in words."""
    return declared(name.replace("_", " "))


def is_foreign(text: str) -> bool:
    """A text from a declaration that has no translation, where another language than English is written."""
    return spoken().code != ENGLISH and bool(text) and declared(text) == text

"""The language that texts are written in: that of whoever is answered, and English where nobody chose.

English is what texts are declared in. Another language is a file of translations in this folder (gettext's ``.po``,
written by ``make words``); how it writes numbers, dates and units comes from the Unicode CLDR, by Babel.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

ENGLISH = "en"
FOLDER = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Language:
    """A language by its ISO 639 code, with its texts."""

    code: str
    texts: NullTranslations


@cache
def codes() -> tuple[str, ...]:
    """The languages there are: English, and each that has a file of translations."""
    return (ENGLISH, *sorted(file.stem for file in FOLDER.glob("*.po")))


@cache
def language(code: str) -> Language:
    """The language of one of ``codes``; a translation is read once."""
    return Language(code=code, texts=NullTranslations() if code == ENGLISH else _texts(code))


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


def declared(text: str) -> str:
    """A text from a declaration (a title, a caveat) as it stands; what nobody translated stays English."""
    return template(text) if text else text


def named(name: str) -> str:
    """A name from a declaration, like ``first_reply``, in words."""
    return declared(name.replace("_", " "))


def is_foreign(text: str) -> bool:
    """A text from a declaration that has no translation, where another language than English is written."""
    return spoken().code != ENGLISH and bool(text) and declared(text) == text

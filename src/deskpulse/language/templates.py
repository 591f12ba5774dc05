"""Pages whose texts are written in the reader's language."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from deskpulse.language import ENGLISH, declared, is_foreign, named, spoken, template, template_by_count

FOREIGN = Markup(f' lang="{ENGLISH}"')
"""Marks what stands in English on a page in another language, for who is read to."""


def environment(package: str) -> Environment:
    """The templates of a package: ``_()`` and ``{% trans %}`` write texts, ``declared`` and ``named`` declarations."""
    made = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        optimized=False,  # else a constant's filter is worked out once, in the language of the first reader
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(template, template_by_count, newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {"declared": declared, "named": named, "foreign": lambda text: FOREIGN if is_foreign(text) else ""}
    made.globals["spoken"] = spoken
    return made

"""Numbers as people type them: with the decimal mark of their language, and never a thousand taken for a one."""

from __future__ import annotations

import re

from deskpulse.errors import InputError
from deskpulse.language import composed, spoken

MARKS = {",", "."}
NUMBER = re.compile(r"\d[\d.,]*(?<![.,])")
SPACES = re.compile(r"(?<=\d)[\u00a0\u202f](?=\d{3})")
WRITTEN = re.compile(r"(?<=\d)\.(?=\d)")


def plain(text: str) -> str:
    """A text whose numbers are written as settings hold them: ``85,5 %`` of a German reader is ``85.5 %``.

    Raises InputError where a mark could be either a decimal one or one between thousands, like 1.000 of that reader.
    """
    return NUMBER.sub(lambda found: _plain(found[0]), SPACES.sub("", text))


def _plain(number: str) -> str:
    decimal = spoken().decimal
    (other,) = MARKS - {decimal}
    whole, mark, part = number.partition(decimal)
    if other in part or decimal in part:
        return number
    groups = whole.split(other)
    if not _are_thousands(groups):
        lone = not mark and len(groups) == len(MARKS)  # 0.85 of a German reader: a settings file has it so
        return ".".join(groups) if lone else number
    if len(groups) == len(MARKS) and not mark:
        raise InputError(
            composed(
                "'%(number)s' can be read in two ways: write %(thousands)s or %(decimal)s.",
                number=number,
                thousands="".join(groups),
                decimal=decimal.join(groups),
            )
        )
    return "".join(groups) + ("." + part if mark else "")


def _are_thousands(groups: list[str]) -> bool:
    first, *rest = groups
    return not rest or (0 < len(first) <= 3 and first[0] != "0" and all(len(one) == 3 for one in rest))


def as_read(text: str) -> str:
    """A text of the settings with its numbers as the reader's language writes them: ``0,85`` for ``0.85``."""
    return WRITTEN.sub(spoken().decimal, text)

"""What is kept and shown of what customers and agents are called and wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deskpulse.settings.document import Section

KEYS = ("keep_text", "mask_comments", "mask_names")


@dataclass(frozen=True, kw_only=True)
class Privacy:
    """``keep_text`` false: subjects, messages and comments are not stored. ``mask_comments``: they are stored for the
    models, and not published. ``mask_names``: people are published under pseudonyms; their figures stay."""

    keep_text: bool = True
    mask_comments: bool = False
    mask_names: bool = False


def read_privacy(document: Section) -> Privacy:
    """The section ``[privacy]``; raises SettingsError with line and key."""
    section = document.section("privacy")
    section.only(KEYS)
    usual = Privacy()
    return Privacy(**{key: _flag(section, key, getattr(usual, key)) for key in KEYS})


def _flag(section: Section, key: str, default: bool) -> bool:
    value: Any = section.values.get(key, default)
    if not isinstance(value, bool):
        section.fail(key, f"'{value}' will not do: expects true or false.")
    return bool(value)

"""The invented company's own settings: the ``deskpulse.toml`` beside this file."""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).with_name("deskpulse.toml")
SETTINGS = FILE.read_text(encoding="utf-8")

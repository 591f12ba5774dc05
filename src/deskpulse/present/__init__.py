"""The one way to write an answer for people."""

from deskpulse.present.dictionary import Entry, VariantEntry, entry
from deskpulse.present.tile import Sheet, Tile, headline, remark, sheet, tile, tiles
from deskpulse.present.words import NO_DATA, NO_VALUE, sentence, sparkline, value_words

__all__ = [
    "NO_DATA", "NO_VALUE", "Entry", "Sheet", "Tile", "VariantEntry", "entry", "headline", "remark", "sentence",
    "sheet", "sparkline", "tile", "tiles", "value_words",
]  # fmt: skip

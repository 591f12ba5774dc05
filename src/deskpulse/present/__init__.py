"""The one way to write an answer for people."""

from deskpulse.present.dictionary import Entry, VariantEntry, entry
from deskpulse.present.evidence import evidence_sheets, ticket_record, ticket_sheets
from deskpulse.present.sparkline import sparkline
from deskpulse.present.tile import Sheet, Tile, headline, remark, sheet, tile, tiles
from deskpulse.present.words import NO_DATA, NO_VALUE, sentence, value_words

__all__ = [
    "NO_DATA", "NO_VALUE", "Entry", "Sheet", "Tile", "VariantEntry", "entry", "evidence_sheets", "headline", "remark",
    "sentence", "sheet", "sparkline", "ticket_record", "ticket_sheets", "tile", "tiles", "value_words",
]  # fmt: skip

"""The report in a few lines of plain text: what a mail says above its attachments, and a chat says at all."""

from __future__ import annotations

from collections.abc import Iterator

from deskpulse.language import declared, gettext
from deskpulse.present.report.document import Document
from deskpulse.present.tile import Tile, headline, remark


def subject(document: Document) -> str:
    """One line: whose, which scorecard, which days."""
    return " ".join(f"{document.company}: {document.title}, {document.span}".split())


def brief(document: Document) -> str:
    """The scorecard, what changed, and where there is more."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield from (document.subtitle, "")
    yield from (f"{part.tile.title}: {_told(part.tile)}" for part in document.parts)
    yield from ("", f"{gettext('What changed by more than noise')}:")
    yield from (f"- {finding}" for finding in document.findings or (gettext("Nothing did."),))
    yield from (f"- {note}" for note in document.notes)
    yield from ("", document.freshness)
    if document.address:
        yield document.address


def _told(one: Tile) -> str:
    change = " ".join(filter(None, (one.change, f"({remark(one)})" if remark(one) else "")))
    aim = gettext("target %(target)s %(status)s", target=one.target, status=declared(one.status)) if one.target else ""
    return "; ".join(filter(None, (headline(one), change, aim)))

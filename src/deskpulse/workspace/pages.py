"""Long lists a page at a time: where the next page begins, as a mark the caller hands back."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypedDict, TypeVar, Unpack

from deskpulse.answers.comments import Sought
from deskpulse.answers.evidence import Evidence, EvidenceRow
from deskpulse.answers.question import Question
from deskpulse.answers.tickets import TicketPage
from deskpulse.errors import ChangedError, QuestionError
from deskpulse.present.extract import Extract, extract_evidence
from deskpulse.present.extract_lists import COMMENTS, CUSTOMERS, TICKETS, extract_list
from deskpulse.workspace.comments import find_comments
from deskpulse.workspace.customers import find_customers

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace

T_co = TypeVar("T_co", covariant=True)
CHUNK = 20_000
"""How many rows are fetched at once for a file."""
FURTHEST = 1 << 40


class Chosen(TypedDict, total=False):
    """In which order tickets come, and whose they are."""

    order: str
    customer: str | None


@dataclass(frozen=True, kw_only=True)
class EvidencePage:
    """Some of the rows behind a value; ``next`` is the mark of the page after, if there is one."""

    evidence: Evidence
    next: str | None


@dataclass(frozen=True, kw_only=True)
class FoundTickets:
    """Some of the tickets that were found, and how many there are in all."""

    found: TicketPage
    next: str | None


def mark(version: int, after: int) -> str:
    """A position in a list of a snapshot, as an opaque text for addresses."""
    return base64.urlsafe_b64encode(f"{version}:{after}".encode()).decode().rstrip("=")


def position(place: Workspace, cursor: str | None) -> int:
    """How many rows come before the page a cursor marks.

    Raises QuestionError for a text that is none, and ChangedError when the data changed since it was given: rows would
    be missed or seen twice.
    """
    if not cursor:
        return 0
    try:
        text = base64.b64decode(f"{cursor}{'=' * (-len(cursor) % 4)}", altchars=b"-_", validate=True).decode("ascii")
        version, after = (int(part) for part in text.split(":"))
    except ValueError:
        raise QuestionError(
            "The cursor '%(cursor)s' is not one of ours. Use 'next' of the page before.", cursor=cursor[:80]
        ) from None
    if version != place.snapshot.version or not 0 <= after < FURTHEST:
        raise ChangedError("The data changed since the first page was read. Begin again without a cursor.")
    return after


def evidence_page(place: Workspace, asked: Question, *, most: int, cursor: str | None = None) -> EvidencePage:
    """A page of the rows behind a value: at most so many, of each side of a quotient."""
    after = position(place, cursor)
    found = place.prove(asked, most=most + 1, after=after)
    rows, has_more = _first(found.rows, most)
    following = mark(place.snapshot.version, after + most) if has_more else None
    return EvidencePage(evidence=replace(found, rows=rows), next=following)


def _first(rows: tuple[EvidenceRow, ...], most: int) -> tuple[tuple[EvidenceRow, ...], bool]:
    """The first rows of each side of a quotient, and whether one has more."""
    counted: dict[str | None, int] = {}
    kept = []
    for row in rows:
        counted[row.part] = counted.get(row.part, 0) + 1
        if counted[row.part] <= most:
            kept.append(row)
    return tuple(kept), any(count > most for count in counted.values())


def tickets_page(
    place: Workspace, asked: Question, words: str = "", *, most: int, cursor: str | None = None, **shown: Unpack[Chosen]
) -> FoundTickets:
    """A page of tickets, newest first; ``shown`` takes another order, and whose they are."""
    after = position(place, cursor)
    found = place.find_tickets(asked, words, most=most, after=after, **shown)
    following = mark(place.snapshot.version, after + most) if after + most < found.total else None
    return FoundTickets(found=found, next=following)


def all_evidence(place: Workspace, asked: Question) -> Extract:
    """Every row behind a value, as a stream."""
    first = evidence_page(place, asked, most=CHUNK)

    def rows() -> Iterator[EvidenceRow]:
        page = first
        yield from page.evidence.rows
        while page.next:
            page = evidence_page(place, asked, most=CHUNK, cursor=page.next)
            yield from page.evidence.rows

    return extract_evidence(first.evidence.answer, first.evidence.formula, rows())


class Found(Protocol[T_co]):
    """Some of what was found, and how much there is in all."""

    @property
    def rows(self) -> tuple[T_co, ...]:
        """What was found, in order."""
        ...  # pragma: no cover

    @property
    def total(self) -> int:
        """How many there are."""
        ...  # pragma: no cover


def every(find: Callable[[int], Found[T_co]]) -> Iterator[T_co]:
    """All that ``find`` finds, which is given how many to pass over and gives ``CHUNK`` of them; the first at once."""
    first = find(0)

    def rows() -> Iterator[T_co]:
        page, after = first, 0
        yield from page.rows
        while (after := after + CHUNK) < first.total:
            page = find(after)
            yield from page.rows

    return rows()


def all_tickets(place: Workspace, asked: Question, words: str = "", **shown: Unpack[Chosen]) -> Extract:
    """Every ticket of a period that holds ``words``, as a stream."""
    rows = every(lambda after: place.find_tickets(asked, words, most=CHUNK, after=after, **shown))
    sought = {"words": words, "order": shown.get("order"), "customer": shown.get("customer")}
    return extract_list("tickets", TICKETS, rows, place.viewer.restricted(asked), sought)


def all_comments(place: Workspace, asked: Question, sought: Sought) -> Extract:
    """Every comment of a period, as a stream."""
    rows = every(lambda after: find_comments(place, asked, sought, most=CHUNK, after=after))
    typed = {"words": sought.words, "kind": sought.kind, "score": sought.score}
    return extract_list("comments", COMMENTS, rows, place.viewer.restricted(asked), typed)


def all_customers(place: Workspace, asked: Question, words: str, order: str) -> Extract:
    """Every customer with a ticket in a period, as a stream."""
    rows = every(lambda after: find_customers(place, asked, words=words, order=order, most=CHUNK, after=after))
    found = {"words": words, "order": order}
    return extract_list("customers", CUSTOMERS, rows, place.viewer.restricted(asked), found)

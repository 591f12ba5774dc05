"""What a column of somebody's file can mean, by the shape of the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from deskpulse.events.change import FIELDS
from deskpulse.events.message import KINDS
from deskpulse.events.ticket import STATUSES

CellType = Literal["text", "instant", "integer", "number", "boolean", "date", "decimal"]


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """A meaning, the type it needs, the closed list of its values where there is one, and the least a number may be."""

    name: str
    type: CellType
    says: str
    one_of: tuple[str, ...] = ()
    least: float | None = None


def _by_name(*meanings: Meaning) -> dict[str, Meaning]:
    return {meaning.name: meaning for meaning in meanings}


def _text(name: str, says: str, one_of: tuple[str, ...] = ()) -> Meaning:
    return Meaning(name=name, type="text", says=says, one_of=one_of)


def _instant(name: str, says: str) -> Meaning:
    return Meaning(name=name, type="instant", says=says)


def _flag(name: str, says: str) -> Meaning:
    return Meaning(name=name, type="boolean", says=says)


ACTIVITIES = (
    *STATUSES,
    "assigned",  # the author takes it: assignee is the author, status is open
    "opened",  # the customer's opening message
    "customer_message",
    "agent_message",
    "bot_message",
    "note",  # an internal note: nothing the customer sees, no change of state
)

SHARED = (
    _text("ticket", "the ticket's id"),
    _instant("created_at", "when the ticket was opened"),
    _instant("solved_at", "when it was last solved"),
    _text("status", "its status", STATUSES),
    _text("assignee", "the person it is assigned to"),
    _text("team", "the team, group or queue it is in"),
    _text("tier", "its support level"),
    _text("priority", "its priority"),
    _text("type", "kind of request"),
    _text("topic", "what it is about"),
    _text("schedule", "the schedule the source put it under"),
    _text("channel", "how it came in"),
    _text("customer", "who asked"),
    _text("subject", "its subject line"),
    _text("tags", "its labels"),
    _text("brand", "brand or product line"),
    _text("merged_into", "the ticket it was merged into"),
    _flag("deleted", "it was deleted"),
    _flag("spam", "it is spam"),
    _flag("is_test", "it was made for a test"),
    _flag("target_met", "the source's verdict on its target"),
)

TICKET_MEANINGS = _by_name(
    *SHARED,
    _instant("first_reply_at", "when a person first replied in public"),
    _text("first_reply_by", "who wrote the first reply; else the assignee"),
    _instant("first_solved_at", "when it was first solved"),
    _text("solved_by", "who solved it; else the assignee"),
    _instant("closed_at", "when it was closed"),
    _instant("reopened_at", "when it was last reopened"),
    _instant("updated_at", "when it was last changed"),
    Meaning(name="rating", type="number", says="the customer's rating"),
    _text("rating_comment", "the customer's words on it"),
    _instant("rated_at", "when the customer rated it"),
    _instant("rating_asked_at", "when the customer was asked"),
)

EVENT_MEANINGS = _by_name(
    *SHARED,
    _instant("at", "when it happened"),
    Meaning(name="seq", type="integer", says="order within the ticket, such as a counter of updates"),
    _text("activity", "what happened; [activities] says what each name does", ACTIVITIES),
    _text("author", "who did it"),
    _text("author_kind", "what the author is", KINDS),
    _flag("is_public", "the customer can read it"),
    _text("text", "what was written"),
    Meaning(name="work_seconds", type="number", says="time worked, in seconds"),
    Meaning(name="concurrency", type="number", says="contacts worked on at once then, this one included", least=1),
    _text("field", "the field that changed", FIELDS),
    _text("new", "its new value"),
    Meaning(name="reopen_count", type="integer", says="how often the ticket was reopened so far"),
    Meaning(name="reassignment_count", type="integer", says="how often it changed teams so far"),
)

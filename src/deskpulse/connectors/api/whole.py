"""Short lists that come whole in one answer: agents, teams."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from deskpulse.connectors.api.client import Answer
from deskpulse.connectors.api.page import Page, Position

LIST_AGE = timedelta(hours=1)
"""How long such a list holds before it is read again."""


def whole(
    position: Position, now: datetime, name: str, ask: Callable[[], Answer], learn: Callable[[Any], dict[str, Any]]
) -> Iterator[Page]:
    """The list as a page where it is an hour old; what ``learn`` finds in it is known under its name."""
    if is_fresh(position.lists.get(name, {}), now):
        return
    answer = ask()
    position.known[name] = position.known.get(name, {}) | learn(answer.data)
    position.lists[name] = {"read": now.isoformat()}
    yield Page(stream=name, body=answer.body, cursor=position.text, fetched_at=now, items=1)


def is_fresh(place: Mapping[str, Any], now: datetime) -> bool:
    """A list was read less than an hour ago; one that was read in the future was read by a wrong clock."""
    return "read" in place and abs(now - datetime.fromisoformat(place["read"])) < LIST_AGE


def iso(seconds: Any) -> str:
    """Seconds since 1970 as ISO text in UTC."""
    return datetime.fromtimestamp(int(seconds), UTC).isoformat().replace("+00:00", "Z")


def seconds(moment: str | None) -> int:
    """ISO text as seconds since 1970; 0 without one."""
    return int(datetime.fromisoformat(moment).timestamp()) if moment else 0

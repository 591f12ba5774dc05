"""How phone queues are judged: the time a call should be answered in, and when giving up is too early to count."""

from __future__ import annotations

from dataclasses import dataclass

from deskpulse.settings.document import Section

THRESHOLDS = ("service_level_seconds", "short_abandon_seconds")


@dataclass(frozen=True, kw_only=True)
class Queue:
    """The thresholds of one queue."""

    queue: str
    service_level_seconds: int
    short_abandon_seconds: int


@dataclass(frozen=True, kw_only=True)
class Phones:
    """A call is answered in time within ``service_level_seconds``; one given up within ``short_abandon_seconds`` is a
    short one. ``queues`` are those with thresholds of their own."""

    service_level_seconds: int = 20
    short_abandon_seconds: int = 5
    queues: tuple[Queue, ...] = ()


def read_phones(document: Section) -> Phones:
    """The section ``[phones]``; raises SettingsError with line and key."""
    section = document.section("phones")
    section.only((*THRESHOLDS, "queues"))
    usual = Phones()
    seconds = [section.count(key, getattr(usual, key)) for key in THRESHOLDS]
    queues = tuple(_queue(table, *seconds) for table in section.sections("queues"))
    _refuse_twice(section, queues)
    return Phones(service_level_seconds=seconds[0], short_abandon_seconds=seconds[1], queues=queues)


def _queue(table: Section, service_level_seconds: int, short_abandon_seconds: int) -> Queue:
    table.only(("queue", *THRESHOLDS))
    return Queue(
        queue=table.needed("queue", "sales"),
        service_level_seconds=table.count("service_level_seconds", service_level_seconds),
        short_abandon_seconds=table.count("short_abandon_seconds", short_abandon_seconds),
    )


def _refuse_twice(section: Section, queues: tuple[Queue, ...]) -> None:
    names = [queue.queue for queue in queues]
    for name in names:
        if names.count(name) > 1:
            section.fail("queues", f"'{name}' is set twice. Keep one [[phones.queues]] of that queue.")

"""What a table of agents and a whole report cost: ``python -m bench.judgement TASK ARGUMENTS`` prints figures as JSON.

    python -m bench.generate --tickets 1000000 /tmp/events
    python -m bench.judgement prepare /tmp/events /tmp/desk      with 1 M calls and 300 k more answers
    python -m bench.judgement table /tmp/desk                    eight KPIs by agent, at once and one by one
    python -m bench.judgement report /tmp/desk                   nine KPIs, now and before

Wall time is what people wait for, in a process that has asked nothing before: ``open`` is importing the engine and
opening the snapshot, ``at once`` all questions by ``ask_many``, ``one by one`` the same on a connection of its own.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from bench.tasks import Figures, cpu, peak

CALLS = 1_000_000
ANSWERS = 300_000
TABLE = (
    "first_response_time",
    "response_time",
    "resolution_time",
    "first_contact_resolution",
    "reopen_rate",
    "csat",
    "first_response_within_target",
    "average_handle_time",
)
REPORT = (
    "ticket_volume",
    "first_response_time",
    "resolution_time",
    "first_response_within_target",
    "first_contact_resolution",
    "reopen_rate",
    "csat",
    "average_handle_time",
    "average_speed_of_answer",
)


def prepare(folder: str, root: str) -> Figures:
    """Generated events, calls and further answers into a new workspace."""
    import deskpulse.workspace as workspaces
    from bench.generate import OBSERVED, SOURCE
    from bench.source import stream
    from deskpulse.workspace.writing import load

    def batches() -> Iterator[Any]:
        yield from stream(Path(folder))
        yield from _calls()
        yield from _answers()

    place = workspaces.create(root, settings=(Path(folder) / "deskpulse.toml").read_text())
    as_of = datetime.fromtimestamp(OBSERVED, UTC).replace(tzinfo=None)
    return {"cpu": cpu(lambda: load(place, batches(), source=SOURCE, as_of=as_of, progress=_say)), "memory": peak()}


def _say(step: str) -> None:
    print(f"  {step}", file=sys.stderr, flush=True)


def _calls() -> Iterator[Any]:
    """Calls over three years, nine in ten answered by one of the 400 agents."""
    from bench.block import AGENTS, END, SPAN, TEAMS, TOPICS
    from bench.generate import OBSERVED, SOURCE
    from deskpulse.demo.columns import batch, instants, named, numbered
    from deskpulse.events.call import OUTCOMES

    rng = np.random.default_rng(17)
    number, agent = np.arange(1, CALLS + 1), rng.integers(1, AGENTS + 1, CALLS)
    at, wait = END - SPAN + rng.integers(0, SPAN - 86400, CALLS), rng.exponential(40, CALLS).astype(np.int64)
    is_answered = rng.random(CALLS) < 0.9
    outcome = np.where(is_answered, OUTCOMES.index("answered"), OUTCOMES.index("abandoned"))
    calls = {
        "source_id": numbered(number),
        "offered_at": instants(at),
        "queue": named((agent - 1) % len(TEAMS), TEAMS),
        "team": named((agent - 1) % len(TEAMS), TEAMS),
        "topic": named(rng.integers(0, len(TOPICS), CALLS), TOPICS),
        "direction": named(np.zeros(CALLS, np.int64), ("inbound",)),
        "is_queued": pa.array(wait > 0),
        "queue_seconds": pa.array(wait.astype(np.float64)),
        "outcome": named(outcome, OUTCOMES),
    }
    yield batch("call", calls, source=SOURCE, observed_at=OBSERVED)
    taken = np.flatnonzero(is_answered)
    legs = {
        "source_id": numbered(number[taken]),
        "call": numbered(number[taken]),
        "at": instants((at + wait)[taken]),
        "seq": pa.array(np.ones(len(taken), np.int64)),
        "agent": numbered(agent[taken]),
        "is_answered": pa.array(np.ones(len(taken), np.bool_)),
        "talk_seconds": pa.array(rng.exponential(240, len(taken)).round()),
        "wrap_seconds": pa.array(rng.exponential(60, len(taken)).round()),
    }
    yield batch("call_leg", legs, source=SOURCE, observed_at=OBSERVED)


def _answers() -> Iterator[Any]:
    """Ratings given without a ticket, about an agent; each was offered an hour before."""
    from bench.block import AGENTS, CHANNELS, END, SPAN
    from bench.generate import OBSERVED, SOURCE
    from deskpulse.demo.columns import batch, instants, named, numbered

    rng = np.random.default_rng(18)
    number = np.tile(10**9 + np.arange(ANSWERS), 2)
    is_answer = np.arange(2 * ANSWERS) >= ANSWERS
    at = np.tile(END - SPAN + rng.integers(0, SPAN - 86400, ANSWERS), 2) + 3600 * is_answer
    rows = {
        "source_id": numbered(number * 2 + is_answer),
        "survey": numbered(number),
        "action": named(is_answer.astype(np.int64), ("offered", "answered")),
        "at": instants(at),
        "kind": named(np.zeros(2 * ANSWERS, np.int64), ("csat",)),
        "agent": numbered(np.tile(rng.integers(1, AGENTS + 1, ANSWERS), 2)),
        "channel": named(np.tile(rng.integers(0, len(CHANNELS), ANSWERS), 2), CHANNELS),
        "score": pa.array(rng.integers(1, 6, 2 * ANSWERS).astype(np.float64), mask=~is_answer),
        "scale_low": pa.array(np.ones(2 * ANSWERS), mask=~is_answer),
        "scale_high": pa.array(np.full(2 * ANSWERS, 5.0), mask=~is_answer),
    }
    yield batch("survey", rows, source=SOURCE, observed_at=OBSERVED)


def table(root: str) -> Figures:
    """Eight KPIs by agent over all of history."""
    return _both_ways(root, lambda place: [place.question(kpi, by="agent") for kpi in TABLE])


def report(root: str) -> Figures:
    """Nine KPIs of the last 90 days against the 90 days before."""
    options = {"period": "last-90-days", "compare": "previous"}
    return _both_ways(root, lambda place: [place.question(kpi, **options) for kpi in REPORT])


def _both_ways(root: str, asked: Callable[[Any], list[Any]]) -> Figures:
    """Seconds at once, and the memory of it; then one by one on a connection of its own, whose values must agree."""
    place, opened = _timed(lambda: _opened(root))
    questions = asked(place)
    together, at_once = _timed(lambda: place.ask_many(questions))
    memory = peak()
    other = _opened(root)
    alone, singly = _timed(lambda: [other.ask(question) for question in questions])
    if [_values(answer) for answer in together] != [_values(answer) for answer in alone]:
        raise SystemExit("asked at once the answers differ from those asked one by one")
    named = {"open": opened, "at once": at_once, "one by one": singly}
    clocks = {f"{clock}:{name}": seconds[clock] for name, seconds in named.items() for clock in ("wall", "cpu")}
    return clocks | {"memory": memory}


def _opened(root: str) -> Any:
    import deskpulse

    place = deskpulse.open(root)
    place.backend  # noqa: B018 - connects
    return place


def _values(answer: Any) -> list[tuple[str, ...]]:
    return [
        tuple(f"{number:.9g}" for number in (row.value, row.low, row.n) if number is not None) for row in answer.rows
    ]


def _timed(work: Callable[[], Any]) -> tuple[Any, Figures]:
    """What it gave, with its wall and CPU seconds."""
    began, before = time.perf_counter(), time.process_time()
    found = work()
    return found, {"wall": time.perf_counter() - began, "cpu": time.process_time() - before}


TASKS: dict[str, Callable[..., Figures]] = {task.__name__: task for task in (prepare, table, report)}

if __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[1]](*sys.argv[2:])))

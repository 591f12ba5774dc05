"""What reading an API costs: a made-up Zendesk account on loopback, read by ``deskpulse sync`` and by the bare minimum.

``python -m bench.connectors [TICKETS]`` prints the CPU seconds and the memory of each, and how they compare;
``python -m bench.connectors replay [TICKETS]`` those of reading kept pages again. The bare minimum fetches the same
pages with httpx, writes them to files and reads these with DuckDB. The server's own CPU counts for neither; facts and
snapshot, which follow a sync, are told apart.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bench.tasks import Figures, peak

SIZE = 1000
CHUNK = 50_000
NOW = datetime(2026, 6, 1)
START = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
WORDS = "the printer on the second floor says it is out of paper although there is paper in both of its trays " * 3
LISTS = ("tickets", "ticket_events")


def account(tickets: int, first: int = 1) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Tickets of six updates each: asked, assigned, answered, thanked, solved, closed."""
    chance, events, number = Random(first), [], 6 * first
    rows = []
    for id_ in range(first, first + tickets):
        at, agent, customer = START + id_ * 60, chance.randint(1, 40), chance.randint(1000, 9000)
        rows.append(_ticket(id_, at, agent, customer))
        opened = [{"event_type": "Create", name: value} for name, value in (("status", "new"), ("group_id", 50))]
        steps = [
            (0, customer, [*opened, _said(customer)]),
            (60, agent, [_changed("assignee_id", agent, None), _changed("status", "open", "new")]),
            (900, agent, [_said(agent), _changed("status", "pending", "open")]),
            (5000, customer, [_said(customer), _changed("status", "open", "pending")]),
            (6000, agent, [_said(agent), _changed("status", "solved", "open")]),
            (99000, -1, [_changed("status", "closed", "solved")]),
        ]  # fmt: skip
        for after, by, children in steps:
            number += 1
            told = [{"id": number * 10 + place, "via": "Web form", **child} for place, child in enumerate(children)]
            events.append(_audit(number, id_, at + after, by, told))
    yield "tickets", rows
    yield "ticket_events", sorted(events, key=lambda event: event["timestamp"])


def _ticket(id_: int, at: int, agent: int, customer: int) -> dict[str, Any]:
    return {
        "id": id_, "url": f"https://acme.zendesk.com/api/v2/tickets/{id_}.json", "created_at": _iso(at),
        "updated_at": _iso(at + 99000), "generated_timestamp": at + 99000, "requester_id": customer,
        "submitter_id": customer, "assignee_id": agent, "group_id": 50, "organization_id": None, "status": "closed",
        "subject": f"Question {id_}", "raw_subject": f"Question {id_}", "description": WORDS, "priority": "normal",
        "type": "question", "tags": ["web", "printer"], "via": {"channel": "email", "source": {"from": {}, "to": {}}},
        "custom_fields": [{"id": 100 + n, "value": None} for n in range(10)], "brand_id": 7,
        "satisfaction_rating": {"score": "unoffered"}, "collaborator_ids": [], "follower_ids": [],
    }  # fmt: skip


def _audit(number: int, ticket: int, at: int, by: int, children: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": number, "ticket_id": ticket, "timestamp": at, "created_at": _iso(at), "updater_id": by,
        "via": "Web form", "event_type": "Audit", "system": {"client": "Mozilla/5.0", "location": "Rome, Italy"},
        "child_events": children,
    }  # fmt: skip


def _said(by: int) -> dict[str, Any]:
    return {"event_type": "Comment", "author_id": by, "body": WORDS, "public": True, "attachments": []}


def _changed(field: str, new: Any, old: Any) -> dict[str, Any]:
    return {"event_type": "Change", field: new, "previous_value": old}


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def write_pages(folder: Path, tickets: int) -> None:
    """Each page as a file, in the form its export has."""
    for name, items in account(tickets):
        pages = [items[begin : begin + SIZE] for begin in range(0, len(items), SIZE)]
        for number, page in enumerate(pages):
            ends = {"end_of_stream": number == len(pages) - 1, "after_cursor": str(number + 1)}
            ends |= {"end_time": number + 2, "next_page": "next"} if name == "ticket_events" else {}
            (folder / f"{name}-{number}.json").write_text(json.dumps({name: page, **ends}))


def serve(folder: Path) -> None:
    """Answers from the files; says on which port."""
    empty = {"groups": [], "users": [], "ticket_metric_events": [], "end_of_stream": True, "meta": {"has_more": False}}

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            split = urlsplit(self.path)
            asked = {name: value[0] for name, value in parse_qs(split.query).items()}
            name = split.path.split("/")[4].removesuffix(".json") if "incremental" in split.path else ""
            number = int(asked["cursor"]) if "cursor" in asked else int(asked.get("start_time", 1)) - 1
            path = folder / f"{name}-{number}.json"
            body = path.read_bytes() if path.exists() else json.dumps(empty).encode()
            self.send_response_only(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answering)
    print(server.server_port, flush=True)
    server.serve_forever()


def bare(url: str, folder: str) -> Figures:
    """httpx to files, DuckDB over the files."""
    import duckdb
    import httpx

    began = time.process_time()
    with httpx.Client(base_url=url) as client:
        for name, address in (
            ("tickets", "incremental/tickets/cursor.json"),
            ("ticket_events", "incremental/ticket_events.json"),
        ):
            asked = {"start_time": 1}
            for number in range(1_000_000):
                body = client.get(f"/api/v2/{address}", params=asked).content
                Path(folder, f"{name}-{number}.json").write_bytes(body)
                data = json.loads(body)
                asked = {"cursor": data["after_cursor"]} if name == "tickets" else {"start_time": data["end_time"]}
                if data["end_of_stream"]:
                    break
    with duckdb.connect(f"{folder}/bare.duckdb") as con:
        for name in LISTS:
            con.execute(
                f"CREATE TABLE {name} AS SELECT unnest({name}) AS row FROM"
                f" read_json('{folder}/{name}-*.json', maximum_object_size = 67108864)"
            )
    return {"cpu": time.process_time() - began, "memory": peak()}


def synced(url: str, root: str) -> Figures:
    """The sync of deskpulse."""
    import deskpulse.workspace as workspaces
    from deskpulse.workspace.synced import Moment
    from deskpulse.workspace.syncing import sync_source

    options = f'options = {{ url = "{url}", email = "a@example.com" }}'
    place = workspaces.create(root, settings=f'[[sources]]\nname = "zendesk"\n{options}\n')
    marks: list[tuple[float, float]] = []

    def watch(moment: Moment) -> None:
        if moment.doing == "facts" and not marks:
            marks.append((time.process_time(), peak()))

    began = time.process_time()
    sync_source(place, "zendesk", now=NOW, watch=watch)
    (read, memory), end = marks[0], time.process_time()
    return {"cpu": read - began, "memory": memory, "cpu:facts": end - read, "memory:facts": peak()}


def keep_pages(root: str, tickets: int) -> None:
    """A workspace that has kept its pages and read none of them."""
    import deskpulse.workspace as workspaces
    from deskpulse.connectors.api.page import Page
    from deskpulse.store.pages import Pages

    workspaces.create(root, settings='[[sources]]\nname = "zendesk"\n')
    pages = Pages(Path(root), "zendesk")
    staff = [str(agent) for agent in range(1, 41)]
    for first in range(1, tickets + 1, CHUNK):
        for name, items in account(min(CHUNK, tickets + 1 - first), first):
            for begin in range(0, len(items), SIZE):
                body = json.dumps({name: items[begin : begin + SIZE]}).encode()
                context = {"groups": {}, "staff": staff, "asked": {}} if name == "ticket_events" else {}
                pages.keep(Page(stream=name, body=body, cursor="{}", fetched_at=NOW, context=context, items=SIZE))


def replayed(root: str, _: str) -> Figures:
    """Its pages read again."""
    import deskpulse.workspace as workspaces
    from deskpulse.workspace.synced import Moment
    from deskpulse.workspace.syncing import replay_source

    place, marks = workspaces.open(root), list[tuple[float, float, float]]()

    def watch(moment: Moment) -> None:
        if moment.doing == "facts" and not marks:
            marks.append((time.process_time(), time.monotonic(), peak()))

    began, started = time.process_time(), time.monotonic()
    replay_source(place, "zendesk", now=NOW, watch=watch)
    (read, at, memory), end = marks[0], time.process_time()
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "cpu": read - began, "cpu:others": others.ru_utime + others.ru_stime, "wall": at - started, "memory": memory,
        "memory:other": others.ru_maxrss / 1e6, "cpu:facts": end - read,
    }  # fmt: skip


def replay(tickets: int) -> None:
    """Keeps pages in one process and reads them in another."""
    with tempfile.TemporaryDirectory() as place:
        root = str(Path(place, "desk"))
        writing = [sys.executable, "-m", "bench.connectors", "keep", root, str(tickets)]
        subprocess.run(writing, check=True)
        found = _measured("replayed", root, "")
    print(f"replay of {tickets} tickets: " + ", ".join(f"{key} {value:.2f}" for key, value in found.items()))


COMPARED = {"bare": bare, "synced": synced}
TASKS = {**COMPARED, "replayed": replayed}


def main(tickets: int) -> None:
    """Runs both, each in a process of its own."""
    with tempfile.TemporaryDirectory() as place:
        pages = Path(place, "pages")
        pages.mkdir()
        writing = [sys.executable, "-m", "bench.connectors", "pages", str(pages), str(tickets)]
        subprocess.run(writing, check=True)  # apart: a process inherits the peak of the one that starts it
        size = sum(path.stat().st_size for path in pages.iterdir())
        server = subprocess.Popen(
            [sys.executable, "-m", "bench.connectors", "serve", str(pages)], stdout=subprocess.PIPE, text=True
        )
        assert server.stdout is not None
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        try:
            found = {name: _measured(name, url, str(Path(place, name))) for name in COMPARED}
        finally:
            server.kill()
    print(f"{tickets} tickets, {size / 1e6:.0f} MB of pages")
    for name, figures in found.items():
        print(f"{name}: " + ", ".join(f"{key} {value:.2f}" for key, value in figures.items()))
    print(f"synced over bare: {found['synced']['cpu'] / found['bare']['cpu']:.2f} times the CPU")


def _measured(name: str, url: str, folder: str) -> Figures:
    if name == "bare":
        Path(folder).mkdir()
    environment = {**os.environ, "DESKPULSE_ZENDESK_TOKEN": "t"}
    words = [sys.executable, "-m", "bench.connectors", name, url, folder]
    done = subprocess.run(words, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["pages", folder, tickets]:
            write_pages(Path(folder), int(tickets))
        case ["serve", folder]:
            serve(Path(folder))
        case ["keep", root, tickets]:
            keep_pages(root, int(tickets))
        case ["replay", *rest]:
            replay(int(rest[0]) if rest else 1_000_000)
        case [task, url, folder]:
            print(json.dumps(TASKS[task](url, folder)))
        case rest:
            main(int(rest[0]) if rest else 100_000)

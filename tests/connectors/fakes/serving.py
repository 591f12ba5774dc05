"""A fake system behind HTTP on loopback: it answers from its state, counts requests, and has troubles on demand.

A fake is a subclass of ``Fake`` with a method ``answer``; ``with serve(fake) as url`` runs it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as the fake sees it."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    def one(self, name: str, default: str | None = None) -> str | None:
        """The value of a parameter."""
        return self.query.get(name, [default])[0]

    @property
    def data(self) -> Any:
        """The JSON sent."""
        return json.loads(self.body or b"null")


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the fake answers; ``hang_up`` closes the connection instead."""

    data: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    hang_up: bool = False

    @property
    def content(self) -> bytes:
        """The bytes sent."""
        return json.dumps(self.data).encode() if self.body is None else self.body


LIMITED = Told(status=429, data={"error": "slow down"}, headers={"Retry-After": "0"})
LIMITED_UNTOLD = Told(status=429, data={"error": "slow down"})
BROKEN = Told(status=500, body=b"oops")
CUT_OFF = Told(hang_up=True)
NO_JSON = Told(body=b'{"tickets": [')
EXPIRED = Told(status=401, data={"error": "expired"})
FORBIDDEN = Told(status=403, data={"error": "forbidden"})


class Fake:
    """State and troubles. ``troubles[n]`` is answered to the n-th request (from 1) instead of what is right."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.troubles: dict[int, Told] = {}
        self.url = ""

    def answer(self, asked: Asked) -> Told:
        """What is right; the subclass knows."""
        raise NotImplementedError

    def hear(self, asked: Asked) -> Told:
        """Counts the request and answers it, rightly or with the trouble that is due."""
        self.asked.append(asked)
        trouble = self.troubles.get(len(self.asked))
        return trouble or self.answer(asked)

    @property
    def addresses(self) -> list[str]:
        """Path and query of every request that was answered rightly, in order."""
        return [
            f"{asked.path}?{'&'.join(f'{name}={value[0]}' for name, value in sorted(asked.query.items()))}"
            for number, asked in enumerate(self.asked, 1)
            if number not in self.troubles
        ]


@contextmanager
def serve(fake: Fake) -> Iterator[str]:
    """Runs the fake on loopback; gives its address."""

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet: apart, the second waits 40 ms for the first to be acknowledged

        def _answer(self) -> None:
            split = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            asked = Asked(
                method=self.command,
                path=split.path,
                query=parse_qs(split.query),
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(length),
            )
            told = fake.hear(asked)
            if told.hang_up:
                self.close_connection = True
                return
            self.send_response_only(told.status)
            for name, value in {"Content-Type": "application/json", **told.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told.content)))
            self.end_headers()
            self.wfile.write(told.content)

        do_GET = do_POST = do_PUT = _answer

        def log_message(self, *words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield fake.url
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

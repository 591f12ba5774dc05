"""Starts Debian's Request Tracker on the loopback interface, and speaks to it as agents and customers do.

Its clock stands still until a test sets it, so that what was done when is known to the second. It needs no rights:
database, caches and clock are in a folder of the test.
"""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.engines import LOOPBACK, Engine, require, running

HERE = Path(__file__).parent
SERVER = Path("/usr/share/request-tracker5/libexec/rt-server")
SET_UP = Path("/usr/sbin/rt-setup-database-5")
GATEWAY = Path("/usr/bin/rt-mailgate-5")
CLOCKS = "/usr/lib", "*/faketime/libfaketime.so.1"
PATIENCE = 120
"""Seconds: the first answer takes as long as the server needs to start."""


def is_missing() -> str | None:
    """What this machine lacks."""
    there = all(program.exists() for program in (SERVER, SET_UP, GATEWAY)) and any(Path(CLOCKS[0]).glob(CLOCKS[1]))
    return None if there else "request-tracker5 and libfaketime are not installed (`make system` says how)"


WORDS = {"Content": "words", "ContentType": "text/plain"}


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A running server. ``tokens`` are the accesses of 'reader', and of 'ann', who is an agent and no more; every
    user's password is NAME-password."""

    url: str
    folder: Path
    tokens: Mapping[str, str]
    http: httpx.Client

    def at(self, moment: str) -> None:
        """Sets the clock, which stands still until the next time: ``2026-01-05 08:00:07``, in UTC."""
        turned = self.folder / "clock.new"
        turned.write_text(f"{moment}\n")
        turned.replace(self.folder / "clock")

    def mail(self, sender: str, ticket: int) -> None:
        """An e-mail of a customer to the gateway, on a ticket, or to open one (0)."""
        about = f"Re: [desk.example #{ticket}] words" if ticket else "words"
        text = f"From: {sender}\nTo: support@desk.example\nSubject: {about}\nContent-Type: text/plain\n\nwords\n"
        command = [GATEWAY, "--queue", "Support", "--action", "correspond", "--url", self.url]
        subprocess.run(command, input=text, text=True, check=True, capture_output=True, timeout=PATIENCE)

    def open(self, by: str, ticket: int, **fields: Any) -> None:
        """A ticket that an agent or a program opens for somebody."""
        self._send(by, "POST", "ticket", {"Queue": "Support", "Subject": "words", "Content": "words", **fields})

    def reply(self, by: str, ticket: int, **fields: Any) -> None:
        """A reply that the customer gets; ``Status`` is set after it."""
        self._send(by, "POST", f"ticket/{ticket}/correspond", WORDS | fields)

    def note(self, by: str, ticket: int, **fields: Any) -> None:
        """A comment among agents; ``TimeTaken`` is in minutes."""
        self._send(by, "POST", f"ticket/{ticket}/comment", WORDS | fields)

    def set(self, by: str, ticket: int, **fields: Any) -> None:
        """Changes of fields."""
        self._send(by, "PUT", f"ticket/{ticket}", fields)

    def _send(self, by: str, method: str, path: str, body: Mapping[str, Any]) -> None:
        answer = self.http.request(method, f"REST/2.0/{path}", json=body, auth=(by, f"{by}-password"))
        assert answer.is_success, answer.text
        assert "Permission Denied" not in answer.text, answer.text


@contextmanager
def request_tracker(folder: Path) -> Iterator[Desk]:
    """A server with the people and queues of ``data.pl``, and no ticket."""
    require(Engine(name="Request Tracker", start=request_tracker, missing=is_missing))
    with socket.create_server((LOOPBACK, 0), backlog=16) as listening:
        port = listening.getsockname()[1]
        told = {"RT_SITE_CONFIG": str(HERE / "config.pm"), "RT_SITE_CONFIG_DIR": "/dev/null", "TZ": "UTC"}
        environment = {**os.environ, **told, "DESK_FOLDER": str(folder), "DESK_PORT": str(port)}
        tokens = _database(folder, environment)
        with (
            httpx.Client(base_url=f"http://{LOOPBACK}:{port}", timeout=PATIENCE, trust_env=False) as http,
            _served(folder, environment, listening),
        ):
            yield Desk(url=str(http.base_url), folder=folder, tokens=tokens, http=http)


def _database(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Makes it; gives the tokens by the names of their users."""
    for name in ("mason", "sessions"):
        (folder / name).mkdir()
    for more in (["--action", "init"], ["--action", "insert", "--datafile", str(HERE / "data.pl")]):
        command = [SET_UP, "--skip-create", *more]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    return dict(line.split()[1:] for line in done.stdout.splitlines() if line.startswith("token "))


@contextmanager
def _served(folder: Path, environment: Mapping[str, str], listening: socket.socket) -> Iterator[None]:
    """The server, in one process. It listens on our socket: who asks too early waits, and no other takes the port."""
    clock = folder / "clock"
    clock.write_text("2026-01-05 08:00:00\n")
    faked = {
        "LD_PRELOAD": str(next(Path(CLOCKS[0]).glob(CLOCKS[1]))),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "SERVER_STARTER_PORT": f"{LOOPBACK}:{listening.getsockname()[1]}={listening.fileno()}",
    }
    command = (SERVER, "--server", "Starlet", "--max-workers", "0")
    log = folder / "server.log"
    with running(*command, log=log, env={**environment, **faked}, pass_fds=[listening.fileno()]) as process:
        yield
        assert process.poll() is None, log.read_text()

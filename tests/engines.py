"""The engines that questions run on: what each needs, how a private one is started, and its known gaps."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

LOOPBACK = "127.0.0.1"
PATIENCE = 120


@dataclass(frozen=True, kw_only=True)
class Engine:
    """An engine by its name for ``deskpulse.open``.

    ``start`` runs one and gives its url; ``missing`` says what this machine lacks for it, null when nothing;
    ``instead`` names attributes that are given other values while it is asked; ``gaps`` are upstream's reasons why a
    test (by its name or a part of its id) fails on it: that test must fail then.
    """

    name: str
    start: Callable[[Path], AbstractContextManager[str | None]]
    missing: Callable[[], str | None] = lambda: None
    instead: Mapping[str, Any] = field(default_factory=dict)
    gaps: Mapping[str, str] = field(default_factory=dict)


def require(engine: Engine) -> None:
    """Skips the test where this machine cannot run the engine; fails it where CI=true."""
    reason = engine.missing()
    if reason and os.environ.get("CI") == "true":
        pytest.fail(f"{engine.name} must run where CI=true, and {reason}")
    if reason:
        pytest.skip(f"{engine.name}: {reason}")


@contextmanager
def running(
    *command: str | Path, log: Path, end: signal.Signals = signal.SIGTERM, **options: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a process group of its own, ended by ``end``, and with all it started if it does not listen."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True, **options)
        try:
            yield process
        finally:
            process.send_signal(end)
            try:
                process.wait(PATIENCE / 4)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def wait_until(is_ready: Callable[[], bool], *servers: tuple[subprocess.Popen[bytes], Path]) -> None:
    """Returns once it is; fails with the log of a server that ended, or after two minutes with all of them."""
    until = time.monotonic() + PATIENCE
    while not is_ready():
        ended = [log for server, log in servers if server.poll() is not None]
        if ended or time.monotonic() > until:
            logs = ended or [log for _, log in servers]
            pytest.fail("the engine did not start:\n" + "\n".join(log.read_text()[-2000:] for log in logs))
        time.sleep(0.2)


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as listening:
        listening.bind((LOOPBACK, 0))
        port: int = listening.getsockname()[1]
        return port


# Spark: a master and two workers from the package that pip installed.

CLUSTER = {
    "spark.driver.host": LOOPBACK,
    "spark.driver.bindAddress": LOOPBACK,
    "spark.executor.memory": "512m",
    "spark.executor.cores": "1",
    "spark.ui.enabled": "false",
    # The demo is small: planning again on the way and many parts cost more than they save.
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
}


def spark_is_missing() -> str | None:
    """Spark or its Java."""
    java = Path(os.environ["JAVA_HOME"]) / "bin/java" if os.environ.get("JAVA_HOME") else shutil.which("java")
    if java is None or not Path(java).exists():
        return "Java 17 or newer is not installed (`make system` says how)"
    return None if find_spec("pyspark") else "the extra 'spark' is not installed"


@contextmanager
def spark_cluster(folder: Path) -> Iterator[str]:
    """A standalone cluster on the loopback interface."""
    from pyspark.sql import SparkSession

    port, page = free_port(), free_port()
    url = f"spark://{LOOPBACK}:{port}"
    with ExitStack() as stack, pytest.MonkeyPatch.context() as environment:
        environment.setenv("SPARK_LOCAL_IP", LOOPBACK)
        environment.setenv("PYSPARK_PYTHON", sys.executable)
        environment.setenv("SPARK_DAEMON_MEMORY", "256m")
        own = ("--host", LOOPBACK, "--webui-port")
        servers = [stack.enter_context(_spark(folder, "master.Master", *own, str(page), "--port", str(port)))]
        wait_until(lambda: _alive_workers(page) == 0, *servers)
        for name in ("one", "two"):
            room = ("--cores", "1", "--memory", "768m", "--work-dir", str(folder / name))
            servers.append(stack.enter_context(_spark(folder, "worker.Worker", *own, "0", *room, url)))
        wait_until(lambda: _alive_workers(page) == 2, *servers)
        # Opened here for its memory's sake: executors of the size that is the default do not fit into these workers.
        builder = SparkSession.builder.master(url)
        for option, value in CLUSTER.items():
            builder = builder.config(option, value)
        session = builder.getOrCreate()
        try:
            wait_until(lambda: _executors(session) == 2, *servers)
            yield url
        finally:
            session.stop()


@contextmanager
def _spark(folder: Path, role: str, *arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    import pyspark

    home = Path(pyspark.__file__).parent
    log = folder / f"{role}-{len(list(folder.glob('*.log')))}.log"
    command = (home / "bin/spark-class", f"org.apache.spark.deploy.{role}", *arguments)
    with running(*command, log=log, env={**os.environ, "SPARK_HOME": str(home)}) as process:
        yield process, log


def _executors(session: Any) -> int:
    """How many there are beside the driver."""
    seen: int = session.sparkContext._jsc.sc().getExecutorMemoryStatus().size()
    return seen - 1


def _alive_workers(page: int) -> int | None:
    """What the master's page says; null before it answers."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"http://{LOOPBACK}:{page}/json/", timeout=5) as answer:
            alive: int = json.load(answer)["aliveworkers"]
            return alive
    except (OSError, http.client.HTTPException, json.JSONDecodeError):
        return None


# Postgres: a cluster in a folder of its own, on a socket in that folder.


def postgres_programs() -> Path | None:
    """The folder of the newest server that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None


def postgres_is_missing() -> str | None:
    """Postgres or its driver."""
    if postgres_programs() is None:
        return "the Postgres server is not installed (`make system` says how)"
    return None if find_spec("psycopg") else "the extra 'postgres' is not installed"


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """A server without a network address, which refuses to run as root: then it runs as ``postgres``."""
    import psycopg

    programs = postgres_programs()
    assert programs is not None
    who: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": ()} if os.geteuid() == 0 else {}
    # Not below pytest's folder: a socket's path is short, and others may not look into that.
    with tempfile.TemporaryDirectory(prefix="deskpulse-", dir="/tmp") as home:
        if who:
            shutil.chown(home, "postgres", "postgres")
        place = {"cwd": home, **who}
        initdb = (programs / "initdb", "-D", f"{home}/data", "-U", "deskpulse", "-A", "trust", "-E", "UTF8", "-N")
        subprocess.run([*initdb, "--locale=C"], check=True, stdout=subprocess.DEVNULL, **place)
        url = f"postgresql://deskpulse@/postgres?host={home}"
        options = ("-k", home, "-c", "listen_addresses=", "-c", "fsync=off")
        log = folder / "postgres.log"

        def answers() -> bool:
            try:
                psycopg.connect(url).close()
            except psycopg.OperationalError:
                return False
            return True

        server = (programs / "postgres", "-D", f"{home}/data", *options)
        # Its "fast" end, which does not wait for those who are connected.
        with running(*server, log=log, end=signal.SIGINT, **place) as process:
            wait_until(answers, (process, log))
            yield url


ENGINES = (
    # What the reference is asked, in the form that other engines get.
    Engine(name="duckdb", start=lambda folder: nullcontext(), instead={"deskpulse.store.quantile.LISTING": ()}),
    Engine(name="postgres", start=postgres_server, missing=postgres_is_missing),
    Engine(name="spark", start=spark_cluster, missing=spark_is_missing),
)

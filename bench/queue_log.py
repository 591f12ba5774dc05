"""What reading Asterisk's queue log costs: ``python -m bench.queue_log [LINES]`` prints lines a second of CPU.

Three ways, each in a process of its own: the preset over the whole file, the followed log (as pages, with the state
that is carried on), and the whole ``deskpulse sync`` of it, facts and snapshot told apart. A made-up log: sixty agents,
three queues, calls that ring in vain, are given up, answered and passed on, and breaks.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from random import Random

from bench.tasks import Figures, peak

NOW = datetime(2026, 6, 1)
START = 1_700_000_000


def write_log(path: Path, lines: int) -> None:
    """A log of so many lines, in the order of their time."""
    chance, at, number = Random(1), START, 0
    found: list[tuple[int, str]] = []
    agents = [f"SIP/agent{place:03}" for place in range(60)]
    while len(found) < lines:
        number, at = number + 1, at + chance.randint(1, 9)
        queue, moment = f"{at}.{number}|{chance.choice(('support', 'sales', 'billing'))}", at
        found.append((at, f"{queue}|NONE|ENTERQUEUE||+4930{chance.randint(1000, 9999)}|1"))
        for _ in range(chance.choice((0, 0, 1, 2))):
            moment += 5
            found.append((moment, f"{queue}|{chance.choice(agents)}|RINGNOANSWER|5000"))
        wait, talk = moment + 3 - at, chance.randint(20, 600)
        if chance.random() < 0.08:
            found.append((at + wait, f"{queue}|NONE|ABANDON|1|2|{wait}"))
        else:
            agent, end = chance.choice(agents), chance.choice(("COMPLETEAGENT", "COMPLETECALLER", "BLINDTRANSFER"))
            found.append((at + wait, f"{queue}|{agent}|CONNECT|{wait}|x|3"))
            found.append((at + wait + talk, f"{queue}|{agent}|{end}|{wait}|{talk}|1"))
        if chance.random() < 0.2:
            agent = chance.choice(agents)
            found += [(at, f"NONE|NONE|{agent}|PAUSEALL|lunch"), (at + 60, f"NONE|NONE|{agent}|UNPAUSEALL|")]
    ordered = sorted(found[:lines], key=lambda line: line[0])
    path.write_text("".join(f"{moment}|{words}\n" for moment, words in ordered))


def preset(path: str, root: str) -> Figures:
    """The file at once."""
    from deskpulse.connectors.connector import preset

    reader = preset("asterisk_queue_log")
    began = time.process_time()
    for _ in reader.read([path], source="phones", observed_at=NOW):
        pass
    return {"cpu": time.process_time() - began, "memory": peak()}


def followed(path: str, root: str) -> Figures:
    """Page after page."""
    from deskpulse.connectors.api.connector import Account
    from deskpulse.connectors.asterisk import API

    account = Account(source="phones", options={"path": path})
    began = time.process_time()
    with API.open(account) as log:
        for page in API.pages(log, None, now=NOW, since=None):
            for _ in API.to_events(page, account):
                pass
    return {"cpu": time.process_time() - began, "memory": peak()}


def synced(path: str, root: str) -> Figures:
    """All that a sync does."""
    import deskpulse.workspace as workspaces
    from deskpulse.workspace.synced import Moment
    from deskpulse.workspace.syncing import sync_source

    options = f'options = {{ path = "{path}" }}'
    place = workspaces.create(root, settings=f'[[sources]]\nname = "phones"\nconnector = "asterisk"\n{options}\n')
    marks: list[float] = []

    def watch(moment: Moment) -> None:
        if moment.doing == "facts" and not marks:
            marks.append(time.process_time())

    began = time.process_time()
    sync_source(place, "phones", now=NOW, watch=watch)
    return {"cpu": marks[0] - began, "cpu:facts": time.process_time() - marks[0], "memory": peak()}


TASKS = {"preset": preset, "followed": followed, "synced": synced}


def main(lines: int) -> None:
    """Measures all three."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "queue_log")
        subprocess.run([sys.executable, "-m", "bench.queue_log", "write", str(path), str(lines)], check=True)
        print(f"{lines} lines, {path.stat().st_size / 1e6:.0f} MB")
        for name in TASKS:
            words = [sys.executable, "-m", "bench.queue_log", name, str(path), str(Path(place, name))]
            done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
            figures: Figures = json.loads(done.stdout.splitlines()[-1])
            told = ", ".join(f"{key} {value:.2f}" for key, value in figures.items())
            print(f"{name}: {told}; {lines / figures['cpu']:,.0f} lines a second of CPU")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["write", path, lines]:
            write_log(Path(path), int(lines))
        case [task, path, root]:
            print(json.dumps(TASKS[task](path, root)))
        case rest:
            main(int(rest[0]) if rest else 1_000_000)

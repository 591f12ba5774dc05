"""Coverage-guided fuzzing of what reads bytes: so many runs from one seed; DESKPULSE_EXAMPLES sets how many."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("atheris", reason="atheris runs on Linux only")

FACTOR = int(os.environ.get("DESKPULSE_EXAMPLES", "1"))
LOG = b"""\
1767250800|1767250800.1|support|NONE|ENTERQUEUE||0391234|1
1767250805|1767250800.1|support|SIP/ann|RINGNOANSWER|5000
1767250812|1767250800.1|support|SIP/ann|CONNECT|12|1767250806.2|6
1767250900|1767250800.1|support|SIP/ann|COMPLETECALLER|12|88|1
"""
STATES = b"1767250800|NONE|NONE|SIP/ann|AGENTLOGIN|SIP/1\n1767254400|NONE|support|SIP/ann|PAUSE|Lunch\n"
TABLE = b"time,callid,queuename,agent,event,data1\n2026-01-01 07:00:00,1767250800.1,support,NONE,ABANDON,1\n"
QUOTED = b'id,opened,"a ""name"""\n1,2026-01-01,"two\nlines"\n2,?,x\n'
SAMPLES = {"queue_log": (LOG, STATES, TABLE), "csv": (QUOTED, "a;b\r\n1;2".encode("utf-16"), b"a|b\r1|2\r")}
RUNS = {"queue_log": 150, "csv": 1500}


@pytest.mark.parametrize("target", SAMPLES)
def test_any_bytes_are_rows_or_put_aside(target: str, tmp_path: Path, repo_root: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, sample in enumerate(SAMPLES[target]):
        (corpus / f"{number}").write_bytes(sample)
    asked = [
        f"-runs={RUNS[target] * FACTOR}",
        "-seed=1",
        "-max_len=600",
        "-timeout=60",
        f"-artifact_prefix={tmp_path}/",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "tests.connectors.fuzzed", target, str(corpus), *asked],
        cwd=repo_root,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(repo_root / "src"), str(repo_root)))},
        capture_output=True,
        text=True,
        check=False,
    )
    broken = [path.read_bytes() for path in tmp_path.iterdir() if path.is_file()]
    assert done.returncode == 0, f"{done.stderr[-3000:]}\n{broken}"

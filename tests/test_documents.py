"""What README and the recipes show is true: commands run, links lead somewhere, the example KPI is all it takes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("bench/*.md"), *ROOT.glob("docs/**/*.md")])
RUNNABLE = re.compile(r"<!-- run -->\n```(\w+)\n(.*?)```", re.DOTALL)
DESKPULSE = (sys.executable, "-m", "deskpulse.surfaces.cli.main")


def run(*command: str, folder: Path, source: Path = ROOT / "src") -> str:
    """The output of a command that must succeed."""
    environment = os.environ | {"PYTHONPATH": str(source), "COLUMNS": "200"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def examples(language: str) -> list[str]:
    """README's examples that are marked to be run."""
    return [
        text for kind, text in RUNNABLE.findall((ROOT / "README.md").read_text(encoding="utf-8")) if kind == language
    ]


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the demo in ``demo``, as README has it."""
    folder = tmp_path_factory.mktemp("readme")
    run(*DESKPULSE, "demo", "demo", folder=folder)
    yield folder


@pytest.mark.parametrize("command", [line for block in examples("sh") for line in block.splitlines()])
def test_a_command_of_the_readme_runs(command: str, demo_folder: Path) -> None:
    program, *arguments = command.partition("#")[0].split()
    assert program == "deskpulse"
    assert run(*DESKPULSE, *arguments, folder=demo_folder).strip()


@pytest.mark.parametrize("code", examples("python"))
def test_python_of_the_readme_runs(code: str, demo_folder: Path) -> None:
    assert run(sys.executable, "-c", code, folder=demo_folder).strip()


def test_readme_marks_examples_to_run() -> None:
    assert examples("sh")
    assert examples("python")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!\w+:|#)([^)#]+)", document.read_text(encoding="utf-8"))
    assert not [link for link in links if not (document.parent / link).exists()]


def test_the_recipes_kpi_is_one_file_and_appears_everywhere(tmp_path: Path) -> None:
    for folder in ("src", "tests", "tools", "docs"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    recipe = re.search(r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL)
    assert recipe
    declared = "".join(line.removeprefix("   ") for line in recipe[1].splitlines(keepends=True))
    (tmp_path / "src/deskpulse/kpis/load/solves_per_ticket.py").write_text(declared, encoding="utf-8")
    source = tmp_path / "src"

    run(sys.executable, "tools/docs.py", folder=tmp_path, source=source)
    assert "# Solves per ticket" in (tmp_path / "docs/kpis/solves_per_ticket.md").read_text(encoding="utf-8")
    assert "(solves_per_ticket.md)" in (tmp_path / "docs/kpis/index.md").read_text(encoding="utf-8")

    assert "How often a ticket was solved" in run(
        *DESKPULSE, "kpis", "solves_per_ticket", folder=tmp_path, source=source
    )

    tests = run(
        *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "solves_per_ticket"),
        *("tests/every_kpi", "-rN"),
        folder=tmp_path,
        source=source,
    )
    passed = re.search(r"(\d+) passed", tests)
    assert passed
    assert int(passed[1]) >= 10

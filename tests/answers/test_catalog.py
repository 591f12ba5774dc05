"""The catalogue: folder = category, file stem = variable = id."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from deskpulse import catalog
from deskpulse.errors import DeclarationError, UnknownNameError

DECLARED = """
from deskpulse.facts import ticket
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import share

{name} = KPI(title="T", meaning="M.", variants={{"v": share(ticket.is_solved, dated_by=ticket.created_at)}},
             better="higher", signal="lagging")
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    name = f"kpis_{tmp_path.name.replace('-', '_')}"
    folder = tmp_path / name / "speed"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(catalog, "PACKAGE", name)
    importlib.invalidate_caches()
    yield folder
    for module in [module for module in sys.modules if module.startswith(name)]:
        del sys.modules[module]


def test_one_file_is_one_kpi(package: Path) -> None:
    (package / "pace.py").write_text(DECLARED.format(name="pace"))
    assert list(catalog.kpis()) == ["pace"]
    assert catalog.kpi("pace").title == "T"
    assert catalog.category("pace") == "speed"
    assert catalog.categories() == {"speed": ("pace",)}


def test_an_unknown_kpi_is_answered_with_the_nearest(package: Path) -> None:
    (package / "pace.py").write_text(DECLARED.format(name="pace"))
    with pytest.raises(UnknownNameError, match="Did you mean 'pace'"):
        catalog.kpi("pase")


def test_a_file_that_declares_no_kpi_of_its_name(package: Path) -> None:
    (package / "pace.py").write_text(DECLARED.format(name="space"))
    with pytest.raises(DeclarationError, match=r"speed/pace.py.*write pace = KPI"):
        catalog.kpis()


def test_two_files_of_one_name(package: Path) -> None:
    other = package.parent / "load"
    other.mkdir()
    (other / "__init__.py").touch()
    for folder in (package, other):
        (folder / "pace.py").write_text(DECLARED.format(name="pace"))
    with pytest.raises(DeclarationError, match="Two files declare the KPI 'pace', in 'load' and 'speed'"):
        catalog.kpis()

"""The pages of the KPIs are what the declarations say today."""

from __future__ import annotations

from pathlib import Path

from deskpulse import catalog
from tools import docs

FIX = "run: make docs"


def test_each_page_is_up_to_date(repo_root: Path) -> None:
    for path, text in docs.pages().items():
        assert (repo_root / path).read_text(encoding="utf-8") == text, f"{path} is stale; {FIX}"


def test_no_page_is_left_of_a_kpi_that_is_gone(repo_root: Path) -> None:
    written = {path.relative_to(repo_root).as_posix() for path in (repo_root / docs.FOLDER).glob("*.md")}
    assert written == set(docs.pages()), FIX


def test_a_page_tells_what_the_declaration_does() -> None:
    name, kpi = "csat", catalog.kpi("csat")
    page = docs.page(name)
    for told in (kpi.title, kpi.meaning, *kpi.variants, *kpi.also_called, *kpi.caveats):
        assert told in page
    assert kpi.definition_version("mean") in page

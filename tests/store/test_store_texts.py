"""Texts outlive a build, and serve no other question, settings or columns than those they were compiled for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ibis
import pytest

from deskpulse.store import texts
from deskpulse.store.blanks import blank
from deskpulse.store.texts import Asked, Lazily, Memory, Writing


@pytest.fixture(autouse=True)
def none_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_kept", {})


class Numbers:
    """A database with the table ``number``, asked for its rows above a limit; counts how often that is built."""

    def __init__(self, columns: str) -> None:
        self.backend = ibis.duckdb.connect()
        self.backend.con.execute(f"CREATE TABLE number AS {columns}")
        self.desk = Writing(lambda: self.backend)
        self.built = 0

    def asked(self, least: int, *, depends_on: str = "") -> Asked:
        return Asked(name="numbers", build=self._build, depends_on=depends_on, values={"least": least})

    def _build(self) -> Any:
        self.built += 1
        number = self.backend.table("number")
        return number.filter(number.n >= blank("least", "int64"))

    def above(self, least: int, **options: str) -> Any:
        return self.desk.fetch(self.asked(least, **options)).to_pylist()


NARROW, WIDE = "SELECT range AS n FROM range(5)", "SELECT 'x' AS label, range AS n FROM range(5)"


@pytest.fixture
def numbers() -> Iterator[Numbers]:
    found = Numbers(NARROW)
    yield found
    found.backend.disconnect()


def test_a_kept_text_is_filled_with_other_values_and_serves_another_database_of_the_same_columns(
    numbers: Numbers,
) -> None:
    numbers.desk.keep("settings")
    assert numbers.above(3) == [{"n": 3}, {"n": 4}]
    assert numbers.above(4) == [{"n": 4}]
    another = Numbers("SELECT range + 100 AS n FROM range(2)")
    another.desk.keep("settings")
    assert another.above(-1) == [{"n": 100}, {"n": 101}]
    assert (numbers.built, another.built) == (1, 0)


@pytest.mark.parametrize(
    ("columns", "settings", "depends_on"),
    [(WIDE, "settings", ""), (NARROW, "others", ""), (NARROW, "settings", "a zone")],
    ids=["columns", "settings", "what it depends on"],
)
def test_another_text_is_compiled_for_other(numbers: Numbers, columns: str, settings: str, depends_on: str) -> None:
    numbers.desk.keep("settings")
    numbers.above(3)
    another = Numbers(columns)
    another.desk.keep(settings)
    label = {"label": "x"} if columns == WIDE else {}
    assert another.above(4, depends_on=depends_on) == [{**label, "n": 4}]
    assert another.built == 1


def test_a_column_that_a_table_gets_is_in_the_next_text(numbers: Numbers) -> None:
    numbers.desk.keep("settings")
    assert numbers.above(4) == [{"n": 4}]
    numbers.desk.clear()
    numbers.backend.con.execute("ALTER TABLE number ADD COLUMN label VARCHAR DEFAULT 'x'")
    numbers.desk.keep("settings")
    assert numbers.above(4) == [{"n": 4, "label": "x"}]


def test_nothing_is_kept_before_it_is_told_to_and_after_it_was_cleared(numbers: Numbers) -> None:
    assert numbers.above(4) == numbers.above(4)
    numbers.desk.keep("settings")
    numbers.desk.forget()
    assert numbers.above(4) == [{"n": 4}]
    assert numbers.built == 3
    assert texts._kept == {}


def test_what_is_put_down_is_read_by_its_name_until_it_is_cleared(numbers: Numbers) -> None:
    """Rows 3 and 4, once from an expression and once from Arrow, and without a database from memory."""
    numbers.desk.put("large", numbers.asked(3))
    numbers.desk.put("again", numbers.desk.table("large").to_pyarrow())
    assert numbers.desk.table("again").n.to_pyarrow().to_pylist() == [3, 4]
    numbers.desk.clear()
    assert numbers.backend.con.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("number",)]
    memory = Memory()
    memory.put("large", numbers.asked(3))
    assert memory.table("large").n.to_pyarrow().to_pylist() == [3, 4]


def test_tables_are_looked_up_when_they_are_asked_for_and_once() -> None:
    asked: list[str] = []
    tables = Lazily(("a", "b"), lambda name: asked.append(name) or name)  # type: ignore[func-returns-value]
    assert (list(tables), len(tables), asked) == (["a", "b"], 2, [])
    assert (tables["b"], tables["b"], asked) == ("b", "b", ["b"])
    with pytest.raises(KeyError):
        tables["c"]

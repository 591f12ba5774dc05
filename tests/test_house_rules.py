"""The code keeps the rules of the house, and each rule finds what breaks it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from house_rules import (
    RULES,
    Rule,
    Source,
    documented,
    engines_in_store_only,
    plain_surfaces,
    short_file,
    short_functions,
    sql_in_store_only,
    telling_names,
    time_is_an_argument,
)

from deskpulse import catalog

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src/deskpulse"
SOURCES = [
    Source(path=path.relative_to(PACKAGE).as_posix(), text=path.read_text(encoding="utf-8"))
    for path in sorted(PACKAGE.rglob("*.py"))
]
KPI_NAMES_BELONG = ("kpis/", "insights/scorecard", "insights/guardrails", "settings/survey")
VOCABULARY = {"events", "connectors", "demo", "facts"}
"""Floors in which a word such as csat is the kind of a survey and not the KPI."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_package_keeps(rule: Rule) -> None:
    broken = [f"{source.path}: {fault}" for source in SOURCES for fault in rule(source)]
    assert not broken, f"{rule.__doc__}\n" + "\n".join(broken)


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (short_file, "a.py", "x = 1\n" * 300),
        (short_functions, "a.py", "def f():\n" + "    x = 1\n" * 31),
        (telling_names, "answers/utils.py", ""),
        (telling_names, "a.py", "class CallHandler: ..."),
        (sql_in_store_only, "answers/a.py", "q = 'SELECT a FROM t'"),
        (sql_in_store_only, "connectors/a.py", "q = f'select {a} from t where b'"),
        (sql_in_store_only, "answers/a.py", "con.raw_sql(q)"),
        (engines_in_store_only, "answers/a.py", "import duckdb"),
        (engines_in_store_only, "facts/a.py", "from pyspark.sql import SparkSession"),
        (engines_in_store_only, "workspace.py", "ibis.duckdb.connect()"),
        (engines_in_store_only, "answers/a.py", "fast = backend.name == 'duckdb'"),
        (time_is_an_argument, "store/a.py", "import time\nt = time.time()"),
        (time_is_an_argument, "answers/a.py", "t = datetime.datetime.now(UTC)"),
        (plain_surfaces, "surfaces/cli/a.py", "import ibis"),
        (plain_surfaces, "surfaces/cli/a.py", "share = part / whole"),
        (plain_surfaces, "surfaces/cli/a.py", "from deskpulse.surfaces.web import page"),
        (documented, "a.py", "'''About.'''\ndef f(): ..."),
        (documented, "a.py", "import os"),
    ],
)
def test_a_rule_finds_what_breaks_it(rule: Rule, path: str, text: str) -> None:
    assert list(rule(Source(path=path, text=text)))


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (short_file, "a.py", "x = 1\n" * 299),
        (short_functions, "a.py", "def f():\n" + "    x = 1\n" * 30),
        (sql_in_store_only, "store/a.py", "q = 'SELECT a FROM t'"),
        (sql_in_store_only, "answers/a.py", "'Select the rows that count.'"),
        (engines_in_store_only, "surfaces/cli/a.py", "choices = ('duckdb', 'spark')"),
        (time_is_an_argument, "surfaces/cli/a.py", "t = datetime.now(UTC)"),
        (plain_surfaces, "surfaces/cli/a.py", "from deskpulse.surfaces.cli import b\npath = root / 'x'\nt = 'a' + b"),
        (documented, "a.py", "'''About.'''\ndef _f(): ..."),
    ],
)
def test_a_rule_lets_pass_what_keeps_it(rule: Rule, path: str, text: str) -> None:
    assert not list(rule(Source(path=path, text=text)))


def test_a_kpi_is_named_in_its_own_file_and_in_choices_only() -> None:
    ids = set(catalog.kpis())
    named = [
        f"{source.path}:{node.lineno}: {node.value}"
        for source in SOURCES
        if not source.path.startswith(KPI_NAMES_BELONG) and source.floor not in VOCABULARY
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in ids
    ]
    assert not named, "a KPI is read from the catalogue, not known by name:\n" + "\n".join(named)


def test_the_lock_names_no_registry_and_pins_every_package_with_a_hash() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"://|index-url|find-links", text), path.name
        pins = re.split(r"\n(?=\w)", text.strip())
        assert pins
        assert all(re.match(r"[\w.-]+==\S+", pin) and "--hash=sha256:" in pin for pin in pins), path.name

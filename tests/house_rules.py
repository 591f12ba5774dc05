"""The house rules, each a function from one source file to what breaks it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

MOST_LINES = 300
MOST_STATEMENTS = 30
VAGUE = {"util", "utils", "helper", "helpers", "manager", "managers", "handler", "handlers", "misc", "common"}
ENGINES = {"duckdb", "pyspark", "psycopg", "clickhouse_connect", "chdb"}
ENGINE_WORDS = ENGINES | {"spark", "postgres", "clickhouse"}
# A clause alone counts in capitals only: small, it is English ("group by group") or Jira's own query language, which
# goes to its API and to no database. A whole statement counts either way.
SQL = re.compile(
    r"\bSELECT\b.+\bFROM\b|\bINSERT\s+INTO\b|\bDELETE\s+FROM\b|\bUPDATE\s+\w+\s+SET\b|\bMERGE\s+INTO\b"
    r"|\b(CREATE|DROP|ALTER)\s+(OR\s+REPLACE\s+|TEMP\s+)*(TABLE|VIEW|INDEX|SCHEMA|TYPE)\b|\b(GROUP|ORDER|PARTITION)\s+BY\b"
    r"|^\s*(select|insert|delete|update|with|copy|create|drop)\s.+\s(from|into|set|as|to|table|view)\s",
    re.DOTALL,
)
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
FILE_NAME = re.compile(r"\b[A-Z_]*(FILE|FILE_NAME|FOLDER|LOG)$")  # a constant that names a file: joins a path
NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
NOT_NUMBERS = (ast.JoinedStr, ast.Tuple, ast.List, ast.ListComp, ast.Dict)


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file of the package: its path within it, such as ``answers/ask.py``, and its text."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """The parsed file."""
        return ast.parse(self.text)

    @property
    def floor(self) -> str:
        """The package or module directly under ``deskpulse``."""
        return PurePosixPath(self.path).parts[0].removesuffix(".py")


Rule = Callable[[Source], Iterator[str]]


def short_file(source: Source) -> Iterator[str]:
    """A file stays under 300 lines."""
    lines = source.text.count("\n")
    if lines >= MOST_LINES:
        yield f"{lines} lines: make it two"


def short_functions(source: Source) -> Iterator[str]:
    """A function has at most 30 statements."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            statements = sum(isinstance(inner, ast.stmt) for inner in ast.walk(node)) - 1
            if statements > MOST_STATEMENTS:
                yield f"{node.name}: {statements} statements"


def telling_names(source: Source) -> Iterator[str]:
    """A module or class is named for what it is about."""
    for part in PurePosixPath(source.path).with_suffix("").parts:
        if part.strip("_") in VAGUE:
            yield f"'{part}' says nothing: name it for its subject"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef) and re.search(r"(Util|Helper|Manager|Handler)s?$", node.name):
            yield f"class {node.name}: name it for its subject"


def sql_in_store_only(source: Source) -> Iterator[str]:
    """SQL text lives in store/; everything else speaks Ibis."""
    if source.floor == "store":
        return
    for node in ast.walk(source.tree):
        if SQL.search(_text(node)):
            yield f"line {node.lineno}: SQL text"
        if isinstance(node, ast.Attribute) and node.attr in ("raw_sql", "sql"):
            yield f"line {node.lineno}: .{node.attr}"


def engines_in_store_only(source: Source) -> Iterator[str]:
    """No floor above store/ names an engine; the workspace and the surfaces may offer its name as a choice."""
    if source.floor in ("store", "connectors"):
        return
    for node in ast.walk(source.tree):
        for name in _imported(node):
            if name.split(".")[0] in ENGINES:
                yield f"line {node.lineno}: imports {name}"
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "ibis" and node.attr in ENGINE_WORDS:
            yield f"line {node.lineno}: ibis.{node.attr}"
        if source.floor not in ("workspace", "surfaces") and _constant(node) in ENGINE_WORDS:
            yield f"line {node.lineno}: '{_constant(node)}'"


def time_is_an_argument(source: Source) -> Iterator[str]:
    """Below surfaces/ nobody looks at the wall clock."""
    if source.floor == "surfaces":
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if (owner, node.attr) in CLOCKS:
                yield f"line {node.lineno}: {owner}.{node.attr}: take now as an argument"


COMPOSER = "server"
"""The surface that puts pages, API and reports into one application (ADR 11)."""


def plain_surfaces(source: Source) -> Iterator[str]:
    """Surfaces hold no Ibis and no arithmetic, and none but the server imports another."""
    if source.floor != "surfaces":
        return
    own = PurePosixPath(source.path).parts[1].removesuffix(".py")
    for node in ast.walk(source.tree):
        for name in _imported(node):
            if name.split(".")[0] == "ibis":
                yield f"line {node.lineno}: imports ibis"
            if own != COMPOSER and name.startswith("deskpulse.surfaces.") and name.split(".")[2] not in (own, COMPOSER):
                yield f"line {node.lineno}: imports {name}"
        if isinstance(node, ast.BinOp) and isinstance(node.op, ARITHMETIC) and not _is_text(node):
            yield f"line {node.lineno}: arithmetic: {ast.unparse(node)}"


def documented(source: Source) -> Iterator[str]:
    """A module, and each public function and class in it, says what it is for."""
    if source.tree.body and not ast.get_docstring(source.tree):
        yield "the module has no docstring"
    for node in source.tree.body:
        if isinstance(node, NAMED) and not node.name.startswith("_") and not ast.get_docstring(node):
            yield f"{node.name} has no docstring"


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom) and node.module:
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _constant(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _text(node: ast.AST) -> str:
    """The text of a literal, with a word for each part of an f-string that is filled in."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_constant(part) or "filled" for part in node.values)
    return _constant(node) or ""


def _is_text(node: ast.expr) -> bool:
    """Joins texts, lists or paths rather than computing."""
    if isinstance(node, ast.BinOp):
        return _is_text(node.left) or _is_text(node.right)
    return isinstance(node, NOT_NUMBERS) or _constant(node) is not None or bool(FILE_NAME.search(ast.unparse(node)))


RULES: tuple[Rule, ...] = (
    short_file,
    short_functions,
    telling_names,
    sql_in_store_only,
    engines_in_store_only,
    time_is_an_argument,
    plain_surfaces,
    documented,
)

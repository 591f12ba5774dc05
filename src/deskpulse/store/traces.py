"""Where a customer's id was typed into addresses: the audit log of exports, and saved views."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, quote_plus

from deskpulse.store import account_file, views

TRACES = ((account_file.FILE, "audit", "detail"), (views.FILE, "view", "address"))


def replace_traces(folder: Path, source: str, customer: str, pseudonym: str) -> int:
    """Puts the pseudonym in place of the customer wherever an address names them; gives how many rows that were.

    An id that is a bare number is known only with its source before it.
    """
    ids = {f"{source}:{customer}"} | (set() if customer.isdecimal() else {customer})
    forms = sorted({form(id) for id in ids for form in (str, quote, quote_plus)}, key=len, reverse=True)
    named = re.compile(rf"(?<![A-Za-z0-9])({'|'.join(map(re.escape, forms))})(?![A-Za-z0-9])")
    return sum(_replace(folder / file, table, column, named, pseudonym) for file, table, column in TRACES)


def _replace(file: Path, table: str, column: str, named: re.Pattern[str], pseudonym: str) -> int:
    if not file.exists():
        return 0
    with closing(sqlite3.connect(file, timeout=10)) as con, con:
        con.execute("PRAGMA secure_delete = ON")
        rows = con.execute(f"SELECT id, {column} FROM {table} WHERE {column} <> ''").fetchall()
        changed = [(named.sub(pseudonym, text), id) for id, text in rows if named.search(text)]
        con.executemany(f"UPDATE {table} SET {column} = ? WHERE id = ?", changed)
    return len(changed)

"""Files for every canonical table: the templates come back as they went, and a wrong cell is put aside by its place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from deskpulse.connectors.mapped import preset_files, table_files
from deskpulse.connectors.tables import TABLE_NAMES, required_columns, table_called
from deskpulse.connectors.templates import EXAMPLES, template_csv, template_mapping
from deskpulse.errors import InputError
from deskpulse.events import EVENT_TABLES
from deskpulse.sync import check
from tests.connectors.reading import Read, read_text, read_with
from tools import docs

every_table = pytest.mark.parametrize("table", EVENT_TABLES)


def written(folder: Path, text: str) -> Path:
    path = folder / "rows.csv"
    path.write_text(text, encoding="utf-8")
    return path


def read_table(folder: Path, table: str, text: str) -> Read:
    return read_with(table_files(table), written(folder, text))


def typed(type_: str, text: str) -> Any:
    """What a cell of a template means, by other readers than the connector's."""
    match type_:
        case "instant":
            moment = datetime.fromisoformat(text)
            return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
        case "date":
            return date.fromisoformat(text)
        case "integer":
            return int(text)
        case "number":
            return float(text)
        case "decimal":
            return Decimal(text)
        case "boolean":
            return {"yes": True, "no": False}[text]
        case _:
            return text


def meant(table: str, example: Mapping[str, str]) -> dict[str, Any]:
    return {c.name: typed(c.type, example[c.name]) if c.name in example else None for c in EVENT_TABLES[table].own}


@every_table
def test_a_template_comes_back_as_it_went(table: str, tmp_path: Path) -> None:
    for number, connector in enumerate((table_files(table), preset_files("", "", template_mapping(table)))):
        read = read_with(connector, written(tmp_path, template_csv(table)))
        assert read.aside == []
        rows = read.tables[table].to_pylist()
        assert [{name: row[name] for name in meant(table, {})} for row in rows] == [
            meant(table, example) for example in EXAMPLES[table]
        ], number
        assert check(EVENT_TABLES[table], read.tables[table])[1] == []


@every_table
def test_a_template_shows_every_column_that_is_needed(table: str) -> None:
    for example in EXAMPLES[table]:
        assert set(required_columns(table)) <= set(example) <= {c.name for c in EVENT_TABLES[table].columns}


@every_table
def test_a_table_goes_by_its_singular_and_its_plural(table: str) -> None:
    assert {table_called(table), table_called(TABLE_NAMES[table])} == {table}
    assert table_called(table + "x") is None


@every_table
def test_rows_without_what_is_needed_are_put_aside(table: str, tmp_path: Path) -> None:
    """A second row of the template with one needed cell empty, for each needed column in turn."""
    header, first = template_csv(table).splitlines()[:2]
    names = header.split(",")
    for name in required_columns(table):
        place = names.index("id" if name == "source_id" else name)
        cells = first.split(",")
        cells[place] = ""
        read = read_table(tmp_path, table, f"{header}\n{first}\n{','.join(cells)}\n")
        assert [(q.line, q.column, q.reason) for q in read.aside] == [(3, names[place], "is empty")]
        assert read.tables[table].num_rows == 1


@pytest.mark.parametrize(
    ("table", "text", "column", "reason"),
    [
        ("call", "id,offered_at,outcome\n1,4 March,answered\n", "offered_at", "'4 March' is no date in the format iso"),
        ("call", "id,offered_at,outcome\n1,2024-03-04,lost\n", "outcome", "'lost' is none of answered, abandoned, "),
        (
            "call",
            "id,offered_at,outcome,queue_seconds\n1,2024-03-04,answered,-3\n",
            "queue_seconds",
            "'-3' is no number from 0 up",
        ),
        (
            "call_interval",
            "interval_start,interval_seconds\n2024-03-04,2.5\n",
            "interval_seconds",
            "'2.5' is no whole number from 1 up",
        ),
        (
            "call_interval",
            "interval_start,interval_seconds\n2024-03-04,0\n",
            "interval_seconds",
            "'0' is no whole number from 1 up",
        ),
        ("call", "id,offered_at,outcome,is_test\n1,2024-03-04,answered,perhaps\n", "is_test", "'perhaps' is neither"),
        ("spend_month", "month,amount,currency\n2024-13-01,1,EUR\n", "month", "'2024-13-01' is no date"),
        ("spend_month", 'month,amount,currency\n2024-03-01,"1,234",EUR\n', "amount", "'1,234' is no amount such as"),
        ("spend_month", "month,amount,currency\n2024-03-01,1.23456,EUR\n", "amount", "'1.23456' is no amount such as"),
    ],
)
def test_a_wrong_cell_is_put_aside_with_its_line_and_column(
    table: str, text: str, column: str, reason: str, tmp_path: Path
) -> None:
    [aside] = read_table(tmp_path, table, text).aside
    assert (aside.line, aside.column) == (2, column)
    assert aside.reason.startswith(reason)


def test_money_is_exact(tmp_path: Path) -> None:
    """0.1 + 0.2 of floats is not 0.3; a comma with one, two or four digits after it is a decimal one."""
    amounts = '0.1\n0.2\n99999999999999.9999\n+7\n-12.50\n"1,5"\n"3,25"\n'
    lines = "".join(f"2024-03-01,{amount},EUR\n" for amount in amounts.splitlines())
    read = read_table(tmp_path, "spend_month", "month,amount,currency\n" + lines)
    assert [row["amount"] for row in read.tables["spend_month"].to_pylist()] == [
        Decimal(text) for text in ("0.1", "0.2", "99999999999999.9999", "7", "-12.50", "1.5", "3.25")
    ]


VIEWS = "at,action,article\n2024-03-04 10:00:00,view,K1\n2024-03-04 10:00:00,view,K1\n2024-03-04 10:00:01,view,K1\n"


def test_rows_without_an_id_are_known_by_what_stands_in_them(tmp_path: Path) -> None:
    """Two equal rows are two; read again, in another order of rows and columns, all are the same ones."""
    first = {row[0] for row in read_table(tmp_path, "article_event", VIEWS).rows("article_event", "source_id")}
    again = "action,article,at\nview,K1,2024-03-04 10:00:01\nview,K1,2024-03-04 10:00:00\nview,K1,2024-03-04 10:00:00\n"
    assert len(first) == 3
    assert {row[0] for row in read_table(tmp_path, "article_event", again).rows("article_event", "source_id")} == first


def test_a_column_that_does_not_exist_is_no_silent_loss(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no column 'quue'\. Did you mean 'queue'\?"):
        read_table(tmp_path, "call", "id,offered_at,outcome,quue\n1,2024-03-04,answered,x\n")
    with pytest.raises(InputError, match="has no column 'offered_at'"):
        read_table(tmp_path, "call", "id,outcome\n1,answered\n")


PHONES = """
shape = "table"
table = "calls"
zone = "Europe/Rome"
null = ["-"]
[columns."Call No"]
meaning = "source_id"
[columns."Start"]
meaning = "offered_at"
format = ["%d/%m/%Y %H:%M", "epoch"]
[columns."Result"]
meaning = "outcome"
values = { ANS = "answered", "NO ANS" = "missed" }
[columns."Wait"]
meaning = "queue_seconds"
[constants]
direction = "inbound"
"""


def test_a_file_of_another_form_is_read_by_its_mapping(tmp_path: Path) -> None:
    """31 March 2024, 3:30 in Rome, is summer time: 1:30 UTC; 1711848600 is the same instant. 'Note' is not mapped."""
    read = read_text(
        tmp_path,
        PHONES,
        "Call No;Start;Result;Wait;Note\n"
        "7;31/03/2024 03:30;ANS;12;x\n8;1711848600;no ans;-;\n9;31/03/2024 03:30;?;1;\n",
    )
    at = datetime(2024, 3, 31, 1, 30)
    assert read.rows("call", "source_id", "offered_at", "outcome", "queue_seconds", "direction") == [
        ("7", at, "answered", 12.0, "inbound"),
        ("8", at, "missed", None, "inbound"),
    ]
    assert [(q.line, q.column) for q in read.aside] == [(4, "Result")]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (PHONES.replace('table = "calls"', ""), "'table' goes with shape"),
        (PHONES.replace('"calls"', '"cals"'), "no table 'cals'. Did you mean 'calls'?"),
        (PHONES.replace('"table"', '"ticket"'), "'table' goes with shape"),
        (PHONES.replace('meaning = "outcome"', 'meaning = "outcom"'), "Did you mean 'outcome'?"),
        (PHONES.replace('meaning = "offered_at"', 'meaning = "queue"'), "no column means 'offered_at'"),
        (PHONES.replace('"inbound"', '"inwards"'), "constant 'direction' is 'inwards'"),
        (PHONES.replace('"missed"', '"lost"'), "'lost' is no outcome"),
    ],
)
def test_a_mapping_that_cannot_be_meant_so(broken: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        read_text(tmp_path, broken, "Call No;Start;Result;Wait\n")
    assert said in str(raised.value)


def test_another_sheet_of_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["nothing", "of", "interest"])
    book.create_sheet("March").append(["month", "amount", "currency"])
    book["March"].append([date(2024, 3, 1), 12.5, "EUR"])
    book.save(tmp_path / "spend.xlsx")
    columns = 'month = "month"\namount = "amount"\ncurrency = "currency"\n'
    mapping = 'shape = "table"\ntable = "spend_months"\nsheet = "{}"\n[columns]\n' + columns
    read = read_with(preset_files("", "", mapping.format("March")), tmp_path / "spend.xlsx")
    assert read.rows("spend_month", "month", "amount", "currency") == [(date(2024, 3, 1), Decimal("12.5"), "EUR")]
    with pytest.raises(InputError, match=r"no sheet 'April'\. It has Sheet, March"):
        read_with(preset_files("", "", mapping.format("April")), tmp_path / "spend.xlsx")
    with pytest.raises(InputError, match="no Excel workbook"):
        read_text(tmp_path, mapping.format("March"), "month,amount,currency\n2024-03-01,1,EUR\n")


def test_the_page_about_files_is_up_to_date(repo_root: Path) -> None:
    assert (repo_root / docs.IMPORTING).read_text(encoding="utf-8") == docs.importing(), "run: make docs"

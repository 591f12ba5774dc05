"""What engines and Ibis are worked around for. Each test fails when upstream mends it: then remove what it names."""

from __future__ import annotations

from importlib.metadata import requires, version

import duckdb
import ibis
import pytest


def test_ibis_is_still_the_one_that_newer_sqlglots_break() -> None:
    """Under SQLGlot 30.0.1 and later it writes a DROP without a name: try without the bound in pyproject.toml."""
    assert version("ibis-framework").startswith("12.0.")
    assert tuple(map(int, version("sqlglot").split("."))) <= (30, 0, 0)


def test_ibis_extra_for_spark_still_wants_an_old_one() -> None:
    """Else the extra ``spark`` in pyproject.toml can be ``ibis-framework[pyspark]``."""
    wanted = [line for line in requires("ibis-framework") or [] if line.startswith("pyspark")]
    assert wanted
    assert all("<4.1" in line for line in wanted)


def test_spark_still_warns_of_the_pandas_that_is_installed() -> None:
    """Ibis reads Spark by way of pandas; ``store/compiled.py`` asks Spark for Arrow instead, without the warning."""
    pandas = pytest.importorskip("pyspark.sql.pandas.utils", reason="the extra 'spark' is not installed")
    with pytest.warns(FutureWarning, match="does not yet fully support pandas >= 3"):
        pandas.require_minimum_pandas_version()


def test_ibis_still_writes_lambdas_as_arrows_which_duckdb_2_refuses() -> None:
    """Lists are not mapped, filtered or united in expressions; where one wants to be, see whether this is mended."""
    backend = ibis.duckdb.connect()
    mapped = ibis.array([1, 2]).map(lambda value: value + 1)
    with pytest.raises(duckdb.BinderException, match="lambda arrow"):
        backend.con.execute(backend.compile(mapped))


def test_an_ibis_expression_of_sql_text_still_calls_what_duckdb_2_dropped() -> None:
    """``store/compiled.py`` runs compiled text on the connection itself."""
    with pytest.raises(AttributeError, match="fetch_arrow_table"):
        ibis.duckdb.connect().sql("SELECT 1 AS one")

"""Spark as an engine: it reads the published Parquet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
import pyarrow as pa

from deskpulse.errors import WorkspaceError
from deskpulse.store.snapshot import Snapshot

OPTIONS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # The default of 200 parts costs seconds on tables of this size.
    "spark.sql.shuffle.partitions": "4",
}


def connect_spark(snapshot: Snapshot, master: str, empty: Mapping[str, pa.Schema]) -> Any:
    """The snapshot's tables as temporary views of a session on ``master``."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise WorkspaceError("Spark is not installed. Add it with: pip install 'deskpulse[spark]'") from None
    builder = SparkSession.builder.master(master).appName("deskpulse")
    for option, value in OPTIONS.items():
        builder = builder.config(option, value)
    session = builder.getOrCreate()
    # A session that was there before keeps its own zone otherwise.
    session.conf.set("spark.sql.session.timeZone", "UTC")
    for name, paths in snapshot.files.items():
        session.read.parquet(*(str(path) for path in paths)).createOrReplaceTempView(name)
    backend = ibis.pyspark.connect(session)
    for name, schema in empty.items():
        session.createDataFrame([], _ddl(schema)).createOrReplaceTempView(name)
    return backend


def _ddl(schema: pa.Schema) -> str:
    types = {
        "string": "string",
        "timestamp[us]": "timestamp",
        "date32[day]": "date",
        "int64": "bigint",
        "double": "double",
        "bool": "boolean",
        "decimal128(18, 4)": "decimal(18,4)",
    }
    return ", ".join(f"`{field.name}` {types[str(field.type)]}" for field in schema)

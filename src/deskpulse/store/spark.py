"""Spark as an engine: it reads the published Parquet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
import pyarrow as pa

from deskpulse.errors import WorkspaceError
from deskpulse.store.snapshot import Snapshot

OPTIONS = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
# In this process there are few cores, and the default of 200 parts costs seconds; a cluster has settings of its own.
LOCAL_OPTIONS = {"spark.sql.shuffle.partitions": "4"}
# Published instants are UTC without a zone; Parquet has no integer as long as the longest.
TYPES = {"VARCHAR": "STRING", "TIMESTAMP": "TIMESTAMP_NTZ", "HUGEINT": "DOUBLE"}
ARROW_TYPES = {
    "string": "STRING",
    "timestamp[us]": "TIMESTAMP_NTZ",
    "date32[day]": "DATE",
    "int64": "BIGINT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "decimal128(18, 4)": "DECIMAL(18,4)",
}


def connect_spark(snapshot: Snapshot, master: str, empty: Mapping[str, pa.Schema]) -> Any:
    """The snapshot's tables as temporary views of a session of their own on ``master``, in UTC.

    Spark's own configuration (``SPARK_CONF_DIR``) holds for all else. Raises WorkspaceError when ``master`` does not
    answer, or this process is connected to another already: it can have one only.
    """
    session = _session(master)
    for name, paths in snapshot.files.items():
        # With the types given, Spark starts no job to find them out.
        columns = _ddl(dict(snapshot.tables[name].columns), TYPES)
        session.read.schema(columns).parquet(*map(str, paths)).createOrReplaceTempView(name)
    for name, schema in empty.items():
        columns = _ddl({field.name: str(field.type) for field in schema}, ARROW_TYPES)
        session.createDataFrame([], columns).createOrReplaceTempView(name)
    return ibis.pyspark.connect(session)


def _session(master: str) -> Any:
    """A session of its own: two snapshots have tables of the same names."""
    shared = _shared_session(master)
    connected = shared.sparkContext.master
    if connected != master:
        raise WorkspaceError(
            f"This process uses Spark at {connected} already, and can use one only: open the workspace with that url, "
            f"or use {master} in a process of its own."
        )
    session = shared.newSession()
    session.conf.set("spark.sql.session.timeZone", "UTC")
    return session


def _shared_session(master: str) -> Any:
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError:
        raise WorkspaceError("Spark is not installed. Add it with: pip install 'deskpulse[spark]'") from None
    builder = SparkSession.builder.master(master).appName("deskpulse")
    for option, value in (OPTIONS | (LOCAL_OPTIONS if master.startswith("local") else {})).items():
        builder = builder.config(option, value)
    try:
        return builder.getOrCreate()
    except PySparkRuntimeError as fault:
        raise WorkspaceError(
            f"Spark cannot be started: {fault}. It needs Java 17 or newer: see what `java -version` says."
        ) from fault
    except Py4JError as fault:
        raise WorkspaceError(
            f"Spark at {master} does not answer. Check the url, that the master runs, and that its version is the one "
            "that `pip show pyspark` says."
        ) from fault


def _ddl(columns: Mapping[str, str], types: Mapping[str, str]) -> str:
    return ", ".join(f"`{name}` {types.get(kind, kind)}" for name, kind in columns.items())

"""The demo's events, made once, as pandas frames."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pandas as pd
import pyarrow as pa
import pytest

from deskpulse.demo.company import company

END = datetime(2026, 9, 30, 22)
SEED = 3


@pytest.fixture(scope="session")
def events() -> Mapping[str, pa.Table]:
    """Every table of the demo company."""
    return {batch.table: batch.rows for batch in company(seed=SEED, end=END)}


@pytest.fixture(scope="session")
def frames(events: Mapping[str, pa.Table]) -> Mapping[str, pd.DataFrame]:
    """The same as pandas frames."""
    return {name: rows.to_pandas() for name, rows in events.items()}


@pytest.fixture(scope="session")
def tickets(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The tickets by their id."""
    return frames["ticket"].set_index("source_id")


@pytest.fixture(scope="session")
def history(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Messages and changes together, in the order of each ticket."""
    both = pd.concat([frames["message"].assign(table="message"), frames["change"].assign(table="change")])
    return both.sort_values(["ticket", "seq"])

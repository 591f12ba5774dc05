"""Questions asked of a snapshot, and the same in SQL written by hand for bare DuckDB on the same files.

The SQL gives value, bounds and sample size, as the answer does; both must agree before their times are compared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import duckdb

import deskpulse

WEEK = """date_trunc('week', timezone('Europe/London', timezone('UTC', {at})))"""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question and its SQL over ``{files}``, giving channel, week, value, low, high and n."""

    kpi: str
    fact: str
    sql: str
    statistic: str | None = None


MEDIAN = f"""
    SELECT channel, week, n, (sorted[below] * (1 - part) + sorted[least(below + 1, n)] * part) AS value,
        CASE WHEN lowest > 0 THEN sorted[lowest] END AS low, CASE WHEN highest <= n THEN sorted[highest] END AS high
    FROM (
        SELECT *, (floor((n - 1) * 0.5) + 1)::BIGINT AS below, (n - 1) * 0.5 - floor((n - 1) * 0.5) AS part,
            floor(n * 0.5 - 1.959963984540054 * sqrt(n * 0.25) + 0.5)::BIGINT AS lowest,
            floor(n * 0.5 + 1 + 1.959963984540054 * sqrt(n * 0.25) + 0.5)::BIGINT AS highest
        FROM (
            SELECT channel, {WEEK.format(at="first_replied_at")} AS week, count(*) AS n,
                list_sort(list(first_response_seconds)) AS sorted
            FROM read_parquet({{files}})
            WHERE left_out IS NULL AND first_response_seconds IS NOT NULL GROUP BY ALL
        )
    )"""

MEAN = f"""
    SELECT channel, {WEEK.format(at="first_replied_at")} AS week, count(*) AS n, avg(first_response_seconds) AS value,
        stddev_samp(first_response_seconds) AS deviation
    FROM read_parquet({{files}}) WHERE left_out IS NULL AND first_response_seconds IS NOT NULL GROUP BY ALL"""

SHARE = f"""
    SELECT channel, {WEEK.format(at="solved_at")} AS week, count(*) AS n,
        avg((epoch(reopened_at) - epoch(solved_at) <= 604800 AND reopened_at IS NOT NULL)::INTEGER) AS value
    FROM read_parquet({{files}})
    WHERE left_out IS NULL AND solved_at <= TIMESTAMP '{{now}}' - INTERVAL 7 DAY GROUP BY ALL"""

QUESTIONS = {
    "median": Asked(kpi="first_response_time", fact="ticket", sql=MEDIAN),
    "mean": Asked(kpi="first_response_time", fact="ticket", sql=MEAN, statistic="mean"),
    "share": Asked(kpi="reopen_rate", fact="solve", sql=SHARE),
}


def ask_and_check(root: str, name: str, times: int, cpu: Callable[[Callable[[], Any]], float]) -> dict[str, float]:
    """CPU of the first time a question is asked, of further times, and of the SQL; raises when the answers differ."""
    asked, place = QUESTIONS[name], deskpulse.open(root)
    con = duckdb.connect()
    files = [str(path) for path in place.snapshot.files[f"fact_{asked.fact}"]]
    sql = asked.sql.format(files=files, now=place.as_of.isoformat(sep=" "))

    def ask() -> Any:
        place._answers.clear()  # what is measured is the query, not the memory of its answer
        return place.ask(asked.kpi, by="channel", grain="week", statistic=asked.statistic, zone="Europe/London")

    first = cpu(ask)
    _compare(ask().rows, con.sql(sql).to_arrow_table().to_pylist())
    return {
        "cpu:first": first,
        "cpu": median(cpu(ask) for _ in range(times)),
        "cpu:by hand": median(cpu(lambda: con.execute(sql).fetchall()) for _ in range(times)),
    }


def _compare(rows: Any, by_hand: list[dict[str, Any]]) -> None:
    """Stops when a group's value, bounds or size differ."""
    expected = {(row["channel"], row["week"].date()): row for row in by_hand}
    for row in rows:
        if row.n == 0:
            continue
        wanted = expected.pop((row.dimensions["channel"], row.period_start.date()))
        for key in ("value", "n", "low", "high"):
            if key in wanted and not _is_same(getattr(row, key), wanted[key]):
                raise SystemExit(f"{key} of {row} differs from the SQL's {wanted}")
    if expected:
        raise SystemExit(f"the SQL has {len(expected)} groups more")


def _is_same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - float(other)) <= 1e-9 * max(1.0, abs(one))

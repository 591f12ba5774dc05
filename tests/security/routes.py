"""Every route of the application, and addresses to walk them by: plain ones, and ones that ask for too much."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pyarrow.parquet as pq

from tests.security.conftest import SHARED, STAFF, TICKETS

KPIS = ("csat", "agent_utilization", "average_handle_time", "top_agents", "customer_churn_rate")
# What the parameters in paths can be; a new parameter has to be named here.
VALUES: Mapping[str, tuple[str, ...]] = {
    "kpi": KPIS,
    "ticket": tuple(f"desk:{ticket}" for ticket in (*TICKETS, SHARED)),
    "form": ("csv", "svg"),
    "name": ("support", "Zcarla", "cust-qc1", "cust-qa1"),
    "table": ("annotation",),
    "step": ("disable",),
    "token": ("nothing",),
    "id": ("nothing",),
    "source": ("nothing",),
    "code": ("en",),
}
# What addresses are asked with: all of history, then more than most may see.
QUERIES = ("period=all", "period=all&team=Orders&words=qc1&customer=cust-qc1")
ASKED = (
    *(f"period=all&kpi={kpi}{more}" for kpi in KPIS for more in ("", "&by=agent")),
    "period=all&kpi=csat&where=agent%3DZcarla",
    "period=all&kpi=csat&partner=Eastline&where=partner%3DEastline",
)
WITH_A_KPI = (
    "/explore",
    *(f"/export/{what}" for what in ("answer", "chart", "distribution", "evidence", "ranks", "funnel")),
    *(f"/api/v1/{what}" for what in ("ask", "evidence", "exports/answer", "exports/evidence")),
)
# The same rows are written in every form: one address is enough for those that are packed.
PACKED = (
    "/export/tickets.xlsx?period=all",
    "/export/tickets.parquet?period=all",
    "/export/evidence.xlsx?period=all&kpi=average_handle_time",
    "/api/v1/exports/evidence.parquet?period=all&kpi=csat",
    "/reports/report.json?period=all&scorecard=bpo_partner",
    "/reports/report.html?period=all",
)
ENDLESS = ("/events",)


def routes_of(app: Any) -> Iterator[tuple[str, str]]:
    """Method and path of every route, those of included routers too."""
    for route in app.routes:
        if hasattr(route, "original_router"):
            prefix = route.include_context.prefix
            yield from ((method, f"{prefix}{path}") for method, path in routes_of(route.original_router))
        elif getattr(route, "methods", None):
            yield from ((method, route.path) for method in sorted(route.methods - {"HEAD", "OPTIONS"}))


def addresses(path: str) -> Iterator[str]:
    """Addresses of a route with parameters put in."""
    parts = path.replace(":path}", "}").split("/")
    choices = [_choices(part) for part in parts]
    for chosen in itertools.product(*choices):
        yield "/".join(chosen)


def _choices(part: str) -> tuple[str, ...]:
    if "{" not in part:
        return (part,)
    before, _, rest = part.partition("{")
    name, _, after = rest.partition("}")
    assert name in VALUES, f"say in tests/security/routes.py what {name} can be, so that the walk goes there"
    return tuple(f"{before}{value}{after}" for value in VALUES[name])


def walks(path: str) -> Iterator[str]:
    """Addresses of a route that is read, with what they are asked."""
    for address in addresses(path):
        for query in ASKED if address.startswith(WITH_A_KPI) else QUERIES:
            yield f"{address}?{query}"


def text_of(response: httpx.Response) -> str:
    """All that a response says, unpacked where it is packed."""
    kind = response.headers.get("content-type", "")
    if "spreadsheetml" in kind:
        with zipfile.ZipFile(io.BytesIO(response.content)) as packed:
            return "\n".join(packed.read(name).decode() for name in packed.namelist())
    if "parquet" in kind:
        return str(pq.read_table(io.BytesIO(response.content)).to_pylist())
    return response.text


NAMES = {agent: (agent, f"id-{agent.lower()}") for agent in STAFF}

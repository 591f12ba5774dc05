"""What is well in a workspace and what is not, with what to type."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from deskpulse.errors import DeliveryError, DeskpulseError, SettingsError, SourceError
from deskpulse.settings import FILE_NAME, load_settings
from deskpulse.store.layout import find_workspace, read_format
from deskpulse.store.snapshot import open_snapshot
from deskpulse.store.spool import Spool

SEVERAL_REASONS = 5
A_YEAR = 2026
NEEDED = ("workspace", "snapshot")


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was looked at; where it is not well, ``found`` says what to type."""

    name: str
    is_well: bool
    found: str


def examine(root: Path, now: datetime | None = None) -> tuple[Check, ...]:
    """The checks in the order they depend on each other; none raises, and what nothing can be said of is left out.

    Without ``now`` (naive UTC) nothing is late.
    """
    checks: list[Check] = []
    looks: dict[str, Callable[[Path], str]] = {**BEFORE, "sources": partial(_sources, now=now), **OF_DATA}
    for name, look in looks.items():
        checks.append(_outcome(name, look, root))
        if name in NEEDED and not checks[-1].is_well:
            break
    return tuple(checks)


def _outcome(name: str, look: Callable[[Path], str], root: Path) -> Check:
    try:
        return Check(name=name, is_well=True, found=look(root))
    except DeskpulseError as error:
        return Check(name=name, is_well=False, found=str(error))


def _settings(root: Path) -> str:
    settings = load_settings(root / FILE_NAME)
    for schedule in settings.schedules.values():
        if schedule.public_holidays:
            schedule.public_holidays.of_year(A_YEAR)  # an unknown country shows when it is first needed
    schedules = ", ".join(settings.schedules) or "none, so business time is unknown"
    return f"{settings.name}, {settings.zone}; schedules: {schedules}; {len(settings.targets)} targets"


def _format(root: Path) -> str:
    return f"format {read_format(find_workspace(root))}"


def _lock(root: Path) -> str:
    from deskpulse.store.work import open_work

    with open_work(root, holder="deskpulse doctor"):
        return "nobody is writing"


def _snapshot(root: Path) -> str:
    with open_snapshot(root) as snapshot:
        snapshot.verify()
        return f"version {snapshot.version}, {len(snapshot.files)} tables, as of {snapshot.as_of:%Y-%m-%d %H:%M} UTC"


def _rows(root: Path) -> str:
    with open_snapshot(root) as snapshot:
        counts = {name: sum(file.rows for file in table.files) for name, table in snapshot.tables.items()}
    return f"{counts.get('fact_ticket', 0)} tickets; {counts.get('quarantine', 0)} rows in quarantine"


def _reasons(root: Path) -> str:
    from deskpulse.store.engines import connect

    with open_snapshot(root) as snapshot:
        refused = connect(snapshot).table("quarantine")
        counted = refused.group_by("file", "reason").agg(rows=refused.count()).to_pyarrow().to_pylist()
    return "; ".join(_words(counted)) or "empty"


def _words(counted: list[dict[str, object]]) -> Iterator[str]:
    for one in sorted(counted, key=lambda one: -int(str(one["rows"])))[:SEVERAL_REASONS]:
        yield f"{one['rows']} rows of {one['file']}: {one['reason']}"


def _goals(root: Path) -> str:
    from deskpulse.answers.target import check_goals

    settings = load_settings(root / FILE_NAME)
    check_goals(settings)
    too_long = [card.warning for card in settings.scorecards.values() if card.warning]
    if too_long:
        raise SettingsError(" ".join(too_long))
    scorecards = ", ".join(settings.scorecards) or "none of its own"
    return f"{len(settings.kpi_targets)} targets of KPIs; scorecards: {scorecards}"


def _sources(root: Path, now: datetime | None) -> str:
    """How long ago each source was read, what waits to be merged, and what went wrong last."""
    from deskpulse.workspace.freshness import source_states

    states = source_states(root)
    told = "; ".join(state.words(now) for state in states) or "none is connected"
    if not Spool(root=root).is_empty:
        told += ". What was sent to this workspace waits: it is merged by deskpulse serve"
    if any(state.is_late(now) for state in states):
        told += ". What is late is read by: deskpulse serve"
    if any(state.error or state.is_late(now) for state in states):
        raise SourceError(told)
    return told


# Tables of money, with what dates a row.
MONEY = {"subscription_change": "at", "spend_month": "month", "revenue_month": "month"}


def _rates(root: Path) -> str:
    """Every currency there are amounts of has a rate from its first month on: without one they do not count."""
    from deskpulse.store.engines import connect

    money = load_settings(root / FILE_NAME).money
    with open_snapshot(root) as snapshot:
        backend = connect(snapshot)
        for name, dated in MONEY.items():
            if f"event_{name}" in snapshot.tables:
                rows = backend.table(f"event_{name}")
                first = rows.group_by("currency").agg(day=rows[dated].cast("date").min()).order_by("currency")
                for row in first.to_pyarrow().to_pylist():
                    money.rate_of_month(row["currency"], row["day"])
    return f"amounts are in {money.currency}; {len(money.rates)} rates, none missing"


def _deliveries(root: Path) -> str:
    """Every report that is scheduled can be sent, and the newest of each has arrived."""
    from deskpulse.workspace.delivery import newest

    settings = load_settings(root / FILE_NAME)
    by_mail = [report.name for report in settings.reports if any("@" in recipient for recipient in report.to)]
    if by_mail and settings.mail.host is None:
        raise SettingsError(f"Reports go by mail ({', '.join(by_mail)}), but [mail] in {FILE_NAME} names no host.")
    last = newest(root) if settings.reports else ()
    failed = [f"{one.report} to {one.recipient} ({one.error})" for one in last if one.error]
    if failed:
        raise DeliveryError(f"{len(failed)} did not arrive: {'; '.join(failed[:SEVERAL_REASONS])}")
    return f"{len(settings.reports)} reports scheduled; {sum(one.state == 'sent' for one in last)} recipients reached"


BEFORE: dict[str, Callable[[Path], str]] = {
    "settings": _settings,
    "goals": _goals,
    "workspace": _format,
    "reports": _deliveries,
    "writer": _lock,
}
OF_DATA: dict[str, Callable[[Path], str]] = {
    "snapshot": _snapshot,
    "rows": _rows,
    "quarantine": _reasons,
    "money": _rates,
}

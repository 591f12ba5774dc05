"""Contracts with outsourcing partners: what was promised, what each promise weighs, and what a miss costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from deskpulse.settings.document import Section
from deskpulse.settings.goals import BOUNDS, FORMULA, TARGET_CONDITIONS, GoalClock, read_bounds, read_formula

LINE_KEYS = (
    *FORMULA,
    *BOUNDS,
    *(name for name in TARGET_CONDITIONS if name != "partner"),
    "weight",
    "least_n",
    "credit",
)
LEAST_N = 30


@dataclass(frozen=True, kw_only=True)
class ContractLine:
    """One promise. ``weight`` is its part of the score; below ``least_n`` rows it is not judged; ``credit`` is the
    share of the monthly fee that is due back when it is missed."""

    kpi: str
    variant: str | None
    statistic: str | None
    clock: GoalClock | None
    where: Mapping[str, str]
    at_least: float | None
    at_most: float | None
    weight: Decimal
    least_n: int
    credit: Decimal


@dataclass(frozen=True, kw_only=True)
class Contract:
    """A contract with a partner. ``credit_cap``: the largest share of the fee that credits of a month may come to."""

    name: str
    partner: str
    currency: str
    monthly_fee: Decimal
    credit_cap: Decimal
    lines: tuple[ContractLine, ...]
    place: str = ""


def read_contracts(tables: Section) -> Mapping[str, Contract]:
    """The contracts by name; raises SettingsError."""
    for name, value in tables.values.items():
        if not isinstance(value, dict):
            tables.fail(name, f"is no table. Write [contracts.{name}] above the contract's lines.")
    return {name: _contract(name, tables.section(name)) for name in tables.values}


def _contract(name: str, table: Section) -> Contract:
    table.only(("partner", "currency", "monthly_fee", "credit_cap", "lines"))
    lines = table.sections("lines")
    if not lines:
        table.fail(None, f"promises nothing. Add [[contracts.{name}.lines]] with kpi and at_least or at_most.")
    return Contract(
        name=name,
        partner=table.needed("partner", "Acme"),
        currency=table.text("currency") or "",
        monthly_fee=_amount(table, "monthly_fee", Decimal(0)),
        credit_cap=_amount(table, "credit_cap", Decimal(1)),
        lines=tuple(_line(line) for line in lines),
        place=table.place(),
    )


def _line(table: Section) -> ContractLine:
    table.only(LINE_KEYS)
    kpi, variant = read_formula(table)
    at_least, at_most = read_bounds(table)
    return ContractLine(
        kpi=kpi,
        variant=variant,
        statistic=table.text("statistic"),
        clock=table.choice("clock", ("calendar", "business")) if "clock" in table.values else None,
        where={name: value for name in TARGET_CONDITIONS if (value := table.text(name))},
        at_least=at_least,
        at_most=at_most,
        weight=_amount(table, "weight", Decimal(1)),
        least_n=table.count("least_n", LEAST_N),
        credit=_amount(table, "credit", Decimal(0)),
    )


def _amount(table: Section, key: str, default: Decimal) -> Decimal:
    """An exact amount of nought or more: a number, or a share like "5 %"."""
    value: Any = table.values.get(key, default)
    text = str(value).strip()
    try:
        amount = Decimal(text.removesuffix("%").strip())
    except InvalidOperation:
        amount = Decimal(-1)
    if isinstance(value, bool) or not amount.is_finite() or amount < 0:
        table.fail(key, f"'{value}' will not do: expects a number of 0 or more, or a share like \"5 %\".")
    return amount / 100 if text.endswith("%") else amount

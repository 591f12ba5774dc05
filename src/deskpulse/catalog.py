"""Every KPI there is, found by walking the package of KPIs: folder = category, file stem = variable = id."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from deskpulse.errors import DeclarationError, UnknownNameError

if TYPE_CHECKING:
    from deskpulse.metrics.formula import Measure
    from deskpulse.metrics.kpi import KPI

PACKAGE = "deskpulse.kpis"


@cache
def _found(package: str) -> Mapping[str, tuple[str, KPI]]:
    found: dict[str, tuple[str, KPI]] = {}
    for category, module in _modules(package):
        name = module.rsplit(".", 1)[1]
        if name in found:
            raise DeclarationError(
                f"Two files declare the KPI '{name}', in '{found[name][0]}' and '{category}': keep one."
            )
        found[name] = (category, _declared(module, name))
    return MappingProxyType(found)


def _modules(package: str) -> Iterator[tuple[str, str]]:
    for folder in _members(package):
        if folder.ispkg:
            path = f"{package}.{folder.name}"
            yield from ((folder.name, f"{path}.{file.name}") for file in _members(path) if not file.ispkg)


def _members(package: str) -> list[pkgutil.ModuleInfo]:
    return sorted(pkgutil.iter_modules(importlib.import_module(package).__path__), key=lambda member: member.name)


def _declared(module: str, name: str) -> KPI:
    declared: KPI | None = getattr(importlib.import_module(module), name, None)
    kind = importlib.import_module("deskpulse.metrics.kpi").KPI
    if declared is None or not isinstance(declared, kind):
        raise DeclarationError(
            f"{module.replace('.', '/')}.py declares no KPI of its own name: write {name} = KPI(...)."
        )
    return declared


def kpis() -> Mapping[str, KPI]:
    """Every KPI by id, in order of category, then id. Raises DeclarationError for a file that declares none."""
    return MappingProxyType({name: declared for name, (_, declared) in _found(PACKAGE).items()})


def kpi(name: str) -> KPI:
    """The KPI called ``name``; raises UnknownNameError with the nearest."""
    known = kpis()
    if name not in known:
        raise UnknownNameError("KPI", name, known)
    return known[name]


def parted(name: str) -> tuple[str, str | None]:
    """The id and the variant of ``kpi:variant``, or of a bare ``kpi``, whose variant is its default: null."""
    id, _, variant = name.partition(":")
    return id, variant or None


def formula(name: str) -> Measure:
    """The formula of ``kpi`` (its default) or of ``kpi:variant``; raises UnknownNameError with the nearest."""
    id, variant = parted(name)
    return kpi(id).variant(variant)


def category(name: str) -> str:
    """The folder a KPI is declared in; raises UnknownNameError."""
    kpi(name)
    return _found(PACKAGE)[name][0]


def categories() -> Mapping[str, tuple[str, ...]]:
    """The ids of each category."""
    known = _found(PACKAGE)
    names = dict.fromkeys(folder for folder, _ in known.values())
    return {folder: tuple(name for name, (where, _) in known.items() if where == folder) for folder in names}

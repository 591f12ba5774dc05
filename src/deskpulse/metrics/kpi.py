"""What one KPI file declares. The file's stem is the KPI's id and its folder the category."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from deskpulse.errors import DeclarationError, UnknownNameError
from deskpulse.language import composed, declared
from deskpulse.metrics.measure import Measure

Better = Literal["higher", "lower", "band", "none"]
Signal = Literal["leading", "lagging"]
ARTICLES = "ABCDE"


@dataclass(frozen=True, kw_only=True, eq=False)
class KPI:
    """A KPI: what it means, its named variants (the first is the default) and how it misleads.

    ``differs`` says per variant why it differs from the default; ``better_for`` overrides ``better`` for a variant;
    ``notes`` says per variant what must stand beside every answer;
    ``guardrails`` are (kpi id, why it must be read beside this one); ``sources`` cite where a formula comes from.
    """

    title: str
    meaning: str
    variants: Mapping[str, Measure]
    better: Better
    signal: Signal
    also_called: tuple[str, ...] = ()
    differs: Mapping[str, str] | None = None
    better_for: Mapping[str, Better] | None = None
    notes: Mapping[str, str] | None = None
    guardrails: tuple[tuple[str, str], ...] = ()
    caveats: tuple[str, ...] = ()
    asked_for_in: str = ""
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.variants:
            raise DeclarationError(f"KPI '{self.title}' has no variant: give variants={{'name': formula}}.")
        if set(self.asked_for_in) - set(ARTICLES):
            raise DeclarationError(f"KPI '{self.title}': asked_for_in takes letters of {ARTICLES}.")
        for name in (*(self.differs or ()), *(self.better_for or ()), *(self.notes or ())):
            self.variant(name)

    @property
    def default(self) -> str:
        """The variant answered when none is named."""
        return next(iter(self.variants))

    def variant(self, name: str | None) -> Measure:
        """The formula of a variant; raises UnknownNameError."""
        wanted = name or self.default
        if wanted not in self.variants:
            what = composed("variant of '%(kpi)s'", kpi=partial(declared, self.title))
            raise UnknownNameError(what, wanted, self.variants)
        return self.variants[wanted]

    def better_of(self, variant: str) -> Better:
        """Which way is better for a variant."""
        return (self.better_for or {}).get(variant, self.better)

    def definition_version(self, variant: str) -> str:
        """Eight hex digits that change exactly when the variant's formula does."""
        measure = self.variant(variant)
        text = "|".join((type(measure).__name__, measure.words, *measure.columns))
        return hashlib.sha256(text.encode()).hexdigest()[:8]

"""``/api/v1/kpis``: the dictionary."""

from __future__ import annotations

from pydantic import BaseModel, Field

from deskpulse.insights.scorecard import SEGMENTS_OF
from deskpulse.present.dictionary import Entry, entry
from deskpulse.surfaces.api.served import Place, router

kpis = router("KPIs")


class KPIOut(BaseModel):
    """A KPI in the list."""

    id: str = Field(examples=[SEGMENTS_OF])
    title: str = Field(examples=["First response time"])
    category: str
    meaning: str
    better: str = Field(description="Which way is better: `lower`, `higher` or neither.")
    variants: list[str] = Field(description="Its formulas, the default first.")


@kpis.get("/kpis", summary="List the KPIs")
def every(place: Place) -> list[KPIOut]:
    """Every KPI there is, with its variants."""
    return [_listed(entry(name)) for name in place.kpis()]


def _listed(about: Entry) -> KPIOut:
    return KPIOut(
        id=about.id,
        title=about.title,
        category=about.category,
        meaning=about.meaning,
        better=about.better,
        variants=[variant.name for variant in about.variants],
    )


@kpis.get("/kpis/{kpi}", summary="Define a KPI")
def one(kpi: str) -> Entry:
    """What a KPI means, how each variant is computed and by what it can be split, and how it misleads."""
    return entry(kpi)

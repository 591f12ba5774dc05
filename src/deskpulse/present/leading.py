"""Which KPI moves first, as a table of texts."""

from __future__ import annotations

from deskpulse import catalog, units
from deskpulse.insights.leading import Leading
from deskpulse.present.tile import Sheet

METHOD = (
    "Each series is filtered by an autoregression of its own (Haugh 1976); Fisher's z, 95 % for all lags at once. "
    "Of unrelated pairs about one in 20 is beyond noise by chance."
)


def leading_sheet(found: Leading) -> Sheet:
    """The correlation of every lag with its interval, and what follows from them."""
    return Sheet(
        title=f"{catalog.kpi(found.leading).title} before {catalog.kpi(found.lagging).title}? {found.weeks} weeks",
        headings=("weeks after", "correlation", "95 % interval", ""),
        rows=tuple(
            (
                str(each.lag),
                units.format_number(each.value),
                f"{units.format_number(each.low)} to {units.format_number(each.high)}",
                "beyond noise" if each.is_beyond_noise else "",
            )
            for each in found.correlations
        ),
        notes=(found.conclusion, METHOD),
    )

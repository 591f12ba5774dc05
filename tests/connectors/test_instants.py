"""Dates as systems write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskpulse.connectors.instants import parse_instants


def parsed(text: str | None, formats: list[str], zone: str = "UTC") -> datetime | None:
    return parse_instants(pa.array([text], pa.string()), formats, zone).to_pylist()[0]


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("29/2/2016 01:16", "%d/%m/%Y %H:%M", datetime(2016, 2, 29, 1, 16)),
        ("1/3/2016 09:05", "%d/%m/%Y %H:%M", datetime(2016, 3, 1, 9, 5)),
        ("31/02/2016 01:16", "%d/%m/%Y %H:%M", None),
        ("29/2/16 01:16", "%d/%m/%Y %H:%M", None),
        ("12/31/2016 11:30 PM", "%m/%d/%Y %I:%M %p", datetime(2016, 12, 31, 23, 30)),
        ("2012/10/09 14:50:17.999", "%Y/%m/%d %H:%M:%S.%f", datetime(2012, 10, 9, 14, 50, 17)),
        ("2024-02-29", "iso", datetime(2024, 2, 29)),
        ("2024-02-30", "iso", None),
        ("2024-01-02T03:04:05Z", "iso", datetime(2024, 1, 2, 3, 4, 5)),
        ("2024-01-02 03:04:05.900", "iso", datetime(2024, 1, 2, 3, 4, 5)),
        ("2024-01-02T03:04:05+05:30", "iso", datetime(2024, 1, 1, 21, 34, 5)),
        ("1700000000", "epoch", datetime(2023, 11, 14, 22, 13, 20)),
        ("1700000000123", "epoch_ms", datetime(2023, 11, 14, 22, 13, 20)),
        ("99999999999999", "epoch", None),
        # day 45292 is 2024-01-01, since 36526 is 2000-01-01 and 8,766 days are 24 years with six leap days
        ("45292.75", "excel", datetime(2024, 1, 1, 18)),
        ("yesterday", "iso", None),
        (None, "iso", None),
    ],
)
def test_one_value(text: str | None, form: str, expected: datetime | None) -> None:
    assert parsed(text, [form]) == expected


def test_a_zone_places_dates_without_an_offset_and_leaves_the_others_alone() -> None:
    assert parsed("2024-07-01 12:00:00", ["iso"], "Europe/Rome") == datetime(2024, 7, 1, 10)
    assert parsed("2024-07-01T12:00:00Z", ["iso"], "Europe/Rome") == datetime(2024, 7, 1, 12)
    assert parsed("45474.5", ["excel"], "Europe/Rome") == datetime(2024, 7, 1, 10)  # noon of 1 July 2024


@pytest.mark.parametrize("form", ["%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S.%f"])
def test_the_hour_that_happens_twice_is_the_first_and_the_skipped_one_ends_the_gap(form: str) -> None:
    end = ".0" if form.endswith("%f") else ""
    assert parsed("27/10/2024 02:30:00" + end, [form], "Europe/Rome") == datetime(2024, 10, 27, 0, 30)
    assert parsed("31/03/2024 02:30:00" + end, [form], "Europe/Rome") == datetime(2024, 3, 31, 1, 0)


def test_the_first_format_that_fits_is_taken_value_by_value() -> None:
    texts = pa.array(["45292.5", "2024-01-02", "03/01/2024"], pa.string())
    assert parse_instants(texts, ["excel", "iso", "%d/%m/%Y"], "UTC").to_pylist() == [
        datetime(2024, 1, 1, 12), datetime(2024, 1, 2), datetime(2024, 1, 3),
    ]  # fmt: skip


@given(st.datetimes(datetime(1971, 1, 1), datetime(2037, 1, 1)), st.sampled_from(["Europe/London", "Asia/Kolkata"]))
def test_patterns_agree_with_python_and_its_zones(moment: datetime, zone: str) -> None:
    moment = moment.replace(microsecond=0)
    placed = moment.replace(tzinfo=ZoneInfo(zone))
    back = placed.astimezone(UTC)
    if back.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != moment:  # a skipped hour: see the test above
        return
    expected = back.replace(tzinfo=None)
    text = f"{moment.day}/{moment.month}/{moment.year} {moment:%H:%M:%S}"
    assert parsed(text, ["%d/%m/%Y %H:%M:%S"], zone) == expected
    assert parsed(moment.isoformat(), ["iso"], zone) == expected
    days = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
    assert parsed(f"{days:.9f}", ["excel"], zone) == expected

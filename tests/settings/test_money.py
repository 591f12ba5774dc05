"""The section [money]: currency, dated rates, exact numbers, and what is said of broken ones."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from deskpulse.errors import SettingsError
from deskpulse.settings import FILE_NAME, load_settings
from deskpulse.settings.money import Money

FULL = """\
[money]
currency = "eur"
gross_margin = 0.75
discount_rate = 0
lifetime_cap_months = 36

[[money.rates]]
currency = "USD"
valid_from = 2026-01-01
rate = 0.1

[[money.rates]]
currency = "USD"
valid_from = 2026-03-01
rate = "0.92345678901234567"
"""


def money(folder: Path, text: str) -> Money:
    """The money settings of a text."""
    path = folder / FILE_NAME
    path.write_text(text)
    return load_settings(path).money


def test_every_key_is_read_exactly(tmp_path: Path) -> None:
    read = money(tmp_path, FULL)
    assert (read.currency, read.gross_margin, read.discount_rate) == ("EUR", Decimal("0.75"), Decimal(0))
    assert read.lifetime_cap_months == 36
    assert [rate.rate for rate in read.rates] == [Decimal("0.1"), Decimal("0.92345678901234567")]


def test_the_rate_in_force_on_a_day(tmp_path: Path) -> None:
    read = money(tmp_path, FULL)
    assert read.rate("EUR", date(1999, 1, 1)) == 1
    assert read.rate("usd", date(2026, 1, 1)) == Decimal("0.1")
    assert read.rate("USD", date(2026, 2, 28)) == Decimal("0.1")
    assert read.rate("USD", date(2026, 3, 1)) == Decimal("0.92345678901234567")


def test_a_missing_rate_names_currency_and_day(tmp_path: Path) -> None:
    read = money(tmp_path, FULL)
    with pytest.raises(SettingsError, match="USD to EUR is known for 2025-12-31"):
        read.rate("USD", date(2025, 12, 31))
    with pytest.raises(SettingsError, match="GBP"):
        read.rate("GBP", date(2026, 6, 1))
    assert read.known_rate("GBP", date(2026, 6, 1)) is None


def test_nothing_written_is_dollars_without_rates(tmp_path: Path) -> None:
    assert money(tmp_path, "") == Money(currency="USD", rates=())


RATE = '[[money.rates]]\ncurrency = "EUR"\nvalid_from = 2026-01-01\nrate = 1.1\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[money]\ncurrency = "Euro"\n', "line 2: money.currency: 'Euro' is not a currency's code"),
        ("[money]\ngross_margin = 80\n", "line 2: money.gross_margin: expects a share between 0 and 1"),
        ("[money]\ncurency = 1\n", "line 2: money.curency: No setting here is called 'curency'. Did you mean"),
        (RATE + RATE, r"money.rates\[2\]: gives a second rate of EUR from 2026-01-01 on"),
        (RATE.replace("EUR", "USD"), "is the account's own currency"),
        (RATE.replace("1.1", "0"), "money.rates.*rate: expects more than 0"),
        (RATE.replace("1.1", '"one"'), "'one' is not a number"),
        (RATE.replace("1.1", "nan"), "'nan' is not a number"),
        (RATE.replace("rate = 1.1", ""), "'rate' is missing. Add rate = 1.0842: what one EUR is worth in USD"),
        (RATE.replace("valid_from = 2026-01-01", ""), "'valid_from' is missing"),
        (RATE.replace('currency = "EUR"', ""), "'currency' is missing"),
    ],
)
def test_what_is_said_of_a_mistake(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        money(tmp_path, text)

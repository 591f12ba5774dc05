"""Money: the account's currency, dated rates into it, and what a customer's worth is reckoned with."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from deskpulse.errors import SettingsError
from deskpulse.settings.document import Section

KEYS = ("currency", "rates", "gross_margin", "discount_rate", "lifetime_cap_months")
RATE_KEYS = ("currency", "valid_from", "rate")


@dataclass(frozen=True, kw_only=True)
class Rate:
    """What one unit of ``currency`` is worth in the account's currency from a day on, that day included."""

    currency: str
    valid_from: date
    rate: Decimal


@dataclass(frozen=True, kw_only=True)
class Money:
    """How amounts are reckoned. ``currency`` is the account's (ISO 4217); other currencies need rates.

    ``gross_margin`` is the share of revenue that is left after what it costs to deliver; ``discount_rate`` what money
    loses in worth per year; ``lifetime_cap_months`` the longest life a customer's worth is added up over.
    """

    currency: str = "USD"
    rates: tuple[Rate, ...] = ()
    gross_margin: Decimal = Decimal(1)
    discount_rate: Decimal = Decimal("0.1")
    lifetime_cap_months: int = 60

    def known_rate(self, currency: str, day: date) -> Decimal | None:
        """What a unit of ``currency`` was worth on a day; null where no rate says so."""
        if currency.upper() == self.currency:
            return Decimal(1)
        dated = [(rate.valid_from, rate.rate) for rate in self.rates if rate.currency == currency.upper()]
        known = [(since, value) for since, value in dated if since <= day]
        return max(known)[1] if known else None

    def rate(self, currency: str, day: date) -> Decimal:
        """The same; raises SettingsError, naming currency and day, where there is none."""
        known = self.known_rate(currency, day)
        if known is None:
            raise SettingsError(
                f"No rate of {currency.upper()} to {self.currency} is known for {day}. Add [[money.rates]] with "
                f'currency = "{currency.upper()}", valid_from = {day} or earlier, and its rate.'
            )
        return known

    def rate_of_month(self, currency: str, day: date) -> Decimal:
        """The rate amounts of a day's month are converted by, that of its last day; raises SettingsError."""
        return self.rate(currency, day.replace(day=monthrange(day.year, day.month)[1]))


def read_money(document: Section) -> Money:
    """The section ``[money]``; raises SettingsError with line and key."""
    money = document.section("money")
    money.only(KEYS)
    default = Money()
    currency = _currency(money, default.currency)
    return Money(
        currency=currency,
        rates=_rates(money.sections("rates"), currency),
        gross_margin=_share(money, "gross_margin", default.gross_margin),
        discount_rate=_share(money, "discount_rate", default.discount_rate),
        lifetime_cap_months=money.count("lifetime_cap_months", default.lifetime_cap_months),
    )


def _currency(section: Section, default: str | None = None) -> str:
    code = section.text("currency") or default or section.needed("currency", "EUR")
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        section.fail("currency", f"'{code}' is not a currency's code. Write three letters, like \"EUR\".")
    return code.upper()


def _rates(tables: tuple[Section, ...], account: str) -> tuple[Rate, ...]:
    rates: dict[tuple[str, date], Rate] = {}
    for table in tables:
        rate = _rate(table, account)
        if (rate.currency, rate.valid_from) in rates:
            table.fail(None, f"gives a second rate of {rate.currency} from {rate.valid_from} on. Remove one.")
        rates[rate.currency, rate.valid_from] = rate
    return tuple(rates.values())


def _rate(table: Section, account: str) -> Rate:
    table.only(RATE_KEYS)
    currency, since = _currency(table), table.day("valid_from")
    if currency == account:
        table.fail("currency", f"{currency} is the account's own currency, which is worth 1. Remove this rate.")
    if since is None:
        table.fail(None, "'valid_from' is missing. Add valid_from = 2026-01-01.")
    if "rate" not in table.values:
        table.fail(None, f"'rate' is missing. Add rate = 1.0842: what one {currency} is worth in {account}.")
    rate = _decimal(table, "rate")
    if rate <= 0:
        table.fail("rate", "expects more than 0.")
    return Rate(currency=currency, valid_from=since, rate=rate)


def _share(section: Section, key: str, default: Decimal) -> Decimal:
    share = _decimal(section, key) if key in section.values else default
    if not 0 <= share <= 1:
        section.fail(key, "expects a share between 0 and 1, like 0.8.")
    return share


def _decimal(section: Section, key: str) -> Decimal:
    """A number as it is written: the shortest text of a float is what stands in the file, up to 15 digits."""
    value = section.values[key]
    try:
        number = Decimal(str(value)) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        section.fail(key, f"'{value}' is not a number. Write 1.0842, or \"1.0842\" for more than 15 digits.")
    return number

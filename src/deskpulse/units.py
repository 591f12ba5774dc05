"""Lengths of time, shares and counts as people write them. Only what is printed is rounded."""

from __future__ import annotations

import re
from fractions import Fraction

from deskpulse.errors import DeskpulseError
from deskpulse.language import composed, gettext, spoken, template

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
UNIT_WORDS = {
    **{word: "s" for word in ("s", "sec", "secs", "second", "seconds")},
    **{word: "m" for word in ("m", "min", "mins", "minute", "minutes")},
    **{word: "h" for word in ("h", "hr", "hrs", "hour", "hours")},
    **{word: "d" for word in ("d", "day", "days")},
    **{word: "w" for word in ("w", "week", "weeks")},
}
PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)")
LENGTHS = {"s": "%ss", "m": "%sm", "h": "%sh", "d": "%sd"}
"""So many seconds, minutes, hours or days, in short."""
SECONDS_ALONE = "%s s"
MINUS = "\N{MINUS SIGN}"


def parse_duration(text: str) -> int:
    """Whole seconds of ``4h``, ``1h 30m``, ``90s``, ``2d``, ``15 min``, ``1.5 hours``; a day is 24 hours.

    Raises DeskpulseError.
    """
    asked = text.strip().lower()
    parts = PART.findall(asked)
    unknown = [unit for _, unit in parts if unit not in UNIT_WORDS]
    if not parts or unknown or PART.sub("", asked):
        raise DeskpulseError(
            composed("'%(text)s' is not a length of time. Write '4h', '1h 30m', '15 min', '90s' or '2d'.", text=text)
        )
    seconds = sum(Fraction(number) * SECONDS[UNIT_WORDS[unit]] for number, unit in parts)
    if seconds.denominator != 1:
        raise DeskpulseError(
            composed("'%(text)s' is not a whole number of seconds. Write it in smaller units, like '90s'.", text=text)
        )
    return int(seconds)


def format_duration(seconds: float) -> str:
    """The two largest units: ``3d 4h``, ``1h 24m``, ``5m 10s``; below a minute ``45 s``. A zero part is left out."""
    sign, length = (MINUS, -seconds) if seconds < 0 else ("", seconds)
    if round(length) < SECONDS["m"]:
        return _signless_zero(sign, template(SECONDS_ALONE) % round(length))
    for large, small in (("m", "s"), ("h", "m"), ("d", "h")):
        whole = round(length / SECONDS[small]) * SECONDS[small]
        if large == "d" or whole < SECONDS[_above(large)]:
            break
    count, rest = divmod(whole, SECONDS[large])
    return f"{sign}{length_words(count, large)}" + (f" {length_words(rest // SECONDS[small], small)}" if rest else "")


def length_words(count: int, unit: str) -> str:
    """So many of one of ``LENGTHS``: ``24m``."""
    return template(LENGTHS[unit]) % group(count)


def format_share(share: float) -> str:
    """A share of 0-1 as percent with one decimal: ``86.2 %``."""
    return f"{_fixed(share * 100, 1)} %"


def format_points(difference: float) -> str:
    """A difference of two shares in percentage points, signed: ``+2.1 points``."""
    return gettext("%(difference)s points", difference=_signed(difference * 100, 1))


def format_net(net: float) -> str:
    """A net share of -1 to 1 as a signed whole number, as NPS is written: ``+42``."""
    return _signed(net * 100, 0)


def format_count(count: float) -> str:
    """A count with thin spaces between thousands: ``12 345``; an average count keeps one decimal."""
    return _fixed(count, 0 if float(count).is_integer() else 1)


def format_number(number: float, decimals: int = 2) -> str:
    """Any other number, with a fixed count of decimals: ``3.74``."""
    return _fixed(number, decimals)


def group(count: int) -> str:
    """Digits in threes, parted by what the language parts them with: in English by narrow no-break spaces."""
    return f"{count:,}".translate(spoken().separators)


def _above(unit: str) -> str:
    return {"m": "h", "h": "d"}[unit]


def _fixed(number: float, decimals: int) -> str:
    sign = MINUS if number < 0 else ""
    return _signless_zero(sign, f"{abs(number):,.{decimals}f}".translate(spoken().separators))


def _signed(number: float, decimals: int) -> str:
    text = _fixed(number, decimals)
    return text if text.startswith(MINUS) or _is_zero(text) else f"+{text}"


def _signless_zero(sign: str, text: str) -> str:
    return text if _is_zero(text) else sign + text


def _is_zero(text: str) -> bool:
    return not re.search(r"[1-9]", text)

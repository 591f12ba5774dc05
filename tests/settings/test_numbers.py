"""Numbers as people type them: the decimal mark is that of who reads, and a thousand is never taken for a one."""

from __future__ import annotations

import pytest

from deskpulse.errors import InputError
from deskpulse.language import speaking
from deskpulse.settings.numbers import as_read, plain


@pytest.mark.parametrize(
    ("code", "typed", "held"),
    [
        ("de", "4,5", "4.5"), ("de", "85,5 %", "85.5 %"), ("de", "0,85", "0.85"), ("de", "1,5h", "1.5h"),
        ("de", "0.85", "0.85"), ("de", "4.5", "4.5"), ("de", "1.234,5", "1234.5"), ("de", "1.000.000", "1000000"),
        ("de", "1,000", "1.000"), ("de", "1h 30m", "1h 30m"), ("de", "4", "4"), ("de", "", ""),
        ("en", "4.5", "4.5"), ("en", "85,5 %", "85.5 %"), ("en", "1,234.5", "1234.5"), ("en", "1.000", "1.000"),
        ("en", "1,000,000", "1000000"), ("en", "12\u202f345", "12345"), ("en", "soon", "soon"),
    ],
)  # fmt: skip
def test_a_number_is_held_as_its_reader_means_it(code: str, typed: str, held: str) -> None:
    with speaking(code):
        assert plain(typed) == held


@pytest.mark.parametrize(
    ("code", "typed", "ways"), [("de", "1.000", "1000 or 1,000"), ("en", "1,000", "1000 or 1.000")]
)
def test_what_can_be_read_in_two_ways_is_asked_about(code: str, typed: str, ways: str) -> None:
    with speaking(code), pytest.raises(InputError) as refused:
        plain(typed)
    assert str(refused.value) == f"'{typed}' can be read in two ways: write {ways}."


@pytest.mark.parametrize("typed", ["1,2,3", "1.2.3", "1,234.567,8", "12,34.5"])
def test_what_is_no_number_is_left_for_the_settings_to_refuse(typed: str) -> None:
    for code in ("en", "de"):
        with speaking(code):
            assert plain(typed) == typed


def test_what_is_held_is_shown_with_the_readers_mark() -> None:
    with speaking("de"):
        assert [as_read(text) for text in ("0.85", "85.5 %", "4h", "a. b")] == ["0,85", "85,5 %", "4h", "a. b"]
    with speaking("en"):
        assert as_read("0.85") == "0.85"

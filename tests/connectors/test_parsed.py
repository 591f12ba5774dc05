"""JSON is read as Python's own parser reads it, and half a character of it is replaced."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskpulse.connectors.api.parsed import parsed

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(VALUES, st.booleans())
def test_what_was_written_is_read(value: object, plain: bool) -> None:
    text = json.dumps(value, ensure_ascii=plain)
    assert repr(parsed(text.encode())) == repr(json.loads(text))


@pytest.mark.parametrize(
    "body",
    [
        b"1e400",
        b"-Infinity",
        b"18446744073709551616",
        b"-123456789012345678901234567890",
        b'{"a": 1, "a": 2}',
        b"-0.0",
        b"12345678901234567.0",
        b'\xef\xbb\xbf{"a": 1}',
        '"\u00e9"'.encode("utf-16"),
        b'"\\ud83d\\ude00"',
    ],
)
def test_the_odd_is_read_as_by_the_standard_library(body: bytes) -> None:
    assert repr(parsed(body)) == repr(json.loads(body))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'"\\ud800"', "\ufffd" * 3),  # three bytes would write it
        (b'{"a": "\\udc00", "b": 1}', {"a": "\ufffd" * 3, "b": 1}),
        (b'"caf\xe9"', "caf\ufffd"),
    ],
)
def test_half_a_character_is_replaced(body: bytes, says: object) -> None:
    assert parsed(body) == says


@pytest.mark.parametrize("body", [b"", b"  ", b"[1,]", b"<html>", b'{"a": 1} x', b'"a\x00b"'])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match="char"):
        parsed(body)

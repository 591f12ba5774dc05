"""JSON without Python's collector of cycles, which walks all there is after every few hundred new objects.

A page makes a million of them, none in a cycle: with the collector at rest, reading takes a third of the time.
"""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec


@contextmanager
def uncollected() -> Iterator[None]:
    """The collector rests; for a page at a time, since it rests for the whole process."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


HALVES = re.compile(rb"\\u[dD](?:([89abAB])|[c-fC-F])")
"""Escapes of half a character: the first half, or the second."""


def parsed(body: bytes) -> Any:
    """What JSON says; raises ValueError where it is none. Half a character, which is no text, is replaced."""
    with uncollected():
        try:
            return msgspec.json.decode(body)
        except ValueError:  # it is strict; Python's own parser reads NaN, too, and says better what is wrong
            return _forgiven(body)


def _forgiven(body: bytes) -> Any:
    data = json.loads(body.decode(json.detect_encoding(body), errors="replace"))
    if _has_lone_halves(body):
        whole = json.dumps(data, ensure_ascii=False).encode(errors="surrogatepass")
        return json.loads(whole.decode(errors="replace"))
    return data


def _has_lone_halves(body: bytes) -> bool:
    halves = HALVES.findall(body)
    return len(halves) % 2 == 1 or not all(halves[0::2]) or any(halves[1::2])

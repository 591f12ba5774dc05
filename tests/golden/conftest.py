"""The same small companies the traps are asked of."""

from tests.traps.conftest import company

__all__ = ["company"]

"""Who asked to be forgotten: keyed hashes of their ids, from which the ids cannot be read back.

They outlive the writer's database, so that a source that is read again, or anew, does not bring anybody back.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import cached_property
from pathlib import Path

from deskpulse.store.layout import find_workspace, write_atomically
from deskpulse.store.secret import secret_key

FILE = "erased"
PREFIX = "erased-"


class Erased:
    """The tombstones of a workspace, a line each."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.path = find_workspace(root).private / FILE
        self.hashes = frozenset(self.path.read_text(encoding="ascii").split()) if self.path.exists() else frozenset()

    @cached_property
    def _key(self) -> bytes:
        return secret_key(self.root, "erased")

    def __bool__(self) -> bool:
        return bool(self.hashes)

    def pseudonym(self, source: str, customer: str) -> str:
        """What stands for a customer who was erased; what stands for it itself."""
        if customer.startswith(PREFIX):
            return customer
        return PREFIX + hmac.digest(self._key, f"{source}:{customer}".encode(), hashlib.sha256).hex()[:32]

    def holds(self, source: str, customer: str) -> bool:
        """Whether the customer was erased."""
        return bool(self.hashes) and self.pseudonym(source, customer) in self.hashes

    def add(self, source: str, customer: str) -> str:
        """Remembers an erased customer, on the disk when this returns; gives the pseudonym."""
        pseudonym = self.pseudonym(source, customer)
        self.hashes |= {pseudonym}
        write_atomically(self.path, "".join(f"{one}\n" for one in sorted(self.hashes)))
        self.path.chmod(0o600)
        return pseudonym

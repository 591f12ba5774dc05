"""Secrets of sources: from the environment, else from the system's keyring; never from a file of the workspace."""

from __future__ import annotations

import os
import re

from deskpulse.errors import SourceError

SERVICE = "deskpulse"


def variable(source: str, name: str) -> str:
    """The environment variable of a secret: ``DESKPULSE_<SOURCE>_<NAME>``."""
    return re.sub(r"[^A-Z0-9]", "_", f"DESKPULSE_{source}_{name}".upper())


def secret(source: str, name: str) -> str | None:
    """The secret ``name`` of a source; null where neither the environment nor the keyring has it."""
    return os.environ.get(variable(source, name)) or _kept(source, name)


def needed_secret(source: str, name: str) -> str:
    """The same; raises SourceError that says where to put it."""
    value = secret(source, name)
    if value is None:
        raise SourceError(
            f"The {name} of '{source}' is not known. Type: deskpulse connect {source}, or set the environment variable "
            f"{variable(source, name)}."
        )
    return value


def keep_secret(source: str, name: str, value: str) -> bool:
    """Put a secret into the system's keyring; false where there is none: then the environment has to hold it."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, f"{source}/{name}", value)
    except KeyringError:
        return False
    return True


def _kept(source: str, name: str) -> str | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        value: str | None = keyring.get_password(SERVICE, f"{source}/{name}")
    except KeyringError:
        return None
    return value

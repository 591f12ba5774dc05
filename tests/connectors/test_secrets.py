"""Secrets come from the environment, else from the keyring; where there is none, that is said."""

from __future__ import annotations

from collections.abc import Iterator

import keyring
import keyring.backend
import keyring.errors
import pytest

from deskpulse.connectors.secrets import keep_secret, needed_secret, secret, variable
from deskpulse.errors import SourceError


class Memory(keyring.backend.KeyringBackend):
    """A keyring that forgets with the process."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def ring() -> Iterator[Memory]:
    before, memory = keyring.get_keyring(), Memory()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


def test_the_environment_goes_before_the_keyring(ring: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    assert variable("my-desk", "token") == "DESKPULSE_MY_DESK_TOKEN"
    assert secret("my-desk", "token") is None
    assert keep_secret("my-desk", "token", "kept")
    assert ring.kept == {("deskpulse", "my-desk/token"): "kept"}
    assert secret("my-desk", "token") == "kept"
    monkeypatch.setenv("DESKPULSE_MY_DESK_TOKEN", "set")
    assert secret("my-desk", "token") == "set"


def test_without_a_keyring_the_environment_must_hold_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*words: str) -> None:
        raise keyring.errors.NoKeyringError

    monkeypatch.setattr(keyring, "get_password", none)
    monkeypatch.setattr(keyring, "set_password", none)
    assert not keep_secret("desk", "token", "x")
    with pytest.raises(SourceError, match=r"deskpulse connect desk, or set .* DESKPULSE_DESK_TOKEN"):
        needed_secret("desk", "token")

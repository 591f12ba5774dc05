"""Signatures: a published one, ones made by openssl, and those that are forged, stale or of another clock."""

from __future__ import annotations

import base64
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from deskpulse.connectors.signatures import verify
from deskpulse.errors import SignInError

NOW = datetime(2026, 3, 2, 12, 0)
SECONDS = str(int(NOW.replace(tzinfo=UTC).timestamp()))
BODY = '{"text": "Grüße"}'.encode()


def openssl(secret: str, content: bytes) -> bytes:
    """HMAC-SHA256 by another program."""
    command = ["openssl", "dgst", "-sha256", "-hmac", secret, "-binary"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout


def signed(connector: str, body: bytes = BODY, stamp: str = SECONDS) -> dict[str, str]:
    """The headers of a delivery."""
    made = openssl("s3cret", stamp.encode() + b"." + body).hex()
    if connector == "zendesk":
        iso = datetime.fromtimestamp(int(stamp), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        signature = base64.b64encode(openssl("s3cret", iso.encode() + body)).decode()
        return {"x-zendesk-webhook-signature": signature, "x-zendesk-webhook-signature-timestamp": iso}
    if connector == "github":
        return {"x-hub-signature-256": f"sha256={openssl('s3cret', body).hex()}"}
    if connector == "stripe":
        return {"stripe-signature": f"t={stamp},v1={'0' * 64},v1={made},v0=old"}
    return {"x-deskpulse-timestamp": stamp, "x-deskpulse-signature": f"sha256={made}"}


SIGNERS = ("zendesk", "github", "stripe", "hooks", "rest")
DATED = tuple(name for name in SIGNERS if name != "github")


def test_the_signature_github_publishes() -> None:
    # docs.github.com, "Validating webhook deliveries": secret, body and signature to test with
    published = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    headers = {"x-hub-signature-256": published}
    assert verify("github", headers, b"Hello, World!", secret="It's a Secret to Everybody", now=NOW) is None


@pytest.mark.parametrize("connector", SIGNERS)
def test_a_signature_of_openssl_fits(connector: str) -> None:
    assert verify(connector, signed(connector), BODY, secret="s3cret", now=NOW) in (NOW, None)


@pytest.mark.parametrize("connector", SIGNERS)
def test_what_is_forged_is_refused(connector: str) -> None:
    headers = signed(connector)
    empty = dict.fromkeys(headers, "")
    odd = dict.fromkeys(headers, "sha256=é, t=é,v1=é")
    for sent, body, secret in (
        (headers, BODY + b" ", "s3cret"),
        (headers, BODY, "another"),
        (headers, BODY, ""),
        ({}, BODY, "s3cret"),
        (empty, BODY, "s3cret"),
        (odd, BODY, "s3cret"),
    ):
        with pytest.raises(SignInError):
            verify(connector, sent, body, secret=secret, now=NOW)


@pytest.mark.parametrize("connector", DATED)
def test_a_time_that_was_changed_does_not_fit(connector: str) -> None:
    later = str(int(SECONDS) + 3000)
    headers = {
        name: value.replace(SECONDS, later).replace("12:00:00", "12:50:00") for name, value in signed(connector).items()
    }
    with pytest.raises(SignInError, match="does not fit"):
        verify(connector, headers, BODY, secret="s3cret", now=NOW + timedelta(minutes=50))


@pytest.mark.parametrize("connector", DATED)
def test_what_is_stale_or_of_the_future_is_refused(connector: str) -> None:
    headers = signed(connector)
    for minutes, is_good in ((5, True), (-5, True), (6, False), (-6, False)):
        moment = NOW + timedelta(minutes=minutes)
        if is_good:
            assert verify(connector, headers, BODY, secret="s3cret", now=moment) == NOW
        else:
            with pytest.raises(SignInError, match="too long ago"):
                verify(connector, headers, BODY, secret="s3cret", now=moment)


@pytest.mark.parametrize("stamp", ["", "soon", "-1", "9" * 40, "1e9"])
def test_a_time_that_is_none_is_refused(stamp: str) -> None:
    made = openssl("s3cret", stamp.encode() + b"." + BODY).hex()
    headers = {"x-deskpulse-timestamp": stamp, "x-deskpulse-signature": f"sha256={made}"}
    with pytest.raises(SignInError):
        verify("hooks", headers, BODY, secret="s3cret", now=NOW)

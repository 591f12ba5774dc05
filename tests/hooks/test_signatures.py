"""Signatures: a published one, ones made by openssl, and those that are forged, stale or of another clock."""

from __future__ import annotations

import base64
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from deskpulse.connectors.signatures import Sent, verify
from deskpulse.errors import SignInError

NOW = datetime(2026, 3, 2, 12, 0)
SECONDS = str(int(NOW.replace(tzinfo=UTC).timestamp()))
BODY = '{"text": "Grüße"}'.encode()


URL = "https://desk.example.com/hooks/desk"
SHA1 = ("intercom", "help_scout", "twilio")
BASE64 = ("zendesk", "help_scout", "hubspot", "twilio")


def openssl(secret: str, content: bytes, kind: str = "sha256") -> bytes:
    """An HMAC by another program."""
    command = ["openssl", "dgst", f"-{kind}", "-hmac", secret, "-binary"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout


def iso(stamp: str) -> str:
    return datetime.fromtimestamp(int(stamp), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def signed(connector: str, body: bytes = BODY, stamp: str = SECONDS, url: str = URL) -> dict[str, str]:
    """The headers of a delivery."""
    content = {
        "zendesk": iso(stamp).encode() + body,
        "hubspot": f"POST{url}".encode() + body + f"{stamp}000".encode(),
        "twilio": url.encode() + body.replace(b"=", b""),
        **dict.fromkeys(("github", "jira", "intercom", "help_scout"), body),
    }
    signs = content.get(connector, f"{stamp}.".encode() + body)
    digest = openssl("s3cret", signs, "sha1" if connector in SHA1 else "sha256")
    made = base64.b64encode(digest).decode() if connector in BASE64 else digest.hex()
    headers = {
        "zendesk": {"x-zendesk-webhook-signature": made, "x-zendesk-webhook-signature-timestamp": iso(stamp)},
        "github": {"x-hub-signature-256": f"sha256={made}"},
        "jira": {"x-hub-signature": f"sha256={made}"},
        "intercom": {"x-hub-signature": f"sha1={made}"},
        "help_scout": {"x-helpscout-signature": made},
        "hubspot": {"x-hubspot-signature-v3": made, "x-hubspot-request-timestamp": f"{stamp}000"},
        "twilio": {"x-twilio-signature": made},
        "chatwoot": {"x-chatwoot-signature": f"sha256={made}", "x-chatwoot-timestamp": stamp},
        "freshdesk": {"x-deskpulse-key": "s3cret"},
        "stripe": {"stripe-signature": f"t={stamp},v1={'0' * 64},v1={made},v0=old"},
    }
    return headers.get(connector, {"x-deskpulse-timestamp": stamp, "x-deskpulse-signature": f"sha256={made}"})


def check(
    connector: str, headers: dict[str, str], body: bytes, secret: str = "s3cret", now: datetime = NOW, url: str = URL
) -> datetime | None:
    return verify(connector, Sent(headers=headers, body=body, url=url), secret=secret, now=now)


UNDATED = ("github", "jira", "intercom", "help_scout", "twilio", "freshdesk")
DATED = ("zendesk", "stripe", "hubspot", "chatwoot", "hooks", "rest")
SIGNERS = (*UNDATED, *DATED)
OF_BODIES = tuple(name for name in SIGNERS if name != "freshdesk")

# As their makers publish them: GitHub and Atlassian in their guides to webhooks, HubSpot and Twilio as tests of their
# client libraries for Python.
HELLO = "It's a Secret to Everybody"
SHOP = "https://mycompany.com/myapp.php?foo=1&bar=2"
OF_JSON = "&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
CALL = b"CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212"
PUBLISHED = (
    ("github", {"x-hub-signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"},
     b"Hello, World!", HELLO, ""),
    ("jira", {"x-hub-signature": "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"},
     b"Hello World!", HELLO, ""),
    ("hubspot", {"x-hubspot-signature-v3": "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=",
                 "x-hubspot-request-timestamp": "1693657560000"},
     b"{'example_field':'example_value'}", "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy", "https://www.example.com/webhook_uri"),
    ("twilio", {"x-twilio-signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="}, CALL, "12345", SHOP),
    ("twilio", {"x-twilio-signature": "IK+Dwps556ElfBT0I3Rgjkr1wJU="},
     b"Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234", "12345", SHOP),
    ("twilio", {"x-twilio-signature": "a9nBmqA0ju/hNViExpshrM61xv4="},
     b'{"property": "value", "boolean": true}', "12345", SHOP + OF_JSON),
)  # fmt: skip


@pytest.mark.parametrize(("connector", "headers", "body", "secret", "url"), PUBLISHED)
def test_signatures_that_are_published(
    connector: str, headers: dict[str, str], body: bytes, secret: str, url: str
) -> None:
    now = datetime(2023, 9, 2, 12, 26)  # 1693657560
    assert check(connector, headers, body, secret, now, url) in (None, now)
    for other in ((body + b"!", secret, url), (body, "another", url)):
        with pytest.raises(SignInError):
            check(connector, headers, other[0], other[1], now, other[2])


def test_a_system_that_cannot_sign_sends_the_key() -> None:
    for connector in ("chatwoot", "freshdesk"):
        assert check(connector, {}, BODY, url=f"{URL}?key=s3cret") is None
        assert check(connector, {"x-deskpulse-key": "s3cret"}, BODY) is None
        for url in (URL, f"{URL}?key=", f"{URL}?key=other", f"{URL}?key=s3cret&key=other"):
            with pytest.raises(SignInError):
                check(connector, {}, BODY, url=url)
    with pytest.raises(SignInError):  # who signs, signs right: the key does not mend it
        check("chatwoot", {"x-chatwoot-signature": "sha256=0"}, BODY, url=f"{URL}?key=s3cret")
    for connector in ("zendesk", "hooks", "jira"):
        with pytest.raises(SignInError):
            check(connector, {"x-deskpulse-key": "s3cret"}, BODY, url=f"{URL}?key=s3cret")


@pytest.mark.parametrize("connector", ["hubspot", "twilio"])
def test_a_signature_of_another_address_does_not_fit(connector: str) -> None:
    with pytest.raises(SignInError):
        check(connector, signed(connector), BODY, url="https://desk.example.com/hooks/other")


@pytest.mark.parametrize("connector", SIGNERS)
def test_a_signature_of_openssl_fits(connector: str) -> None:
    assert check(connector, signed(connector), BODY) == (NOW if connector in DATED else None)


@pytest.mark.parametrize("connector", OF_BODIES)
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
            check(connector, sent, body, secret)


@pytest.mark.parametrize("connector", DATED)
def test_a_time_that_was_changed_does_not_fit(connector: str) -> None:
    later = str(int(SECONDS) + 3000)
    headers = {
        name: value.replace(SECONDS, later).replace("12:00:00", "12:50:00") for name, value in signed(connector).items()
    }
    with pytest.raises(SignInError, match="does not fit"):
        check(connector, headers, BODY, now=NOW + timedelta(minutes=50))


@pytest.mark.parametrize("connector", DATED)
def test_what_is_stale_or_of_the_future_is_refused(connector: str) -> None:
    headers = signed(connector)
    for minutes, is_good in ((5, True), (-5, True), (6, False), (-6, False)):
        moment = NOW + timedelta(minutes=minutes)
        if is_good:
            assert check(connector, headers, BODY, now=moment) == NOW
        else:
            with pytest.raises(SignInError, match="too long ago"):
                check(connector, headers, BODY, now=moment)


@pytest.mark.parametrize("stamp", ["", "soon", "-1", "9" * 40, "1e9"])
def test_a_time_that_is_none_is_refused(stamp: str) -> None:
    made = openssl("s3cret", stamp.encode() + b"." + BODY).hex()
    headers = {"x-deskpulse-timestamp": stamp, "x-deskpulse-signature": f"sha256={made}"}
    with pytest.raises(SignInError):
        check("hooks", headers, BODY)

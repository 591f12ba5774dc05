"""Who sent it: signatures over the body as it came, compared in constant time, and how old they are.

Each scheme is as its vendor publishes it. The generic one is HMAC-SHA256 of the seconds since 1970, a full stop and the
body, in hexadecimal: ``X-Deskpulse-Timestamp`` and ``X-Deskpulse-Signature: sha256=...``. Who cannot sign sends the
secret itself: in the header ``X-Deskpulse-Key``, or as ``?key=`` of the address.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from deskpulse.errors import SignInError

OLDEST = timedelta(minutes=5)
"""How far the time of signing may be from now, before and after."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A delivery as it came: headers by names in small letters, and the address as its sender knows it."""

    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    url: str = field(default="", repr=False)

    def header(self, name: str) -> str:
        """A header; empty where it is missing."""
        return self.headers.get(name, "")

    def parameter(self, name: str) -> str:
        """A parameter of the address; empty where it is missing."""
        return parse_qs(urlsplit(self.url).query).get(name, [""])[-1]


Scheme = Callable[[Sent, bytes], datetime | None]
REFUSED = "The signature does not fit: check that both sides have the same secret, and that the body is as it was sent."
STALE = "It was signed too long ago, or by a clock that goes wrong: sign it again when it is sent again."


def verify(connector: str, sent: Sent, *, secret: str, now: datetime) -> datetime | None:
    """When a delivery was signed (naive UTC; null where the scheme does not say).

    Raises SignInError for one that was not signed with ``secret``, or not within five minutes of ``now``. A connector
    without a scheme of its own has the generic one.
    """
    if not secret:
        raise SignInError(REFUSED)
    signed_at = SCHEMES.get(connector, _generic)(sent, secret.encode())
    if signed_at is not None and abs(now - signed_at) > OLDEST:
        raise SignInError(STALE)
    return signed_at


def _digest(secret: bytes, content: bytes, kind: Any = hashlib.sha256) -> bytes:
    return hmac.new(secret, content, kind).digest()


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def _bytes(words: str) -> bytes:
    return words.encode("utf-8", "surrogateescape")


def _compare(given: str, wanted: str) -> bool:
    return hmac.compare_digest(_bytes(given), wanted.encode())


def _need(is_good: bool) -> None:
    if not is_good:
        raise SignInError(REFUSED)


def _seconds(words: str, longest: int = 11) -> datetime:
    """Seconds since 1970 as an instant; raises SignInError for anything else."""
    if not (words.isascii() and words.isdigit() and len(words) <= longest):
        raise SignInError(REFUSED)
    return datetime.fromtimestamp(int(words), UTC).replace(tzinfo=None)


def _stamped(sent: Sent, secret: bytes, system: str) -> datetime:
    stamp = sent.header(f"x-{system}-timestamp")
    wanted = "sha256=" + _digest(secret, _bytes(stamp) + b"." + sent.body).hex()
    _need(_compare(sent.header(f"x-{system}-signature"), wanted))
    return _seconds(stamp)


def _generic(sent: Sent, secret: bytes) -> datetime | None:
    return _stamped(sent, secret, "deskpulse")


def _keyed(sent: Sent, secret: bytes) -> datetime | None:
    """The secret itself: of systems that sign nothing."""
    given = sent.header("x-deskpulse-key") or sent.parameter("key")
    _need(hmac.compare_digest(_bytes(given), secret))
    return None


def _chatwoot(sent: Sent, secret: bytes) -> datetime | None:
    """As the generic one. Versions up to 4.11 sign nothing: for these the address holds the key."""
    if "x-chatwoot-signature" in sent.headers:
        return _stamped(sent, secret, "chatwoot")
    return _keyed(sent, secret)


def _zendesk(sent: Sent, secret: bytes) -> datetime | None:
    """Base64 of HMAC-SHA256 of the timestamp (ISO 8601) followed by the body."""
    stamp = sent.header("x-zendesk-webhook-signature-timestamp")
    wanted = _base64(_digest(secret, _bytes(stamp) + sent.body))
    _need(_compare(sent.header("x-zendesk-webhook-signature"), wanted))
    try:
        return datetime.fromisoformat(stamp).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise SignInError(REFUSED) from None


def _github(sent: Sent, secret: bytes) -> datetime | None:
    """HMAC-SHA256 of the body alone: there is no time of signing."""
    _need(_compare(sent.header("x-hub-signature-256"), f"sha256={_digest(secret, sent.body).hex()}"))
    return None


def _jira(sent: Sent, secret: bytes) -> datetime | None:
    """The same under another name."""
    _need(_compare(sent.header("x-hub-signature"), f"sha256={_digest(secret, sent.body).hex()}"))
    return None


def _intercom(sent: Sent, secret: bytes) -> datetime | None:
    """HMAC-SHA1 of the body, with the client secret of the app."""
    _need(_compare(sent.header("x-hub-signature"), f"sha1={_digest(secret, sent.body, hashlib.sha1).hex()}"))
    return None


def _help_scout(sent: Sent, secret: bytes) -> datetime | None:
    """Base64 of HMAC-SHA1 of the body."""
    _need(_compare(sent.header("x-helpscout-signature"), _base64(_digest(secret, sent.body, hashlib.sha1))))
    return None


def _hubspot(sent: Sent, secret: bytes) -> datetime | None:
    """Version 3: base64 of HMAC-SHA256 of method, address, body and the milliseconds since 1970."""
    stamp = sent.header("x-hubspot-request-timestamp")
    wanted = _base64(_digest(secret, b"POST" + _bytes(sent.url) + sent.body + _bytes(stamp)))
    _need(_compare(sent.header("x-hubspot-signature-v3"), wanted))
    return _seconds(stamp[:-3])


def _twilio(sent: Sent, secret: bytes) -> datetime | None:
    """Base64 of HMAC-SHA1 of the address and the form's fields, sorted, each pair once; JSON has its hash there."""
    fields = parse_qsl(sent.body.decode("utf-8", "surrogateescape"), keep_blank_values=True)
    if told := sent.parameter("bodySHA256"):
        _need(_compare(told, hashlib.sha256(sent.body).hexdigest()))
        fields = []
    content = sent.url + "".join(name + value for name, value in sorted(set(fields)))
    _need(_compare(sent.header("x-twilio-signature"), _base64(_digest(secret, _bytes(content), hashlib.sha1))))
    return None


def _stripe(sent: Sent, secret: bytes) -> datetime | None:
    """``t=seconds,v1=hex``: of the seconds, a full stop and the body; several v1 while secrets are changed."""
    parts = [part.strip().partition("=")[::2] for part in sent.header("stripe-signature").split(",")]
    stamp = next((value for name, value in parts if name == "t"), "")
    wanted = _digest(secret, _bytes(stamp) + b"." + sent.body).hex()
    _need(any([_compare(value, wanted) for name, value in parts if name == "v1"]))
    return _seconds(stamp)


SCHEMES: Mapping[str, Scheme] = {
    "chatwoot": _chatwoot,
    "freshdesk": _keyed,
    "github": _github,
    "help_scout": _help_scout,
    "hubspot": _hubspot,
    "intercom": _intercom,
    "jira": _jira,
    "stripe": _stripe,
    "twilio": _twilio,
    "zendesk": _zendesk,
}

"""Who sent it: signatures over the body as it came, compared in constant time, and how old they are.

Each scheme is as its vendor publishes it. The generic one is HMAC-SHA256 of the seconds since 1970, a full stop and the
body, in hexadecimal: ``X-Deskpulse-Timestamp`` and ``X-Deskpulse-Signature: sha256=...``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from deskpulse.errors import SignInError

OLDEST = timedelta(minutes=5)
"""How far the time of signing may be from now, before and after."""

Headers = Mapping[str, str]
Scheme = Callable[[Headers, bytes, bytes], datetime | None]
REFUSED = "The signature does not fit: check that both sides have the same secret, and that the body is as it was sent."
STALE = "It was signed too long ago, or by a clock that goes wrong: sign it again when it is sent again."


def verify(connector: str, headers: Headers, body: bytes, *, secret: str, now: datetime) -> datetime | None:
    """When a body was signed (naive UTC; null where the scheme does not say).

    Raises SignInError for one that was not signed with ``secret``, or not within five minutes of ``now``.

    ``headers`` are by names in small letters. A connector without a scheme of its own has the generic one.
    """
    if not secret:
        raise SignInError(REFUSED)
    signed_at = SCHEMES.get(connector, _generic)(headers, body, secret.encode())
    if signed_at is not None and abs(now - signed_at) > OLDEST:
        raise SignInError(STALE)
    return signed_at


def _digest(secret: bytes, content: bytes) -> bytes:
    return hmac.new(secret, content, hashlib.sha256).digest()


def _compare(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())


def _need(is_good: bool) -> None:
    if not is_good:
        raise SignInError(REFUSED)


def _seconds(words: str) -> datetime:
    """Seconds since 1970 as an instant; raises SignInError for anything else."""
    if not (words.isascii() and words.isdigit() and len(words) <= 11):
        raise SignInError(REFUSED)
    return datetime.fromtimestamp(int(words), UTC).replace(tzinfo=None)


def _generic(headers: Headers, body: bytes, secret: bytes) -> datetime | None:
    stamp = headers.get("x-deskpulse-timestamp", "")
    wanted = "sha256=" + _digest(secret, stamp.encode("utf-8", "surrogateescape") + b"." + body).hex()
    _need(_compare(headers.get("x-deskpulse-signature", ""), wanted))
    return _seconds(stamp)


def _zendesk(headers: Headers, body: bytes, secret: bytes) -> datetime | None:
    """Base64 of HMAC-SHA256 of the timestamp (ISO 8601) followed by the body."""
    stamp = headers.get("x-zendesk-webhook-signature-timestamp", "")
    content = stamp.encode("utf-8", "surrogateescape") + body
    wanted = base64.b64encode(_digest(secret, content)).decode()
    _need(_compare(headers.get("x-zendesk-webhook-signature", ""), wanted))
    try:
        return datetime.fromisoformat(stamp).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise SignInError(REFUSED) from None


def _github(headers: Headers, body: bytes, secret: bytes) -> datetime | None:
    """HMAC-SHA256 of the body alone: there is no time of signing."""
    _need(_compare(headers.get("x-hub-signature-256", ""), f"sha256={_digest(secret, body).hex()}"))
    return None


def _stripe(headers: Headers, body: bytes, secret: bytes) -> datetime | None:
    """``t=seconds,v1=hex``: of the seconds, a full stop and the body; several v1 while secrets are changed."""
    parts = [part.strip().partition("=")[::2] for part in headers.get("stripe-signature", "").split(",")]
    stamp = next((value for name, value in parts if name == "t"), "")
    wanted = _digest(secret, stamp.encode("utf-8", "surrogateescape") + b"." + body).hex()
    _need(any([_compare(value, wanted) for name, value in parts if name == "v1"]))
    return _seconds(stamp)


SCHEMES: Mapping[str, Scheme] = {"zendesk": _zendesk, "github": _github, "stripe": _stripe}

"""Requests that wait where they are asked to, try again where that helps, and else stop with the remedy."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from deskpulse.connectors.api.parsed import parsed
from deskpulse.errors import RefusedError, SourceError

ATTEMPTS = 8
LONGEST_WAIT = 3700
"""Seconds: who is asked to wait longer goes on another time."""

TIMEOUT = httpx.Timeout(60, connect=15)
AGAIN = {408, 409, 425, 429}
MOST_WORDS = 200
ASKED_TO_WAIT = ("Retry-After", "X-RateLimit-Retry-After")
"""Headers that say how long; the second is Help Scout's."""

HOST = re.compile(r"[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+")
SOONEST = 1.0
"""Seconds: a window that is renewed at this very moment may not be yet."""

Params = Mapping[str, Any]
Told = Callable[[str], None]
logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs addresses, and an address may hold a key


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back: the body as it came, and parsed."""

    body: bytes = field(repr=False)
    data: Any = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    next_link: str | None = None
    status: int = 200


def wait(seconds: float) -> None:
    """Do nothing for so long."""
    time.sleep(seconds)


class _TryLaterError(Exception):
    def __init__(self, words: str, after: float | None = None) -> None:
        super().__init__(words)
        self.after = after


class Client:
    """Speaks JSON with one API. ``told`` hears why it waits; ``about`` is the connector's own."""

    def __init__(
        self,
        base_url: str,
        *,
        source: str,
        auth: httpx.Auth | tuple[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.source = source
        self.told: Told = lambda words: None
        self.about: Any = None
        self.attempts, self.longest_wait = ATTEMPTS, LONGEST_WAIT
        self.advice = f"What was read is kept; go on later with: deskpulse sync {source}"
        self.base = _address(base_url, source)
        try:
            self._http = httpx.Client(
                base_url=self.base, auth=auth, headers=headers, transport=transport, timeout=TIMEOUT, trust_env=True
            )
        except UnicodeEncodeError:
            raise SourceError(
                f"The secret of '{source}' holds a character that none has: copy it again, then type: deskpulse "
                f"connect {source}"
            ) from None

    def try_out(self) -> None:
        """Give up soon: somebody waits to hear whether address and access are good."""
        self.attempts, self.longest_wait = 2, 30
        self.advice = f"Check the address and the network, then type again: deskpulse connect {self.source}"

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.close()

    def get(self, address: str, params: Params | None = None, *, accept: tuple[int, ...] = ()) -> Answer:
        """The answer to GET; ``accept`` are statuses of failure that are given back instead of raised."""
        return self.send("GET", address, params=params, accept=accept)

    def post(self, address: str, body: Any, *, accept: tuple[int, ...] = ()) -> Answer:
        """The answer to POST with a JSON body, for searches: it is repeated like any other."""
        return self.send("POST", address, body=body, accept=accept)

    def send(
        self, method: str, address: str, *, params: Params | None = None, body: Any = None, accept: tuple[int, ...] = ()
    ) -> Answer:
        """The answer to a request; raises SourceError, and RefusedError where the access does not suffice."""
        place = self._place(address)
        retrying = Retrying(
            sleep=lambda seconds: wait(seconds),  # noqa: PLW0108 - looked up at each call
            stop=stop_after_attempt(self.attempts),
            wait=_wait,
            retry=retry_if_exception_type(_TryLaterError),
            reraise=True,
        )
        try:
            return retrying(self._once, method, place, params, body, accept)
        except _TryLaterError as error:
            raise SourceError(
                f"{self.source}: {self._named(place)} {error}. Tried {self.attempts} times. {self.advice}"
            ) from None

    def _place(self, address: str) -> httpx.URL:
        """The whole address. A link to another host is not followed: the access would go with it."""
        place = self.base.join(address) if "://" in address else self.base.copy_with(path=self._path(address))
        if "://" not in address:
            return place.copy_with(query=httpx.URL(address).query or None)
        if (place.scheme, place.host, place.port) != (self.base.scheme, self.base.host, self.base.port):
            raise SourceError(f"{self.source} points to another host, {place.host}, for its next page: not followed.")
        return place

    def _path(self, address: str) -> str:
        return f"{self.base.path.rstrip('/')}/{httpx.URL(address).path.lstrip('/')}"

    def _named(self, place: httpx.URL) -> str:
        return f"{place.host}{place.path}"

    def _once(self, method: str, place: httpx.URL, params: Params | None, body: Any, accept: tuple[int, ...]) -> Answer:
        try:
            merged = place.copy_merge_params(params) if params else place
            response = self._http.request(method, merged, json=body)
        except httpx.TimeoutException:
            self.told(f"{place.host} is slow to answer")
            raise _TryLaterError("did not answer in time") from None
        except httpx.TransportError as error:
            self.told(f"{place.host} cannot be reached")
            raise _TryLaterError(f"cannot be reached ({type(error).__name__})") from None
        if response.is_success:
            return _answer(response)
        if response.status_code in accept:
            return Answer(body=response.content, data=None, headers=response.headers, status=response.status_code)
        raise self._fault(response, place)

    def _fault(self, response: httpx.Response, place: httpx.URL) -> Exception:
        status, where = response.status_code, f"{self.source}: {self._named(place)}"
        if status in AGAIN or status >= 500 or _is_limit(response):
            return self._later(response)
        if status == 401:
            return RefusedError(
                f"{where} does not accept the access (401): it is wrong or has expired. Type: deskpulse connect "
                f"{self.source}"
            )
        if status == 403:
            return RefusedError(
                f"{where} may not be read with this access (403). Give it the scopes that deskpulse connect --list "
                f"names, then type: deskpulse connect {self.source}"
            )
        return SourceError(f"{where} answered {status}: {_words(response)}. Check the options of '{self.source}'.")

    def _later(self, response: httpx.Response) -> Exception:
        after = _retry_after(response)
        limited = _is_limited(response)
        self.told("asked to wait" if limited else f"answered {response.status_code}; trying again")
        if after is not None and after > self.longest_wait:
            return SourceError(f"{self.source} asks to wait {after:.0f} seconds. {self.advice}")
        words = "limits how often it may be asked" if limited else f"answered {response.status_code}"
        return _TryLaterError(words, after)


def _address(text: str, source: str) -> httpx.URL:
    """Where an API is; raises SourceError for what is no address."""
    with suppress(httpx.InvalidURL, UnicodeError):
        found = httpx.URL(text)
        if found.scheme in ("https", "http") and HOST.fullmatch(found.raw_host.decode()):
            return found
    raise SourceError(f"'{text}' is no address that '{source}' could be read at: write it like https://example.com.")


_backoff = wait_random_exponential(multiplier=1, max=60)


def _wait(state: RetryCallState) -> float:
    """As long as was asked for, else longer each time, by chance, so that many do not come back at once."""
    error = state.outcome.exception() if state.outcome else None
    after = error.after if isinstance(error, _TryLaterError) else None
    return _backoff(state) if after is None else after


def _is_limited(response: httpx.Response) -> bool:
    return response.status_code == 429 or _is_limit(response)


def _is_limit(response: httpx.Response) -> bool:
    """Some say 403 for a limit, and that nothing is left of it."""
    left = response.headers.get("X-RateLimit-Remaining")
    return response.status_code == 403 and (left == "0" or "Retry-After" in response.headers)


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds asked for, as a number or as a date (told by the clock of the one who answers)."""
    words = next((response.headers[name] for name in ASKED_TO_WAIT if name in response.headers), "").strip()
    if words.replace(".", "", 1).isdigit():
        return float(words)
    try:
        sent = parsedate_to_datetime(response.headers.get("Date", ""))
        reset = response.headers.get("X-RateLimit-Reset", "") if _is_limited(response) and not words else ""
        until = float(reset) if reset.isdigit() else parsedate_to_datetime(words).timestamp()
        return max(SOONEST if reset else 0.0, until - sent.timestamp())
    except (TypeError, ValueError):
        return None


def _answer(response: httpx.Response) -> Answer:
    body = response.content
    try:
        data = parsed(body) if body.strip() else None
    except ValueError:
        raise _TryLaterError("answered what is no JSON") from None
    link = response.links.get("next", {}).get("url")
    return Answer(body=body, data=data, headers=response.headers, next_link=link, status=response.status_code)


def _words(response: httpx.Response) -> str:
    """What the API says about its refusal, cut short."""
    text = " ".join(response.text.split())
    return text[:MOST_WORDS] or response.reason_phrase

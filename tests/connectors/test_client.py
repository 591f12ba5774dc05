"""The client of APIs: how long it waits, when it stops, and what it never says or follows."""

from __future__ import annotations

import logging
from collections.abc import Callable

import httpx
import pytest

from deskpulse.connectors.api import client as clients
from deskpulse.connectors.api.client import ATTEMPTS, Client
from deskpulse.connectors.api.connector import Account
from deskpulse.connectors.intercom import API as intercom
from deskpulse.errors import RefusedError, SourceError, UnknownNameError

Answering = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    seconds: list[float] = []
    monkeypatch.setattr(clients, "wait", seconds.append)
    return seconds


def client(*answers: httpx.Response | Exception, asked: list[httpx.Request] | None = None) -> Client:
    rest = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        if asked is not None:
            asked.append(request)
        found = rest.pop(0) if len(rest) > 1 else rest[0]
        if isinstance(found, Exception):
            raise found
        return found

    transport = httpx.MockTransport(answer)
    return Client("https://api.test/v1", source="desk", auth=("me", "s3cret"), transport=transport)


FINE = httpx.Response(200, json={"a": 1})


def test_it_waits_as_long_as_it_is_asked_to(waited: list[float]) -> None:
    date = {"Date": "Mon, 02 Mar 2026 12:00:00 GMT", "Retry-After": "Mon, 02 Mar 2026 12:01:30 GMT"}
    limits = [httpx.Response(429, headers={"Retry-After": "7"}), httpx.Response(429, headers=date)]
    assert client(*limits, FINE).get("x").data == {"a": 1}
    assert waited == [7.0, 90.0]


def test_it_waits_as_long_as_each_vendor_says_in_its_own_way(waited: list[float]) -> None:
    """Help Scout has a header of its own; Intercom and GitHub say when their window is renewed, here 40 s later."""
    date = "Mon, 02 Mar 2026 12:00:00 GMT"  # 1772452800 seconds since 1970
    limits = [
        httpx.Response(429, headers={"X-RateLimit-Retry-After": "12"}),
        httpx.Response(429, headers={"Date": date, "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1772452840"}),
        httpx.Response(403, headers={"Date": date, "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1772452840"}),
        httpx.Response(429, headers={"Date": date, "X-RateLimit-Reset": "1772452800"}),  # now: not at once, though
    ]
    assert client(*limits, FINE).get("x").data == {"a": 1}
    assert waited == [12.0, 40.0, 40.0, 1.0]


def test_untold_it_waits_longer_each_time_by_chance_and_gives_up(waited: list[float]) -> None:
    with pytest.raises(SourceError, match=r"api\.test/v1/x answered 503\. Tried 8 times"):
        client(httpx.Response(503)).get("x")
    assert len(waited) == ATTEMPTS - 1
    assert all(0 <= seconds <= min(60, 2**number) for number, seconds in enumerate(waited))


def test_who_is_asked_to_wait_for_hours_goes_on_later(waited: list[float]) -> None:
    with pytest.raises(SourceError, match=r"asks to wait 86400 seconds.*deskpulse sync desk"):
        client(httpx.Response(429, headers={"Retry-After": "86400"})).get("x")
    assert waited == []


def test_who_tries_an_access_hears_soon(waited: list[float]) -> None:
    for answers, words in (
        ([httpx.ConnectError("refused")], r"cannot be reached.*Tried 2 times.*the address.*deskpulse connect desk"),
        ([httpx.Response(429, headers={"Retry-After": "60"})], r"asks to wait 60 seconds.*deskpulse connect desk"),
    ):
        waited.clear()
        trying = client(*answers)
        trying.try_out()
        with pytest.raises(SourceError, match=words):
            trying.get("x")
        assert sum(waited) <= 1


@pytest.mark.parametrize(
    "text", ["desk", "ftp://desk.test", "https://", "https://a..b", "https://[1", "https://my desk.test"]
)
def test_what_is_no_address_is_said(text: str) -> None:
    with pytest.raises(SourceError, match="write it like https"):
        Client(text, source="desk")


def test_a_secret_that_cannot_be_sent_is_said_and_not_shown() -> None:
    with pytest.raises(SourceError, match="copy it again") as said:
        Client("https://api.test", source="desk", headers={"Authorization": "Bearer s3cret\u2026"})
    assert "s3cret" not in str(said.value)


def test_a_host_is_understood_by_name_or_address() -> None:
    for given in ("acme", " acme ", "acme.zendesk.com", "https://acme.zendesk.com/agent/home", "http://acme"):
        account = Account(source="desk", options={"subdomain": given}, secrets={"token": " s3cret\n"})
        assert account.host("subdomain", "zendesk.com") == "acme.zendesk.com"
        assert account.secret("token") == "s3cret"


def test_a_region_that_there_is_not_is_named() -> None:
    account = Account(source="desk", options={"region": "EU"}, secrets={"token": "s3cret"})
    assert intercom.open(account).base.host == "api.eu.intercom.io"
    with pytest.raises(UnknownNameError, match="No region of Intercom is called 'uk'"):
        intercom.open(Account(source="desk", options={"region": "UK"}, secrets={"token": "s3cret"}))


@pytest.mark.parametrize(
    "fault", [httpx.ReadTimeout("slow"), httpx.ConnectError("refused"), httpx.Response(200, text="<")]
)
def test_what_may_pass_is_tried_again(waited: list[float], fault: httpx.Response | Exception) -> None:
    assert client(fault, FINE).get("x").data == {"a": 1}
    assert len(waited) == 1


def test_what_will_not_pass_is_not_tried_again(waited: list[float]) -> None:
    for status, error, words in (
        (401, RefusedError, "expired"),
        (403, RefusedError, "scopes"),
        (404, SourceError, "404"),
    ):
        with pytest.raises(error, match=words):
            client(httpx.Response(status, json={"error": "no"})).get("x")
    assert waited == []


def test_access_is_not_carried_to_another_host() -> None:
    asked: list[httpx.Request] = []
    with pytest.raises(SourceError, match=r"another host, evil\.test"):
        client(FINE, asked=asked).get("https://evil.test/v1/x?page=2")
    moved = httpx.Response(302, headers={"Location": "https://evil.test/"})
    with pytest.raises(SourceError, match="answered 302"):
        client(moved, asked=asked).get("x")
    assert {request.url.host for request in asked} == {"api.test"}


def test_addresses_keep_their_queries() -> None:
    asked: list[httpx.Request] = []
    one = client(FINE, asked=asked)
    one.get("x?a=1", {"b": "2 3"})
    one.get("https://api.test/v1/x?page[after]=xyz%3D")
    assert [str(request.url) for request in asked] == [
        "https://api.test/v1/x?a=1&b=2+3",
        "https://api.test/v1/x?page[after]=xyz%3D",
    ]


def test_no_secret_reaches_a_log_or_an_error(waited: list[float], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for status in (200, 400, 401, 403, 500):
        try:
            client(httpx.Response(status, json={})).get("x", {"key": "s3cret"})
        except SourceError as error:
            assert "s3cret" not in str(error)
    assert "s3cret" not in caplog.text
    assert "s3cret" not in repr(client(FINE).get("x"))

"""Access by OAuth's client credentials: a token is asked for when it is first needed, and again when it has expired."""

from __future__ import annotations

from collections.abc import Generator

import httpx


class ClientCredentials(httpx.Auth):
    """Asks ``address`` for a token by an app's id and secret. Where none is given, the API refuses the request."""

    requires_response_body = True

    def __init__(self, address: str, app: str, secret: str) -> None:
        self._address = address
        self._form = {"grant_type": "client_credentials", "client_id": app, "client_secret": secret}
        self._token: str | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The request with the token; once more with a new one where the old has expired."""
        had = self._token
        if had is None:
            self._token = _token((yield self._asking()))
        request.headers["Authorization"] = f"Bearer {self._token}"
        response = yield request
        if response.status_code == 401 and had is not None:
            self._token = _token((yield self._asking()))
            request.headers["Authorization"] = f"Bearer {self._token}"
            yield request

    def _asking(self) -> httpx.Request:
        return httpx.Request("POST", self._address, data=self._form)


def _token(response: httpx.Response) -> str | None:
    return str(response.json().get("access_token")) if response.is_success else None

"""Surveys that deskpulse sends out itself: signed links, answers, and their way into the event history.

A link holds an invitation's number, when it ends, and an HMAC-SHA256 of both; who is asked and about which ticket stays
here. Opening a link records nothing, even with a score in it: mail scanners follow links. Only the form's POST counts.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from deskpulse.errors import (
    InputError,
    MissingError,
    NotAskedError,
    SignInError,
    UnknownNameError,
    WorkspaceError,
)
from deskpulse.settings import FILE_NAME, Settings, load_settings
from deskpulse.settings.surveys import Survey, survey_lines
from deskpulse.store.erased import Erased
from deskpulse.store.layout import find_workspace
from deskpulse.store.secret import secret_key
from deskpulse.store.surveys import Invitation, SurveyStore
from deskpulse.workspace.editing import append

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace

KEY = "survey"
LONGEST_COMMENT = 5_000
MOST_ANSWERS = 50
"""Changes of mind that are taken of one invitation: a link that fell into wrong hands must not fill the disk."""

HERE = "http://127.0.0.1:8400"
FORGED = "This link is not complete or not ours. Open it again from the message it came in."
TOO_OFTEN = "This was answered very often already: the last answer stays."
ENDED = "This link has ended. Thank you all the same."
CLOSED = "This survey is closed. Thank you all the same."


@dataclass(frozen=True, kw_only=True)
class Invited:
    """A new link: its token, the page it opens, and when it ends (UTC)."""

    token: str
    url: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A link that is good: its survey as set, with the scale it was offered on, and the last answer if there is one."""

    survey: Survey
    invitation: Invitation
    score: int | None

    @property
    def scores(self) -> range:
        """Every answer there is to choose from."""
        return range(self.invitation.low, self.invitation.high + 1)


class Surveys:
    """The surveys of the workspace in ``root``. Settings are read again when their file changed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.store = SurveyStore(find_workspace(root).private)
        self._settings: tuple[int, Settings] | None = None

    @property
    def settings(self) -> Settings:
        """The settings as the file is now."""
        file = self.root / FILE_NAME
        written = file.stat().st_mtime_ns
        if self._settings is None or self._settings[0] != written:
            self._settings = (written, load_settings(file))
        return self._settings[1]

    @cached_property
    def _key(self) -> bytes:
        return secret_key(self.root, KEY)

    def survey(self, name: str) -> Survey:
        """The survey called ``name``; raises UnknownNameError."""
        if name not in self.settings.surveys:
            raise UnknownNameError("survey", name, self.settings.surveys)
        return self.settings.surveys[name]

    def create(self, name: str, kind: str, *, now: datetime, **texts: str | int | None) -> Survey:
        """Declares a survey in the settings; where that is impossible, raises SettingsError and changes nothing."""
        if name in self.settings.surveys:
            raise WorkspaceError(
                f"There is a survey called '{name}'. Edit [surveys.{name}] in {self.root / FILE_NAME}."
            )
        append(self.root, survey_lines(name, kind, **texts), what=f"survey {name} added", now=now)
        return self.survey(name)

    def invite(
        self,
        name: str,
        *,
        now: datetime,
        address: str | None = None,
        ticket: str | None = None,
        customer: str | None = None,
        channel: str | None = None,
        place: Workspace | None = None,
    ) -> Invited:
        """A signed link that asks a customer about a ticket, both ``source:id``; ``address`` is where we are reached.

        What ``place`` has published tells whose ticket it is, and whom the helpdesk's own surveys asked.
        Raises UnknownNameError, InputError for ids that are none, and NotAskedError for somebody who was asked
        within the days that nobody is asked twice in, or who asked to be forgotten.
        """
        survey = self.survey(name)
        throttle = timedelta(days=survey.throttle_days)
        customer = customer or (_customer_of(place, ticket) if place and ticket else None)
        source, of_ticket, of_customer = _whom(ticket, customer)
        if of_customer and Erased(self.root).holds(source, of_customer):
            raise NotAskedError("This customer asked to be erased and is not asked any more.")
        one = Invitation(
            id=secrets.token_urlsafe(12),
            survey=name,
            kind=survey.kind,
            low=survey.low,
            high=survey.high,
            source=source,
            ticket=of_ticket,
            customer=of_customer,
            channel=channel,
            offered_at=now,
        )
        elsewhere = (
            _asked_elsewhere(place, f"{source}:{of_customer}", now - throttle) if place and of_customer else None
        )
        if asked := elsewhere or self.store.invite(one, since=now - throttle):
            raise NotAskedError(
                f"{customer or ticket} was asked on {asked:%Y-%m-%d %H:%M} UTC. Nobody is asked twice within "
                f"{survey.throttle_days} days: ask from {asked + throttle:%Y-%m-%d %H:%M} UTC on."
            )
        return self._link(
            one.id, address or self.settings.mail.address or HERE, now + timedelta(days=survey.expires_days)
        )

    def _link(self, id: str, address: str, until: datetime) -> Invited:
        token = f"{id}.{round(until.replace(tzinfo=UTC).timestamp()):x}"
        token = f"{token}.{self._signature(token)}"
        return Invited(token=token, url=f"{address.rstrip('/')}/s/{token}", expires_at=until)

    def _signature(self, text: str) -> str:
        return urlsafe_b64encode(hmac.digest(self._key, text.encode(), hashlib.sha256)).rstrip(b"=").decode()

    def open(self, token: str, now: datetime) -> Opened:
        """What a link asks; raises SignInError for a forged one, MissingError for one that ended or was closed."""
        signed, _, signature = token.rpartition(".")
        if not hmac.compare_digest(self._signature(signed).encode(), signature.encode()):
            raise SignInError(FORGED)
        id, _, until = signed.partition(".")
        found = self.store.invitation(id)
        if datetime.fromtimestamp(int(until, 16), UTC).replace(tzinfo=None) <= now or found is None:
            raise MissingError(ENDED)
        if found.survey not in self.settings.surveys:
            raise MissingError(CLOSED)
        score = self.store.last(id)[1]
        return Opened(survey=self.survey(found.survey), invitation=found, score=None if score is None else round(score))

    def answer(self, token: str, score: int, comment: str, now: datetime) -> Opened:
        """Records an answer, durably, or another one: both are kept, and the last one counts as the re-rating.

        Raises what ``open`` raises, and InputError for a score off the scale or far too many changes.
        """
        opened = self.open(token, now)
        asked = opened.invitation
        if score not in opened.scores:
            raise InputError(f"Choose an answer from {asked.low} to {asked.high}.")
        if self.store.last(asked.id)[0] >= MOST_ANSWERS:
            raise InputError(TOO_OFTEN)
        words = comment.strip()[:LONGEST_COMMENT] if self.settings.privacy.keep_text else ""
        self.store.answer(asked.id, at=now, score=float(score), comment=words or None)
        return opened


def _customer_of(place: Workspace, ticket: str) -> str | None:
    from deskpulse.answers.surveyed import customer_of

    with suppress(WorkspaceError):  # nothing is published yet
        return customer_of(place.backend, ticket)
    return None


def _asked_elsewhere(place: Workspace, customer: str, since: datetime) -> datetime | None:
    from deskpulse.answers.surveyed import last_offered

    with suppress(WorkspaceError):
        asked = last_offered(place.backend, customer)
        return asked if asked and asked > since else None
    return None


def _whom(ticket: str | None, customer: str | None) -> tuple[str, str | None, str | None]:
    """Source, ticket and customer of ids that are written ``source:id``; a bare customer is of the ticket's source."""
    if not ticket and not customer:
        raise InputError("Say whom to ask: the ticket, like zendesk:123, or the customer.")
    source, _, of_ticket = _parts(ticket, "ticket") if ticket else ("", "", None)
    if not customer:
        return source, of_ticket, None
    if ":" not in customer and source:
        return source, of_ticket, customer
    of, _, id = _parts(customer, "customer")
    if source and of != source:
        raise InputError(f"The ticket is of '{source}' and the customer of '{of}': an invitation is about one source.")
    return of, of_ticket, id


def _parts(id: str, what: str) -> Iterator[str]:
    parts = id.partition(":")
    if not all(part.strip() for part in parts):
        raise InputError(f"'{id}' is no {what}: write it as source:id, like zendesk:123.")
    return iter(part.strip() for part in parts)

"""A report on its way: by mail (SMTP), or to a chat or web hook (Apprise)."""

from __future__ import annotations

import base64
import os
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from tempfile import TemporaryDirectory

from tenacity import retry, retry_if_exception, stop_after_attempt, wait_exponential

from deskpulse.errors import DeliveryError
from deskpulse.present.report import WRITERS
from deskpulse.settings import Mail

PASSWORD = "DESKPULSE_MAIL_PASSWORD"
TIMEOUT = 30
TRIES = 3
INLINE = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=]+)")


@dataclass(frozen=True, kw_only=True)
class Message:
    """A report ready to be sent. ``id`` is the same at every attempt, so that mail programs drop a second copy.

    ``files`` are contents by the ending of their name; ``name`` is what comes before it.
    """

    id: str
    subject: str
    text: str
    name: str
    files: dict[str, bytes]
    at: datetime


def send(message: Message, recipient: str, mail: Mail) -> None:
    """To a mail address, or to the Apprise URL in the environment variable ``$NAME``. Raises DeliveryError."""
    if recipient.startswith("$"):
        _announce(message, recipient.removeprefix("$"))
    else:
        _post(as_mail(message, recipient, mail), mail)


def as_mail(message: Message, recipient: str, mail: Mail) -> EmailMessage:
    """The message with the HTML report as its body, where there is one, and the other files attached."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = mail.sender, recipient, message.subject
    letter["Date"] = format_datetime(message.at.replace(tzinfo=UTC))
    letter["Message-ID"] = f"<{message.id}@{parseaddr(mail.sender)[1].rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.text)
    if "html" in message.files:
        _add_page(letter, message.files["html"].decode())
    for ending, content in message.files.items():
        if ending != "html":
            kind, _, subtype = WRITERS[ending].media_type.partition("/")
            letter.add_attachment(content, maintype=kind, subtype=subtype, filename=f"{message.name}.{ending}")
    return letter


def _add_page(letter: EmailMessage, page: str) -> None:
    """Pictures travel as parts of their own: mail programs show no data in an address."""
    pictures = list(dict.fromkeys(INLINE.findall(page)))
    names = {content: f"chart{number}@report" for number, content in enumerate(pictures)}
    letter.add_alternative(INLINE.sub(lambda found: f"cid:{names[found[1]]}", page), subtype="html")
    body = letter.get_body(("html",))
    assert isinstance(body, EmailMessage)
    for content, name in names.items():
        body.add_related(base64.b64decode(content), maintype="image", subtype="png", cid=f"<{name}>")


def _post(letter: EmailMessage, mail: Mail) -> None:
    if mail.host is None:
        raise DeliveryError('There is no mail server. Write host = "smtp.example.com" under [mail] in deskpulse.toml.')
    try:
        _posted(letter, mail)
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryError(
            f"{mail.host}:{mail.port} did not take the mail to {letter['To']}: {_reason(error)}. "
            "Look at [mail] in deskpulse.toml."
        ) from error


def _may_pass(error: BaseException) -> bool:
    """What may be over in a moment: not a wrong password, an unknown recipient or a bad certificate."""
    lasting = smtplib.SMTPAuthenticationError | smtplib.SMTPRecipientsRefused | ssl.SSLError
    return isinstance(error, smtplib.SMTPException | OSError) and not isinstance(error, lasting)


@retry(
    retry=retry_if_exception(_may_pass),
    stop=stop_after_attempt(TRIES),
    wait=wait_exponential(min=0.2, max=5),
    reraise=True,
)
def _posted(letter: EmailMessage, mail: Mail) -> None:
    with _server(mail) as server:
        if mail.user:
            server.login(mail.user, _password(mail.user))
        server.send_message(letter)


@contextmanager
def _server(mail: Mail) -> Iterator[smtplib.SMTP]:
    assert mail.host is not None
    if mail.encryption == "tls":
        with smtplib.SMTP_SSL(mail.host, mail.port, timeout=TIMEOUT, context=ssl.create_default_context()) as server:
            yield server
        return
    with smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT) as server:
        if mail.encryption == "starttls":
            server.starttls(context=ssl.create_default_context())
        yield server


def _password(user: str) -> str:
    import keyring
    from keyring.errors import KeyringError

    try:
        found = os.environ.get(PASSWORD) or keyring.get_password("deskpulse", user)
    except KeyringError:
        found = None
    if not found:
        raise DeliveryError(
            f"The mail server asks for a password. Set {PASSWORD}, or type: keyring set deskpulse {user}"
        )
    return str(found)


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {text.decode(errors='replace')}" for code, text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        told = error.smtp_error
        return f"{error.smtp_code} {told.decode(errors='replace') if isinstance(told, bytes) else told}"
    return str(error) or type(error).__name__


def _announce(message: Message, variable: str) -> None:
    """The address is a secret: no message of ours holds it."""
    address = os.environ.get(variable)
    if not address:
        raise DeliveryError(
            f"The variable {variable} is not set. Type: export {variable}='slack://...' (an Apprise URL)"
        )
    import apprise

    channel = apprise.Apprise()
    if not channel.add(address):
        raise DeliveryError(
            f"{variable} holds no address that Apprise understands. Its list: github.com/caronc/apprise"
        )
    with TemporaryDirectory() as folder:
        paths = [_stored(Path(folder), message, ending) for ending in message.files]
        if not channel.notify(title=message.subject, body=message.text, attach=paths or None):
            raise DeliveryError(f"The address in {variable} did not take the message. Is it still valid?")


def _stored(folder: Path, message: Message, ending: str) -> str:
    path = folder / f"{message.name}.{ending}"
    path.write_bytes(message.files[ending])
    return str(path)

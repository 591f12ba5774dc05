"""Mail as a real SMTP server takes it, and messages as a web hook gets them."""

from __future__ import annotations

import base64
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from deskpulse.errors import DeliveryError
from deskpulse.present.report import Document, write
from deskpulse.present.report.brief import brief, subject
from deskpulse.settings import Mail
from deskpulse.workspace.sending import PASSWORD, Message, send

NOW = datetime(2025, 5, 19, 6)


class Box:
    """What a mail server was given; ``says`` is its answer to each mail, the last one for all that follow."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.says: list[str] = ["250 OK"]
        self.tries = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody@"):
            return "550 No such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.tries += 1
        answer = self.says[min(self.tries, len(self.says)) - 1]
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            found = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(found, EmailMessage)
            self.mails.append(found)
        return answer


def serving(box: Box, **options: Any) -> Iterator[Mail]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    controller = Controller(box, hostname="127.0.0.1", port=port, **options)
    controller.start()
    yield Mail(host="127.0.0.1", port=port, encryption="none", sender="Support <kpi@example.com>")
    controller.stop()


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def mail(box: Box) -> Iterator[Mail]:
    """A mail server on this machine, without encryption."""
    yield from serving(box)


@pytest.fixture(scope="module")
def message(board: Document) -> Message:
    files = {form: write(board, form) for form in ("pdf", "html", "xlsx")}
    return Message(id="abc", subject=subject(board), text=brief(board), name="weekly-2025-05-19", files=files, at=NOW)


def test_a_mail_arrives_with_its_page_its_pictures_and_its_files(box: Box, mail: Mail, message: Message) -> None:
    send(message, "lead@example.com", mail)
    (letter,) = box.mails
    assert (letter["To"], letter["From"]) == ("lead@example.com", "Support <kpi@example.com>")
    assert letter["Subject"] == "=2+5 & <b>Söhne</b> | #1: For the board, 12 May – 18 May 2025"
    assert (letter["Message-ID"], letter["Auto-Submitted"]) == ("<abc@example.com>", "auto-generated")
    assert letter["Date"].datetime == datetime(2025, 5, 19, 6, tzinfo=UTC)
    attached = {part.get_filename(): part.get_content() for part in letter.iter_attachments()}
    assert attached == {
        "weekly-2025-05-19.pdf": message.files["pdf"],
        "weekly-2025-05-19.xlsx": message.files["xlsx"],
    }
    words = letter.get_body(("plain",))
    assert words and "First response time: median 1h 24m" in words.get_content()


def test_the_pictures_of_a_mail_are_the_pages_own(box: Box, mail: Mail, message: Message) -> None:
    send(message, "lead@example.com", mail)
    page = message.files["html"].decode()
    for part in box.mails[0].walk():
        if part.get_content_type() == "image/png":
            name = str(part["Content-ID"]).strip("<>")
            data = base64.b64encode(part.get_content()).decode()
            assert f'"data:image/png;base64,{data}"' in page
            page = page.replace(f"data:image/png;base64,{data}", f"cid:{name}")
    body = box.mails[0].get_body(("html",))
    assert body and body.get_content().splitlines() == page.splitlines()
    assert page.count("cid:") == 3 and "data:" not in page


def test_a_server_that_is_busy_is_asked_again_at_once(box: Box, mail: Mail, message: Message) -> None:
    box.says = ["451 Try again", "250 OK"]
    send(message, "lead@example.com", mail)
    assert (box.tries, len(box.mails)) == (2, 1)


def test_after_three_tries_the_answer_of_the_server_is_told(box: Box, mail: Mail, message: Message) -> None:
    box.says = ["452 Disk is full"]
    with pytest.raises(DeliveryError, match="452 Disk is full"):
        send(message, "lead@example.com", mail)
    assert box.tries == 3


def test_nobody_is_asked_twice_for_an_address_that_is_not_known(box: Box, mail: Mail, message: Message) -> None:
    with pytest.raises(DeliveryError, match=r"nobody@example.com: 550 No such person"):
        send(message, "nobody@example.com", mail)
    assert box.tries == 0


def test_a_line_break_in_a_name_makes_no_header(box: Box, mail: Mail, board: Document) -> None:
    evil = replace(board, company="Desk\r\nBcc: all@example.com")
    send(Message(id="x", subject=subject(evil), text="", name="n", files={}, at=NOW), "lead@example.com", mail)
    assert box.mails[0]["Bcc"] is None
    assert box.mails[0]["Subject"] == "Desk Bcc: all@example.com: For the board, 12 May – 18 May 2025"


def test_without_a_server_it_is_said_what_to_write(message: Message) -> None:
    with pytest.raises(DeliveryError, match=r"\[mail\] in deskpulse.toml"):
        send(message, "lead@example.com", Mail())
    with pytest.raises(DeliveryError, match="Connection refused"):
        send(message, "lead@example.com", Mail(host="127.0.0.1", port=1, encryption="none"))


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    import ipaddress

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


@pytest.fixture
def locked(box: Box, tmp_path: Path) -> Iterator[tuple[Mail, Path]]:
    """A mail server that wants STARTTLS and a password, and its certificate."""
    paths = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*paths)

    def check(server: SMTP, session: Session, envelope: Envelope, kind: str, given: LoginPassword) -> AuthResult:
        knows = given == LoginPassword(login=b"kpi", password=b"open sesame")
        return AuthResult(success=knows, handled=False)  # the answer is left to the server

    options = {"tls_context": context, "require_starttls": True, "authenticator": check, "auth_required": True}
    for mail in serving(box, **options):
        yield replace(mail, encryption="starttls", user="kpi"), paths[0]


def test_mail_goes_encrypted_with_the_password_of_the_environment(
    box: Box, locked: tuple[Mail, Path], message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail, certificate = locked
    monkeypatch.setenv(PASSWORD, "open sesame")
    with pytest.raises(DeliveryError, match="certificate verify failed"):
        send(message, "lead@example.com", mail)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    send(message, "lead@example.com", mail)
    assert len(box.mails) == 1
    monkeypatch.setenv(PASSWORD, "wrong")
    with pytest.raises(DeliveryError, match="535") as told:
        send(message, "lead@example.com", mail)
    assert "wrong" not in str(told.value)
    monkeypatch.delenv(PASSWORD)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with pytest.raises(DeliveryError, match=f"Set {PASSWORD}"):
        send(message, "lead@example.com", mail)


class Hook(BaseHTTPRequestHandler):
    """A web hook that keeps what it gets; ``/refuse`` refuses."""

    got: list[dict[str, Any]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append(json.loads(body))
        self.send_response(500 if self.path.startswith("/refuse") else 200)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""


@pytest.fixture
def hook() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A web hook's address, and what arrives there."""
    got: list[dict[str, Any]] = []
    server = HTTPServer(("127.0.0.1", 0), type("OneHook", (Hook,), {"got": got}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}", got
    server.shutdown()
    server.server_close()


def test_a_web_hook_gets_the_words_and_the_files(
    hook: tuple[str, list[dict[str, Any]]], message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, got = hook
    monkeypatch.setenv("CHAT", f"json://{address}/room")
    send(message, "$CHAT", Mail())
    (arrived,) = got
    assert arrived["title"] == message.subject
    assert "First response time: median 1h 24m" in arrived["message"]
    files = {one["filename"]: base64.b64decode(one["base64"]) for one in arrived["attachments"]}
    assert files == {f"weekly-2025-05-19.{form}": content for form, content in message.files.items()}


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("", "The variable CHAT is not set"),
        ("nonsense", "no address that Apprise understands"),
        ("json://{}/refuse?s3cret=1", "did not take the message"),
    ],
)
def test_what_goes_wrong_with_a_hook_is_told_without_its_secret(
    hook: tuple[str, list[dict[str, Any]]], message: Message, monkeypatch: pytest.MonkeyPatch, address: str, told: str
) -> None:
    monkeypatch.setenv("CHAT", address.format(hook[0]))
    with pytest.raises(DeliveryError, match=told) as error:
        send(message, "$CHAT", Mail())
    assert "s3cret" not in str(error.value)

"""Reports that are sent by themselves, and the mail server they are sent by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from deskpulse.language import ENGLISH, codes
from deskpulse.settings.document import Section
from deskpulse.time.recurrence import Recurrence, parse_recurrence
from deskpulse.time.zone import zone_info

ReportFormat = Literal["pdf", "html", "xlsx", "md", "json"]
FORMATS: tuple[ReportFormat, ...] = get_args(ReportFormat)
Encryption = Literal["starttls", "tls", "none"]
ENCRYPTIONS: tuple[Encryption, ...] = get_args(Encryption)
PORTS = {"starttls": 587, "tls": 465, "none": 25}
ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
VARIABLE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")
TO = 'expects mail addresses or names of environment variables, like ["lead@example.com", "$SLACK_URL"].'


@dataclass(frozen=True, kw_only=True)
class Mail:
    """The mail server. Its password is no setting: the environment or the system's keyring holds it.

    ``address`` is where the dashboard answers (``https://support.example.com``), for the links in reports.
    """

    host: str | None = None
    port: int = PORTS["starttls"]
    encryption: Encryption = "starttls"
    sender: str = "deskpulse@localhost"
    user: str | None = None
    address: str | None = None


@dataclass(frozen=True, kw_only=True)
class ScheduledReport:
    """A report and when it is due. ``to`` are mail addresses, and ``$NAME`` of variables that hold an Apprise URL.

    ``scorecard`` null is the default one, ``zone`` null the workspace's, ``language`` that of its words and numbers.
    ``place`` is where it stands in the file.
    """

    name: str
    every: Recurrence
    period: str
    to: tuple[str, ...]
    formats: tuple[ReportFormat, ...] = ("pdf",)
    scorecard: str | None = None
    zone: str | None = None
    where: tuple[str, ...] = ()
    language: str = ENGLISH
    place: str = ""


def read_mail(document: Section) -> Mail:
    """The section ``[mail]``; raises SettingsError."""
    table = document.section("mail")
    table.only(("host", "port", "encryption", "from", "user", "address"))
    default = Mail()
    encryption: Encryption = table.choice("encryption", ENCRYPTIONS, default.encryption)
    address = table.text("address")
    if address and not address.startswith(("http://", "https://")):
        table.fail("address", f"'{address}' is no address of a page. Write https://support.example.com.")
    return Mail(
        host=table.text("host"),
        port=table.count("port", PORTS[encryption]),
        encryption=encryption,
        sender=table.text("from") or default.sender,
        user=table.text("user"),
        address=address.rstrip("/") if address else None,
    )


def read_reports(tables: tuple[Section, ...]) -> tuple[ScheduledReport, ...]:
    """The reports as written; raises SettingsError for two of one name: deliveries are counted by it."""
    found: dict[str, ScheduledReport] = {}
    for table in tables:
        report = _report(table)
        if report.name in found:
            table.fail("name", f"'{report.name}' is taken by another report. Choose another name.")
        found[report.name] = report
    return tuple(found.values())


def _report(table: Section) -> ScheduledReport:
    table.only(("name", "scorecard", "period", "formats", "every", "zone", "to", "where", "language"))
    zone = table.text("zone")
    if zone:
        table.parsed("zone", zone_info, zone)
    return ScheduledReport(
        name=table.short_name("name", "weekly"),
        scorecard=table.text("scorecard"),
        period=table.text("period") or "last-week",
        formats=_formats(table),
        every=table.parsed("every", parse_recurrence, table.needed("every", "monday 08:00")),
        zone=zone,
        to=_recipients(table),
        where=tuple(table.texts("where")),
        language=table.choice("language", codes(), ENGLISH),
        place=table.place(),
    )


def _formats(table: Section) -> tuple[ReportFormat, ...]:
    chosen = table.texts("formats") or ["pdf"]
    known: dict[str, ReportFormat] = {name: name for name in FORMATS}
    for name in chosen:
        if name not in known:
            table.fail("formats", f"'{name}' is no format. Write some of: {', '.join(FORMATS)}.")
    return tuple(known[name] for name in dict.fromkeys(chosen))


def _recipients(table: Section) -> tuple[str, ...]:
    to = tuple(dict.fromkeys(text.strip() for text in table.texts("to")))
    if not to:
        table.fail("to" if "to" in table.values else None, f"'to' names nobody: it {TO}")
    for recipient in to:
        if "://" in recipient:
            table.fail("to", f"holds an address with secrets in it. Put it into the environment: it {TO}")
        if not ADDRESS.fullmatch(recipient) and not VARIABLE.fullmatch(recipient):
            table.fail("to", f"'{recipient}' will not do: {TO}")
    return to

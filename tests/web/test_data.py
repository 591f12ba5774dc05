"""``/data``: sources, refused rows with a way to try again, snapshots."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import deskpulse
from deskpulse.connectors.connector import Quarantined
from deskpulse.store.pages import Pages
from deskpulse.workspace import silent
from deskpulse.workspace.writing import load
from tests.web.conftest import AS_OF, Visit, form_of, serve

HERE = "/data"
NOW = datetime(2025, 6, 2)


def test_sources_refused_rows_and_snapshots_are_shown(visit: Visit) -> None:
    page = visit().get(HERE).text
    assert '<th scope="row">desk</th>' in page
    assert "ticket 3" in page
    assert "may.csv" in page
    assert "&#39;31/31/2025&#39; is no date" in page
    assert "<code>9,31/31/2025</code>" in page
    assert "deskpulse import PRESET|MAPPING may.csv --source desk" in page


def test_what_stood_in_files_is_not_for_everybody(visit: Visit) -> None:
    page = visit("lead", team="Orders").get(HERE).text
    assert "may.csv" not in page
    assert "31/31/2025" not in page
    assert "ticket 3" not in page, "how much there is of others' is not told either"
    assert "Snapshots" not in page
    assert '<th scope="row">desk</th>' in page


def test_a_file_is_read_again_once_it_was_mended(own_root: Path, tmp_path: Path) -> None:
    file = tmp_path / "notes.csv"
    file.write_text("id,at,title\n1,2025-05-01 10:00:00,New macro\n2,soon,Bot on\n", encoding="utf-8")
    place = deskpulse.open(own_root)
    place.import_files("annotations", [file], now=NOW)
    client = serve(own_root)()
    page = client.get(HERE).text
    assert f'aria-label="Try {file} again"' in page

    file.write_text("id,at,title\n1,2025-05-01 10:00:00,New macro\n2,2025-05-02 10:00:00,Bot on\n", encoding="utf-8")
    sent = {"form_secret": form_of(page), "source": "files", "file": str(file)}
    answer = client.post(f"{HERE}/retry", data=sent)
    assert answer.headers["location"] == "/data?still=0&before=1"
    assert str(file) not in client.get(HERE).text
    assert [title for _, title in deskpulse.open(own_root).annotations(None, None)] == ["New macro", "Bot on"]


def test_kept_rows_that_still_break_a_check_stay(own_root: Path) -> None:
    rows = [
        {"source": "api", "source_id": "1", "version": 1, "observed_at": "2025-05-01 10:00:00", "title": "No time"},
        {"source": "api", "source_id": "2", "version": 1, "observed_at": "2025-05-01 10:00:00", "title": "Fine"},
    ]
    rows[1]["at"] = "2025-05-01 10:00:00"
    kept = [
        Quarantined(file="annotation", line=None, column="at", reason="at is missing", raw=json.dumps(row))
        for row in rows
    ]
    load(deskpulse.open(own_root), kept, source="api", as_of=AS_OF, progress=silent)
    client = serve(own_root)()
    sent = {"form_secret": form_of(client.get(HERE).text), "source": "api", "file": "annotation"}
    assert client.post(f"{HERE}/retry", data=sent).headers["location"] == "/data?still=1&before=2"
    assert [title for _, title in deskpulse.open(own_root).annotations(None, None)] == ["Fine"]


SYSTEMS = """
[[sources]]
name = "help"
connector = "zendesk"
every = "15m"
options = { subdomain = "acme" }
[[sources]]
name = "shop"
connector = "hooks"
"""


def test_how_connected_systems_are_read_is_told_to_who_may_know(own_root: Path) -> None:
    settings = own_root / "deskpulse.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + SYSTEMS, encoding="utf-8")
    error = "help: acme.zendesk.com may not be read with this access (403)."
    Pages(own_root, "help").note(synced_at="2025-06-01T08:00:00", failed_at="2025-06-01T09:00:00", error=error)
    refused = [
        Quarantined(file=f, line=None, column=None, reason="odd", raw="x") for f in ("help: tickets", "help page 3")
    ]
    load(deskpulse.open(own_root), refused, source="help", as_of=AS_OF, progress=silent)
    sent = [Quarantined(file="shop: hook", line=None, column=None, reason="odd", raw="x")]
    load(deskpulse.open(own_root), sent, source="shop", as_of=AS_OF, progress=silent)
    page = serve(own_root)().get(HERE).text
    assert '<th scope="row">help</th><td>zendesk</td><td class="nowrap">2025-06-01 08:00</td>' in page
    assert error in page and "failed" in page
    assert "sends by itself" in page
    assert page.count("<code>deskpulse replay help</code>") == 2
    assert "<code>have it sent again</code>" in page
    assert "acme.zendesk.com" not in serve(own_root)("lead", team="Orders").get(HERE).text


def test_trying_again_is_for_admins(own_root: Path) -> None:
    client = serve(own_root)("analyst")
    sent = {"form_secret": form_of(client.get(HERE).text), "source": "desk", "file": "may.csv"}
    assert client.post(f"{HERE}/retry", data=sent).status_code == 403


def test_a_file_that_is_gone_is_told(own_root: Path) -> None:
    client = serve(own_root)()
    sent = {"form_secret": form_of(client.get(HERE).text), "source": "desk", "file": "may.csv"}
    answer = client.post(f"{HERE}/retry", data=sent)
    assert answer.status_code == 400
    assert "is not where it was read" in answer.text

"""``/metrics`` as Prometheus' own parser reads it."""

from __future__ import annotations

from datetime import datetime

from fastapi.testclient import TestClient
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from deskpulse.present.openmetrics import openmetrics


def test_prometheus_reads_the_scorecard(client: TestClient) -> None:
    """Three tickets; one good rating of two; resolved after 2 h and 2.5 h."""
    response = client.get("/metrics?period=2025-05")
    assert response.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    families = {family.name: family for family in text_string_to_metric_families(response.text)}
    assert {family.type for family in families.values()} == {"gauge"}
    assert all(family.documentation for family in families.values())
    values = {sample.labels["kpi"]: sample.value for sample in families["deskpulse_kpi_value"].samples}
    counts = {sample.labels["kpi"]: sample.value for sample in families["deskpulse_kpi_n"].samples}
    assert (values["ticket_volume"], values["csat"], counts["csat"]) == (3, 0.5, 2)
    sample = next(one for one in families["deskpulse_kpi_value"].samples if one.labels["kpi"] == "csat")
    assert sample.labels == {"kpi": "csat", "variant": "top_two_box", "statistic": "share", "clock": "calendar"}
    assert families["deskpulse_snapshot_version"].samples[0].value == 1
    as_of = families["deskpulse_as_of_timestamp_seconds"].samples[0].value
    assert as_of == datetime.fromisoformat("2025-06-01T00:00:00+00:00").timestamp()


def test_what_has_no_value_has_no_sample(client: TestClient) -> None:
    text = client.get("/metrics?period=2024-01").text
    values = next(f for f in text_string_to_metric_families(text) if f.name == "deskpulse_kpi_value")
    assert "csat" not in {sample.labels["kpi"] for sample in values.samples}


def test_words_are_escaped() -> None:
    text = openmetrics([], period='a"b\\c\nd', version=1, as_of=datetime(2025, 6, 1))
    family = next(iter(text_string_to_metric_families(text)))
    assert family.documentation.endswith('Period: a"b\\c\nd.')

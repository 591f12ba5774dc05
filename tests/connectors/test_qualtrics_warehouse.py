"""Qualtrics' warehouse tables: hand-made ones worked out here, and the published samples for their shapes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from connectors.reading import Read, read_with

from deskpulse.connectors.connector import preset
from deskpulse.errors import InputError

SENT, CAME = datetime(2024, 1, 1, 9), datetime(2024, 1, 2, 9)
TABLES = {
    "question": (
        "id,survey_id,data_export_tag,question_description,question_type,selector\n"
        "Q1,S,loyal,,MC,NPS\nQ2,S,CSAT_agent,,MC,SAVR\nQ3,S,why,,TE,SL\n"
        "Q4,S,,How easy (ces)?,MC,SAVR\nQ5,S,age,,Matrix,Likert\n"
    ),
    "question_option": (
        "key,question_id,survey_id,recode_value,text\n"
        "1,Q2,S,5,very good\n2,Q2,S,4,good\n3,Q2,S,3,so so\n4,Q2,S,2,bad\n5,Q2,S,1,very bad\n"
        "1,Q4,S,1,no\n7,Q4,S,7,yes\n"
    ),
    "survey_response": (
        "id,survey_id,recorded_date,end_date,status,distribution_channel\n"
        "R1,S,2024-01-02 09:00:00,,0,email\n"
        "R2,S,2024-01-02 09:00:00,,1,preview\n"
        "R3,S,,,0,email\n"
    ),
    "question_response": (
        "_fivetran_id,response_id,question_id,question_option_key,value,text,sub_question_key,loop_id,question\n"
        "a,R1,Q1,,9,,,,\nb,R1,Q2,2,2,,,,\nc,R1,Q3,,,They were kind,,,\nd,R1,Q4,7,7,,,,\n"
        "e,R1,Q5,,33,,1,,\ne2,R1,Q5,,44,,2,,\n"
        "f,R2,Q1,,0,,,,\n"
        "g,R9,Q1,,0,,,,\n"
    ),
    "distribution": "id,survey_link_survey_id\nD,S\n",
    "distribution_contact": (
        "distribution_id,contact_id,response_id,sent_at\n"
        "D,ann,R1,2024-01-01 09:00:00\nD,bob,,2024-01-01 09:00:00\nD,cid,,\n"
    ),
    "survey_embedded_data": "import_id,key,response_id,value\nx,Ticket_ID,R1,42\nx,Team,R1,Billing\nx,Website,R1,w\n",
}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    folder = tmp_path_factory.mktemp("qualtrics")
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_with(preset("qualtrics_warehouse"), folder)


def test_each_scored_question_of_a_response_is_an_answer(read: Read) -> None:
    """Option 2 of Q2 is worth 4 of 5, though it is numbered 2; Q1 is NPS by its kind, Q4 effort by its description."""
    told = ("survey", "action", "kind", "score", "scale_low", "scale_high", "comment")
    answers = [row for row in read.rows("survey", *told) if row[1] == "answered"]
    assert sorted(answers) == [
        ("R1:Q1", "answered", "nps", 9, 0, 10, "They were kind"),
        ("R1:Q2", "answered", "csat", 4, 1, 5, "They were kind"),
        ("R1:Q4", "answered", "ces2", 7, 1, 7, "They were kind"),
        ("R1:Q5:1", "answered", "other", 33, None, None, "They were kind"),
        ("R1:Q5:2", "answered", "other", 44, None, None, "They were kind"),
    ]
    about = {row for row in read.rows("survey", "action", "ticket", "team", "customer", "at") if row[0] == "answered"}
    assert about == {("answered", "42", "Billing", "ann", CAME)}


def test_what_was_sent_is_offered_and_belongs_to_the_response_that_came_of_it(read: Read) -> None:
    """Two of three contacts were sent the survey's three scored questions; Ann's are those of her response."""
    offered = [row for row in read.rows("survey", "survey", "kind", "at", "action") if row[3] == "offered"]
    surveys = {"R1": "ann", "D:bob": "bob"}
    assert sorted(offered) == sorted(
        (f"{survey}:{question}", kind, SENT, "offered")
        for survey in surveys
        for question, kind in (("Q1", "nps"), ("Q2", "csat"), ("Q4", "ces2"))
    )


def test_previews_orphans_and_what_has_no_date_are_put_aside(read: Read) -> None:
    assert sorted((row.column, row.raw.split(",")[0]) for row in read.aside) == [
        ("recorded_date", "R3"),
        ("response_id", "g"),
        ("status", "R2"),
    ]


def test_published_samples_are_read(shared_data: Path) -> None:
    """Five responses, and six answers that belong to none of them: nothing is lost in silence."""
    read = read_with(preset("qualtrics_warehouse"), shared_data / "fivetran/qualtrics")
    answers = [row for row in read.rows("survey", "action") if row[0] == "answered"]
    lines = (shared_data / "fivetran/qualtrics/question_response.csv").read_text().splitlines()
    aside = [row for row in read.aside if row.file.endswith("question_response")]
    assert len(answers) + len(aside) == len([line for line in lines[1:] if line])


def test_a_folder_without_the_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none of the tables"):
        read_with(preset("qualtrics_warehouse"), tmp_path)

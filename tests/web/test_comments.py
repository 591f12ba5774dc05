"""``/comments`` of a company with two: 2 of 5 for Billing, 5 of 5 for Orders."""

from __future__ import annotations

import re

from tests.web.conftest import Visit

PERIOD = "period=last-30-days"


def said(page: str) -> list[str]:
    return re.findall(r"<q>(.*?)</q>", page)


def test_comments_stand_beside_their_scores_newest_first(visit: Visit) -> None:
    page = visit().get(f"/comments?{PERIOD}").text
    assert said(page) == ["Great, thanks", "Slow &lt;script&gt;alert(1)&lt;/script&gt;"]
    assert "CSAT 5 of 5" in page
    assert "CSAT 2 of 5" in page
    assert '<a href="/tickets/desk%3A2">ticket desk:2</a>' in page


def test_markup_in_a_comment_is_escaped(visit: Visit) -> None:
    assert "<script>alert" not in visit().get(f"/comments?{PERIOD}").text


def test_comments_are_found_by_score_words_and_dimension(visit: Visit) -> None:
    client = visit()
    assert said(client.get(f"/comments?{PERIOD}&score=high").text) == ["Great, thanks"]
    assert len(said(client.get(f"/comments?{PERIOD}&score=low").text)) == 1
    assert said(client.get(f"/comments?{PERIOD}&score=middle").text) == []
    assert said(client.get(f"/comments?{PERIOD}&words=GREAT").text) == ["Great, thanks"]
    assert said(client.get(f"/comments?{PERIOD}&channel=chat").text) == ["Great, thanks"]
    assert said(client.get(f"/comments?{PERIOD}&kind=nps").text) == []


def test_too_few_ratings_give_no_reading(visit: Visit) -> None:
    assert "reads" not in visit().get(f"/comments?{PERIOD}").text


def test_a_lead_sees_comments_about_the_own_team_alone(visit: Visit) -> None:
    page = visit("lead", team="Orders").get(f"/comments?{PERIOD}").text
    assert said(page) == ["Great, thanks"]


def test_a_viewer_sees_words_and_no_names(visit: Visit) -> None:
    page = visit("viewer").get(f"/comments?{PERIOD}").text
    assert said(page)[0] == "Great, thanks"
    assert "Ben" not in page
    assert "c2" not in page

"""The leaderboard on the overview: ranges in the order of the alphabet, and nobody ranked for a few contacts."""

from __future__ import annotations

from dataclasses import replace

from deskpulse.answers.standings import Standing
from deskpulse.present.rank_summary import rank_summary


def standing(unit: str, n: int, low: float, high: float) -> Standing:
    return Standing(
        key=(None, ()), unit=unit, n=n, observed=30, expected=28.0, usual=0.7, size=n, variance=0.21,
        adjusted=0.75, adjusted_low=0.652, adjusted_high=0.848, rank=(low + high) / 2, rank_low=low, rank_high=high,
    )  # fmt: skip


def few(unit: str) -> Standing:
    return replace(standing(unit, 3, 1, 2), adjusted=None, rank=None, rank_low=None, rank_high=None)


def test_ranges_stand_by_name_and_who_has_too_few_contacts_is_counted_alone() -> None:
    """Of four ranks 1 to 3 begin at none of the bar and fill three quarters; rank 4 begins at three quarters."""
    ranked = [standing("Zoe", 40, 1, 3), standing("ann", 50, 1, 3), standing("Bo", 60, 2, 4), standing("Cy", 45, 4, 4)]
    found = rank_summary("top_agents:satisfied", "Top agents", [*ranked, few("Dee")])
    assert found is not None
    assert [one.unit for one in found.lines] == ["ann", "Bo", "Cy", "Zoe"]
    assert [(one.ranks, one.before, one.width) for one in found.lines] == [
        ("1–3", 0.0, 75.0), ("2–4", 25.0, 75.0), ("4", 75.0, 25.0), ("1–3", 0.0, 75.0),
    ]  # fmt: skip
    assert (found.lines[0].value, found.lines[0].interval, found.lines[0].n) == ("75.0 %", "65.2–84.8 %", "50")
    assert found.note == "4 of 5 agents have enough contacts for a rank. Ranges that overlap are not told apart."


def test_of_many_those_with_the_most_contacts_are_shown_and_the_page_says_so() -> None:
    found = rank_summary("top_agents:satisfied", "Top agents", [standing(f"a{n}", n, 1, 10) for n in range(20, 30)])
    assert found is not None
    assert [one.unit for one in found.lines] == [f"a{n}" for n in range(22, 30)]
    assert found.note.endswith("Shown: the 8 with the most contacts.")


def test_one_ranked_agent_is_no_comparison() -> None:
    assert rank_summary("top_agents:satisfied", "Top agents", [standing("Ann", 40, 1, 1), few("Bo")]) is None

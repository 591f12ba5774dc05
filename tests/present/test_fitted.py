"""Tables in the width of a terminal."""

from __future__ import annotations

from deskpulse.present.fitted import fitted

HEADINGS = ("KPI", "value", "trend")
ROWS = [("First response within target", "83.7 %", "12345"), ("Backlog", "350", "54321")]
# Widths in full: 28, 6 and 5; two spaces after each: 34 + 5 + 6 = 45.


def test_what_fits_stays_as_it_is() -> None:
    found = fitted(HEADINGS, ROWS, room=45, first_to_go=(2,))
    assert (found.widths, found.dropped, found.has_room) == ({0: 28, 1: 6, 2: 5}, (), True)


def test_words_go_on_several_lines_before_a_column_goes() -> None:
    found = fitted(HEADINGS, ROWS, room=40, first_to_go=(2,))
    assert found.widths == {0: 23, 1: 6, 2: 5}  # 5 less than in full
    assert found.dropped == ()


def test_a_number_is_never_cut_and_what_has_no_room_is_named() -> None:
    # The words need 16 at least: 16 + 6 + 5 and 6 spaces are 33, one too many.
    found = fitted(HEADINGS, ROWS, room=32, first_to_go=(2,))
    assert (found.widths, found.dropped, found.has_room) == ({0: 22, 1: 6}, ("trend",), True)  # 28 and 4 spaces


def test_what_must_stay_may_have_no_room() -> None:
    found = fitted(HEADINGS, ROWS, room=25, first_to_go=(2,))  # 16 + 6 and 4 spaces are 26
    assert not found.has_room


def test_wide_characters_take_two_places() -> None:
    assert fitted(("team",), [("技術部",)], room=80).widths == {0: 6}

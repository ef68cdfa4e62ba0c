from __future__ import annotations

from forbear.base.contact import Source
from forbear.intake.rows import BadRow, Part, one_line


def test_a_message_is_one_line_without_control_characters():
    assert one_line("a\nb\r\n\tc\x1b  d\u2028e") == "a b c d e"


def test_a_long_message_loses_its_middle_and_keeps_the_way_to_mend_it():
    assert one_line("a" * 300) == "a" * 300
    shown = one_line("channel " + "a" * 5_000 + " is unknown; write call")
    assert len(shown) == 300
    assert shown.startswith("channel aaa")
    assert shown.endswith("aaa is unknown; write call")


def test_a_bad_row_shows_its_file_and_line():
    bad = BadRow(source=Source(file="x.csv", line=7), what="wrong; mend it")
    assert str(bad) == "x.csv line 7: wrong; mend it"


def test_beyond_two_thousand_bad_rows_only_a_count_is_kept():
    part = Part("x.csv")
    for line in range(1, 2_005):
        part.fail(line, "wrong")
    found = part.unreadable()
    assert len(found) == 2_001
    assert found[-1].source.line == 2_001
    assert "4 more rows from here on" in found[-1].what

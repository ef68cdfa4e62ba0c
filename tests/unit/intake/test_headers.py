from __future__ import annotations

import time

from forbear.intake.headers import header_in, likeliest_header, plain_name, plain_names, top_of
from forbear.intake.table import Row

NAMES = {"number": ("对方号码", "号码"), "length": ("通话时长", "时长")}


def row(*cells: str, line: int = 1):
    return Row(line=line, cells=cells, sha256="")


def test_a_column_name_is_compared_without_unit_blanks_stars_and_case():
    for written in (
        "通话时长(秒)",
        "通话时长\uff08秒\uff09",
        "通话时长\uff1a",
        " 通话 时长 ",
        "*通话时长",
        "通话时长:",
        "通话时长[s]",
    ):
        assert plain_name(written) == "通话时长"
    assert plain_name("Other_Number") == plain_name("other number")


def test_columns_are_found_by_name_wherever_they_stand():
    header = header_in(row("x", "时长(秒)", "号码"), NAMES)
    assert header.columns == {"number": (2,), "length": (1,)}
    assert header.has("number")
    assert header.first(row("a", "b", "c"), "number") == "c"


def test_the_best_name_for_a_column_comes_first():
    header = header_in(row("号码", "对方号码"), NAMES)
    assert header.all(row("own", "other"), "number") == ["other", "own"]


def test_a_short_row_has_empty_cells_where_it_ends():
    header = header_in(row("号码", "时长"), NAMES)
    assert (header.first(row("1"), "length"), header.all(row("1"), "length")) == ("", [])
    assert header.first(row("1"), "no such column") == ""


def test_the_header_is_known_again_on_the_next_page():
    header = header_in(row("号码", "时长"), NAMES)
    assert header.repeats(row("号码", "时长", line=40))
    assert not header.repeats(row("1", "2"))


def test_every_name_of_some_vocabularies_is_known():
    assert plain_names(NAMES, {"x": ("A b",)}) == {"对方号码", "号码", "通话时长", "时长", "ab"}


def test_the_likeliest_header_is_the_first_row_with_most_cells():
    rows = [row("title"), row("a", "b", line=2), row("1", "2", line=3)]
    assert likeliest_header(rows) == rows[1]
    assert likeliest_header([]) is None


def test_no_more_than_the_top_is_looked_at():
    endless = (row("x", line=n) for n in range(10**9))
    assert len(top_of(endless)) == 60


def test_a_cell_full_of_brackets_takes_no_longer_than_another():
    begun = time.process_time()
    plain_name("[(" * 60_000)
    assert time.process_time() - begun < 1

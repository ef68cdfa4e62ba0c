"""Tables of a terminal, where a Chinese character takes two columns."""

from __future__ import annotations

from forbear.cli.loan_table import facts, table


def test_numbers_stand_right_and_chinese_takes_two_columns() -> None:
    assert table(["期", "应还"], [["1", "5.00"], ["首付", "1,234.00"]], [False, True]) == [
        "期        应还",
        "----  --------",
        "1         5.00",
        "首付  1,234.00",
    ]


def test_a_table_without_rows_has_its_head() -> None:
    assert table(["a", "bb"], [], [False, True]) == ["a  bb", "-  --"]


def test_facts_stand_one_below_the_other() -> None:
    assert facts([("本金", "1"), ("a", "2")]) == ["本金  1", "a     2"]

from __future__ import annotations

import pytest

from forbear.intake.numbers import clean, comparable, is_mobile, is_receive_only


@pytest.mark.parametrize(
    "text",
    [
        "13800000001",
        "+8613800000001",
        "+86 138-0000-0001",
        "008613800000001",
        "8613800000001",
        "(+86)138 0000 0001",
        "\uff11\uff13800000001",
        "1795113800000001",
        "+861259313800000001",
        "\u202d13800000001\u202c",
        "'13800000001",
    ],
)
def test_a_mobile_is_the_same_however_it_is_written(text: str | None):
    assert comparable(text) == "13800000001"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("95187", "95187"),
        ("+8695187", "95187"),
        ("+861069018795187", "1069018795187"),
        ("010-12345678", "01012345678"),
        ("+861058000000", "01058000000"),
        ("+8675500000000", "075500000000"),
        ("+864000000001", "4000000001"),
        ("+12025550100", "+12025550100"),
        ("0012025550100", "+12025550100"),
        ("*123#", "*123#"),
        ("ICBC bank", "ICBC BANK"),
    ],
)
def test_a_number_keeps_what_tells_it_apart(text: str | None, number: str):
    assert comparable(text) == number


@pytest.mark.parametrize(
    "text", [None, "", " ", "null", "NULL", "-1", "-2", "--", "未知", "Private Number", "无", "+86"]
)
def test_a_withheld_number_is_none(text: str | None):
    assert comparable(text) is None


def test_a_cell_that_is_empty_or_null_is_none():
    assert [clean(text) for text in (None, "", "  ", "null", "\ufeff", " a ")] == [None] * 5 + ["a"]


def test_only_mainland_mobiles_are_mobiles():
    assert is_mobile("13800000001")
    assert not any(map(is_mobile, ["12800000001", "1380000000", "95187", "+13800000001"]))


def test_400_and_800_numbers_can_only_be_called():
    assert is_receive_only("4000000001")
    assert is_receive_only("8000000001")
    assert not any(map(is_receive_only, ["40000000011", "5000000001", "04000000001"]))

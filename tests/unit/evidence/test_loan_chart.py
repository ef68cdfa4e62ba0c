"""The chart of a loan: what it draws, from rows made by hand."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import date

import pytest

from forbear.evidence.loan_chart import balance_and_cost
from forbear.evidence.svg import Caption
from forbear.evidence.voice import Voice
from forbear.loans.parts import Parts
from forbear.loans.state import Row

SVG = "{http://www.w3.org/2000/svg}"
START = date(2026, 1, 31)


def row(number: int, due: date, principal: int, interest: int, balance: int) -> Row:
    return Row(number, START, due, Parts(principal, interest), balance=balance)


TWO = (
    row(1, date(2026, 2, 28), 50_000, 1_000, 50_000),
    row(2, date(2026, 3, 31), 50_000, 500, 0),
)


def drawn(
    rows: Sequence[Row] = TWO, paid_out: Sequence[tuple[date, int]] = ((START, 100_000),),
    fees: int = 0, title: str = "A loan & what it costs",
) -> ET.Element:  # fmt: skip
    return ET.fromstring(
        balance_and_cost(
            rows, paid_out, fees, currency="CNY", voice=Voice("en"),
            caption=Caption(title=title, desc="All of it."), labels=("left", "cost"),
            heads=("Due", "Instalment", "Interest", "Balance"),
        )
    )  # fmt: skip


def words(picture: ET.Element) -> list[str]:
    return ["".join(each.itertext()) for each in picture.iter(f"{SVG}text")]


def test_a_picture_names_itself_for_those_who_do_not_see_it() -> None:
    picture = drawn()
    assert picture.get("role") == "img"
    named = (picture.get("aria-labelledby") or "").split()
    told = {each.get("id"): each.text for each in picture if each.get("id")}
    assert [told[name] for name in named] == ["A loan & what it costs", "All of it."]


def test_the_rows_stand_beneath_the_picture() -> None:
    said = words(drawn())
    at = said.index("Due")
    assert said[at : at + 12] == [
        "Due", "Instalment", "Interest", "Balance",
        "2026-02-28", "510.00", "10.00", "500.00",
        "2026-03-31", "505.00", "5.00", "0.00",
    ]  # fmt: skip


def test_the_scale_is_round_and_holds_the_most() -> None:
    assert {"0", "500", "1,000"} <= set(words(drawn()))
    small = drawn([row(1, date(2026, 2, 28), 1, 0, 0)], [(START, 1)])
    assert {"0.00", "0.01"} <= set(words(small))


def path(picture: ET.Element, cls: str) -> str:
    return next(
        each.get("d") or "" for each in picture.iter(f"{SVG}path") if each.get("class") == cls
    )


def test_balance_and_cost_go_in_steps() -> None:
    picture = drawn()
    # Down twice, and up twice: a level and a drop for each row.
    assert path(picture, "balance").count("H") == 2
    assert path(picture, "cost").count("V") == 2
    lows = [float(each.partition("H")[0]) for each in path(picture, "balance").split("V")[1:]]
    assert lows == sorted(lows)
    highs = [float(each.partition("H")[0]) for each in path(picture, "cost").split("V")[1:]]
    assert highs == sorted(highs, reverse=True)


def test_what_comes_and_goes_on_one_day_is_one_step() -> None:
    rows = (row(1, START, 20_000, 0, 80_000), row(2, date(2026, 3, 31), 80_000, 0, 0))
    assert path(drawn(rows), "balance").count("H") == 1


def test_a_fee_of_the_first_day_lifts_the_cost_at_once() -> None:
    free, dear = path(drawn(), "cost"), path(drawn(fees=10_000), "cost")
    assert float(dear.split()[1].partition("H")[0]) < float(free.split()[1].partition("H")[0])


@pytest.mark.parametrize("most", [12_345, 999_999_999, 10**15])
def test_amounts_never_stand_one_over_the_other(most: int) -> None:
    rows = (row(1, date(2026, 2, 28), most, most, 0),)
    picture = drawn(rows, [(START, most)])
    small = [each for each in picture.iter(f"{SVG}text") if "small" in (each.get("class") or "")]
    assert bool(small) == (most > 10**9)


def test_words_from_outside_cannot_become_markup() -> None:
    picture = drawn(title="<script>alert(1)</script>")
    assert not list(picture.iter(f"{SVG}script"))

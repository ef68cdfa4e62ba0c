"""Amounts are read exactly or not at all, and an offer adds up to the last minor unit."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forbear.evidence.papers.money import (
    INSTALMENTS_MAX,
    add_months,
    offer,
    parse_amount,
    parse_date,
)

AMOUNTS = st.integers(min_value=1, max_value=10**12)


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("1234.56", 123456),
        ("1,234.56", 123456),
        ("12,34,567", 123456700),
        ("１２３４．５", 123450),
        ("0.01", 1),
        ("￥5000元", 500000),
        ("3.5万", 3500000),
        ("1.23万元", 1230000),
        ("$1,200.50", 120050),
        ("HK$ 88", 8800),
        ("Rs. 100", 10000),
        ("500 yuan", 50000),
        ("5千", None),
        ("", None),
        ("0", None),
        ("-5", None),
        ("12.345", None),
        ("1,23", None),
        ("1.234,56", None),
        ("about 500", None),
        ("1e5", None),
        ("10²", None),
        ("9" * 20, None),
    ],
)
def test_an_amount_is_read_exactly_or_not_at_all(typed: str, minor: int | None):
    signs = {"¥", "元", "$", "hk$", "rs.", "yuan"}
    assert parse_amount(typed, signs) == minor


def test_an_amount_in_another_currency_is_not_this_one():
    assert parse_amount("US$ 500", {"¥", "元"}) is None
    assert parse_amount("500 美元", {"¥", "元"}) is None
    assert parse_amount("500", ()) == 50000


@given(AMOUNTS)
def test_what_is_written_with_thousands_is_read_back(minor: int):
    assert parse_amount(f"{minor // 100:,}.{minor % 100:02d}", ()) == minor


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-04-10", date(2026, 4, 10)),
        ("2026/4/10", date(2026, 4, 10)),
        ("2026年4月10日", date(2026, 4, 10)),
        ("2026 年 4 月 10 日", date(2026, 4, 10)),
        ("2026-02-30", None),
        ("0026-04-10", None),
        ("next month", None),
    ],
)
def test_a_date_is_read_or_not_at_all(typed: str, day: date | None):
    assert parse_date(typed) == day


def test_the_end_of_a_month_comes_back_after_a_short_one():
    days = [add_months(date(2026, 1, 31), n) for n in range(4)]
    assert days == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
    assert add_months(date(2027, 12, 31), 2) == date(2028, 2, 29)


@given(
    basis=st.none() | AMOUNTS,
    each=st.none() | AMOUNTS,
    months=st.none() | st.integers(min_value=-3, max_value=500),
    first=st.none() | st.dates(min_value=date(1970, 1, 1), max_value=date(2200, 12, 31)),
)
def test_an_offer_adds_up(
    basis: int | None, each: int | None, months: int | None, first: date | None
):
    made = offer(basis=basis, each=each, months=months, first=first)
    if made is None:
        return
    amounts = [part.amount for part in made.instalments]
    assert sum(amounts) == made.total
    assert min(amounts) > 0
    assert len(set(amounts[:-1])) <= 1, "only the last one differs"
    assert [part.number for part in made.instalments] == list(range(1, len(amounts) + 1))
    assert len(amounts) <= (months or INSTALMENTS_MAX)
    assert made.rest >= 0
    if basis is not None:
        assert made.total + made.rest == basis
    if first is not None:
        days = [part.on for part in made.instalments]
        assert days[0] == first
        assert all(one < other for one, other in pairwise(days))


def test_the_last_instalment_carries_the_remainder():
    made = offer(basis=100001, each=None, months=3, first=None)
    assert made is not None
    assert [part.amount for part in made.instalments] == [33333, 33333, 33335]
    made = offer(basis=100000, each=60000, months=None, first=None)
    assert made is not None
    assert [part.amount for part in made.instalments] == [60000, 40000]


def test_what_a_person_cannot_pay_stays_open():
    made = offer(basis=2000000, each=50000, months=24, first=None)
    assert made is not None
    assert (made.total, made.rest) == (1200000, 800000)


@pytest.mark.parametrize(
    "unknown",
    [
        {"basis": None, "each": None, "months": 12},
        {"basis": 5, "each": None, "months": 12},
        {"basis": None, "each": 100, "months": None},
        {"basis": 10**9, "each": 1, "months": None},
        {"basis": 100, "each": 10, "months": 0},
    ],
)
def test_too_little_for_a_table_gives_none(unknown: dict[str, int | None]):
    assert offer(**unknown, first=None) is None

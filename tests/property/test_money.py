"""What money promises of any amount: nothing is lost when it is written, rounded or shared out."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forbear.base.money import DIGITS, Rounding, allocate, parse, round_ratio, rounded, text

MANY = settings(max_examples=2000, deadline=None)
minors = st.integers(-(10**15), 10**15)
currencies = st.sampled_from(sorted(DIGITS))
hows = st.sampled_from(list(Rounding))
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=40).filter(lambda w: sum(w) > 0)


@MANY
@given(minors, currencies)
def test_what_is_written_is_read_back_to_the_minor_unit(minor: int, currency: str) -> None:
    written = text(minor, currency)
    assert parse(written, currency) == minor
    assert parse(Decimal(written), currency) == minor


@MANY
@given(minors, currencies)
def test_an_amount_with_commas_is_the_same_amount(minor: int, currency: str) -> None:
    written = text(abs(minor), currency)
    whole, point, rest = written.partition(".")
    assert parse(f"{int(whole):,}{point}{rest}", currency) == abs(minor)


@MANY
@given(st.integers(-(10**20), 10**20), st.integers(1, 10**12), hows)
def test_no_rounding_moves_an_amount_by_a_whole_unit(top: int, bottom: int, how: Rounding) -> None:
    exact, got = Fraction(top, bottom), round_ratio(top, bottom, how)
    assert abs(exact - got) < 1
    if how is Rounding.DOWN:
        assert abs(got) <= abs(exact)
    else:
        assert abs(exact - got) <= Fraction(1, 2)
    assert round_ratio(-top, bottom, how) == -got
    assert rounded(exact, how) == got


@MANY
@given(st.decimals(-(10**12), 10**12, places=6), hows)
def test_a_decimal_and_a_fraction_of_one_value_are_rounded_alike(
    value: Decimal, how: Rounding
) -> None:
    assert rounded(value, how) == rounded(Fraction(value), how)


@MANY
@given(minors, weights)
def test_what_is_shared_out_adds_up_and_no_one_loses_a_whole_unit(
    total: int, shares: list[int]
) -> None:
    parts = allocate(total, shares)
    assert sum(parts) == total
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - Fraction(total * share, sum(shares))) < 1
        if share == 0:
            assert part == 0


@MANY
@given(minors, weights)
def test_a_larger_share_never_gets_less_and_the_order_of_equals_decides(
    total: int, shares: list[int]
) -> None:
    parts = allocate(abs(total), shares)
    ranked = sorted(zip(shares, parts, strict=True))
    for (less, first), (more, second) in pairwise(ranked):
        assert less == more or first <= second
    equal = allocate(abs(total), [1] * len(shares))
    assert list(equal) == sorted(equal, reverse=True)
    assert equal[0] - equal[-1] <= 1


@pytest.mark.parametrize("currency", sorted(DIGITS))
def test_the_smallest_unit_of_each_currency_goes_there_and_back(currency: str) -> None:
    assert [parse(text(minor, currency), currency) for minor in (-1, 0, 1)] == [-1, 0, 1]

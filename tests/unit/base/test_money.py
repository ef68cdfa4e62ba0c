"""Money: what is read and written, every rounding by name, and rests that are shared out fairly."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import moneyed
import pytest

from forbear.base.errors import MoneyError
from forbear.base.money import (
    DIGITS,
    Money,
    Rounding,
    allocate,
    digits_of,
    parse,
    round_ratio,
    rounded,
    text,
    to_multiple,
)


@pytest.mark.parametrize("currency", DIGITS)
def test_each_currency_has_the_digits_that_a_second_table_gives_it(currency: str) -> None:
    assert 10 ** DIGITS[currency] == moneyed.get_currency(currency).sub_unit


@pytest.mark.parametrize(
    ("given", "currency", "minor"),
    [
        ("1234.50", "CNY", 123_450), ("1,234.50", "CNY", 123_450),
        ("1,234,567", "CNY", 123_456_700),
        ("-3", "EUR", -300), ("+3.1", "EUR", 310), (" 7 ", "USD", 700), ("0", "CNY", 0),
        ("-0.00", "CNY", 0), ("3.10000", "USD", 310), ("500", "JPY", 500), ("500.000", "JPY", 500),
        ("1.234", "KWD", 1234), (5, "CNY", 500), (Decimal("5.25"), "CNY", 525),
        (Decimal("1E+3"), "CNY", 100_000), ("0001.20", "CNY", 120),
        ("9,999,999,999,999.99", "CNY", 999_999_999_999_999),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_a_person_or_a_file_writes_it(
    given: str | int | Decimal, currency: str, minor: int
) -> None:
    assert parse(given, currency) == minor


@pytest.mark.parametrize(
    "given",
    [
        "", ".5", "5.", "1,23", "1234,567", "1.2.3", "12a", "1e3", "--1", "1 000", "NaN",
        "Infinity",
        "¥5", "１２", "٣", Decimal("NaN"), Decimal("Infinity"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_with_its_field_and_how_to_write_it(given: str) -> None:
    with pytest.raises(MoneyError) as raised:
        parse(given, "CNY", where="loan 7, principal")
    assert (
        str(raised.value) == f"loan 7, principal: «{given}» is not an amount; write it as 1234.50"
    )


@pytest.mark.parametrize("given", [1.5, float("nan"), True, None, [1], {"amount": 1}])
def test_a_binary_fraction_and_other_kinds_of_value_are_refused(given: object) -> None:
    with pytest.raises(
        MoneyError, match=r'^fee: .* is not an amount; write it as text, "1234\.50"$'
    ):
        parse(given, "CNY", where="fee")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "currency"),
    [("1.005", "CNY"), ("0.1", "JPY"), ("1.00000000000000000000000000000000001", "CNY")],
)
def test_more_digits_than_the_currency_has_are_refused_and_not_rounded(
    given: str, currency: str
) -> None:
    with pytest.raises(MoneyError, match=f"more digits than {currency} has .* round it first"):
        parse(given, currency)


@pytest.mark.parametrize("given", ["10000000000000.01", "-10000000000000.01", "9" * 40, "9" * 5000])
def test_an_amount_beyond_any_loan_is_a_slip_of_the_hand(given: str) -> None:
    with pytest.raises(MoneyError, match="beyond any loan") as raised:
        parse(given, "CNY")
    assert len(str(raised.value)) < 200


@pytest.mark.parametrize("currency", ["cny", "XXX", "", "人民币", None, ["CNY"]])
def test_a_currency_that_is_not_known_is_refused_with_those_that_are(currency: str) -> None:
    for ask in (digits_of, lambda name: parse("1", name), lambda name: text(1, name)):
        with pytest.raises(MoneyError, match=r"is not known; .* known are AUD, BDT, .*, ZAR$"):
            ask(currency)


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [
        (123_450, "CNY", "1234.50"), (5, "CNY", "0.05"), (-5, "CNY", "-0.05"), (0, "CNY", "0.00"),
        (-123_456, "CNY", "-1234.56"), (500, "JPY", "500"), (-1, "JPY", "-1"), (1, "KWD", "0.001"),
    ],
)  # fmt: skip
def test_an_amount_is_written_with_all_the_digits_of_its_currency(
    minor: int, currency: str, written: str
) -> None:
    assert text(minor, currency) == written
    assert str(Money(minor, currency)) == written


@pytest.mark.parametrize(
    ("numerator", "half_up", "half_even", "down"),
    [
        (5, 1, 0, 0), (-5, -1, 0, 0), (15, 2, 2, 1), (-15, -2, -2, -1), (25, 3, 2, 2),
        (-25, -3, -2, -2), (14, 1, 1, 1), (16, 2, 2, 1), (-16, -2, -2, -1), (20, 2, 2, 2),
        (0, 0, 0, 0),
    ],
)  # fmt: skip
def test_ties_are_rounded_by_the_name_of_the_rounding_on_both_sides_of_nothing(
    numerator: int, half_up: int, half_even: int, down: int
) -> None:
    names = (Rounding.HALF_UP, Rounding.HALF_EVEN, Rounding.DOWN)
    assert tuple(round_ratio(numerator, 10, how) for how in names) == (half_up, half_even, down)
    assert tuple(rounded(Fraction(numerator, 10), how) for how in names) == (
        half_up, half_even, down,
    )  # fmt: skip
    assert tuple(rounded(Decimal(numerator) / 10, how) for how in names) == (
        half_up, half_even, down,
    )  # fmt: skip


def test_a_ratio_is_rounded_exactly_however_large_it_is() -> None:
    tie = (10**40 + 1, 2)
    assert round_ratio(*tie, Rounding.HALF_EVEN) == 5 * 10**39
    assert round_ratio(tie[0] + 2, 2, Rounding.HALF_EVEN) == 5 * 10**39 + 2
    assert rounded(Decimal(10**40 + 1) + Decimal(0), Rounding.DOWN) > 0


def test_an_instalment_may_be_a_multiple_of_whole_units() -> None:
    assert to_multiple(12_350, 100, Rounding.HALF_EVEN) == 12_400
    assert to_multiple(12_450, 100, Rounding.HALF_EVEN) == 12_400
    assert to_multiple(12_450, 100, Rounding.HALF_UP) == 12_500
    assert to_multiple(-12_499, 100, Rounding.DOWN) == -12_400


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], (34, 33, 33)), (-100, [1, 1, 1], (-34, -33, -33)),
        (5, [3, 7], (2, 3)), (1, [1, 2], (0, 1)), (0, [1, 2], (0, 0)), (7, [0, 5, 0], (0, 7, 0)),
        (2, [1, 1, 1], (1, 1, 0)), (1, [5], (1,)),
    ],
)  # fmt: skip
def test_a_rest_goes_to_the_parts_that_lost_most_and_the_earlier_one_first(
    total: int, weights: list[int], parts: tuple[int, ...]
) -> None:
    assert allocate(total, weights) == parts


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_weights_that_share_nothing_out_are_a_bug(weights: list[int]) -> None:
    with pytest.raises(AssertionError, match="weights are whole and not all nothing"):
        allocate(1, weights)


def test_money_of_one_currency_adds_up() -> None:
    ten, three = Money(1000, "CNY"), Money(300, "CNY")
    assert ten + three == Money(1300, "CNY")
    assert ten - three == Money(700, "CNY")
    assert -three == Money(-300, "CNY")
    assert ten
    assert not Money(0, "CNY")
    assert len({ten, Money(1000, "CNY"), Money(1000, "USD")}) == 2


def test_two_currencies_never_meet_in_one_sum() -> None:
    yuan, dollar = Money(1, "CNY"), Money(1, "USD")
    for mix in (lambda: yuan + dollar, lambda: yuan - dollar):
        with pytest.raises(MoneyError, match="in one sum; convert one of them first"):
            mix()
    with pytest.raises(TypeError):
        assert yuan < dollar  # type: ignore[operator]


@pytest.mark.parametrize("minor", [1.0, True, "1", Decimal(1)])
def test_an_amount_that_is_not_whole_is_a_bug(minor: int) -> None:
    with pytest.raises(AssertionError, match="whole number of minor units"):
        Money(minor, "CNY")


def test_money_in_a_currency_that_is_not_known_cannot_be_made() -> None:
    with pytest.raises(MoneyError, match="«XXX» is not known"):
        Money(1, "XXX")

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from forbear.loans.cost import several
from forbear.loans.cost.flows import Curve, Flow
from forbear.loans.cost.judge import NoRate, Rate, Why, certifies, solve
from forbear.loans.cost.rates import compounded


def yearly(*amounts: int | str) -> list[Flow]:
    return [Flow(Decimal(amount), Fraction(at)) for at, amount in enumerate(amounts)]


def rate(flows: list[Flow], **words: bool) -> Rate:
    found = solve(flows, **words)
    assert isinstance(found, Rate), found
    return found


def no_rate(flows: list[Flow], **words: bool) -> NoRate:
    found = solve(flows, **words)
    assert isinstance(found, NoRate), found
    return found


def test_the_bracket_holds_the_rate_and_is_narrow():
    found = rate(yearly(-100, 110))
    assert found.low < Decimal("0.1") < found.high
    assert found.high - found.low <= Decimal("1.2e-12")
    assert found.value == Decimal("0.1")


@pytest.mark.parametrize(
    ("flows", "percent"),
    [
        (yearly(-100, 100), "0"),
        (yearly(-100, 39, 59, 55, 20), "28.0948"),
        (yearly(-70000, 12000, 15000), "-44.3507"),
        (yearly(100, -110), "10"),
        (yearly(-1, 10**9), "99999999900"),
        ([Flow(-100, Fraction(0)), Flow(1, Fraction(10))], "-36.9043"),
    ],
)
def test_flows_that_turn_once_have_one_rate(flows: list[Flow], percent: str):
    assert round(rate(flows).value * 100, 4) == Decimal(percent)


def test_a_loan_of_a_day_that_doubles_has_a_rate_of_a_hundred_digits():
    found = rate([Flow(-100, Fraction(0)), Flow(200, Fraction(1, 365))])
    assert found.value.adjusted() == 109
    assert found.low < Decimal(2) ** 365 - 1 < found.high


def test_almost_nothing_paid_back_is_a_rate_just_above_minus_one_hundred_percent():
    found = rate([Flow(-100, Fraction(0)), Flow(Decimal("0.01"), Fraction(1, 365))])
    assert found.low >= -1
    assert found.high < Decimal("-0.999999999999")


@pytest.mark.parametrize(
    ("flows", "why"),
    [
        ([], Why.NOTHING),
        (yearly(0, 0), Why.NOTHING),
        ([Flow(-100, Fraction(0)), Flow(100, Fraction(0))], Why.NOTHING),
        (yearly(100, 100), Why.NO_RATE),
        (yearly(-100, 250, -157), Why.NO_RATE),
        (yearly(-100, 230, -132), Why.SEVERAL),
        (yearly(-1, 2, -1), Why.TOUCHES),
        ([Flow(-100, Fraction(0)), Flow(10**9, Fraction(1, 10**7))], Why.BEYOND),
    ],
)
def test_where_there_is_no_number_the_reason_is_the_answer(flows: list[Flow], why: Why):
    assert no_rate(flows).why is why


def test_a_search_that_would_take_minutes_is_given_up_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(several, "_MOST", 3_000)
    flows = [Flow((-1) ** at * (900 + at % 97), Fraction(at, 12)) for at in range(100)]
    assert no_rate(flows).why is Why.UNDECIDED


def test_several_rates_are_all_named_lowest_first():
    found = no_rate(yearly(-100, 230, -132)).found
    assert [each.value for each in found] == [Decimal("0.1"), Decimal("0.2")]
    three = no_rate(yearly("-5", "10.5", "1", "-8", "1")).found
    assert [round(each.value, 4) for each in three] == [
        Decimal("-0.8702"),
        Decimal("0.0886"),
        Decimal("0.7096"),
    ]


def test_a_fee_long_before_the_advance_leaves_one_rate_of_the_loan():
    """At the other rate the fee grows to the whole loan, and dearer would mean owing less."""
    flows = [Flow(150, Fraction(-1)), Flow(-29550, Fraction(0))]
    flows += [Flow(Decimal("356.11"), Fraction(month, 12)) for month in range(1, 121)]
    assert no_rate(flows).why is Why.SEVERAL
    found = rate(flows, of_a_loan=True)
    assert round(found.value * 100, 6) == Decimal("8.269278")
    assert [round(each.value) for each in found.aside] == [192]


def test_flows_that_turn_again_and_are_no_loan_stay_without_a_number():
    """At either rate the borrower is owed in between, so neither is what a loan costs."""
    assert no_rate(yearly(-100, 230, -132), of_a_loan=True).why is Why.SEVERAL


def test_an_odd_part_of_a_period_bears_simple_interest():
    found = rate([Flow(-1000, Fraction(0)), Flow(Decimal(1155), Fraction(1), Fraction(1, 2))])
    assert found.value == Decimal("0.1")  # 1.1 × 1.05


def test_odd_parts_beside_broken_periods_are_a_bug():
    with pytest.raises(AssertionError):
        Curve([Flow(-1, Fraction(1, 3)), Flow(2, Fraction(1), Fraction(1, 2))])


def test_a_proposal_is_taken_only_where_it_is_proven():
    flows = yearly(-100, 39, 59, 55, 20)
    alone = solve(flows)
    assert solve(flows, propose=lambda _: Decimal("0.2809484211599611")) == alone
    for wrong in ("0.3", "-0.5", "-1", "1e9"):
        assert solve(flows, propose=lambda _, wrong=wrong: Decimal(wrong)) == alone
    assert solve(flows, propose=lambda _: None) == alone


def test_a_certificate_is_given_to_the_rate_alone():
    flows, within = yearly(-100, 110), Decimal("1e-9")
    assert certifies(flows, Decimal("0.1000000001"), within)
    assert not certifies(flows, Decimal("0.1000001"), within)
    assert not certifies(yearly(-100, 230, -132), Decimal("0.1"), within)
    assert not certifies(flows, Decimal(-1), within)


def test_a_rate_in_other_words():
    month = rate(yearly(-100, 101))
    assert month.times(Fraction(12)).value == Decimal("0.12")
    assert round(month.compounded(Fraction(12)).value, 10) == Decimal("0.1268250301")
    assert compounded(Decimal(-1), Fraction(12)) == -1
    none = no_rate(yearly(-100, 230, -132))
    assert [round(each.value, 2) for each in none.compounded(Fraction(2)).found] == [
        Decimal("0.21"),
        Decimal("0.44"),
    ]


def test_a_proof_does_not_lean_on_the_context_of_the_caller():
    import decimal  # noqa: PLC0415

    flows = yearly(-100, 39, 59, 55, 20)
    alone = solve(flows)
    with decimal.localcontext(decimal.Context(prec=6)):
        assert solve(flows) == alone

"""What a loan comes to, and the all-in ceiling of a product."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from forbear.loans.cost.judge import NoRate
from forbear.loans.periods import Disbursement
from forbear.loans.products.application import CHINA, Refused
from forbear.loans.products.product import find
from forbear.loans.products.quote import Quote, quote, shown_percent, within
from forbear.loans.terms import Terms

START = date(2026, 1, 31)


def quoted(amount: int = 1_000_000, fee: int = 0, **fields: Any) -> Quote:
    terms = Terms(
        **{
            "currency": "CNY", "principal": amount, "annual_rate_percent": Decimal(12), "n": 12,
            "every": 1, "unit": "months", "starts_on": START, "allocation": CHINA,
            "days_in_year": "360", "days_in_month": "30", **fields,
        }
    )  # fmt: skip
    return quote(terms, [Disbursement(START, amount)], {"processing": fee} if fee else None)


def test_without_fees_the_nominal_rate_is_the_rate_of_the_contract() -> None:
    found = quoted(100_000_000)
    assert not isinstance(found.cost.nominal, NoRate)
    assert abs(found.cost.nominal.value - Decimal("0.12")) < Decimal("1e-7")
    # 1.01 to the twelfth, less one.
    assert abs(found.cost.effective.value - Decimal("0.126825030131969720661201")) < Decimal("1e-7")


@pytest.mark.parametrize(
    ("start", "first_due"),
    [
        (date(2026, 1, 15), date(2026, 3, 1)),
        (date(2026, 1, 15), date(2026, 2, 1)),
        (date(2026, 1, 31), date(2026, 3, 15)),
        (date(2026, 2, 28), date(2026, 3, 31)),
    ],
)
def test_an_odd_first_period_does_not_make_a_loan_look_cheaper_than_its_rate(
    start: date, first_due: date
) -> None:
    """The rows after it are whole months apart, in the interest and in the all-in rate alike."""
    terms = replace(
        quoted(100_000_000, starts_on=start, first_due=first_due).terms, starts_on=start
    )
    found = quote(terms, [Disbursement(start, 100_000_000)])
    assert not isinstance(found.cost.nominal, NoRate)
    # A first period of other than a month bears simple interest; that is all that may differ.
    assert abs(found.cost.nominal.value - Decimal("0.12")) < Decimal("2e-4")


def test_a_fee_is_part_of_the_cost() -> None:
    free, dear = quoted(), quoted(fee=10_000)
    assert dear.charged == free.charged + 10_000
    assert dear.cost.effective.low > free.cost.effective.high


def test_flat_interest_costs_nearly_twice_its_rate() -> None:
    found = quoted(interest_method="flat")
    assert Decimal("0.21") < found.cost.nominal.value < Decimal("0.22")


def test_a_quote_within_the_ceiling_passes() -> None:
    found = quoted()
    assert within(find("equal-instalments"), found) is found
    assert within(replace(find("equal-instalments"), all_in_percent=None), found) is found


def test_above_the_ceiling_the_rate_that_fits_is_named_and_fits() -> None:
    product = find("equal-instalments")
    dear = quoted(annual_rate_percent=Decimal(30))
    refused = within(product, dear)
    assert isinstance(refused, Refused)
    (reason,) = refused.reasons
    assert reason.limit == "all_in_percent"
    assert reason.says.zh.endswith("超过这个产品的上限 24%。名义年利率不超过 21.7% 就可以。")
    rate = Decimal("21.70")
    assert isinstance(within(product, quoted(annual_rate_percent=rate)), Quote)
    more = quoted(annual_rate_percent=rate + Decimal("0.01"))
    assert isinstance(within(product, more), Refused)


def test_where_fees_alone_are_too_much_no_rate_is_named() -> None:
    refused = within(find("equal-instalments"), quoted(fee=500_000))
    assert isinstance(refused, Refused)
    assert refused.reasons[0].says.en.endswith("With these fees not even 0% would fit.")


@pytest.mark.parametrize(
    ("share", "shown"),
    [("0.12", "12.00%"), ("0.12005", "12.01%"), ("0", "0.00%"), ("-0.00001", "0.00%")],
)
def test_a_cost_is_shown_with_two_places(share: str, shown: str) -> None:
    assert shown_percent(Decimal(share)) == shown

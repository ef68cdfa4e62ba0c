"""Terms within a product, or every limit that is not kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from forbear.base.errors import LoanError
from forbear.loans.products.application import Application, Refused, step_said, terms_for
from forbear.loans.products.product import find
from forbear.loans.terms import Terms

ASKED = Application(
    currency="CNY", amount=1_000_000, annual_rate_percent=Decimal(12), n=12, every=1,
    unit="months", starts_on=date(2026, 3, 10),
)  # fmt: skip


def answer(product: str = "equal-instalments", **fields: Any) -> Terms | Refused:
    return terms_for(find(product), replace(ASKED, **fields))


def refused(product: str = "equal-instalments", **fields: Any) -> dict[str, tuple[str, str]]:
    found = answer(product, **fields)
    assert isinstance(found, Refused)
    return {reason.limit: (reason.says.zh, reason.says.en) for reason in found.reasons}


def test_terms_take_what_the_product_says_and_what_was_asked_for() -> None:
    found = answer(fees={"processing": 10_000}, grace_principal_periods=3)
    assert isinstance(found, Terms)
    assert (found.principal, found.n, found.amortization) == (1_000_000, 12, "equal_installment")
    assert (found.days_in_year, found.days_in_month, found.interest_method) == (
        "360", "30", "declining_balance"
    )  # fmt: skip
    assert found.allocation.order[:4] == (
        "past_due_fee", "past_due_interest", "past_due_principal", "past_due_penalty"
    )  # fmt: skip
    assert len(set(found.allocation.order)) == 12


def test_a_down_payment_is_made_where_the_product_has_one() -> None:
    found = answer("in-parts", down_payment_percent=Decimal(25), disbursements=2)
    assert isinstance(found, Terms)
    assert found.down_payment is not None
    assert found.down_payment.percent == 25
    assert "down_payment_percent" in refused(down_payment_percent=Decimal(25))


def test_every_limit_is_named_at_once_with_what_would_fit() -> None:
    found = refused(
        amount=30_000_000, n=70, annual_rate_percent=Decimal(22), unit="weeks",
        amortization="bullet", grace_principal_periods=4, grace_interest_periods=5,
        disbursements=2, fees={"processing": 60_000, "gift": 1},
    )  # fmt: skip
    assert found == {
        "amount": (
            "申请金额 300,000.00 元不在 500.00 元到 200,000.00 元之间。",
            "The amount CNY 300,000.00 is not between CNY 500.00 and CNY 200,000.00.",
        ),
        "instalments": (
            "期数 70 不在 3 到 36 之间。",
            "70 instalments are not between 3 and 36.",
        ),
        "annual_rate_percent": (
            "年利率 22% 不在 0% 到 18% 之间。",
            "The annual rate of 22% is not between 0% and 18%.",
        ),
        "every": (
            "不能每周还一次，可以每个月。",
            "It cannot be repaid every week; it can be every month.",
        ),
        "amortization": (
            "还款方式不能是到期一次还本付息，可以是等额本息、等额本金。",
            "The way of repayment cannot be “all at the end”; it can be “equal instalments” or "
            "“equal principal”.",
        ),
        "grace_principal": ("本金宽限是 4，最多可以是 3。", "Grace on principal: 4; at most 3."),
        "grace_interest": ("利息宽限是 5，最多可以是 3。", "Grace on interest: 5; at most 3."),
        "disbursements": ("放款次数是 2，最多可以是 1。", "Disbursements: 2; at most 1."),
        "fee.processing": (
            "手续费 600.00 元超出范围，最多 500.00 元。",
            "The processing fee of CNY 600.00 is out of range; it is at most CNY 500.00.",
        ),
        "fee.gift": (
            "这个产品没有名为 gift 的费用，不能收取。",
            "This product has no fee «gift»; it cannot be charged.",
        ),
    }


def test_the_ends_of_a_range_are_inside_it() -> None:
    for fields in ({"amount": 50_000}, {"amount": 20_000_000}, {"n": 3}, {"n": 36}):
        assert isinstance(answer(**fields), Terms)
    for fields in ({"amount": 49_999}, {"amount": 20_000_001}, {"n": 2}, {"n": 37}):
        assert isinstance(answer(**fields), Refused)


def test_another_currency_is_refused_alone_since_no_limit_can_be_held_against_it() -> None:
    found = refused(currency="USD", amount=99)
    assert found == {
        "currency": (
            "这个产品只用 CNY，不用 USD。", "This product lends in CNY, not in USD."
        )
    }  # fmt: skip


def test_what_is_no_loan_at_all_is_no_refusal_but_an_error() -> None:
    with pytest.raises(LoanError, match=r"principal: -1\.00 is not an amount to lend"):
        answer(amount=-100)
    with pytest.raises(LoanError, match="first_due"):
        answer(first_due=date(2026, 3, 9))


def test_steps_are_said_plainly() -> None:
    assert (step_said(1, "months").zh, step_said(1, "weeks").en) == ("每个月", "every week")
    assert (step_said(3, "months").zh, step_said(10, "days").en) == ("每3个月", "every 10 days")

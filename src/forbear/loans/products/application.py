"""Terms from a product and what a person asks for. A refusal names every limit, and what fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from forbear.base.reasons import Sentence
from forbear.loans import orders, said
from forbear.loans.bounds import checked
from forbear.loans.products.product import DAY_COUNTS, Product
from forbear.loans.terms import DownPayment, Terms

# Who gets a payment first where nothing else is agreed: 民法典 第561条.
CHINA: Final = orders.named("cn-561")
_STEPS: Final = {
    "days": ("每{k}天", "every {k} days"),
    "weeks": ("每{k}周", "every {k} weeks"),
    "months": ("每{k}个月", "every {k} months"),
}
AMORTIZATION: Final = {
    "equal_installment": Sentence(zh="等额本息", en="equal instalments"),
    "equal_principal": Sentence(zh="等额本金", en="equal principal"),
    "interest_first": Sentence(zh="先息后本", en="interest first"),
    "bullet": Sentence(zh="到期一次还本付息", en="all at the end"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What a person asks for. Amounts are minor units; ``amount`` is the whole of the loan.

    ``amortization`` None is the first that the product has; ``fees`` are amounts by fee id.
    """

    currency: str
    amount: int
    annual_rate_percent: Decimal
    n: int
    every: int
    unit: str
    starts_on: date
    amortization: str | None = None
    first_due: date | None = None
    grace_principal_periods: int = 0
    grace_interest_periods: int = 0
    down_payment_percent: Decimal = Decimal(0)
    disbursements: int = 1
    fees: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One limit that an application does not keep: its field, and what would fit."""

    limit: str
    says: Sentence


@dataclass(frozen=True, slots=True)
class Refused:
    """Why there are no such terms: every limit that is not kept, not only the first."""

    reasons: tuple[Reason, ...]


def terms_for(product: Product, asked: Application) -> Terms | Refused:
    """The terms of a loan within all limits of ``product``, or each limit that is not kept.

    Raises :class:`~forbear.base.errors.LoanError` where what is asked for is no loan at all, such
    as a negative amount.
    """
    terms = checked(_terms(product, asked))
    reasons = tuple(_reasons(product, asked))
    return Refused(reasons) if reasons else terms


def _terms(product: Product, asked: Application) -> Terms:
    year, month, period = DAY_COUNTS[product.day_count]
    down = asked.down_payment_percent
    return Terms(
        currency=asked.currency,
        principal=asked.amount,
        annual_rate_percent=asked.annual_rate_percent,
        n=asked.n,
        every=asked.every,
        unit=asked.unit,
        starts_on=asked.starts_on,
        allocation=CHINA,
        interest_method=product.interest_method,
        amortization=asked.amortization or product.amortization[0],
        interest_period=period,
        days_in_year=year,
        days_in_month=month,
        rounding=product.rounding,
        multiple_of=product.multiple_of,
        down_payment=DownPayment(down) if down else None,
        grace_principal_periods=asked.grace_principal_periods,
        grace_interest_periods=asked.grace_interest_periods,
        first_due=asked.first_due,
    )


def _reasons(product: Product, asked: Application) -> Iterator[Reason]:
    if asked.currency != product.currency:
        yield _reason(
            "currency",
            f"这个产品只用 {product.currency}，不用 {asked.currency}。",
            f"This product lends in {product.currency}, not in {asked.currency}.",
        )
        return  # amounts of another currency are not held against this one's limits
    yield from _amount(product, asked.amount)
    yield from _count(product, asked.n)
    yield from _rate(
        "annual_rate_percent", ("年利率", "the annual rate"), asked.annual_rate_percent,
        product.annual_rate_percent,
    )  # fmt: skip
    yield from _rate(
        "down_payment_percent", ("首付比例", "the down payment"), asked.down_payment_percent,
        product.down_payment_percent,
    )  # fmt: skip
    yield from _way(product, asked)
    for limit, zh, en, wanted, most in (
        ("grace_principal", "本金宽限", "grace on principal", asked.grace_principal_periods,
         product.grace_principal),
        ("grace_interest", "利息宽限", "grace on interest", asked.grace_interest_periods,
         product.grace_interest),
        ("disbursements", "放款次数", "disbursements", asked.disbursements, product.disbursements),
    ):  # fmt: skip
        if wanted > most:
            yield _reason(
                limit, f"{zh}是 {wanted}，最多可以是 {most}。", f"{en}: {wanted}; at most {most}."
            )
    yield from _fees(product, asked)


def _reason(limit: str, zh: str, en: str) -> Reason:
    return Reason(limit=limit, says=Sentence(zh=zh, en=en[0].upper() + en[1:]))


def _amount(product: Product, asked: int) -> Iterator[Reason]:
    low, high = (said.amount(end, product.currency) for end in product.amount)
    given = said.amount(asked, product.currency)
    if not product.amount[0] <= asked <= product.amount[1]:
        yield _reason(
            "amount",
            f"申请金额 {given.zh}不在 {low.zh}到 {high.zh}之间。",
            f"the amount {given.en} is not between {low.en} and {high.en}.",
        )


def _count(product: Product, asked: int) -> Iterator[Reason]:
    low, high = product.instalments
    if not low <= asked <= high:
        yield _reason(
            "instalments",
            f"期数 {asked} 不在 {low} 到 {high} 之间。",
            f"{asked} instalments are not between {low} and {high}.",
        )


def _rate(
    limit: str, names: tuple[str, str], asked: Decimal, ends: tuple[Decimal, Decimal]
) -> Iterator[Reason]:
    if not ends[0] <= asked <= ends[1]:
        given, low, high = said.rate(asked), said.rate(ends[0]), said.rate(ends[1])
        yield _reason(
            limit,
            f"{names[0]} {given} 不在 {low} 到 {high} 之间。",
            f"{names[1]} of {given} is not between {low} and {high}.",
        )


def step_said(every: int, unit: str) -> Sentence:
    """``每2周`` or ``every 2 weeks``; one of a unit is said plainly."""
    zh, en = _STEPS[unit]
    if every == 1:
        return Sentence(zh=zh.format(k=""), en=f"every {unit[:-1]}")
    return Sentence(zh=zh.format(k=every), en=en.format(k=every))


def _way(product: Product, asked: Application) -> Iterator[Reason]:
    if (asked.every, asked.unit) not in product.every:
        fits = [step_said(*each) for each in product.every]
        given = step_said(asked.every, asked.unit)
        yield _reason(
            "every",
            f"不能{given.zh}还一次，可以{'、'.join(each.zh for each in fits)}。",
            f"it cannot be repaid {given.en}; it can be {_or(each.en for each in fits)}.",
        )
    if asked.amortization is not None and asked.amortization not in product.amortization:
        ways = [AMORTIZATION[each] for each in product.amortization]
        given = AMORTIZATION[asked.amortization]
        yield _reason(
            "amortization",
            f"还款方式不能是{given.zh}，可以是{'、'.join(each.zh for each in ways)}。",
            f"the way of repayment cannot be “{given.en}”; "
            f"it can be {_or(f'“{each.en}”' for each in ways)}.",
        )


def _or(words: Iterator[str]) -> str:
    return " or ".join(words)


def _fees(product: Product, asked: Application) -> Iterator[Reason]:
    known = {fee.id: fee for fee in product.fees}
    for name, amount in asked.fees.items():
        given = said.amount(amount, product.currency)
        if name not in known:
            yield _reason(
                f"fee.{name}",
                f"这个产品没有名为 {name} 的费用，不能收取。",
                f"this product has no fee «{name}»; it cannot be charged.",
            )
        elif not 0 <= amount <= known[name].ceiling(asked.amount):
            most = said.amount(known[name].ceiling(asked.amount), product.currency)
            called = known[name].name
            yield _reason(
                f"fee.{name}",
                f"{called.zh} {given.zh}超出范围，最多 {most.zh}。",
                f"the {called.en} of {given.en} is out of range; it is at most {most.en}.",
            )

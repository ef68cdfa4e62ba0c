"""What a loan comes to: rows, fees and the all-in annual rate, within a product's ceiling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from forbear.base.reasons import Sentence
from forbear.loans import said
from forbear.loans.cost.judge import NoRate
from forbear.loans.cost.methods import Cost, Timed, cn_all_in
from forbear.loans.days import year_share
from forbear.loans.parts import NOTHING, Parts
from forbear.loans.periods import Disbursement
from forbear.loans.plan import plan
from forbear.loans.products.application import Reason, Refused
from forbear.loans.products.product import Product
from forbear.loans.state import Row
from forbear.loans.terms import Terms

_HUNDREDTHS: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A loan planned. ``fees`` are paid on the first day, in minor units by name."""

    terms: Terms
    disbursements: tuple[Disbursement, ...]
    rows: tuple[Row, ...]
    fees: Mapping[str, int] = field(default_factory=dict)
    cost: Cost

    @property
    def owed(self) -> Parts:
        """All rows together."""
        total = NOTHING
        for row in self.rows:
            total = total.plus(row.owed)
        return total

    @property
    def charged(self) -> int:
        """Interest and fees: what the loan costs beyond what was lent."""
        return self.owed.total - self.owed.principal + sum(self.fees.values())


def quote(
    terms: Terms,
    disbursements: Sequence[Disbursement],
    fees: Mapping[str, int] | None = None,
    rows: Sequence[Row] | None = None,
) -> Quote:
    """The plan of a loan with its all-in annual rate (:func:`cn_all_in`, compound and simple).

    ``rows`` are those of a ledger, where the plan is not to be made here. Raises
    :class:`~forbear.base.errors.LoanError` where the days do not fit together.
    """
    rows, charged = tuple(rows or plan(terms, disbursements)), dict(fees or {})
    return Quote(
        terms=terms,
        disbursements=tuple(disbursements),
        rows=rows,
        fees=charged,
        cost=_cost(terms, disbursements, rows, sum(charged.values())),
    )


def _cost(
    terms: Terms, disbursements: Sequence[Disbursement], rows: Sequence[Row], fees: int
) -> Cost:
    first = disbursements[0].on
    turn = (terms.first_due or terms.starts_on).day

    def months(start: date, end: date) -> Fraction:
        return year_share(start, end, days_in_year="360", days_in_month="30", of=turn)

    def years(on: date) -> Fraction:
        """Whole months are twelfths, so that a monthly rate stays what it is; other days /365.

        They are counted from an odd first due day where there is one, as the interest is: counted
        from the payout, the days of the first period would stretch every later one.
        """
        if terms.unit != "months":
            return year_share(first, on)
        if terms.first_due is not None and first < terms.first_due < on:
            return months(first, terms.first_due) + months(terms.first_due, on)
        return months(first, on)

    advances = [Timed(each.amount, years(each.on)) for each in disbursements]
    payments = [Timed(row.owed.total, years(row.due)) for row in rows if row.owed.total]
    if fees:
        payments.insert(0, Timed(fees, Fraction(0)))
    return cn_all_in(advances, payments)


def within(product: Product, found: Quote) -> Quote | Refused:
    """The same quote where it keeps the product's all-in ceiling, or what would keep it.

    The ceiling is held against the compound rate, which is the higher of the two.
    """
    if product.all_in_percent is None or _keeps(product.all_in_percent, found.cost):
        return found
    effective = found.cost.effective
    shown = "—" if isinstance(effective, NoRate) else shown_percent(effective.value)
    ceiling = said.rate(product.all_in_percent)
    fits = _rate_that_fits(product.all_in_percent, found)
    zh = f"综合年化成本（复利）{shown}，超过这个产品的上限 {ceiling}。"
    en = f"The all-in annual rate is {shown}, above the {ceiling} of this product."
    if fits is None:
        zh, en = f"{zh}费用太高，利率是 0 也超过。", f"{en} With these fees not even 0% would fit."
    else:
        zh = f"{zh}名义年利率不超过 {said.rate(fits)} 就可以。"
        en = f"{en} A nominal rate of at most {said.rate(fits)} would fit."
    return Refused((Reason(limit="all_in_percent", says=Sentence(zh=zh, en=en)),))


def _keeps(ceiling: Decimal, cost: Cost) -> bool:
    effective = cost.effective
    return not isinstance(effective, NoRate) and effective.low * 100 <= ceiling


def _rate_that_fits(ceiling: Decimal, found: Quote) -> Decimal | None:
    """The highest nominal rate, in hundredths of a percent, that keeps the ceiling."""
    low, high = 0, int(found.terms.annual_rate_percent / _HUNDREDTHS)
    if not _keeps(ceiling, _at(found, low)):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if _keeps(ceiling, _at(found, middle)):
            low = middle
        else:
            high = middle
    return low * _HUNDREDTHS


def _at(found: Quote, hundredths: int) -> Cost:
    terms = replace(found.terms, annual_rate_percent=hundredths * _HUNDREDTHS)
    rows = plan(terms, found.disbursements)
    return _cost(terms, found.disbursements, rows, sum(found.fees.values()))


def shown_percent(share: Decimal) -> str:
    """A share as a percentage with two places."""
    return f"{(share * 100).quantize(_HUNDREDTHS, ROUND_HALF_UP) + 0:.2f}%"

"""The terms of one loan, as agreed: what every computation starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from forbear.base.money import Rounding


@dataclass(frozen=True, slots=True)
class DownPayment:
    """A share of each disbursement that is due on its very day; paid by itself where ``auto``."""

    percent: Decimal
    auto: bool = False


@dataclass(frozen=True, slots=True)
class Recalculation:
    """How interest is computed anew when payments come early or late; None on a fixed plan."""

    advance_payment: str = "adjust_last_unpaid_period"
    compounding: str = "none"
    preclose: str = "till_preclose_date"
    rest: str = "daily"
    no_interest_on_past_due_principal: bool = False


@dataclass(frozen=True, slots=True)
class Allocation:
    """Who gets a payment first. ``strategy`` names a fixed order or ``advanced``.

    ``advanced`` takes ``order``, twelve words such as ``past_due_penalty``; ``future`` says where
    early money goes for each kind of transaction (``default`` for the rest), ``order_for`` gives
    kinds of transaction an order of their own. ``direction`` is ``horizontal`` (an instalment at
    a time) or ``vertical`` (a component at a time).
    """

    strategy: str
    direction: str = "horizontal"
    order: tuple[str, ...] = ()
    future: Mapping[str, str] = field(default_factory=dict)
    order_for: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Terms:
    """A loan as agreed. Amounts are minor units of ``currency``; rates are percent a year.

    ``starts_on`` is the day from which due dates are counted. ``engine`` is ``progressive`` (the
    plan follows what happens) or ``cumulative`` (a fixed plan, made anew when terms change).
    """

    currency: str
    principal: int
    annual_rate_percent: Decimal
    n: int
    every: int
    unit: str  # days | weeks | months
    starts_on: date
    allocation: Allocation
    interest_method: str = "declining_balance"  # declining_balance | flat | zero
    amortization: str = "equal_installment"  # equal_principal | interest_first | bullet
    interest_period: str = "daily"  # same_as_repayment: each period bears a whole period's rate
    days_in_year: str = "365"  # actual | 360 | 365
    days_in_month: str = "actual"  # actual | 30
    partial_period_interest: bool = False
    rounding: Rounding = Rounding.HALF_EVEN
    multiple_of: int | None = None  # minor units that an instalment is a multiple of
    engine: str = "progressive"
    recalculation: Recalculation | None = None
    down_payment: DownPayment | None = None
    grace_principal_periods: int = 0
    grace_interest_periods: int = 0
    first_due: date | None = None
    arrears_grace_days: int = 0
    options: Mapping[str, object] = field(default_factory=dict)  # rarer words of a product

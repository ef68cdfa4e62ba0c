"""The nightly close of one loan: what was earned, what is due, how late it is. The specification.

It reads the rows of a plan as they stand (:class:`~forbear.loans.state.Row`) and what last night
left (:class:`Night`). The close of a whole portfolio (``batch/nightly.py``) must say the same to
the cent of every loan. All of it is whole numbers.

Interest of a period is earned day by day, in proportion to its days, and on the due day all of it:
so no night says more than the plan does, whatever the plan made of a pause or a rate. Late interest
exists only where the terms name its rate. It is counted by real days, from the end of the arrears
grace on, and only whole cents of it are posted: the rest goes to the next night, so that nights in
any grouping give one sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from forbear.base.errors import LoanError
from forbear.base.money import Rounding, round_ratio
from forbear.loans.ageing import BUCKETS, Bucket, bucket_of
from forbear.loans.days import by_year, days_between
from forbear.loans.parts import NOTHING, Component, Parts
from forbear.loans.state import Row
from forbear.loans.terms import Terms

AMOUNT_MAX: Final = 10**15  # minor units of one component of one row, as base/money reads them
PPM: Final = 1_000_000
LATE_PPM_MAX: Final = 10 * PPM  # 1,000 % a year; more is a slip of the hand
GRACE_DAYS_MAX: Final = 366
LATE_ON: Final = ("principal", "principal_and_interest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What the close of a loan must know of its terms.

    ``by_years`` says that days of leap years weigh 1/366 (actual/actual); ``year`` is the days of a
    year otherwise. ``late_ppm`` is the yearly rate of late interest in millionths (24 % is
    240,000), 0 where the terms have none; ``late_on`` says what bears it.
    """

    rounding: Rounding = Rounding.HALF_EVEN
    year: int = 365
    by_years: bool = False
    arrears_grace_days: int = 0
    late_ppm: int = 0
    late_on: str = "principal"

    @property
    def late_unit(self) -> int:
        """Into how many parts a minor unit is split where late interest is counted."""
        return PPM * (365 * 366 if self.by_years else self.year)


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What an earlier close left, for the next one; without ``closed_on`` there was none.

    ``earned`` is the interest earned since the start, ``late_rest`` the part of a minor unit of
    late interest that was not posted (in parts of ``Closing.late_unit``).
    """

    closed_on: date | None = None
    bucket: Bucket | None = None
    earned: int = 0
    late_rest: int = 0


FIRST: Final = Night()


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A loan after the close of a day. Amounts are minor units.

    ``accrued`` is the interest to post tonight (negative where the plan was made anew with less),
    ``receivable`` what is earned and neither paid, waived nor written off. ``due`` falls due today,
    ``overdue`` fell due before. ``move`` counts the buckets since last night: above 0 is worse.
    ``late_interest`` is to post tonight; it is 0 where the terms have none.
    """

    on: date
    days_past_due: int
    delinquent_days: int
    bucket: Bucket
    move: int
    earned: int
    accrued: int
    receivable: int
    due: Parts
    overdue: Parts
    outstanding: Parts
    next_due: date | None
    next_amount: int
    late_interest: int
    late_rest: int

    @property
    def night(self) -> Night:
        """What the next close starts from."""
        return Night(
            closed_on=self.on, bucket=self.bucket, earned=self.earned, late_rest=self.late_rest
        )

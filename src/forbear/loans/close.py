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
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from forbear.base.errors import LoanError
from forbear.base.money import Rounding, round_ratio
from forbear.loans.days import by_year, days_between
from forbear.loans.lateness import NO_DELINQUENCY, Pause, Rules, paused_days
from forbear.loans.parts import NOTHING, Component, Parts
from forbear.loans.state import Row
from forbear.loans.terms import Terms

AMOUNT_MAX: Final = 10**15  # minor units of one component of one row, as base/money reads them
EARNED_MAX: Final = 10**18  # minor units of interest since the start
PPM: Final = 1_000_000
LATE_PPM_MAX: Final = 10 * PPM  # 1,000 % a year; more is a slip of the hand
GRACE_DAYS_MAX: Final = 366
LATE_ON: Final = ("principal", "principal_and_interest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What the close of a loan must know of its terms.

    ``ageing`` holds the arrears grace and the buckets. ``by_years`` says that days of leap years
    weigh 1/366 (actual/actual); ``year`` is the days of a year otherwise. ``late_ppm`` is the
    yearly rate of late interest in millionths (24 % is 240,000), 0 where the terms have none, and
    ``late_on`` says what bears it.
    """

    rounding: Rounding = Rounding.HALF_EVEN
    year: int = 365
    by_years: bool = False
    ageing: Rules = field(default_factory=Rules)
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
    bucket: str | None = None
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
    bucket: str
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


def closing_of(
    terms: Terms, ageing: Rules, *, late_percent: Decimal | None = None, late_on: str = LATE_ON[0]
) -> Closing:
    """What the close must know of ``terms``; ``late_percent`` is the yearly rate of late interest.

    Raises :class:`LoanError` for a rate that is negative, absurd, or finer than four digits.
    """
    months_of_30 = terms.days_in_month == "30" and terms.unit == "months"
    by_years = terms.days_in_year == "actual" and not months_of_30
    return Closing(
        rounding=terms.rounding,
        year=360 if terms.days_in_year == "360" else 365,
        by_years=by_years,
        ageing=ageing,
        late_ppm=0 if late_percent is None else ppm_of(late_percent),
        late_on=late_on,
    )


def ppm_of(percent: Decimal) -> int:
    """A yearly rate in percent as millionths of the whole: 18.25 % is 182,500.

    Raises :class:`LoanError` where it is no rate of late interest.
    """
    ppm = percent * 10_000
    if not percent.is_finite() or ppm != ppm.to_integral_value() or not 0 <= ppm <= LATE_PPM_MAX:
        raise LoanError(
            f"late_rate_percent: {percent} is no yearly rate of late interest; write percent with "
            "at most four digits after the point, such as 18.25"
        )
    return int(ppm)


def close(
    rows: Sequence[Row],
    terms: Closing,
    on: date,
    last: Night = FIRST,
    pauses: Sequence[Pause] = (),
) -> Closed:
    """Close one loan on ``on``, after everything of that day was applied to its ``rows``.

    ``pauses`` take days away from the ageing, and on a day of one the bucket stays where it was.

    Raises :class:`LoanError` where the rows are no plan, or last night lies after ``on``.
    """
    _check(rows, terms, on, last)
    outstanding = due = overdue = NOTHING
    earned = receivable = next_amount = late = 0
    oldest: date | None = None
    next_due: date | None = None
    for row in rows:
        left = row.outstanding
        outstanding = outstanding.plus(left)
        interest = earned_of(row, terms, on)
        earned += interest
        receivable += max(0, interest - row.owed.interest + left.interest)
        if row.due < on:
            overdue = overdue.plus(left)
            late += _late(row, terms, on, last.closed_on)
            if oldest is None and left.total:
                oldest = row.due
        elif row.due == on:
            due = due.plus(left)
        elif left.total and next_due in (None, row.due):
            next_due = row.due
            next_amount += left.total
    late += last.late_rest
    past_due = 0 if oldest is None else days_between(oldest, on)
    taken = 0 if oldest is None else paused_days(pauses, oldest, on)
    delinquent = max(0, past_due - taken - terms.ageing.grace_days)
    bucket = terms.ageing.bucket_of(delinquent)
    if last.bucket is not None and any(pause.covers(on) for pause in pauses):
        bucket = last.bucket
    rank = terms.ageing.rank
    return Closed(
        on=on,
        days_past_due=past_due,
        delinquent_days=delinquent,
        bucket=bucket,
        move=0 if last.bucket is None else rank(bucket) - rank(last.bucket),
        earned=earned,
        accrued=earned - last.earned,
        receivable=receivable,
        due=due,
        overdue=overdue,
        outstanding=outstanding,
        next_due=next_due,
        next_amount=next_amount,
        late_interest=late // terms.late_unit,
        late_rest=late % terms.late_unit,
    )


def weighed(start: date, end: date, terms: Closing) -> int:
    """The days between two days, each weighed by its year where the terms say so."""
    if not terms.by_years:
        return days_between(start, end)
    common, leap = by_year(start, end)
    return common * 366 + leap * 365


def earned_of(row: Row, terms: Closing, on: date) -> int:
    """The interest of a row that is earned by the end of ``on``, whether or not it is settled."""
    if on >= row.due:
        return row.owed.interest
    if on <= row.start:
        return 0
    part, whole = weighed(row.start, on, terms), weighed(row.start, row.due, terms)
    return round_ratio(row.owed.interest * part, whole, terms.rounding)


def _late(row: Row, terms: Closing, on: date, closed_on: date | None) -> int:
    """Late interest of a row for the nights since the last close, in parts of a minor unit."""
    since = row.due + timedelta(days=terms.ageing.grace_days)
    if closed_on is not None:
        since = max(since, closed_on)
    if not terms.late_ppm or since >= on:
        return 0
    left = row.outstanding
    base = left.principal if terms.late_on == "principal" else left.principal + left.interest
    return base * terms.late_ppm * weighed(since, on, terms)


# ── what is no plan ──


def _check(rows: Sequence[Row], terms: Closing, on: date, last: Night) -> None:
    """Raise LoanError for the first thing that cannot be, with its place and the mend."""
    if last.closed_on is not None and last.closed_on > on:
        raise LoanError(
            f"closed_on: {last.closed_on} lies after {on}; close a day that has not been closed, "
            "or start from the night before it"
        )
    if not 0 <= terms.ageing.grace_days <= GRACE_DAYS_MAX:
        raise LoanError(
            f"arrears_grace_days: {terms.ageing.grace_days} is no number of days of grace; "
            f"write 0 to {GRACE_DAYS_MAX}"
        )
    if not 0 <= last.late_rest < terms.late_unit:
        raise LoanError(
            f"late_rest: {last.late_rest} is not less than a minor unit ({terms.late_unit} parts); "
            "take it from the last close as it stands, under the same terms"
        )
    if not 0 <= last.earned <= EARNED_MAX:
        raise LoanError(
            f"interest_earned: {last.earned} minor units cannot have been earned; "
            "take it from the last close as it stands"
        )
    known = (NO_DELINQUENCY, *(bucket.name for bucket in terms.ageing.buckets))
    if last.bucket is not None and last.bucket not in known:
        raise LoanError(f"bucket: «{last.bucket}» is not known; known are {', '.join(known)}")
    before = date.min
    for number, row in enumerate(rows, start=1):
        _check_row(row, f"row {number}", before)
        before = row.due


def _check_row(row: Row, where: str, before: date) -> None:
    if row.due < row.start:
        raise LoanError(
            f"{where}: it falls due on {row.due}, before it starts on {row.start}; "
            "correct one of the two days"
        )
    if row.due < before:
        raise LoanError(
            f"{where}: it falls due on {row.due}, before the row above it ({before}); "
            "put the rows in the order of their due days"
        )
    for component in Component:
        owed, left = row.owed.of(component), row.outstanding.of(component)
        if not 0 <= owed <= AMOUNT_MAX:
            raise LoanError(
                f"{where}: {component} owed is {owed} minor units; an amount is 0 to {AMOUNT_MAX}"
            )
        if not 0 <= left <= owed:
            raise LoanError(
                f"{where}: of {owed} minor units of {component} owed {owed - left} are settled; "
                "a payment beyond the row belongs to another row or to what is overpaid"
            )

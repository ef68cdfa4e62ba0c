"""Interest and principal of one instalment of a fixed plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from forbear.base.money import to_multiple
from forbear.loans.cumulative import rates
from forbear.loans.cumulative.bargain import Bargain


@dataclass(frozen=True, slots=True)
class Period:
    """One period as the plan reached it: its number, its days, and what bears interest in it."""

    number: int
    start: date
    end: date
    balance: int  # what bears interest at the start
    changes: Mapping[date, int]  # and what it grows by from each day on
    paid_principal: int  # scheduled before this period
    interest_so_far: int
    carried: int  # interest of a grace period, not yet asked for


@dataclass(frozen=True, slots=True)
class Computed:
    """What a period asks for, and the interest that it carries on."""

    principal: int
    interest: int
    carried: int


def computed(bargain: Bargain, period: Period) -> Computed:
    """Interest and principal of ``period``; the last one takes what is left of the principal."""
    if bargain.flat:
        interest, carried = _flat(bargain, period)
        principal = _flat_principal(bargain, period.number, interest)
        principal = _last_takes_rest(bargain, period, principal)
        return Computed(principal, _flat_rest(bargain, period, interest), carried)
    interest, carried = _declining(bargain, period)
    own = interest - period.carried if interest > 0 else carried - period.carried
    principal = _last_takes_rest(bargain, period, _principal(bargain, period, own))
    return Computed(principal, interest, carried)


def _declining(bargain: Bargain, period: Period) -> tuple[int, int]:
    """The interest, piece by piece between the days on which the balance changes."""
    at, balance, total, carried = period.start, period.balance, 0, period.carried
    for day in sorted(period.changes):
        if day > period.end:
            break
        if day > at:
            asked, carried = _asked(bargain, period, carried, balance, (at, day))
            total, at = total + asked, day
        balance += period.changes[day]
    asked, carried = _asked(bargain, period, carried, balance, (at, period.end))
    return total + asked, carried


def _asked(
    bargain: Bargain, period: Period, carried: int, balance: int, days: tuple[date, date]
) -> tuple[int, int]:
    """The interest asked for of some days, and what is carried on: all of it in grace."""
    within = (period.start, period.end)
    rate = rates.rate_within(bargain.terms, bargain.rate, bargain.seed, within, days)
    earned = rates.interest(balance, rate)
    if period.number in bargain.no_interest:
        return 0, carried + earned
    return (carried + earned, 0) if earned > 0 else (0, carried)


def _principal(bargain: Bargain, period: Period, own_interest: int) -> int:
    if bargain.equal_principal:
        assert bargain.fixed_principal is not None, "the principal part is fixed at the beginning"
        return 0 if period.number in bargain.no_principal else bargain.fixed_principal
    if bargain.emi is None:
        bargain.fix(period.number, period.balance)
    assert bargain.emi is not None, "the instalment is fixed by now"
    return 0 if period.number in bargain.no_principal else bargain.emi - own_interest


def _last_takes_rest(bargain: Bargain, period: Period, principal: int) -> int:
    left = bargain.principal - period.paid_principal
    if principal > left or period.number == bargain.n:
        return left
    return principal


def _flat(bargain: Bargain, period: Period) -> tuple[int, int]:
    """Flat interest in equal parts; what a period of grace leaves out is shared or carried."""
    number, graced = period.number, period.number in bargain.no_interest
    if bargain.equal_principal:
        part = _share(bargain, bargain.n - bargain.excluded, bargain.n - bargain.done)
        return (0, period.carried + part) if graced else (period.carried + part, 0)
    if graced:
        return 0, period.carried
    last_grace = max((p for p in bargain.no_interest if p < number), default=0)
    if last_grace > max(bargain.excluded, bargain.done):
        left = bargain.flat_total - bargain.flat_accounted
        return rates.shared(left, _interest_periods(bargain, last_grace)), period.carried
    whole, rest = (_interest_periods(bargain, p) for p in (bargain.excluded, bargain.done))
    return _share(bargain, whole, rest), period.carried


def _share(bargain: Bargain, of_all: int, of_rest: int) -> int:
    """A part of the interest of the term, or of what is left of it since the term grew."""
    if bargain.excluded < bargain.done:
        return rates.shared(bargain.flat_total - bargain.flat_accounted, of_rest)
    return rates.shared(bargain.flat_interest(), of_all)


def _interest_periods(bargain: Bargain, elapsed: int) -> int:
    """The instalments after ``elapsed`` that bear interest."""
    return bargain.n - elapsed - sum(1 for p in bargain.no_interest if p > elapsed)


def _flat_principal(bargain: Bargain, number: int, interest: int) -> int:
    """Principal in equal parts; with whole units agreed, the whole instalment is rounded."""
    if number in bargain.no_principal:
        part = 0
    else:
        left = bargain.principal - bargain.accounted
        part = rates.shared(left, bargain.periods_left(bargain.done))
    of, how = bargain.terms.multiple_of, bargain.terms.rounding
    if of is None:
        return part
    return to_multiple(part, of, how) + to_multiple(interest, of, how) - interest


def _flat_rest(bargain: Bargain, period: Period, interest: int) -> int:
    left = bargain.flat_total - period.interest_so_far
    return left if interest > left or period.number == bargain.n else interest

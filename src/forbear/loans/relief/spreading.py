"""Sharing amounts out over instalments: in equal parts, and as an annuity at a rate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from forbear.base.money import Rounding, allocate, rounded
from forbear.loans.days import year_share
from forbear.loans.parts import Parts
from forbear.loans.terms import Terms


def equally(parts: Parts, n: int) -> list[Parts]:
    """``parts`` over ``n`` instalments, each component in equal parts that add up to it."""
    assert n > 0, "there is an instalment"
    shares = [allocate(amount, (1,) * n) for amount in parts]
    return [Parts(*each) for each in zip(*shares, strict=True)]


def in_turn(parts: Parts, n: int) -> list[Parts]:
    """``parts`` over ``n`` level instalments, principal first, then interest, fees, penalties."""
    assert n > 0, "there is an instalment"
    left, made = list(parts), []
    for total in allocate(parts.total, (1,) * n):
        taken, rest = [], total
        for at, amount in enumerate(left):
            part = min(amount, rest)
            taken.append(part)
            left[at] -= part
            rest -= part
        made.append(Parts(*taken))
    return made


def annuity(
    principal: int, start: date, dues: Sequence[date], rate: Decimal, terms: Terms
) -> list[tuple[int, int]]:
    """Principal and interest of equal instalments on ``dues``, at ``rate`` percent a year.

    The day count is that of ``terms``; the first instalment bears interest for the days that it
    really has. Interest is rounded once a row as the terms say, the last row takes what is left.
    """
    factors, at = [], start
    for due in dues:
        share = year_share(
            at,
            due,
            days_in_year=terms.days_in_year,
            days_in_month=terms.days_in_month,
            unit=terms.unit,
        )
        factors.append(share * Fraction(rate) / 100)
        at = due
    worth, discount = Fraction(0), Fraction(1)
    for factor in factors:
        discount /= 1 + factor
        worth += discount
    level = rounded(principal / worth, terms.rounding)
    rows, left = [], principal
    for number, factor in enumerate(factors, 1):
        interest = rounded(left * factor, terms.rounding)
        paid = left if number == len(factors) else max(0, min(left, level - interest))
        rows.append((paid, interest))
        left -= paid
    return rows


def capped(
    rows: Sequence[tuple[int, int]], principal: int, most: int
) -> tuple[list[tuple[int, int]], int]:
    """``rows`` with no more interest than ``most`` in all, level, and how much interest was cut.

    A long first period can bear more interest than an instalment; what is beyond it is paid with
    the next ones, so that no instalment of a plan is larger than another.
    """
    interest = [each for _, each in rows]
    cut = max(0, sum(interest) - most)
    if cut:
        interest = list(allocate(most, interest))
    level, left = [], 0
    for total, each in zip(
        allocate(principal + sum(interest), (1,) * len(rows)), interest, strict=True
    ):
        left += each
        now = min(left, total)
        left -= now
        level.append((total - now, now))
    assert left == 0, "the principal leaves room for all interest by the last instalment"
    return level, cut


def part_of(amount: int, share: Fraction) -> int:
    """``share`` of ``amount``, to the nearest minor unit."""
    return rounded(amount * share, Rounding.HALF_EVEN)

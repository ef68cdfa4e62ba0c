"""Every rate of flows that change their sign more than once: the whole line is searched, by bounds.

The sum is what is paid less what is received, and both shrink as the rate grows; so do the sizes of
their slopes. Over an interval of rates each therefore lies between its values at the ends, which
bounds the sum and its slope with certainty. An interval whose bound leaves zero out has no rate;
one whose slope keeps its sign has one where the ends differ in sign and none where they do not; any
other is cut in two. At both ends of the line a single flow outweighs all others together, so
nothing lies beyond them. An interval that stays undecided down to 10⁻¹⁰ holds a zero that only
touches, or two that no statement could tell apart; that is said (:attr:`Why.TOUCHES`), and so is
that hundreds of flows turn too often for all of it to be searched (:attr:`Why.UNDECIDED`).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from forbear.loans.cost.bracket import FARTHEST, bracket
from forbear.loans.cost.flows import SLACK, Curve, Point
from forbear.loans.cost.rates import NoRate, Rate, Why, log_of

# Where an interval is cut: no round share, so that no cut falls on a rate such as 0 or 10 %.
_CUT: Final = Decimal("0.4877318")
_NARROWEST: Final = Decimal("1e-10")
# How many discounted flows are added up before the search is given up: a few seconds of work.
_MOST: Final = 300_000
_ROUND: Final = Decimal("1e-20")
# What the rest of a debt may miss zero by, as a share of what was ever paid or received.
_NOTHING_OWED: Final = Decimal("1e-9")


def every_rate(curve: Curve, within: Decimal, *, of_a_loan: bool) -> Rate | NoRate:
    """The single rate, or where ``of_a_loan`` the single one of a loan; or why there is none."""
    low, high = _end(curve, earliest=False), _end(curve, earliest=True)
    if low is None or high is None:
        return NoRate(Why.BEYOND)
    found = _search(curve, low, high, within)
    if isinstance(found, Why):
        return NoRate(found)
    if not found:
        return NoRate(Why.NO_RATE)
    if len(found) == 1:
        return found[0]
    own = [each for each in found if _is_a_loans(curve, each)] if of_a_loan else []
    if len(own) != 1:
        return NoRate(Why.SEVERAL, tuple(found))
    return Rate(own[0].low, own[0].high, tuple(each for each in found if each is not own[0]))


def _search(curve: Curve, low: Decimal, high: Decimal, within: Decimal) -> list[Rate] | Why:
    """The rates between two logarithms, lowest first; or why they could not all be told."""
    found: list[Rate] = []
    open_ones = [(low, curve.at(low), high, curve.at(high))]
    for _ in range(_MOST // len(curve.terms)):
        if not open_ones:
            return found
        low, left, high, right = open_ones.pop()
        slack = (left.paid + left.received) * SLACK
        if right.paid - left.received > slack or right.received - left.paid > slack:
            continue
        if _keeps_its_slope(left, right):
            if left.sign * right.sign == -1:
                found.append(bracket(curve, low, high, within))
                continue
            if left.sign and right.sign:
                continue
        if high - low < _NARROWEST:
            return Why.TOUCHES
        cut = low + (high - low) * _CUT
        middle = curve.at(cut)
        # The lower half is taken up first, so that the rates come in their order.
        open_ones += [(cut, middle, high, right), (low, left, cut, middle)]
    return Why.UNDECIDED


def _keeps_its_slope(left: Point, right: Point) -> bool:
    slack = (left.paid_slope + left.received_slope) * SLACK
    return (
        right.paid_slope - left.received_slope > slack
        or right.received_slope - left.paid_slope > slack
    )


def _end(curve: Curve, *, earliest: bool) -> Decimal | None:
    """A logarithm beyond which the earliest (or latest) flow outweighs all others together."""
    step = Decimal(1) if earliest else Decimal(-1)
    while abs(step) <= FARTHEST:
        sizes = [abs(size) for size in curve.discounted(step)]
        one = sizes[0] if earliest else sizes[-1]
        if one > sum(sizes) - one + one * _ROUND:
            return step
        step *= 2
    return None


def _is_a_loans(curve: Curve, rate: Rate) -> bool:
    """Whether the borrower owes from the first advance to the end, and would owe more if dearer.

    Where a fee is paid long before the advance, a second rate lets that fee grow to the size of the
    loan; there a dearer rate would make the borrower owe less, which no cost of credit does.
    """
    log = log_of(rate.value)
    point, sizes = curve.at(log), curve.discounted(log)
    least = -(point.paid + point.received) * _NOTHING_OWED
    owed, begun = Decimal(0), False
    for size in sizes:
        owed -= size
        begun = begun or size < 0
        if begun and owed < least:
            return False
    return point.slope < 0

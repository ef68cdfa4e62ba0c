"""The judge of rates: a bracket in exact decimals, with a proof that it is the only rate.

A legal statement rests on a number that another party can check. So the answer is never "the
solver stopped here" but a pair of rates ``10⁻¹²`` apart, where at the one more is paid than
received and at the other less, and a proof that there is no other such pair:

- Flows that change their sign once have exactly one rate. Divide the sum by the discount of the
  turn: all terms before it then grow with the rate and all after it shrink, each with its sign,
  so the sum moves one way. (Descartes' rule of signs, for any times and for the odd periods of
  Appendix J as well.)
- Flows that change it more often are searched whole (:mod:`forbear.loans.cost.several`).

Where there is none, or where several are left, that is the answer (:class:`NoRate`), not a number.
A proposal, such as that of a fast library, only says where to look: it is mended, and taken where
the two ends of its own bracket prove it; else the search is made without it. Thus the judge needs
nothing but the standard library and stays on the pure floor, which knows of no library that counts
in binary fractions; whoever has one, or computes many rates at once, stands above it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal, localcontext
from typing import Final

from forbear.loans.cost.bracket import bracket, ends, polished, proved
from forbear.loans.cost.flows import EXACT, Curve, Flow
from forbear.loans.cost.rates import NoRate, Rate, Why
from forbear.loans.cost.several import every_rate

__all__ = ["WITHIN", "NoRate", "Propose", "Rate", "Why", "certifies", "solve"]

WITHIN: Final = Decimal("1e-12")

# From netted flows in the order of time, each an amount, a time from the first, and an odd part.
Propose = Callable[[Sequence[tuple[Decimal, Decimal, Decimal]]], Decimal | None]


def solve(
    flows: Iterable[Flow],
    *,
    within: Decimal = WITHIN,
    propose: Propose | None = None,
    of_a_loan: bool = False,
) -> Rate | NoRate:
    """The rate for one period at which what is paid and what is received balance.

    The bracket is ``within`` wide; above a rate of 1 it is ``within`` of 1 + the rate. ``propose``
    says where the rate may lie, or None where it does not know. ``of_a_loan``: where several rates
    balance, the one at which the borrower owes from the first advance to the end, and would owe
    more at a dearer rate, is the rate of the loan, if there is just one such.
    """
    with localcontext(EXACT):
        curve = Curve(flows)
        if not curve.terms:
            return NoRate(Why.NOTHING)
        if curve.changes == 0:
            return NoRate(Why.NO_RATE)
        if curve.changes > 1:
            return every_rate(curve, within, of_a_loan=of_a_loan)
        proposal = propose(curve.terms) if propose else None
        if proposal is not None and proposal > -1:
            mended = polished(curve, proposal)
            if mended is not None and (found := proved(curve, mended, within)):
                return found
        around = ends(curve)
        return NoRate(Why.BEYOND) if around is None else bracket(curve, *around, within)


def certifies(flows: Iterable[Flow], rate: Decimal, within: Decimal) -> bool:
    """Whether a rate that another found is the only one, to ``within`` of 1 + the rate.

    Two evaluations, far cheaper than :func:`solve`; False where the flows have no single rate.
    """
    with localcontext(EXACT):
        curve = Curve(flows)
        return curve.changes == 1 and proved(curve, rate, 2 * within) is not None

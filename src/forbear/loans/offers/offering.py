"""Offers for a loan as its ledger has it: the loan is read, its menu previewed, and answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from forbear.base.errors import LoanError
from forbear.loans.entries import Entry
from forbear.loans.offers.answering import Answer, Tried, answer, tried
from forbear.loans.offers.circumstances import Circumstances
from forbear.loans.offers.menu import Loan
from forbear.loans.offers.policy import Policy, policy
from forbear.loans.offers.ranking import First
from forbear.loans.offers.value import Valuation
from forbear.loans.relief.answers import Preview, Refusal
from forbear.loans.relief.folding import Found, find
from forbear.loans.relief.measures import Request
from forbear.loans.relief.previewing import preview_of
from forbear.loans.terms import Terms

_OVER: Final = ("closed", "overpaid", "written_off")


def offers(
    terms: Terms,
    entries: Sequence[Entry],
    on: date,
    told: Circumstances,
    *,
    product: str = "online_consumer",
    law: str = "cn",
    first: First = First.LENDER,
    by: Policy | None = None,
    values: Valuation | None = None,
) -> Answer:
    """What a household can be offered for a loan on a day.

    ``product`` is a word of the limits of relief, ``law`` the country whose rules limit relief and
    say what signing means, ``first`` whose advantage orders the offers. Raises
    :class:`~forbear.base.errors.LoanError` where nothing is owed, and where the entries cannot be
    replayed.
    """
    found = tried_of(
        terms, entries, on, product=product, law=law, pay_day=told.pay_day, by=by, values=values
    )
    return answer(found, told, law, first)


def tried_of(
    terms: Terms,
    entries: Sequence[Entry],
    on: date,
    *,
    product: str = "online_consumer",
    law: str = "cn",
    pay_day: int | None = None,
    by: Policy | None = None,
    values: Valuation | None = None,
) -> Tried:
    """The whole menu of a loan, previewed; it can be held against any number of households."""
    # Replaying the entries is the slow part, so that it is done once for the whole menu.
    found = find(terms, entries, on)
    loan = _loan(found, on, product=product, law=law, pay_day=pay_day)

    def ask(request: Request) -> Preview | Refusal:
        return preview_of(found, terms, entries, request)

    return tried(loan, terms.currency, ask, policy() if by is None else by, values)


def _loan(found: Found, on: date, *, product: str, law: str, pay_day: int | None) -> Loan:
    if found.state.status == "proposed":
        raise LoanError(
            f"on {on.isoformat()}: nothing has been paid out on this loan yet; ask for a later day"
        )
    if found.state.status in _OVER or found.plan.open.total <= 0:
        raise LoanError(
            f"on {on.isoformat()}: nothing is asked for on this loan any more, so that no plan is "
            "needed; ask for a day on which something is"
        )
    ahead = [line.row.due for line in found.plan.ahead if line.row.outstanding.total > 0]
    return Loan(
        on=on,
        closing=found.plan.closing,
        running=found.plan.running,
        rate=found.plan.rate,
        next_due=min(ahead, default=None),
        product=product,
        jurisdiction=law,
        pay_day=pay_day,
    )

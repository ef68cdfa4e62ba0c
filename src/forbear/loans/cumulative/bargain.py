"""The terms of a fixed plan as they stand at one instalment, while the plan is being made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from forbear.loans.cumulative import rates
from forbear.loans.cumulative.changes import Change
from forbear.loans.terms import Terms


@dataclass(slots=True)
class Bargain:
    """What the next instalment is computed by. Amounts are minor units.

    ``principal`` is what is scheduled so far (later disbursements join as their day comes),
    ``whole`` what is scheduled in all, ``disbursed`` the full amount with the down payments.
    ``done`` counts the instalments before the last extension, which flat interest leaves alone.
    """

    terms: Terms
    seed: date
    end: date
    principal: int
    whole: int
    disbursed: int
    rate: Decimal
    n: int
    emi: int | None = None
    fixed_principal: int | None = None
    no_principal: set[int] = field(default_factory=set)
    no_interest: set[int] = field(default_factory=set)
    grace: int = 0
    flat_total: int = 0
    flat_accounted: int = 0
    flat_base: int = 0
    excluded: int = 0
    done: int = 0
    accounted: int = 0

    @property
    def flat(self) -> bool:
        """Whether interest is on the full amount throughout."""
        return self.terms.interest_method == "flat"

    @property
    def equal_principal(self) -> bool:
        """Whether it is the principal part that is the same each time."""
        return self.terms.amortization == "equal_principal"

    def begin(self) -> None:
        """Fix the instalment or its principal part, the grace, and the interest of a flat plan."""
        self.grace = self.terms.grace_principal_periods
        self.no_principal = set(range(1, self.grace + 1))
        self.no_interest = set(range(1, self.terms.grace_interest_periods + 1))
        if self.terms.amortization in ("interest_first", "bullet"):
            self.no_principal |= set(range(1, self.n))
        if self.terms.amortization == "bullet":
            self.no_interest |= set(range(1, self.n))
        self.flat_total = self.flat_interest()
        self.fix(1, self.whole)

    def fix(self, period: int, balance: int) -> None:
        """Find what clears ``balance`` from ``period`` on."""
        if self.equal_principal:
            self.fixed_principal = rates.shared(balance, self.periods_left(period - 1))
        elif not self.flat:
            period = max(period, self.grace + 1)
            rate = rates.annuity_rate(self.terms, self.rate)
            left = self.periods_left(period - 1)
            self.emi = rates.instalment(self.terms, balance, rate, left)

    def refix(self, period: int, paid_principal: int) -> None:
        """Find it anew after early money or a longer term; nothing where all is scheduled."""
        balance = self.rest(paid_principal)
        if balance > 0:
            self.fix(period, balance)

    def rest(self, paid_principal: int) -> int:
        """The principal that is still to be scheduled."""
        return self.whole - paid_principal

    def periods_left(self, elapsed: int) -> int:
        """The instalments after ``elapsed`` that bear principal."""
        return self.n - elapsed - sum(1 for period in self.no_principal if period > elapsed)

    def flat_interest(self) -> int:
        """The interest of the whole term on the full amount."""
        if not self.flat:
            return 0
        rate = rates.flat_rate(self.terms, self.rate, self.seed, self.end, self.n)
        return rates.interest(self.disbursed - self.flat_base, rate)

    def apply(self, change: Change, period: int, paid_principal: int, interest_so_far: int) -> None:
        """Take up a rescheduling at ``period``."""
        if change.rate is not None:
            self._new_rate(change.rate, period, paid_principal, interest_so_far)
        if change.grace_principal:
            self.grace = change.grace_principal
            self.no_principal |= set(range(period, period + change.grace_principal))
        if change.grace_interest:
            self.grace = 0
            self.no_interest |= set(range(period, period + change.grace_interest))
            self.flat_accounted = interest_so_far
        if change.further_terms:
            self.n += change.further_terms
            for _ in range(change.further_terms):
                self.end = rates.next_due(self.terms, self.seed, self.end)
            self.done, self.accounted = period - 1, paid_principal
            self.flat_accounted = interest_so_far
            self.refix(period, paid_principal + self._counted_twice())

    def _counted_twice(self) -> int:
        """The down payment once more, where a plan with interest is extended.

        The peer takes it off the principal a second time, so that the new instalment is too small
        and the last one too large. Kept since its users rely on its figures; the progressive plan
        does not do so.
        """
        if self.terms.interest_method == "zero":
            return 0
        return self.disbursed - self.whole

    def _new_rate(self, rate: Decimal, period: int, paid: int, interest_so_far: int) -> None:
        self.rate = rate
        if self.flat:
            self.flat_base, self.excluded = paid, period - 1
            self.flat_total = self.flat_interest() + interest_so_far
        else:
            self.emi = None

"""Instalments: the annuity of what is out, and the last unpaid row that takes the difference."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from forbear.base.money import Rounding, round_ratio, rounded, to_multiple
from forbear.loans.progressive.periods import Period
from forbear.loans.progressive.rates import CONTEXT, ZERO
from forbear.loans.progressive.structure import Structure

_HALF_EVEN = Rounding.HALF_EVEN


class Adjustment(NamedTuple):
    """How far the last instalment is off, and what would make the rows alike."""

    instalment: int
    difference: int
    rows: int
    uncounted: int

    @property
    def needed(self) -> bool:
        """Off by more than half a minor unit a row."""
        half = self.rows // 2
        return half > 0 and abs(self.difference) > half

    @property
    def adjusted(self) -> int:
        """The instalment with its share of the difference."""
        share = round_ratio(self.difference, max(1, self.rows - self.uncounted), _HALF_EVEN)
        return self.instalment + share


class Planner(Structure):
    """The structure of a loan with what makes its instalments."""

    def make_instalments(self, due: date, day: date, *, anew: bool = False) -> None:
        """Make the instalments from ``due`` on anew for the balance that is then out.

        A further disbursement is first planned as if nothing had been paid, so that payments made
        early do not lower what is agreed for the rest; ``anew`` plans on what is really out.
        """
        related = self.from_due(due)
        if not related:
            return
        if self.terms.interest_method == "flat":
            self.update_rates(related)
            self._flat_instalments(related)
            return
        actual = anew or self.is_copy or all(p.instalment == 0 for p in self.periods)
        self.update_rates(related)
        self.update_balances()
        if actual:
            self.equal_instalments(related)
        else:
            plan = self.copy(without_payments=True)
            plan.add_principal(day, 0)
            planned = {(p.start, p.due): p for p in plan.periods}
            for period in related:
                twin = planned.get((period.start, period.due))
                if twin is not None:
                    period.instalment, period.original = twin.instalment, twin.original
            self.forget()
        self.update_balances()
        self.settle_last(due)
        if actual:
            self.even_out(related)

    def equal_instalments(self, periods: Sequence[Period]) -> None:
        """One instalment for all of ``periods``: the annuity of what is out at their start."""
        if not periods:
            return
        if self.terms.interest_method == "flat":
            self._flat_instalments(periods)
            return
        growth, worth = Decimal(1), Decimal(1)
        for index, period in enumerate(periods):
            plus_one = period.rate_plus_one
            growth = CONTEXT.multiply(growth, plus_one)
            if index:
                worth = CONTEXT.add(Decimal(1), CONTEXT.multiply(worth, plus_one))
        first = periods[0]
        balance = first.previous.closing_balance if first.previous is not None else 0
        balance += sum(span.disbursed for span in first.spans)
        exact = CONTEXT.divide(CONTEXT.multiply(growth, Decimal(balance)), worth)
        fixed = sum(period.set_interest for period in periods)
        instalment = rounded(exact, _HALF_EVEN) + round_ratio(fixed, len(periods), _HALF_EVEN)
        instalment = self.in_multiples(instalment)
        for period in periods:
            if instalment >= period.paid:
                period.instalment = period.original = instalment
        self.forget()

    def in_multiples(self, amount: int) -> int:
        """An instalment as the product rounds it, whole yuan for instance."""
        if not self.terms.multiple_of:
            return amount
        whole = to_multiple(amount, self.terms.multiple_of, _HALF_EVEN)
        return whole if whole or amount <= 0 else amount

    def _flat_instalments(self, periods: Sequence[Period]) -> None:
        interest = 0
        for period in periods:
            period.forget()
            borne = max(0, period.borne())
            interest += borne
            period.instalment = borne
        self.forget()
        first, last = periods[0], periods[-1]
        total = first.disbursed_until(first.spans[-1]) + interest
        if first.previous is not None:
            before = first.previous
            total -= before.disbursed_until(None) - before.closing_balance
        each = self.in_multiples(round_ratio(total, len(periods), _HALF_EVEN))
        rest = total - each * len(periods)
        over = 0
        for period in periods:
            instalment = each + rest if period is last else each
            extra = period.credited + period.deferred_here
            if instalment + extra < period.paid:
                over += period.paid - instalment - extra
                instalment = period.paid
            period.instalment = period.original = instalment
            self.forget()
            period.update_balances()
        self._take_back(periods, over)

    def _take_back(self, periods: Sequence[Period], over: int) -> None:
        """What was paid beyond its instalment lowers the last instalments."""
        for period in reversed(periods):
            self.forget()
            if over <= 0 or period.fully_paid:
                continue
            least = period.paid - period.credited - period.deferred_here
            instalment = max(period.borne_interest, period.instalment - over, 0, least)
            over -= period.instalment - instalment
            period.instalment = instalment
            self.forget()
            period.update_balances()
        self.forget()

    def settle_last(self, until: date) -> None:
        """Let the last unpaid period take the difference between what is due and instalments.

        Where it would ask for less than was paid for it, it counts as paid and the one before it
        is asked; each period is asked once at most.
        """
        self._not_beyond_what_is_left()
        last = None
        for _ in self.periods:
            unpaid = [period for period in self.periods if not period.fully_paid]
            if not unpaid:
                break
            last = unpaid[-1]
            last.deferred_here = 0
            for period in self.periods:
                period.moved = False
            self.forget()
            last.instalment += self._unplanned()
            self.forget()
            least = last.paid - last.credited
            if last.instalment >= least:
                break
            last.instalment = least
            self._not_beyond_what_is_left()
        if last is not None:
            self.defer_to(last, until)
        self._ask_for_what_was_lent()

    def _ask_for_what_was_lent(self) -> None:
        """The rows ask for the principal that went out, no more and no less.

        Interest that was paid before it was borne can leave a row with more principal than there
        is; the last rows with anything open give it back.
        """
        for _ in self.periods:
            gap = sum(p.due_principal for p in self.periods) - self.total_due_principal
            unpaid = [p for p in self.periods if p.outstanding_principal > 0 or gap < 0]
            if not gap or not unpaid or any(not p.spans for p in self.periods):
                return
            last = unpaid[-1]
            last.instalment -= min(gap, last.outstanding_principal) if gap > 0 else gap
            self.forget()

    def _not_beyond_what_is_left(self) -> None:
        """No period asks for more principal than the whole loan still owes."""
        self.forget()
        left = self.total_due_principal - self.total_paid_principal
        for period in self.periods:
            if period.outstanding_principal > left:
                lower = period.instalment - (period.outstanding_principal - left)
                period.instalment = max(lower, period.paid)
                self.forget()

    def _unplanned(self) -> int:
        """What is due in all, less what the instalments hold."""
        disbursed = sum(span.disbursed for p in self.periods for span in p.spans)
        credited = sum(period.credited_principal for period in self.periods)
        interest = sum(period.due_interest for period in self.periods)
        return disbursed + credited + interest - sum(p.instalment_in_all for p in self.periods)

    def defer_to(self, period: Period, until: date) -> None:
        """Interest borne up to ``until`` in paid periods after ``period`` falls due in it."""
        if period.due >= self.maturity:
            return
        copy = self.copy()
        copy.value_until(until)
        for later in reversed(copy.periods):
            if later.unrecognised > 0 and later.due > period.due:
                period.deferred_here = later.unrecognised
                for other in self.periods:
                    if other.due > period.due:
                        other.moved = True
                self.forget()
                return

    def value_until(self, day: date) -> None:
        """Count interest up to ``day`` only; the balances stay as they are."""
        within = self.period_on(day)
        span = within.span_on(day) if within is not None else None
        if span is not None:
            span.due = day
        self.update_rates(self.periods)
        for period in self.periods:
            for span in period.spans:
                if day < span.due:
                    span.rate = span.rate_to_due = ZERO
        self.forget()

    def adjustment(self, periods: Sequence[Period]) -> Adjustment:
        """How far the last two unpaid periods are apart."""
        for index in range(len(periods) - 1, 0, -1):
            last, before = periods[index], periods[index - 1]
            if not last.fully_paid and not before.fully_paid:
                uncounted = sum(before.instalment < period.paid for period in periods)
                difference = last.instalment - before.instalment
                return Adjustment(before.instalment, difference, len(periods), uncounted)
        return Adjustment(periods[0].instalment, 0, len(periods), 0)

    def even_out(self, related: Sequence[Period]) -> None:
        """Spread the gap of the last row over all, up to three times, while it grows smaller."""
        if not related:
            return
        trial: Planner | None = None
        start, due = related[0].start, related[0].due
        for _ in range(3):
            now = self.adjustment(related)
            instalment = self.in_multiples(now.adjusted) if now.needed else now.instalment
            if instalment == now.instalment:
                return
            trial = trial or self.copy()
            chosen = [
                p for p in trial.periods if p.start >= start and p.due >= due and not p.prepaid
            ]
            for period in chosen:
                if instalment >= period.paid:
                    period.instalment = period.original = instalment
            trial.forget()
            trial.update_balances()
            trial.settle_last(due)
            if abs(trial.adjustment(trial.periods).difference) >= abs(now.difference):
                return
            for period, better in zip(related, chosen, strict=False):
                period.instalment = period.original = better.instalment
            self.update_balances()

    def add_principal(self, day: date, amount: int) -> None:
        """Let ``amount`` of principal go out at ``day`` and make the instalments from then on."""
        for period in self.periods:
            if day <= period.start:
                period.disbursed_before += amount
        within = self.split(day, disbursed=amount)
        if within is not None:
            self.make_instalments(self.due_affected(within, day), day)

    def due_affected(self, period: Period, day: date) -> date:
        """The first due day that a change at ``day`` touches."""
        if period.due == day and period is not self.last:
            return self.periods[self.periods.index(period) + 1].due
        return period.due

"""The model under relief: re-age, re-amortise, moved due days. Instalments are made anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from forbear.base.money import Rounding, round_ratio
from forbear.loans.progressive.model import Due, Model
from forbear.loans.progressive.periods import Period

_HALF_EVEN = Rounding.HALF_EVEN


class Reformable(Model):
    """The model with what changes a plan as a whole."""

    def move_due(self, since: date, days: Sequence[date]) -> None:
        """The periods due on ``since`` and later fall due on ``days``; instalments stay."""
        moved = self.from_due(since)
        for index, (period, day) in enumerate(zip(moved, days, strict=True)):
            period.due = day
            period.spans[-1].due = day
            if index:
                period.start = days[index - 1]
                period.spans[0].start = days[index - 1]
        self.update_rates(moved)
        self.update_balances()
        self.settle_last(since)

    # -- re-amortise --------------------------------------------------------------------------

    def reamortize(self, on: date) -> None:
        """What is overdue is spread over the periods still to come as an annuity."""
        self._close_open(on)
        future = [period for period in self.periods if period.due > on]
        self.equal_instalments(future)
        self.update_balances()
        self.settle_last(on)
        self.even_out(future)

    def reamortize_in_parts(self, on: date) -> None:
        """The same, with the overdue interest in equal parts beside what the balance bears."""
        open_before = [p for p in self.periods if p.due <= on and not p.fully_paid]
        interest = sum(p.due_interest - p.paid_interest for p in open_before)
        future = [period for period in self.periods if period.due > on]
        share = round_ratio(interest, len(future), _HALF_EVEN) if future and interest > 0 else 0
        for period in self.periods:
            for span in period.spans:
                span.correction = 0
        for index, period in enumerate(self.periods):
            if period.fully_paid and period.due <= on:
                credited = 0
                if index + 1 < len(self.periods):
                    credited = self.periods[index + 1].credited_principal
                paid = period.paid_principal - credited
                if paid > 0:
                    period.spans[-1].correction -= paid
        for period in open_before:
            if period.paid_principal > 0:
                period.spans[-1].correction -= period.paid_principal
            period.instalment = period.paid
            period.gave_up = True
            period.closed_to_deferral = True
        self.forget()
        self.update_rates(future)
        self.update_balances()
        for period in future:
            period.set_interest += share
        self.forget()
        self.equal_instalments(future)
        self.update_balances()
        self.settle_last(on)
        self.even_out(future)

    def _close_open(self, on: date) -> None:
        """Periods begun and not paid ask for no more than was paid; their principal moves on."""
        begun = [p for p in self.periods if p.start <= on and not p.fully_paid]
        # What each one owes is read before any is closed, since interest then moves on.
        owed = [period.outstanding_principal for period in begun]
        for period, principal in zip(begun, owed, strict=True):
            for span in period.spans:
                if span.due == on:
                    span.correction = 0
            last = period.spans[-1]
            if last.correction:
                last.correction -= principal
            period.instalment = period.paid
            period.gave_up = True
            self.forget()

    # -- re-age -------------------------------------------------------------------------------

    def reage(self, on: date, days: Sequence[tuple[date, date]], principal: int) -> None:
        """Open principal over new periods as an annuity; open interest falls into the first."""
        before = sum(period.credited_principal for period in self.periods)
        self._close_open(on)
        paid = self._paid_from(on)
        self._end_at(on)
        self._keep_credit(on, before)
        plan = Model(self.terms, days)
        plan.rates = list(self.rates)
        plan.add_principal(days[0][0], principal)
        if paid.principal or paid.interest:
            self._hold(paid, reaged=False)
        first = self.periods[0]
        fresh: list[Period] = []
        for new in plan.periods:
            last = self.last
            start = last.due if not fresh else new.start
            period = Period(last, start, new.due, flat=last.flat)
            period.instalment = period.original = new.due_principal + new.due_interest
            period.disbursed_before = first.disbursed_before
            self.periods.append(period)
            self.update_rates([period])
            fresh.append(period)
        self.update_balances()
        self.settle_last(on)
        self.even_out(fresh)
        self._pause_again(on, fresh)

    def _paid_from(self, on: date) -> Due:
        later = [period for period in self.periods if period.due >= on]
        return Due(sum(p.paid_principal for p in later), sum(p.paid_interest for p in later))

    def _end_at(self, on: date) -> None:
        """The period of the day ends on it, and none comes after."""
        period = self.period_on(on)
        if period is None:
            return
        last = self.last
        if period.due != on:
            period.due = on
            period.spans[-1].due = on
            self.update_rates([period])
        if period is not last:
            self.periods = [p for p in self.periods if p.due <= on]
        self.forget()

    def _pause_again(self, on: date, fresh: Sequence[Period]) -> None:
        """Pauses granted before hold in the new periods too; their instalments stay."""
        for period in fresh:
            for start, end in self.pauses:
                if period.start < end and period.due >= start:
                    self.pause_within(period, start, end)
        if self.pauses:
            self.update_rates(fresh)
            self.update_balances()
            self.settle_last(on)

    def _keep_credit(self, on: date, before: int) -> None:
        """What was charged back in periods that are gone belongs to the day."""
        gone = before - sum(period.credited_principal for period in self.periods)
        if gone:
            self.last.gave_up = True
            self.credit(on, principal=gone)

    def _hold(self, paid: Due, *, reaged: bool) -> None:
        """The last period holds what was paid early for periods that are gone."""
        last = self.last
        last.paid_principal, last.paid_interest = paid.principal, paid.interest
        last.instalment = last.paid
        last.reaged = last.reaged or reaged
        last.prepaid = True
        self.update_rates([last])

    def reage_in_parts(
        self, on: date, days: Sequence[date], due: Due, total: int, charges: int
    ) -> None:
        """Principal and interest over new periods in equal parts; no further interest is borne.

        ``total`` counts open charges too and ``charges`` is one row's share of them, so that the
        rows come out alike as a whole.
        """
        maturity = self.maturity
        paid = self._paid_from(on)
        credited = sum(p.credited_principal for p in self.periods if p.start >= on and p.due > on)
        self._end_at(on)
        if credited:
            self.credit(on, principal=credited)
        for period in self.periods:
            back = min(period.outstanding_interest, period.credited_interest)
            period.spans[-1].credited_interest -= back
            period.instalment = period.paid
            period.gave_up = True
            period.forget()
        self.last.closed_to_deferral = True
        self.forget()
        if maturity >= on:
            self._hold(paid, reaged=True)
        fresh: list[Period] = []
        for day in days:
            last = self.last
            period = Period(last, last.due, day, flat=last.flat)
            period.disbursed_before = last.disbursed_before
            period.reaged = True
            self.periods.append(period)
            fresh.append(period)
        count = len(days)
        interest = round_ratio(due.interest, count, _HALF_EVEN)
        principal = round_ratio(total, count, _HALF_EVEN) - interest - charges
        for index, period in enumerate(fresh):
            ends = index == count - 1
            left = max(0, due.interest - interest * index)
            period.set_interest = left if ends else min(interest, left)
            whole = principal + interest
            if ends:
                whole = due.principal + due.interest - whole * (count - 1)
            period.instalment = period.original = whole
        self.update_balances()
        self.set_rate(min(on, maturity), Decimal(0))
        self.settle_last(on)

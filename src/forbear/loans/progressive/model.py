"""The interest model of a progressive loan: what each period bears, and what its instalment is.

Every change of a balance splits the span in which it falls, so that interest is counted to the
day. Payments before their day lower the interest of what follows, overdue principal goes on
bearing it, and the last unpaid period takes the difference: instalments stay as they were agreed.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from forbear.loans.days import stepped
from forbear.loans.progressive.periods import Period, Span
from forbear.loans.progressive.planning import Planner


class Due(NamedTuple):
    """What falls due on a row if the loan is valued at a day."""

    principal: int
    interest: int


class Model(Planner):
    """The whole model: money in, money out, other terms, and the value at a day."""

    recalculates = True  # off once everything has fallen due at once

    def correct(self, day: date, amount: int) -> None:
        """Let the balance bear interest on ``amount`` more from ``day`` on."""
        period = self.split(day, correction=amount)
        if period is not None:
            self.update_rates([period])
            self.update_balances()
            self.settle_last(day)

    def disburse(self, day: date, amount: int) -> None:
        """Principal is paid out; the instalments from then on are made anew."""
        if self.terms.interest_period == "same_as_repayment" and (
            not self.terms.partial_period_interest
        ):
            day = next((p.start for p in self.periods if p.due > day), day)
        self.add_principal(day, amount)

    def credit(self, day: date, *, principal: int = 0, interest: int = 0) -> None:
        """Money that was paid comes back as debt: a chargeback, a refunded credit balance."""
        period = self.split(day, correction=principal, exact=True)
        if period is None:
            return
        for within in self.periods:
            last = within is self.last
            if within.start <= day < within.due or (last and day == within.due):
                spans = [span for span in within.spans if span.start == day]
                if spans:
                    spans[-1].credited_principal += principal
                    spans[-1].credited_interest += interest
                break
        self.update_rates([period])
        self.update_balances()
        self.settle_last(day)

    def change_rate(self, since: date, percent: Decimal) -> None:
        """From ``since`` on another rate holds; instalments are made anew."""
        day = since - timedelta(days=1)
        self.set_rate(day, percent)
        period = self.split(day)
        if period is not None:
            self.make_instalments(self.due_affected(period, day), day, anew=True)

    def add_periods(self, since: date, extra: int) -> None:
        """``extra`` further periods at the usual step; instalments from ``since`` are made anew."""
        day = since - timedelta(days=1)
        count = len(self.periods)
        for k in range(count, count + extra):
            last = self.last
            due = stepped(self.terms.starts_on, self.terms.every, self.terms.unit, k + 1)
            period = Period(last, last.due, due, flat=last.flat)
            period.disbursed_before = last.disbursed_before
            self.periods.append(period)
        within = self.split(day)
        if within is not None:
            self.make_instalments(self.due_affected(within, day), day, anew=True)

    def pause(self, start: date, end: date) -> None:
        """No interest from ``start`` to ``end``, both days included; instalments stay."""
        self.pauses.append((start, end))
        touched = [p for p in self.periods if p.start < end and p.due >= start]
        for period in touched:
            self.pause_within(period, start, end)
        if touched:
            self.update_rates(self.from_due(touched[0].start))
            self.update_balances()
            self.settle_last(touched[0].start)

    @staticmethod
    def pause_within(period: Period, start: date, end: date) -> None:
        """The days of a pause that lie in one period become a span without interest."""
        first = start == period.start + timedelta(days=1)
        start = max(start if first else start - timedelta(days=1), period.start)
        end = min(end, period.due)
        spans: list[Span] = []
        for span in period.spans:
            if span.due < start or span.start >= end:
                spans.append(span)
                continue
            if span.start < start:
                left = span.copy()
                left.due = start
                spans.append(left)
            if span.due > end:
                right = span.copy()
                right.start = end
                spans.append(right)
        spans.append(Span(start, end, paused=True))
        spans.sort(key=lambda span: span.start)
        period.spans = spans
        period.forget()

    # -- payments -----------------------------------------------------------------------------

    def pay_interest(self, start: date, due: date, on: date, amount: int) -> None:
        """``amount`` of the interest of one period is paid."""
        period = self.period_of(start, due)
        if period is None:
            return
        if period is self._last_open_before(on):
            self.defer_to(period, on)
        period.paid_interest += amount
        self.update_balances()
        self.settle_last(on)

    def _last_open_before(self, on: date) -> Period | None:
        unpaid = [period for period in self.periods if not period.fully_paid]
        if not unpaid or unpaid[-1] is self.last or on < unpaid[-1].due:
            return None
        return unpaid[-1]

    def pay_principal(self, start: date, due: date, on: date, amount: int) -> None:
        """``amount`` of the principal of one period is paid; what is late counts from its day."""
        period = self.period_of(start, due)
        if period is None or amount == 0:
            return
        period.paid_principal += amount
        self.forget()
        effective = min(due, on)
        self.correct(effective, -amount)
        if not self.recalculates:
            return
        if sum(not p.fully_paid for p in self.periods) > 1 and on < start:
            over = period.paid > period.instalment_in_all
            whole = period.paid == period.original + period.credited
            if over or whole:
                # Paid whole before its day: it counts as paid, whatever interest it now saves.
                period.instalment = period.paid - period.credited
                self.forget()
        self.settle_last(effective)

    # -- value at a day -----------------------------------------------------------------------

    def valued(self, day: date) -> Model:
        """A copy as if the loan ended at ``day``: nothing bears interest beyond it."""
        copy = self.copy()
        if day < copy.start:
            for period in copy.periods:
                period.spans = []
            copy.forget()
            return copy
        if day >= copy.maturity:
            return copy
        within = copy.period_on(day)
        assert within is not None, "a day between start and maturity lies in a period"
        for period in copy.periods:
            if period.due > day:
                _cut(period, within, day)
        copy.update_rates(copy.periods)
        copy.update_balances()
        copy.settle_last(day)
        return copy

    def due_on(self, start: date, due: date, day: date) -> Due:
        """What one period asks for if it is paid on ``day``."""
        copy = self.valued(day)
        period = copy.period_of(start, due)
        assert period is not None, "a row of the plan has its period"
        return copy.asked(period, day)

    def interest_on(self, day: date) -> int:
        """The interest that all periods ask for if each is paid on ``day``."""
        copy = self.valued(day)
        return sum(copy.asked(period, day).interest for period in copy.periods)

    def asked(self, period: Period, day: date) -> Due:
        """What a period of a model valued at ``day`` asks for; the model stays as it is."""
        if day > period.start:
            return Due(period.due_principal, period.due_interest)
        before = period.instalment
        unpaid = sum(not p.fully_paid for p in self.periods)
        left = self.total_due_principal - self.total_paid_principal
        if unpaid > 1:
            period.instalment = period.original
            period.forget()
            period.instalment -= max(0, period.outstanding_principal - max(0, left))
        elif period.fully_paid and unpaid == 1:
            whole = left + period.paid_principal + period.due_interest
            period.instalment = min(period.original, whole)
        period.forget()
        asked = Due(period.due_principal, period.due_interest)
        period.instalment = before
        self.forget()
        return asked

    def interest_until(self, start: date, due: date, day: date, *, credited: bool) -> int:
        """The interest that one period has borne up to ``day``."""
        period = self.valued(day).period_of(start, due)
        assert period is not None, "a row of the plan has its period"
        return period.borne_interest - (0 if credited else period.credited_interest)

    def outstanding_on(self, day: date) -> Due:
        """Principal and interest that close the loan at ``day``."""
        copy = self.copy()
        copy.value_until(day)
        copy.update_balances()
        copy.settle_last(day)
        interest = sum(p.due_interest - p.paid_interest for p in copy.periods)
        principal = copy.total_due_principal - copy.total_paid_principal
        return Due(max(0, principal), max(0, interest))

    # -- overdue ------------------------------------------------------------------------------

    def revalue(self, day: date, *, to_due: bool) -> bool:
        """Let overdue principal go on bearing interest up to ``day``; whether anything changed.

        ``to_due`` values to the end of the current period instead of the day.
        """
        late = [p for p in self.periods if not p.prepaid and day > p.due]
        if not late:
            return False
        current = self.period_on(day) or self.last
        changed, principal, all_of_it = False, 0, 0
        for period in late:
            if principal:
                changed |= self._carry(period, day, principal, all_of_it, to_due=to_due)
            principal = period.outstanding_principal
            all_of_it += principal
        if current is not self.last or day <= self.last.due:
            changed |= self._carry(current, day, principal, all_of_it, to_due=to_due)
        elif changed:
            # Beyond the last due day nothing more is split off, but what was borne is still due.
            self.settle_last(day)
        if all_of_it > 0 and (self.overdue_until is None or self.overdue_until < day):
            self.overdue_until = day
        return changed

    def _carry(self, period: Period, day: date, late: int, all_late: int, *, to_due: bool) -> bool:
        if day == self.overdue_until:
            return False
        if self.overdue_until is None or period.start > self.overdue_until:
            self.correct(period.start, late)
        else:
            self.correct(self.overdue_until, late)
        if period.start < day <= period.due:
            until = period.due if to_due else day
            self.correct(until, -all_late)
            self.overdue_until = until
        return True


def _cut(period: Period, within: Period, day: date) -> None:
    """Take away from a period what lies beyond ``day``."""
    if period is within:
        span = period.span_on(day)
        if span is not None:
            span.due = day
            index = period.spans.index(span)
            if index + 1 < len(period.spans):
                following = period.spans[index + 1]
                span.credited_principal += following.credited_principal
                span.credited_interest += following.credited_interest
            del period.spans[index + 1 :]
        return
    first: Span | None = period.spans[0] if period.spans else None
    credited = first is not None and (first.credited_interest > 0 or first.credited_principal > 0)
    if period.previous is within and first is not None and credited:
        first.due = first.start
        period.spans = [first]
    else:
        period.spans = []

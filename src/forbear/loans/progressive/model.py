"""The interest model of a progressive loan: what each period bears, and what its instalment is.

Every change of a balance splits the span in which it falls, so that interest is counted to the
day. Payments before their day lower the interest of what follows, overdue principal goes on
bearing it, and the last unpaid period takes the difference: instalments stay as they were agreed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from forbear.base.money import Rounding, round_ratio, rounded, to_multiple
from forbear.loans.progressive.periods import Period, Span
from forbear.loans.progressive.rates import CONTEXT, ZERO, factor
from forbear.loans.terms import Terms

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


class Model:
    """The periods of one loan and the rates that hold for them."""

    def __init__(self, terms: Terms, periods: Sequence[tuple[date, date]]) -> None:
        """Periods (start, due) of a loan before any money moves."""
        self.terms = terms
        self.periods: list[Period] = []
        self.rates: list[tuple[date, Decimal]] = []  # from a day on, the latest first
        self.recalculates = True
        self.is_copy = False
        self.overdue_until: date | None = None  # the day to which overdue balances are valued
        flat = terms.interest_method == "flat"
        for start, due in periods:
            self.periods.append(
                Period(self.periods[-1] if self.periods else None, start, due, flat=flat)
            )

    # -- copies -------------------------------------------------------------------------------

    def copy(self, *, without_payments: bool = False) -> Model:
        """The same model, free to be changed; ``without_payments`` forgets what was paid."""
        other = Model(self.terms, ())
        other.rates = list(self.rates)
        other.is_copy = without_payments
        for period in self.periods:
            twin = period.copy(other.periods[-1] if other.periods else None)
            if without_payments:
                twin.paid_principal = twin.paid_interest = twin.deferred_here = 0
                twin.moved = False
                for span in twin.spans:
                    span.correction = 0
            else:
                twin.moved = period.moved
            other.periods.append(twin)
        return other

    def forget(self) -> None:
        """Something moved: every period works out anew what is due."""
        for period in self.periods:
            period.forget()

    # -- looking ------------------------------------------------------------------------------

    @property
    def last(self) -> Period:
        """The last period."""
        return self.periods[-1]

    @property
    def maturity(self) -> date:
        """The last due day."""
        return self.periods[-1].due

    @property
    def start(self) -> date:
        """The first day."""
        return self.periods[0].start

    def rate_on(self, day: date) -> Decimal:
        """The yearly rate in percent that holds on ``day``."""
        for since, percent in self.rates:
            if since <= day:
                return percent
        return self.terms.annual_rate_percent

    def set_rate(self, since: date, percent: Decimal) -> None:
        """From ``since`` on another rate holds; the first one said for a day stays."""
        if all(known != since for known, _ in self.rates):
            self.rates.append((since, percent))
            self.rates.sort(reverse=True, key=lambda pair: pair[0])

    def period_on(self, day: date) -> Period | None:
        """The period that ``day`` lies in, its start left out but for the first one."""
        for period in self.periods:
            if period.start < day <= period.due or (
                period.previous is None and day == period.start
            ):
                return period
        return None

    def period_of(self, start: date, due: date) -> Period | None:
        """The period with just these days."""
        for period in self.periods:
            if period.due == due and period.start == start:
                return period
        return None

    def from_due(self, due: date) -> list[Period]:
        """The periods that fall due on ``due`` or later."""
        return [period for period in self.periods if period.due >= due]

    @property
    def total_due_principal(self) -> int:
        """All principal that was paid out or came back."""
        total = 0
        for period in self.periods:
            total += sum(span.disbursed + span.credited_principal for span in period.spans)
        return max(0, total)

    @property
    def total_paid_principal(self) -> int:
        """All principal that was paid."""
        return sum(period.paid_principal for period in self.periods)

    # -- changing balances --------------------------------------------------------------------

    def split(self, day: date, *, disbursed: int = 0, correction: int = 0) -> Period | None:
        """Let a balance change at ``day``; the period in which it does, if any."""
        period = self.period_on(day)
        if period is None:
            return None
        at_maturity = period is self.last and day == period.due
        span = self._span_ending(period, day, at_maturity)
        if span is None:
            span = self._before(period, day)
            until = min(max(day, span.start), span.due)
            period.spans.append(Span(until, span.due, paused=span.paused))
            span.due = until
        span.disbursed += disbursed
        span.correction += correction
        self.forget()
        return period

    @staticmethod
    def _span_ending(period: Period, day: date, at_maturity: bool) -> Span | None:
        if at_maturity:
            # What acts on the day of maturity gets a span of no length, so that it bears nothing.
            last = period.spans[-1]
            return last if last.start == last.due else None
        return next((span for span in period.spans if span.due == day), None)

    @staticmethod
    def _before(period: Period, day: date) -> Span:
        if day > period.start:
            return period.spans[-1]
        fitting = [span for span in period.spans if span.start < day <= span.due]
        return fitting[-1] if fitting else period.spans[0]

    def update_balances(self) -> None:
        """Carry balances through all periods."""
        for period in self.periods:
            period.forget()
            period.update_balances()
        self.forget()

    def update_rates(self, periods: Iterable[Period]) -> None:
        """Work out the factors of these periods' spans."""
        for period in periods:
            whole = (period.start, period.due)
            for span in period.spans:
                percent = self.rate_on(span.start)
                span.rate = factor(
                    self.terms, percent, self.start, whole, (span.start, span.due),
                    for_interest=False,
                )  # fmt: skip
                span.rate_to_due = factor(
                    self.terms, percent, self.start, whole, (span.start, period.due),
                    for_interest=True,
                )  # fmt: skip
        self.forget()

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
        self._disburse(day, amount)

    def _disburse(self, day: date, amount: int) -> None:
        for period in self.periods:
            if day <= period.start:
                period.disbursed_before += amount
        period = self.split(day, disbursed=amount)
        if period is not None:
            self.make_instalments(self.due_affected(period, day), day)

    def due_affected(self, period: Period, day: date) -> date:
        """The first due day that a change at ``day`` touches."""
        if period.due == day and period is not self.last:
            return self.periods[self.periods.index(period) + 1].due
        return period.due

    def credit(self, day: date, *, principal: int = 0, interest: int = 0) -> None:
        """Money that was paid comes back as debt: a chargeback, a refunded credit balance."""
        period = self.split(day, correction=principal)
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

    def pause(self, start: date, end: date) -> None:
        """No interest from ``start`` to ``end``, both days included; instalments stay."""
        touched = [p for p in self.periods if p.start < end and p.due >= start]
        for period in touched:
            self._pause_within(period, start, end)
        if touched:
            self.update_rates(self.from_due(touched[0].start))
            self.update_balances()
            self.settle_last(touched[0].start)

    @staticmethod
    def _pause_within(period: Period, start: date, end: date) -> None:
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

    # -- instalments --------------------------------------------------------------------------

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
            plan._disburse(day, 0)
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
            borne = period.borne()
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
        """Let the last unpaid period take the difference between what is due and instalments."""
        left = self.total_due_principal - self.total_paid_principal
        for period in self.periods:
            if period.outstanding_principal > left:
                lower = period.instalment - (period.outstanding_principal - left)
                period.instalment = max(lower, period.paid)
                self.forget()
        unpaid = [period for period in self.periods if not period.fully_paid]
        if not unpaid:
            return
        last = unpaid[-1]
        last.deferred_here = 0
        for period in self.periods:
            period.moved = False
        self.forget()
        disbursed = sum(span.disbursed for p in self.periods for span in p.spans)
        credited = sum(period.credited_principal for period in self.periods)
        interest = sum(period.due_interest for period in self.periods)
        instalments = sum(period.instalment_in_all for period in self.periods)
        last.instalment += disbursed + credited + interest - instalments
        self.forget()
        if last.instalment < last.paid - last.credited:
            last.instalment = last.paid - last.credited
            self.forget()
            self.settle_last(until)
        self.defer_to(last, until)

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
        trial: Model | None = None
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

"""The periods of a loan, their spans and the rates that hold: where every change begins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Self

from forbear.loans.progressive.periods import Period, Span
from forbear.loans.progressive.rates import factor
from forbear.loans.terms import Terms


class Structure:
    """The periods of one loan and the rates that hold for them."""

    def __init__(self, terms: Terms, periods: Sequence[tuple[date, date]]) -> None:
        """Periods (start, due) of a loan before any money moves."""
        self.terms = terms
        self.periods: list[Period] = []
        self.rates: list[tuple[date, Decimal]] = []  # from a day on, the latest first
        self.pauses: list[tuple[date, date]] = []
        self.is_copy = False
        self.overdue_until: date | None = None  # the day to which overdue balances are valued
        flat = terms.interest_method == "flat"
        for start, due in periods:
            self.periods.append(
                Period(self.periods[-1] if self.periods else None, start, due, flat=flat)
            )

    # -- copies -------------------------------------------------------------------------------

    def copy(self, *, without_payments: bool = False) -> Self:
        """The same model, free to be changed; ``without_payments`` forgets what was paid."""
        other = type(self)(self.terms, ())
        other.rates = list(self.rates)
        other.pauses = list(self.pauses)
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

    def split(
        self, day: date, *, disbursed: int = 0, correction: int = 0, exact: bool = False
    ) -> Period | None:
        """Let a balance change at ``day``; the period in which it does, if any.

        Where a pause has cut the period before, the change is seen from its last piece on, as the
        peer has it; ``exact`` puts it on its very day, which money that comes back needs.
        """
        period = self.period_on(day)
        if period is None:
            return None
        at_maturity = period is self.last and day == period.due
        span = self._span_ending(period, day, at_maturity=at_maturity)
        if span is None:
            index = self._holding(period, day) if exact else self._last_from(period, day)
            span = period.spans[index]
            until = min(max(day, span.start), span.due)
            rest = Span(until, span.due, paused=span.paused)
            period.spans.insert(index + 1, rest)
            if index + 2 < len(period.spans):
                # What acted at the end of the span acts at the end of its second half.
                rest.correction, span.correction = span.correction, 0
                rest.disbursed, span.disbursed = span.disbursed, 0
            span.due = until
        span.disbursed += disbursed
        span.correction += correction
        self.forget()
        return period

    @staticmethod
    def _span_ending(period: Period, day: date, *, at_maturity: bool) -> Span | None:
        if at_maturity:
            # What acts on the day of maturity gets a span of no length, so that it bears nothing.
            last = period.spans[-1]
            return last if last.start == last.due else None
        return next((span for span in period.spans if span.due == day), None)

    @staticmethod
    def _last_from(period: Period, day: date) -> int:
        return len(period.spans) - 1 if day > period.start else 0

    @staticmethod
    def _holding(period: Period, day: date) -> int:
        """The place of the span that holds ``day``; the last one where none does."""
        for index, span in enumerate(period.spans):
            if span.start < day <= span.due:
                return index
        return 0 if day <= period.start else len(period.spans) - 1

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

"""Repayment periods and the spans within them, over which a balance stands still."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from forbear.loans.progressive.rates import CONTEXT, ZERO


class Span:
    """Days of one period with one balance; ``correction`` and the rest act at its end."""

    __slots__ = (
        "balance", "correction", "credited_interest", "credited_principal", "disbursed", "due",
        "paused", "rate", "rate_to_due", "start",
    )  # fmt: skip

    def __init__(self, start: date, due: date, *, paused: bool = False) -> None:
        """A span without any amounts."""
        self.start = start
        self.due = due
        self.paused = paused
        self.rate = ZERO  # the factor from start to due
        self.rate_to_due = ZERO  # the factor from start to the period's due day
        self.balance = 0
        self.correction = 0
        self.disbursed = 0
        self.credited_principal = 0
        self.credited_interest = 0

    def copy(self) -> Span:
        """The same span, free to be changed."""
        other = Span(self.start, self.due, paused=self.paused)
        other.rate = self.rate
        other.rate_to_due = self.rate_to_due
        other.balance = self.balance
        other.correction = self.correction
        other.disbursed = self.disbursed
        other.credited_principal = self.credited_principal
        other.credited_interest = self.credited_interest
        return other

    @property
    def after(self) -> int:
        """The balance after what acts at its end."""
        return self.balance + self.correction + self.disbursed

    def interest(self, base: int, due: date) -> Decimal:
        """What ``base`` bears here, in minor units not yet rounded; ``due`` ends the period."""
        credited = Decimal(self.credited_interest)
        if self.paused:
            return credited
        whole = (due - self.start).days
        if whole == 0:
            return max(ZERO, credited)
        to_due = CONTEXT.multiply(Decimal(base), self.rate_to_due)
        share = CONTEXT.divide(to_due, Decimal(whole))
        borne = CONTEXT.multiply(share, Decimal((self.due - self.start).days))
        return max(ZERO, CONTEXT.add(credited, borne))


class Period:
    """One repayment period: its instalment, what was paid for it, and its spans.

    What is due is worked out from these, and kept until :meth:`forget` says that something moved.
    """

    __slots__ = (
        "_kept", "closed_to_deferral", "deferred_here", "disbursed_before", "due", "flat",
        "gave_up", "instalment", "moved", "original", "paid_interest", "paid_principal", "prepaid",
        "previous", "reaged", "set_interest", "spans", "start",
    )  # fmt: skip

    def __init__(self, previous: Period | None, start: date, due: date, *, flat: bool) -> None:
        """A period of one span without any amounts."""
        self.previous = previous
        self.start = start
        self.due = due
        self.flat = flat
        self.spans = [Span(start, due)]
        self.instalment = 0
        self.original = 0
        self.paid_principal = 0
        self.paid_interest = 0
        self.deferred_here = 0  # interest of later periods that falls due here
        self.moved = False  # its own interest falls due in an earlier period
        self.disbursed_before = 0
        self.set_interest = 0  # interest in equal parts, not borne by a balance
        self.reaged = False
        self.prepaid = False  # holds what was paid early before a re-age
        self.closed_to_deferral = False
        self.gave_up = False  # what it still asked for has gone over to other periods
        self._kept: tuple[int, int, int, int] | None = None

    def copy(self, previous: Period | None) -> Period:
        """The same period after ``previous``, free to be changed."""
        other = Period(previous, self.start, self.due, flat=self.flat)
        other.spans = [span.copy() for span in self.spans]
        for name in (
            "instalment", "original", "paid_principal", "paid_interest", "deferred_here", "moved",
            "disbursed_before", "set_interest", "reaged", "prepaid", "closed_to_deferral",
            "gave_up",
        ):  # fmt: skip
            setattr(other, name, getattr(self, name))
        return other

    def forget(self) -> None:
        """Something moved: what is due has to be worked out anew."""
        self._kept = None

    def update_balances(self) -> None:
        """Carry the balance from the period before, and from span to span."""
        before = self.previous
        for index, span in enumerate(self.spans):
            if index:
                span.balance = max(0, self.spans[index - 1].after)
            elif before is not None and before.spans:
                left = before.spans[-1].after - before.due_principal + before.paid_principal
                span.balance = max(0, left)

    def disbursed_until(self, until: Span | None) -> int:
        """The principal paid out before ``until``; through all the spans where it is None."""
        total = self.disbursed_before
        for span in self.spans:
            if span is until:
                break
            if span.due != self.start:
                total += span.disbursed
        return total

    @property
    def credited_principal(self) -> int:
        """Principal that came back by a chargeback or a refund of a credit balance."""
        return max(0, sum(span.credited_principal for span in self.spans))

    @property
    def credited_interest(self) -> int:
        """Interest that came back by a chargeback."""
        return max(0, sum(span.credited_interest for span in self.spans))

    @property
    def credited(self) -> int:
        """Both together."""
        return self.credited_principal + self.credited_interest

    @property
    def instalment_in_all(self) -> int:
        """The instalment with what was credited and what was deferred to here."""
        credited = 0 if self.gave_up else self.credited
        return self.instalment + credited + self.deferred_here

    @property
    def paid(self) -> int:
        """What was paid of principal and interest."""
        return self.paid_principal + self.paid_interest

    @property
    def fully_paid(self) -> bool:
        """Whether exactly the instalment has come in."""
        return self.instalment_in_all == self.paid

    @property
    def rate_plus_one(self) -> Decimal:
        """One and the factors of the spans."""
        total = Decimal(1)
        for span in self.spans:
            total += span.rate
        return total

    def borne(self) -> int:
        """The interest of this period as its balances bear it, with what came over from before.

        Below nothing where more was paid before than had been borne: that lowers what follows.
        """
        total = 0
        if not self.moved:
            exact = ZERO
            for span in self.spans:
                base = self.disbursed_until(span) if self.flat else span.balance
                exact += span.interest(base, self.due)
            total = int(exact.to_integral_value(ROUND_HALF_EVEN)) + self.set_interest
        total += self.deferred_here
        if self.previous is not None:
            total += self.previous.unrecognised
        return total

    def _due(self) -> tuple[int, int, int, int]:
        if self._kept is None:
            carried = self.borne()
            borne, whole = max(0, carried), self.instalment_in_all
            planned = max(0, whole - borne)
            owed = self.paid_interest if self.paid_principal > planned else min(borne, whole)
            interest = max(owed, self.paid_interest)
            principal = max(0, whole - interest, self.paid_principal)
            self._kept = borne, interest, principal, carried
        return self._kept

    @property
    def borne_interest(self) -> int:
        """:meth:`borne`, kept."""
        return self._due()[0]

    @property
    def due_interest(self) -> int:
        """The interest that falls due here: never more than the instalment holds."""
        return self._due()[1]

    @property
    def due_principal(self) -> int:
        """The principal that falls due here; at least what was paid."""
        return self._due()[2]

    @property
    def unrecognised(self) -> int:
        """Interest borne here for which the instalment has no room; the next period takes it."""
        if self.closed_to_deferral:
            return 0
        _, interest, _, carried = self._due()
        return carried - interest

    @property
    def outstanding_interest(self) -> int:
        """Interest due and not paid."""
        return max(0, self.due_interest - self.paid_interest)

    @property
    def outstanding_principal(self) -> int:
        """Principal due and not paid."""
        return max(0, self.due_principal - self.paid_principal)

    @property
    def closing_balance(self) -> int:
        """The principal still out after this period."""
        return max(0, self.spans[-1].after + self.paid_principal - self.due_principal)

    def span_on(self, day: date) -> Span | None:
        """The last span that ``day`` lies in; a first span of a loan holds its first day too."""
        found = None
        for index, span in enumerate(self.spans):
            first = self.previous is None and index == 0
            if span.start < day <= span.due or (first and day == span.start):
                found = span
        return found

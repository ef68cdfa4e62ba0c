"""The book of an agreed plan: what happens to a loan from its first relief on.

The rows are what was agreed. Money goes to what is past due, then to the instalment to come, then
to the principal of those after it; within a row principal comes first. Interest that still runs
is that of the plan, less what principal paid early saves; nothing paid late adds to it. So a
payment never raises what is owed, and paying all today costs the interest up to today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from forbear.loans.days import days_between
from forbear.loans.parts import NOTHING, Component, Parts
from forbear.loans.relief.limits import residue
from forbear.loans.relief.lines import Line, Plan, one, plan_of
from forbear.loans.relief.measures import Measure, ReAge, Reamortize, Termination
from forbear.loans.relief.plans import reshape
from forbear.loans.relief.spreading import part_of
from forbear.loans.state import Posting, Row, State
from forbear.loans.terms import Terms

_PRINCIPAL_FIRST: Final = (
    Component.PRINCIPAL,
    Component.INTEREST,
    Component.FEE,
    Component.PENALTY,
)
# What a change of the plan is called among the postings; others move no money and no claim.
_POSTED: Final = {
    ReAge: "re_age",
    Reamortize: "re_amortize",
    Termination: "contract_termination",
}
_CHARGES: Final = (Component.INTEREST, Component.FEE, Component.PENALTY)


class Book:
    """A loan under an agreed plan, day after day. Entries come in the order of their value date."""

    def __init__(self, terms: Terms, state: State, closing: Parts) -> None:
        """Open it on the day of ``state``, with what would close the loan on that day."""
        self.terms = terms
        self.day = state.as_of
        self.status = state.status
        self.overpaid = state.overpaid
        self.postings = list(state.postings)
        self._adopt(plan_of(terms, state, closing))
        self._post_given_back(state)

    def _post_given_back(self, state: State) -> None:
        """Interest paid for days still to come pays what is owed already, for all to see."""
        was, now = (_paid(rows) for rows in (state.rows, self.rows))
        moved = now.minus(was)
        if moved != NOTHING:
            out = sum(row.outstanding.principal for row in self.rows)
            self.postings.append(Posting("", self.day, "interest_refund", 0, moved, out))

    def _adopt(self, plan: Plan) -> None:
        """Go by ``plan`` from here on; principal paid early before is in its rows already."""
        self.plan = plan
        self.rows = [line.row for line in plan.lines]
        self._cleared: list[tuple[date, int]] = []
        out = [line.row.outstanding.principal for line in plan.lines]
        self._due_before = [sum(out[:at]) for at in range(len(out))]
        self._balance = [sum(out[at:]) for at in range(len(out))]

    # ── what is owed ──

    @property
    def open(self) -> Parts:
        """What is owed in all, interest still to run included."""
        total = NOTHING
        for row in self.rows:
            total = total.plus(row.outstanding)
        return total

    def closing(self) -> Parts:
        """What would close the loan today: interest only as far as it has run."""
        unearned = sum(
            self._runs(at, self.rows[at].due) - self._runs(at, self.day)
            for at in range(len(self.rows))
        )
        return self.open.minus(Parts(interest=unearned))

    def _runs(self, at: int, until: date) -> int:
        """The running interest of a row up to a day, on the principal that is really out."""
        line = self.plan.lines[at]
        if not line.running:
            return 0
        start, due = max(line.row.start, self.plan.on), line.row.due
        until = min(max(until, start), due)
        whole = days_between(start, due) * self._balance[at]
        if not whole:
            return line.running
        spared = sum(
            days * max(0, min(ahead - self._due_before[at], self._balance[at]))
            for days, ahead in self._early(start, until)
        )
        full = days_between(start, until) * self._balance[at]
        return part_of(line.running, Fraction(full - spared, whole))

    def _early(self, start: date, until: date) -> Iterator[tuple[int, int]]:
        """Days from ``start`` to ``until``, and the principal cleared since the plan on each."""
        ahead, at = 0, start
        for day, amount in self._cleared:
            if day > at:
                end = min(day, until)
                if end > at:
                    yield days_between(at, end), ahead
                    at = end
            ahead += amount
        if until > at:
            yield days_between(at, until), ahead

    # ── entries ──

    def pay(self, entry: str, kind: str, amount: int) -> None:
        """Money received today. What is beyond the debt is held for the borrower."""
        before, closing = self._paid(), self.closing().total
        over = max(0, amount - closing)
        if amount >= closing:
            self._close()
        else:
            over = self._apply(amount)
        self.overpaid += over
        parts = self._paid().minus(before)
        self._post(entry, kind, amount, parts, over=over)
        self._mark_paid()

    def charge(self, component: Component, amount: int, due: date) -> None:
        """A fee or penalty, on the instalment that its day falls to or on a row of its own."""
        at = next((k for k, row in enumerate(self.rows) if row.due >= due), None)
        if at is None:
            last = self.rows[-1] if self.rows else None
            row = Row(len(self.rows) + 1, last.due if last else due, due, one(component, amount))
            self._adopt(replace(self.now(), lines=(*self.now().lines, Line(row))))
        else:
            row = self.rows[at]
            self.rows[at] = replace(row, owed=row.owed.plus(one(component, amount)))
            line = self.plan.lines[at]
            planned = replace(line.row, owed=line.row.owed.plus(one(component, amount)))
            lines = list(self.plan.lines)
            lines[at] = replace(line, row=planned)
            self.plan = replace(self.plan, lines=tuple(lines))
        if self.status == "closed":
            self.status = "active"

    def relieve(self, entry: str, measure: Measure) -> None:
        """A measure of relief, granted today."""
        before = self._waived()
        self._adopt(reshape(self.now(), measure, self.terms).plan)
        waived = self._waived().minus(before)
        if any(waived):
            self._post(entry, "waiver", waived.total, waived)
        if type(measure) in _POSTED:
            self._post(entry, _POSTED[type(measure)], 0, NOTHING)
        self._mark_paid()

    def write_off(self, entry: str) -> None:
        """The lender gives the loan up; the borrower owes it no less in law, but nothing here."""
        rest = self.closing()
        self._close_with(lambda row, left: replace(row, written_off=row.written_off.plus(left)))
        self._post(entry, "close_as_written_off", rest.total, rest)
        self.status = "written_off"

    def refund(self, entry: str, amount: int) -> None:
        """Money held for the borrower goes back, no more than there is."""
        back = min(amount, self.overpaid)
        self.overpaid -= back
        self._post(entry, "credit_balance_refund", amount, NOTHING)
        if self.status == "overpaid" and not self.overpaid:
            self.status = "closed"

    def advance(self, day: date) -> None:
        """On to the morning of ``day``: on due days that pass, money paid early covers the row."""
        if day > self.day:
            self._dues_pass(day - timedelta(days=1))
            self.day = day

    def end_of_day(self) -> None:
        """The day ends: early money covers a row due today; after the last, a tiny rest goes."""
        self._dues_pass(self.day)

    # ── states ──

    def now(self) -> Plan:
        """The plan as it stands today, to be reshaped or shown."""
        lines = []
        for at, row in enumerate(self.rows):
            left = self._runs(at, row.due) - self._runs(at, self.day) if row.due > self.day else 0
            lines.append(Line(row, max(0, min(left, row.outstanding.interest))))
        return replace(self.plan, on=self.day, lines=tuple(lines))

    def state(self) -> State:
        """Everything that is shown of the loan today."""
        return State(
            as_of=self.day,
            currency=self.terms.currency,
            rows=tuple(self.rows),
            postings=tuple(self.postings),
            overpaid=self.overpaid,
            status=self.status,
        )

    # ── how money is shared out ──

    def _apply(self, amount: int) -> int:
        """Money short of closing the loan, by the order of the plan; what is beyond it."""
        next_at = self._next()
        for at in range(len(self.rows)):
            if self.rows[at].due <= self.day or at == next_at:
                amount = self._take(at, amount, _PRINCIPAL_FIRST)
        while True:
            for at in range(len(self.rows)):
                amount = self._take(at, amount, (Component.PRINCIPAL,))
            spared = self._refreshed()
            if not spared:
                break
            amount += spared
        for at in range(len(self.rows)):
            amount = self._take(at, amount, _CHARGES)
        return amount

    def _next(self) -> int | None:
        """The first row that falls due after today; fees paid on it do not change which it is."""
        return next((at for at, row in enumerate(self.rows) if row.due > self.day), None)

    def _take(self, at: int, amount: int, order: tuple[Component, ...]) -> int:
        """Pay a row, component by component; what is left of the money."""
        row = self.rows[at]
        for component in order:
            part = max(0, min(amount, row.outstanding.of(component)))
            if part:
                row = self._with_paid(row, one(component, part))
                amount -= part
                if component is Component.PRINCIPAL:
                    self._cleared.append((self.day, part))
        self.rows[at] = row
        return amount

    def _with_paid(self, row: Row, parts: Parts) -> Row:
        early = parts.total if row.due > self.day else 0
        late = parts.total if row.due < self.day else 0
        return replace(
            row,
            paid=row.paid.plus(parts),
            in_advance=max(0, row.in_advance + early),
            late=row.late + late,
        )

    def _refreshed(self) -> int:
        """Bring running interest to the principal now out; the money that this sets free."""
        free = 0
        for at, row in enumerate(self.rows):
            line = self.plan.lines[at]
            if not line.running:
                continue
            fixed = line.row.owed.interest - line.running
            owed = row.owed._replace(interest=fixed + self._runs(at, row.due))
            fresh = replace(row, owed=owed)
            beyond = max(0, -fresh.outstanding.interest)
            if beyond:
                fresh = self._with_paid(fresh, Parts(interest=-beyond))
                free += beyond
            self.rows[at] = fresh
        return free

    def _close(self) -> None:
        """Pay everything that would close the loan today; interest to run falls away."""
        self._close_with(self._with_paid)
        self.status = "overpaid" if self.overpaid else "closed"

    def _close_with(self, settle: Callable[[Row, Parts], Row]) -> None:
        for at, row in enumerate(self.rows):
            unearned = self._runs(at, row.due) - self._runs(at, self.day)
            owed = row.owed.minus(Parts(interest=unearned))
            kept = replace(row, owed=owed)
            self.rows[at] = settle(kept, kept.outstanding)
        self._adopt(replace(self.plan, on=self.day, lines=tuple(Line(row) for row in self.rows)))

    def _dues_pass(self, last: date) -> None:
        """Due days up to ``last`` pass: what was paid early covers the row that has come due."""
        for at, row in enumerate(self.rows):
            if self.plan.on <= row.due <= last and row.due >= self.day:
                self._cover(at, row.due)
        ended = bool(self.rows) and max(self.rows[-1].due, self.plan.on) < last
        if ended and 0 < self.open.total < self._tiny():
            self._waive_rest()

    def _cover(self, at: int, due: date) -> None:
        """Money paid early on the principal of later rows comes back to the row now due."""
        moved = NOTHING
        for later in reversed(range(at + 1, len(self.rows))):
            short = self.rows[at].outstanding.total
            back = min(short, self._early_principal(later))
            if back <= 0:
                continue
            self.rows[later] = self._with_paid(self.rows[later], Parts(principal=-back))
            before = self.rows[at].paid
            self._cleared.append((due, -back))
            day, self.day = self.day, due
            self._take(at, back, _PRINCIPAL_FIRST)
            self.day = day
            moved = moved.plus(self.rows[at].paid.minus(before)).minus(Parts(back))
        if any(moved):
            freed = self._refreshed()
            assert freed == 0, "less paid early saves no more interest"
            self._post("", "repayment", 0, moved, on=due)

    def _early_principal(self, at: int) -> int:
        """Principal paid on a row since the plan was agreed."""
        return self.rows[at].paid.principal - self.plan.lines[at].row.paid.principal

    def _tiny(self) -> int:
        return residue(self.terms.currency)

    def _waive_rest(self) -> None:
        rest = self.open
        self.rows = [replace(row, waived=row.waived.plus(row.outstanding)) for row in self.rows]
        self._adopt(replace(self.plan, lines=tuple(Line(row) for row in self.rows)))
        self._post("", "waiver", rest.total, rest)
        self._mark_paid()

    # ── the record ──

    def _paid(self) -> Parts:
        total = NOTHING
        for row in self.rows:
            total = total.plus(row.paid)
        return total

    def _waived(self) -> Parts:
        total = NOTHING
        for row in self.rows:
            total = total.plus(row.waived)
        return total

    def _mark_paid(self) -> None:
        """Rows with nothing open are paid today; a loan with nothing open is closed."""
        for at, row in enumerate(self.rows):
            done = row.outstanding.total <= 0
            if done and row.paid_on is None:
                self.rows[at] = replace(row, paid_on=self.day)
            elif not done and row.paid_on is not None:
                self.rows[at] = replace(row, paid_on=None)
        if self.status in ("active", "closed", "overpaid") and self.open.total <= 0:
            self.status = "overpaid" if self.overpaid else "closed"

    def _post(
        self,
        entry: str,
        kind: str,
        amount: int,
        parts: Parts,
        *,
        over: int = 0,
        on: date | None = None,
    ) -> None:
        out = self.open.principal
        self.postings.append(Posting(entry, on or self.day, kind, amount, parts, out, over))


def _paid(rows: Iterable[Row]) -> Parts:
    total = NOTHING
    for row in rows:
        total = total.plus(row.paid)
    return total

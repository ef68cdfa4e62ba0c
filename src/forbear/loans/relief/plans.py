"""What each measure makes of a plan: old rows to new rows, pure, one function a measure.

Two promises hold by construction. No component of what is open grows: interest that a measure
would add is not charged, and told as ``added``. And nothing gets lost: whatever a new plan does
not ask for is a waiver on its row, or interest that was still to run and is given up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import singledispatch
from itertools import accumulate

from forbear.base.money import allocate
from forbear.loans.days import days_between, month_after, stepped, year_share
from forbear.loans.parts import NOTHING, Component, Parts
from forbear.loans.relief.lines import Line, Plan, Reshaped, one
from forbear.loans.relief.measures import (
    DelinquencyPause,
    DueMove,
    ExtraTerms,
    InterestPause,
    Kept,
    Measure,
    PersonalPlan,
    RateChange,
    ReAge,
    Reamortize,
    Settlement,
    Termination,
    Waiver,
)
from forbear.loans.relief.spreading import annuity, capped, equally, in_turn, part_of
from forbear.loans.state import Row
from forbear.loans.terms import Terms


def reshape(plan: Plan, measure: Measure, terms: Terms) -> Reshaped:
    """What ``measure`` makes of ``plan`` on its day.

    Whether it may be granted at all is not asked here: :mod:`.checking` does that. A payment that
    became known later can leave less than a measure was made for; it then acts on what is there.
    """
    if not plan.open.total:
        return Reshaped(plan)
    made = _reshape(measure, plan, terms)
    left = plan.open.minus(made.plan.open)
    assert min(left) >= 0, "relief raises no component of what is owed"
    return replace(made, plan=replace(made.plan, lines=_in_order(made.plan.lines)))


@singledispatch
def _reshape(measure: Measure, _plan: Plan, _terms: Terms) -> Reshaped:
    raise AssertionError(f"no plan is known for {measure}")


@_reshape.register
def _(measure: ReAge, plan: Plan, _terms: Terms) -> Reshaped:
    """Everything open in level instalments; interest stands still whatever part is kept."""
    dues = [stepped(measure.first_due, measure.every, measure.unit, k) for k in range(measure.n)]
    if measure.interest is Kept.FROZEN:
        parts = in_turn(plan.closing, measure.n)
    else:
        open_ = plan.open if measure.interest is Kept.ALL else plan.closing
        parts = equally(open_, measure.n)
    runs = plan.running if measure.interest is Kept.ALL else 0
    running = allocate(runs, (1,) * measure.n)
    made = replace(plan, every=measure.every, unit=measure.unit)
    return Reshaped(_anew(made, dues, parts, running))


@_reshape.register
def _(_measure: Reamortize, plan: Plan, _terms: Terms) -> Reshaped:
    """What is due by today, in equal parts on top of the instalments to come."""
    ahead = [line for line in plan.ahead if not line.row.down_payment]
    if not ahead:
        return Reshaped(plan)
    late = [line for line in plan.lines if line.row.due <= plan.on]
    due_now = NOTHING
    for line in late:
        due_now = due_now.plus(line.row.outstanding)
    shares = equally(due_now, len(ahead))
    more = [
        replace(line, row=replace(line.row, owed=line.row.owed.plus(share)))
        for line, share in zip(ahead, shares, strict=True)
    ]
    others = [line for line in plan.ahead if line.row.down_payment]
    return Reshaped(replace(plan, lines=(*_settled(late), *others, *more)))


@_reshape.register
def _(measure: InterestPause, plan: Plan, _terms: Terms) -> Reshaped:
    """No interest on the days of the pause: neither that to run nor that which has accrued."""
    lines = []
    for line in plan.lines:
        row = line.row
        runs = _days_within(max(row.start, plan.on), row.due, measure)
        ran = _days_within(row.start, min(row.due, plan.on), measure)
        cut = part_of(line.running, runs)
        accrued = max(0, row.outstanding.interest - line.running)
        past = min(accrued, part_of(row.owed.interest - line.running, ran))
        lines.append(_less_interest(line, cut, past))
    return Reshaped(replace(plan, lines=tuple(lines)))


@_reshape.register
def _(measure: RateChange, plan: Plan, _terms: Terms) -> Reshaped:
    """Interest to run falls in the proportion of the rates; no instalment rises."""
    if measure.annual_rate_percent >= plan.rate:
        return Reshaped(plan)
    kept = Fraction(measure.annual_rate_percent) / Fraction(plan.rate)
    lines = [
        _less_interest(line, line.running - part_of(line.running, kept)) for line in plan.lines
    ]
    return Reshaped(replace(plan, lines=tuple(lines), rate=measure.annual_rate_percent))


@_reshape.register
def _(measure: DueMove, plan: Plan, terms: Terms) -> Reshaped:
    """The rows from the named one on fall due later, each as much as it was."""
    dues = sorted({line.row.due for line in plan.lines if line.row.due >= measure.due})
    new = {due: stepped(measure.new_due, plan.every, plan.unit, k) for k, due in enumerate(dues)}
    if any(new[due] < due for due in dues):
        return Reshaped(plan)
    moved, principal, lines = 0, 0, []
    for line in plan.lines:
        row = line.row
        if row.due in new and row.outstanding.total:
            principal += row.outstanding.principal
            moved += line.running
            start = new.get(row.start, row.start)
            lines.append(replace(line, row=replace(row, start=start, due=new[row.due])))
        else:
            lines.append(line)
    late = max(measure.due, plan.on)
    added = 0
    if moved and measure.new_due > late:
        added = part_of(principal, _share(late, measure.new_due, terms, plan.rate))
    return Reshaped(replace(plan, lines=tuple(lines)), added=added)


@_reshape.register
def _(measure: ExtraTerms, plan: Plan, terms: Terms) -> Reshaped:
    """Everything open over the instalments to come and ``n`` more, with the interest there was."""
    ahead = sorted({line.row.due for line in plan.ahead})
    dues = [*ahead, *_further(plan, measure.n)]
    count = len(dues)
    runs = annuity(plan.open.principal, plan.on, dues, plan.rate, terms) if plan.running else ()
    added = max(0, sum(each for _, each in runs) - plan.running)
    made = _anew(plan, dues, equally(plan.open, count), allocate(plan.running, (1,) * count))
    return Reshaped(made, added=added)


@_reshape.register
def _(measure: Termination, plan: Plan, _terms: Terms) -> Reshaped:
    """What would close the loan today is due by the deadline; nothing runs any more."""
    return Reshaped(_anew(plan, [measure.deadline], [plan.closing], (0,)))


@_reshape.register
def _(measure: Waiver, plan: Plan, _terms: Terms) -> Reshaped:
    """Forgiven for good, the oldest instalment first, as far as there is anything."""
    lines, waived = list(plan.lines), NOTHING
    for component, amount in measure.amounts.items():
        left = plan.open.of(component) if amount is None else amount
        before = [line.row.outstanding.principal for line in lines]
        for at, line in enumerate(lines):
            take = max(0, min(left, line.row.outstanding.of(component)))
            lines[at] = _waived(line, component, take)
            waived = waived.plus(one(component, take))
            left -= take
        if component is Component.PRINCIPAL:
            lines = _less_running(lines, before)
    return Reshaped(replace(plan, lines=tuple(lines)), waived=waived)


@_reshape.register
def _(measure: Settlement, plan: Plan, _terms: Terms) -> Reshaped:
    """The amount, principal first, is due by the deadline; the rest is forgiven if it comes."""
    closing, left = plan.closing, measure.amount
    asked = []
    for amount in closing:
        asked.append(min(amount, left))
        left -= asked[-1]
    rest = closing.minus(Parts(*asked))
    made = _anew(plan, [measure.deadline], [closing], (0,))
    *old, new = made.lines
    new = replace(new, row=replace(new.row, waived=rest))
    given_up = rest.plus(Parts(interest=plan.running))
    return Reshaped(replace(made, lines=(*old, new)), conditional=given_up)


@_reshape.register
def _(measure: PersonalPlan, plan: Plan, terms: Terms) -> Reshaped:
    """A monthly annuity at the agreed rate; what has accrued is spread, charges too."""
    dues = [stepped(measure.first_due, 1, "months", k) for k in range(measure.n)]
    rate = min(measure.annual_rate_percent, plan.rate)
    monthly = replace(terms, unit="months")
    runs = annuity(plan.open.principal, plan.on, dues, rate, monthly)
    rows, added = capped(runs, plan.open.principal, plan.running)
    rest = equally(plan.closing._replace(principal=0), measure.n)
    parts = [
        each.plus(Parts(principal, interest))
        for each, (principal, interest) in zip(rest, rows, strict=True)
    ]
    made = replace(plan, rate=rate, every=1, unit="months")
    return Reshaped(_anew(made, dues, parts, [each for _, each in rows]), added=added)


@_reshape.register
def _(_measure: DelinquencyPause, plan: Plan, _terms: Terms) -> Reshaped:
    """Days that do not count; the plan is as it was."""
    return Reshaped(plan)


# ── pieces ──


def _anew(plan: Plan, dues: Sequence[date], parts: Sequence[Parts], running: Sequence[int]) -> Plan:
    """The plan with new rows for everything that was open."""
    starts = [plan.on, *dues[:-1]]
    rows = [
        Line(Row(0, start, due, owed), runs)
        for start, due, owed, runs in zip(starts, dues, parts, running, strict=True)
    ]
    return replace(plan, lines=(*_settled(plan.lines), *rows))


def _settled(lines: Sequence[Line]) -> list[Line]:
    """What remains of old rows: what was paid, waived or written off on them."""
    rows = [replace(x.row, owed=x.row.owed.minus(x.row.outstanding)) for x in lines]
    return [Line(row) for row in rows if any(row.owed)]


def _in_order(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines by due day, numbered, each with the principal of the plan still out after it."""
    ordered = sorted(lines, key=lambda line: (line.row.due, line.row.start))
    due = [line.row.owed.principal - line.row.waived.principal for line in ordered]
    total, paid = sum(due), list(accumulate(due))
    return tuple(
        replace(line, row=replace(line.row, number=number, balance=total - paid[number - 1]))
        for number, line in enumerate(ordered, 1)
    )


def _further(plan: Plan, n: int) -> list[date]:
    """``n`` due days after the last one and after today, in the step of the plan."""
    dues = [line.row.due for line in plan.lines]
    last = max(dues)
    turn = max(due.day for due in dues[-3:])
    found: list[date] = []
    k = 0
    while len(found) < n:
        k += plan.every
        if plan.unit == "months":
            day = month_after(last, k, turn)
        else:
            day = last + timedelta(days=k * (7 if plan.unit == "weeks" else 1))
        if day > plan.on:
            found.append(day)
    return found


def _days_within(start: date, end: date, pause: InterestPause) -> Fraction:
    """The share of the days after ``start`` until ``end`` that the pause covers."""
    length = days_between(start, end)
    if length <= 0:
        return Fraction(0)
    first = max(start + timedelta(days=1), pause.start)
    covered = days_between(first, min(end, pause.end)) + 1
    return Fraction(max(0, covered), length)


def _less_interest(line: Line, running: int, accrued: int = 0) -> Line:
    """A line with less interest to run, and less of what has accrued."""
    owed = line.row.owed.minus(Parts(interest=running + accrued))
    return Line(replace(line.row, owed=owed), line.running - running)


def _waived(line: Line, component: Component, amount: int) -> Line:
    row = replace(line.row, waived=line.row.waived.plus(one(component, amount)))
    return Line(row, min(line.running, row.outstanding.interest))


def _less_running(lines: Sequence[Line], before: Sequence[int]) -> list[Line]:
    """Interest to run without the part on principal that was just forgiven."""
    made = list(lines)
    out = taken = 0
    for at in reversed(range(len(made))):
        line = made[at]
        out += before[at]
        taken += before[at] - line.row.outstanding.principal
        if line.running and taken:
            made[at] = _less_interest(line, part_of(line.running, Fraction(taken, out)))
    return made


def _share(start: date, end: date, terms: Terms, rate: Decimal) -> Fraction:
    share = year_share(
        start,
        end,
        days_in_year=terms.days_in_year,
        days_in_month=terms.days_in_month,
        unit=terms.unit,
    )
    return share * Fraction(rate) / 100

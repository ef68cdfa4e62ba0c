"""Re-ageing, re-amortising, further terms, moved due days: what is open goes over other rows."""

from __future__ import annotations

from datetime import date

from forbear.base.errors import LoanError
from forbear.base.money import Rounding, round_ratio
from forbear.loans.days import stepped
from forbear.loans.entries import Entry
from forbear.loans.instalment import FEE, INTEREST, PENALTY, PRINCIPAL, Instalment
from forbear.loans.parts import Parts
from forbear.loans.progressive.loan import Loan

_HALF_EVEN = Rounding.HALF_EVEN
_LAST = 10_000  # a number beyond every row, until the rows are numbered anew


def reamortize(loan: Loan, entry: Entry) -> None:
    """Overdue amounts move into the rows still to come; the last day stays.

    Raises :class:`LoanError` where none is still to come.
    """
    if all(row.due <= entry.on for row in loan.rows if not row.additional):
        raise LoanError(
            f"reamortize on {entry.on}: no instalment falls due after it; re-age the loan instead"
        )
    if loan.recalculates:
        on = entry.on
        moved = _overdue(loan, on)
        if entry.details.get("interest_handling") == "equal_amortization_interest_split":
            loan.model.reamortize_in_parts(on)
        else:
            loan.model.reamortize(on)
        loan.model.correct(on, 0)
        loan.follow(on)
        loan.post(entry, "re_amortize", moved, amount=moved.total)
        return
    _reamortize_rows(loan, entry)


def _overdue(loan: Loan, on: date) -> Parts:
    rows = [row for row in loan.rows if row.due <= on and not row.down_payment]
    return Parts(
        sum(row.outstanding(PRINCIPAL) for row in rows),
        sum(row.outstanding(INTEREST) for row in rows),
    )


def _reamortize_rows(loan: Loan, entry: Entry) -> None:
    on = entry.on
    overdue = 0
    for row in loan.rows:
        if row.due <= on:
            overdue += row.owed[PRINCIPAL] - row.paid[PRINCIPAL]
            row.owed[PRINCIPAL] = row.paid[PRINCIPAL]
            row.review(on)
    future = [r for r in loan.rows if r.due > on and not r.additional and not r.down_payment]
    each = loan.model.in_multiples(round_ratio(overdue, len(future), _HALF_EVEN))
    left = overdue
    for row in future:
        share = left if row is future[-1] else each
        row.owed[PRINCIPAL] += share
        left -= share
        row.review(on)
    loan.post(entry, "re_amortize", Parts(principal=overdue), amount=overdue)


def reage(loan: Loan, entry: Entry) -> None:
    """What is open goes over ``n`` new rows from ``start`` on."""
    on = min(entry.on, entry.details["start"])
    if not loan.recalculates:
        _reage_rows(loan, on, entry)
        return
    handling = str(entry.details.get("interest_handling") or "default")
    if handling.startswith("equal_amortization"):
        _reage_in_parts(loan, on, entry, whole=handling.endswith("full_interest"))
        return
    interest = sum(p.outstanding_interest for p in loan.model.valued(on).periods if p.start < on)
    principal = loan.model.total_due_principal - loan.model.total_paid_principal
    downs = sum(row.outstanding(PRINCIPAL) for row in loan.rows if row.down_payment)
    if principal + downs == 0:
        return
    loan.model.reage(on, _new_days(entry), principal)
    _rows_from_model(loan, on)
    parts = Parts(principal, interest)
    loan.post(entry, "re_age", parts, on=on, amount=parts.total)


def _new_days(entry: Entry) -> list[tuple[date, date]]:
    """The periods of the new rows: the first one as long as the others."""
    start: date = entry.details["start"]
    every, unit = int(entry.details["every"]), str(entry.details["unit"])
    days = [stepped(start, every, unit, k) for k in range(int(entry.details["n"]))]
    before = stepped(start, -every, unit, 1)
    return list(zip([before, *days[:-1]], days, strict=True))


def _rows_from_model(loan: Loan, on: date) -> list[Instalment]:
    """Rows become those of the model; what was paid early for others moves to the row of the day.

    The new rows are given back.
    """
    fresh: list[Instalment] = []
    kept: list[Instalment] = [row for row in loan.rows if row.down_payment or row.additional]
    old = [row for row in loan.rows if not row.down_payment and not row.additional]
    for period in loan.model.periods:
        stays = [r for r in old if r.due <= on]
        row = next((r for r in stays if r.start == period.start and r.due == period.due), None)
        if row is None:
            row = next((r for r in old if r.start == period.start and period.due == on), None)
        if row is None:
            row = Instalment(_LAST, period.start, period.due)
            fresh.append(row)
        else:
            old.remove(row)
        row.due = period.due
        row.reaged = row.reaged or period.start >= on
        row.owed[PRINCIPAL], row.owed[INTEREST] = period.due_principal, period.due_interest
        row.credited[PRINCIPAL] = period.credited_principal
        row.credited[INTEREST] = period.credited_interest
        kept.append(row)
    loan.rows[:] = kept
    holder = next((r for r in kept if r.due == on and not r.down_payment), None)
    for row in old:
        _move(row, holder, kept)
        if holder is not None and not holder.credited[PRINCIPAL]:
            holder.credited[PRINCIPAL] += row.credited[PRINCIPAL]
    _home_charges(loan, old)
    loan.renumber()
    for row in loan.rows:
        row.review(on)
    return fresh


def _move(row: Instalment, holder: Instalment | None, kept: list[Instalment]) -> None:
    """What a row that is gone had received and still asked of charges finds another row."""
    target = holder or kept[-1]
    for component in (PRINCIPAL, INTEREST):
        target.paid[component] += row.paid[component]
    target.in_advance += row.in_advance
    target.late += row.late
    later = next((r for r in kept if r.due >= row.due and not r.down_payment), kept[-1])
    for component in (FEE, PENALTY):
        for name in ("owed", "paid", "waived"):
            getattr(later, name)[component] += getattr(row, name)[component]


def _reage_in_parts(loan: Loan, on: date, entry: Entry, *, whole: bool) -> None:
    """Principal, interest and charges over the new rows in equal parts; nothing more is borne."""
    model = loan.model
    count = int(entry.details["n"])
    due = model.outstanding_on(model.maturity if whole else on)
    charges = [_open_charges(loan, component) for component in (FEE, PENALTY)]
    if due.principal + due.interest + sum(charges) == 0:
        return
    each = [round_ratio(amount, count, _HALF_EVEN) for amount in charges]
    total = due.principal + due.interest + sum(charges)
    days = [day for _, day in _new_days(entry)]
    model.reage_in_parts(on, days, due, total, sum(each))
    fresh = _rows_from_model(loan, on)
    for component, amount, part in zip((FEE, PENALTY), charges, each, strict=True):
        for index, row in enumerate(fresh):
            row.owed[component] += amount - part * (count - 1) if index == count - 1 else part
            row.review(on)
    parts = Parts(due.principal, due.interest, charges[0], charges[1])
    loan.post(entry, "re_age", parts, on=on, amount=parts.total)


def _open_charges(loan: Loan, component: int) -> int:
    total = 0
    for row in loan.rows:
        left = row.outstanding(component)
        total += left
        row.owed[component] -= left
    return total


def _reage_rows(loan: Loan, on: date, entry: Entry) -> None:
    """Without interest: open principal over new rows in equal parts."""
    open_principal = 0
    for row in loan.rows:
        left = row.outstanding(PRINCIPAL)
        if left > 0:
            open_principal += left
            row.owed[PRINCIPAL] -= left
            row.review(on)
    if open_principal == 0:
        return
    count = int(entry.details["n"])
    each = loan.model.in_multiples(round_ratio(open_principal, count, _HALF_EVEN))
    kept, gone = _ended_at(loan, on)
    before = max(row.due for row in kept if not row.down_payment)
    fresh: list[Instalment] = []
    for _, due in _new_days(entry):
        row = Instalment(_LAST, before, due)
        row.reaged = True
        row.owed[PRINCIPAL] = each
        fresh.append(row)
        before = due
    fresh[-1].owed[PRINCIPAL] += open_principal - each * count
    loan.rows[:] = [*kept, *fresh]
    holder = next((r for r in kept if r.due == on and not r.down_payment), None)
    for row in gone:
        _move(row, holder, loan.rows)
        (holder or fresh[0]).owed[PRINCIPAL] += row.paid[PRINCIPAL]
    _home_charges(loan, gone)
    for row in loan.rows:
        row.review(on)
    loan.renumber()
    loan.post(entry, "re_age", Parts(principal=open_principal), on=on, amount=open_principal)


def _ended_at(loan: Loan, on: date) -> tuple[list[Instalment], list[Instalment]]:
    """The row of the day ends on it; the rows that stay, and those that came after."""
    kept: list[Instalment] = []
    gone: list[Instalment] = []
    for row in loan.rows:
        if row.down_payment or row.due <= on:
            kept.append(row)
        elif row.start < on and not row.additional:
            row.due = on
            kept.append(row)
        else:
            gone.append(row)
    if all(row.down_payment for row in kept):
        kept.append(gone.pop(0))
        kept[-1].due = on
    return kept, gone


def _home_charges(loan: Loan, gone: list[Instalment]) -> None:
    """A charge whose row is gone belongs to the row of its day."""
    for charge in loan.charges.values():
        if charge.row in gone:
            rows = [row for row in loan.rows if not row.down_payment]
            charge.row = next((row for row in rows if row.due >= charge.due), rows[-1])


def add_terms(loan: Loan, since: date, extra: int) -> None:
    """``extra`` further rows at the usual step; instalments from ``since`` on are made anew."""
    loan.model.add_periods(since, extra)
    for period in loan.model.periods:
        if loan.row_of(period) is None:
            row = Instalment(_LAST, period.start, period.due)
            row.owed[0], row.owed[1] = period.due_principal, period.due_interest
            row.review(since)
            loan.rows.append(row)
    loan.renumber()


def move_due(loan: Loan, since: date, new: date) -> None:
    """The row due on ``since`` is due on ``new``, later ones follow; the days between bear."""
    rows = [row for row in loan.rows if not row.down_payment and row.due >= since]
    if not rows:
        return
    step = (loan.terms.every, loan.terms.unit)
    days = [stepped(new, *step, k) for k in range(len(rows))]
    fixed = loan.terms.options.get("fixed_length")
    if isinstance(fixed, dict):
        end = stepped(loan.disbursed_on, int(fixed["count"]), str(fixed["unit"]), 1)
        days[-1] = end + (new - since)
    loan.model.move_due(since, days)
    for index, (row, day) in enumerate(zip(rows, days, strict=True)):
        row.due = day
        if index:
            row.start = days[index - 1]
    if loan.uses_model:
        loan.follow(since)

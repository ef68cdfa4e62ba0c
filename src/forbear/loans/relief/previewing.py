"""Relief before anybody signs: what a request would do, the entries that grant it, their undo.

A preview is a pure function of the loan, the day and the request: it applies nothing, and the
same request is answered the same. What it shows is what the granted entries do, to the cent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any, Final

from forbear.base.errors import LoanError
from forbear.base.reasons import Sentence
from forbear.loans import said
from forbear.loans.cost.judge import Rate
from forbear.loans.cost.methods import Dated, xirr
from forbear.loans.entries import Entry
from forbear.loans.lateness import Pause, Rules, paused_days, standing
from forbear.loans.parts import NOTHING, Parts
from forbear.loans.relief import checking
from forbear.loans.relief.answers import Course, Grant, Preview, Reason, Refusal, StandingStill
from forbear.loans.relief.carrying import PAUSE, UNDO, grant_of, is_relief
from forbear.loans.relief.coding import PREFIX, details_of
from forbear.loans.relief.folding import Found, counted, find
from forbear.loans.relief.lines import Plan
from forbear.loans.relief.measures import (
    WORD,
    DelinquencyPause,
    Excess,
    Kept,
    Measure,
    ReAge,
    Request,
    Settlement,
    Termination,
)
from forbear.loans.relief.plans import reshape
from forbear.loans.relief.words import say
from forbear.loans.state import Posting, Row, State
from forbear.loans.terms import Terms

_FINEST: Final = Decimal("0.0001")
# A charge on a loan of a day comes to rates a year that tell nobody anything.
_BEYOND: Final = Decimal(10_000)
# What the borrower brought, and what went out to the borrower, among the postings of a loan.
_BROUGHT: Final = frozenset(
    {"repayment", "down_payment", "merchant_issued_refund", "payout_refund"}
)
_WENT_OUT: Final = frozenset({"disbursement", "chargeback", "credit_balance_refund"})


@dataclass(slots=True)
class _Step:
    """A request as it is worked through: the plan so far, and what it gave up on the way."""

    plan: Plan
    added: int = 0
    conditional: Parts = NOTHING


def preview(
    terms: Terms,
    entries: Sequence[Entry],
    as_of: date,
    request: Request,
    surplus: int | None = None,
) -> Preview | Refusal:
    """What ``request`` would do to the loan on ``as_of``, or every reason against it.

    ``surplus`` is what the borrower can spare a month, in minor units. Raises
    :class:`~forbear.base.errors.LoanError` where the entries themselves cannot be replayed.
    """
    return preview_of(find(terms, entries, as_of), terms, entries, request, surplus)


def preview_of(
    found: Found,
    terms: Terms,
    entries: Sequence[Entry],
    request: Request,
    surplus: int | None = None,
) -> Preview | Refusal:
    """:func:`preview` of a loan that was found already, for whoever puts many requests to it."""
    reasons = [
        *checking.against_loan(found.state, found.plan, request),
        *checking.against_order(request),
        *checking.against_running(counted(terms, entries), request, found.plan.on, terms.currency),
        *checking.against_limits(entries, request, terms.currency),
    ]
    if reasons:
        return Refusal(reasons=tuple(reasons))
    step = _worked_through(found.plan, request, terms)
    if not isinstance(step, _Step):
        return Refusal(reasons=step)
    reasons += checking.against_burden(
        request, found.plan.on, step.plan.open, surplus, terms.currency
    )
    reasons += _dearer(request, step, found, terms.currency)
    if reasons:
        return Refusal(reasons=tuple(reasons))
    return _previewed(found, request, step, _pauses(entries), surplus)


def grant(
    terms: Terms,
    entries: Sequence[Entry],
    as_of: date,
    request: Request,
    *,
    step: str,
    surplus: int | None = None,
    recorded_on: date | None = None,
) -> Grant | Refusal:
    """The entries of one step, to be added together or not at all; nothing is added here.

    Every entry's id begins with ``step``. The old plan is what the entries give without them.
    Raises :class:`~forbear.base.errors.LoanError` where ``step`` has been used.
    """
    _unused(step, entries)
    shown = preview(terms, entries, as_of, request, surplus)
    if isinstance(shown, Refusal):
        return shown
    seq = max((each.seq for each in entries), default=-1) + 1
    made = tuple(
        Entry(
            id=f"{step}/{number}",
            kind=_kind(measure),
            on=as_of,
            recorded_on=recorded_on or as_of,
            seq=seq + number - 1,
            details={**_details(measure, terms.currency), "grant": step},
        )
        for number, measure in enumerate(request.measures, 1)
    )
    return Grant(id=step, entries=made, preview=shown)


def undo(entries: Sequence[Entry], step: str, on: date, *, entry: str) -> Entry:
    """The entry, with the id ``entry``, that takes a step back: as if it had never been granted.

    Payments made since are kept, and count on the old plan. Raises
    :class:`~forbear.base.errors.LoanError` where there is no such step, or ``entry`` was used.
    """
    steps = {grant_of(each) for each in entries if is_relief(each) and each.kind != UNDO}
    gone = {grant_of(each) for each in entries if each.kind == UNDO}
    if step not in steps - gone:
        known = ", ".join(sorted(steps - gone)) or "none"
        raise LoanError(f"grant: there is no step «{step}» to undo; known are {known}")
    _unused(entry, entries)
    seq = max(each.seq for each in entries) + 1
    return Entry(entry, UNDO, on, on, seq, details={"grant": step})


def _unused(name: str, entries: Sequence[Entry]) -> None:
    if any(name in (each.id, grant_of(each)) for each in entries):
        raise LoanError(f"id: «{name}» stands in the loan already; choose one of its own")


def _kind(measure: Measure) -> str:
    return PAUSE if isinstance(measure, DelinquencyPause) else PREFIX + WORD[type(measure)]


def _details(measure: Measure, currency: str) -> dict[str, Any]:
    if isinstance(measure, DelinquencyPause):
        return {"start": measure.start, "end": measure.end}
    return details_of(measure, currency)


# ── working a request through ──


def _worked_through(plan: Plan, request: Request, terms: Terms) -> _Step | tuple[Reason, ...]:
    """The plan after every measure in turn, or the reasons against the first that cannot be."""
    step = _Step(plan)
    for at, measure in enumerate(request.measures):
        field = f"measures[{at}]"
        reasons = tuple(checking.against_measure(measure, step.plan, terms.currency, field))
        if reasons:
            return reasons
        made = reshape(step.plan, measure, terms)
        step.plan = made.plan
        step.added += made.added
        step.conditional = step.conditional.plus(made.conditional)
    return step


def _dearer(request: Request, step: _Step, found: Found, currency: str) -> Iterator[Reason]:
    still, after = found.plan.open.total, step.plan.open.total
    assert after <= still, "relief never costs more than standing still"
    if request.on_excess is Excess.REFUSE and after + step.added > still:
        yield Reason(
            code="dearer",
            field="on_excess",
            says=say(
                "dearer",
                added=said.amount(step.added, currency),
                after=said.amount(after + step.added, currency),
                still=said.amount(still, currency),
            ),
        )


def _previewed(
    found: Found, request: Request, step: _Step, pauses: Sequence[Pause], surplus: int | None
) -> Preview:
    currency = found.state.currency
    more = [Pause(x.start, x.end) for x in request.measures if isinstance(x, DelinquencyPause)]
    before = _course(found.state, found.plan, pauses)
    after = _course(found.state, step.plan, [*pauses, *more])
    return Preview(
        request=request,
        as_of=found.plan.on,
        currency=currency,
        standing_still=StandingStill(
            owed_today=found.plan.closing, to_pay=before.to_pay, last_day=before.last_day
        ),
        before=before,
        after=after,
        forgiven=before.to_pay.minus(after.to_pay),
        conditional=step.conditional,
        postponed=_postponed(found.plan, step.plan),
        trimmed=step.added,
        share=Fraction(after.payment, surplus) if surplus and surplus > 0 else None,
        remarks=tuple(_remarks(request, found.plan, step, currency)),
    )


def _course(state: State, plan: Plan, pauses: Sequence[Pause]) -> Course:
    rows = tuple(line.row for line in plan.lines if line.row.outstanding.total > 0)
    shown = State(plan.on, state.currency, tuple(line.row for line in plan.lines), state.postings)
    late = standing(shown, plan.on, (), Rules())
    days = late.past_due_days
    if late.since is not None:
        days -= paused_days(pauses, late.since, plan.on)
    return Course(
        rows=rows,
        to_pay=plan.open,
        payment=_payment(rows, plan.on),
        last_day=max((row.due for row in rows), default=plan.on),
        days_past_due=max(0, days),
        annual_rate=_annual_rate(state.postings, rows, plan.on),
    )


def _payment(rows: Sequence[Row], on: date) -> int:
    months: dict[tuple[int, int], int] = {}
    for row in rows:
        if row.due >= on:
            month = (row.due.year, row.due.month)
            months[month] = months.get(month, 0) + row.outstanding.total
    return max(months.values(), default=0)


def _annual_rate(postings: Sequence[Posting], rows: Sequence[Row], on: date) -> Decimal | None:
    flows = [
        Dated(-each.amount if each.kind in _WENT_OUT else each.amount - each.over, each.on)
        for each in postings
        if each.kind in _WENT_OUT | _BROUGHT
    ]
    flows += [Dated(row.outstanding.total, max(row.due, on)) for row in rows]
    if not any(each.amount < 0 for each in flows):
        return None
    rate = xirr(flows)
    if not isinstance(rate, Rate) or rate.value > _BEYOND:
        return None
    return (rate.value * 100).quantize(_FINEST, rounding=ROUND_HALF_EVEN)


def _due_by(plan: Plan, day: date) -> Parts:
    total = NOTHING
    for line in plan.lines:
        if line.row.due <= day:
            total = total.plus(line.row.outstanding)
    return total


def _postponed(before: Plan, after: Plan) -> Parts:
    """What was due by today and is still to be paid, but later."""
    was, now = _due_by(before, before.on), _due_by(after, after.on)
    rest = after.open.minus(now)
    return Parts(*(max(0, min(a - b, c)) for a, b, c in zip(was, now, rest, strict=True)))


def _pauses(entries: Sequence[Entry]) -> list[Pause]:
    undone = {grant_of(each) for each in entries if each.kind == UNDO}
    return [
        Pause(_day(each.details["start"]), _day(each.details["end"]))
        for each in entries
        if each.kind == PAUSE and grant_of(each) not in undone
    ]


def _day(given: Any) -> date:
    return given if isinstance(given, date) else date.fromisoformat(given)


def _remarks(request: Request, before: Plan, step: _Step, currency: str) -> Iterator[Sentence]:
    if step.added:
        yield say("trimmed", added=said.amount(step.added, currency))
    for each in request.measures:
        if isinstance(each, Settlement):
            yield say(
                "conditional",
                amount=said.amount(each.amount, currency),
                deadline=said.day(each.deadline),
                back=said.amount(step.conditional.total, currency),
            )
        if isinstance(each, Termination):
            yield say(
                "at_once",
                due=said.amount(step.plan.open.total, currency),
                deadline=said.day(each.deadline),
            )
        if isinstance(each, ReAge) and each.interest is Kept.FROZEN:
            waits = step.plan.open.interest
            if waits:
                yield say("parked", amount=said.amount(waits, currency))
    late = sum(x.row.outstanding.total for x in step.plan.lines if x.row.due < before.on)
    if late > 0:
        yield say("still_past_due", amount=said.amount(late, currency))
    if any(not isinstance(each, DelinquencyPause) for each in request.measures):
        yield say("agreed_plan")

"""Whether a request may be granted: every reason against it, each with its field and its mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import singledispatch

from forbear.base.reasons import Sentence
from forbear.loans import said
from forbear.loans.days import month_after, stepped
from forbear.loans.entries import Entry
from forbear.loans.parts import Parts
from forbear.loans.relief.answers import Reason
from forbear.loans.relief.carrying import (
    UNDO,
    effective,
    grant_of,
    is_relief,
    settlement_course,
)
from forbear.loans.relief.coding import MOST_INSTALMENTS
from forbear.loans.relief.limits import EXTENSIONS, PLAN_MONTHS, limits_for
from forbear.loans.relief.lines import Plan
from forbear.loans.relief.measures import (
    EXTENDS,
    WORD,
    DelinquencyPause,
    DueMove,
    ExtraTerms,
    InterestPause,
    Measure,
    PersonalPlan,
    RateChange,
    ReAge,
    Reamortize,
    Request,
    Settlement,
    Termination,
    Waiver,
)
from forbear.loans.relief.settlement import Stage
from forbear.loans.relief.words import component as component_name
from forbear.loans.relief.words import say
from forbear.loans.state import State

_SPREADS = (ReAge, PersonalPlan)
# What the ledger's own entries, as other systems make them, extend.
_EXTENDING_KINDS = frozenset({"relief_" + WORD[each] for each in EXTENDS} | {"reage"})


def against_loan(state: State, plan: Plan, request: Request) -> Iterator[Reason]:
    """Reasons that lie in the loan itself, before any measure is looked at."""
    if not request.measures:
        yield Reason(code="nothing_asked", field="measures", says=say("nothing_asked"))
    if state.status == "proposed":
        yield Reason(code="not_paid_out", field="events", says=say("not_paid_out"))
    elif state.status in ("closed", "overpaid", "written_off") or plan.open.total <= 0:
        yield Reason(code="nothing_owed", field="events", says=say("nothing_owed"))


def against_limits(entries: Sequence[Entry], request: Request, currency: str) -> Iterator[Reason]:
    """Reasons that lie in a limit: too many extensions, a plan that is too long."""
    extends = [at for at, each in enumerate(request.measures) if isinstance(each, EXTENDS)]
    had = extensions(entries)
    if extends:
        for limit in limits_for(EXTENSIONS, request.product, request.jurisdiction, currency):
            if had >= limit.at_most:
                yield Reason(
                    code="limit_extensions",
                    field=f"measures[{extends[0]}]",
                    says=say("limit_extensions", had=had, most=limit.at_most, says=limit.says),
                    clause=limit.clause,
                    level=limit.level,
                    confidence=limit.confidence,
                )
                break
    for at, each in enumerate(request.measures):
        months = _months(each)
        for limit in limits_for(PLAN_MONTHS, request.product, request.jurisdiction, currency):
            if months > limit.at_most:
                yield Reason(
                    code="limit_plan_months",
                    field=f"measures[{at}].n",
                    says=say(
                        "limit_plan_months", given=months, most=limit.at_most, says=limit.says
                    ),
                    clause=limit.clause,
                    level=limit.level,
                    confidence=limit.confidence,
                )
                break


def extensions(entries: Sequence[Entry]) -> int:
    """How often a loan was extended: steps of relief that moved its last day, undone ones not."""
    undone = {grant_of(each) for each in entries if each.kind == UNDO}
    steps = set()
    for each in entries:
        if each.kind == "reschedule":
            moves = bool({"new_due", "extra_terms"} & set(each.details))
        else:
            moves = each.kind in _EXTENDING_KINDS
        step = grant_of(each) if is_relief(each) else each.id
        if moves and step not in undone:
            steps.add(step)
    return len(steps)


def against_measure(measure: Measure, plan: Plan, currency: str, field: str) -> Iterator[Reason]:
    """Reasons against one measure on the plan that it would meet."""
    for code, name, sentence in _against(measure, plan, currency):
        yield Reason(code=code, field=f"{field}.{name}" if name else field, says=sentence)


_Said = tuple[str, str, Sentence]  # the code, the field within the measure, the sentence


@singledispatch
def _against(_measure: Measure, _plan: Plan, _currency: str) -> Iterator[_Said]:
    yield from ()


@_against.register
def _(measure: ReAge | PersonalPlan, plan: Plan, _currency: str) -> Iterator[_Said]:
    yield from _count(measure.n)
    if measure.first_due <= plan.on:
        yield (
            "first_due_past",
            "first_due",
            say("first_due_past", given=said.day(measure.first_due), today=said.day(plan.on)),
        )


@_against.register
def _(measure: ExtraTerms, _plan: Plan, _currency: str) -> Iterator[_Said]:
    yield from _count(measure.n)


@_against.register
def _(_measure: Reamortize, plan: Plan, _currency: str) -> Iterator[_Said]:
    late = sum(x.row.outstanding.total for x in plan.lines if x.row.due <= plan.on)
    if not any(not line.row.down_payment for line in plan.ahead):
        yield "no_instalment_left", "", say("no_instalment_left")
    elif late <= 0:
        yield "nothing_past_due", "", say("nothing_past_due")


@_against.register
def _(measure: InterestPause | DelinquencyPause, _plan: Plan, _currency: str) -> Iterator[_Said]:
    if measure.end < measure.start:
        sentence = say("pause_reversed", start=said.day(measure.start), end=said.day(measure.end))
        yield "pause_reversed", "end", sentence


@_against.register
def _(measure: RateChange, plan: Plan, _currency: str) -> Iterator[_Said]:
    given, now = measure.annual_rate_percent, plan.rate
    if not 0 <= given < now:
        yield (
            "rate_not_lower",
            "annual_rate_percent",
            say("rate_not_lower", given=said.rate(given), now=said.rate(now)),
        )
    elif not plan.running:
        yield "no_interest", "annual_rate_percent", say("no_interest")


@_against.register
def _(measure: DueMove, plan: Plan, _currency: str) -> Iterator[_Said]:
    dues = sorted({x.row.due for x in plan.lines if x.row.outstanding.total > 0})
    if measure.due not in dues:
        days = [said.day(each) for each in dues]
        known = Sentence(
            zh="、".join(each.zh for each in days), en=", ".join(each.en for each in days)
        )
        yield (
            "no_such_instalment",
            "due",
            say("no_such_instalment", given=said.day(measure.due), known=known),
        )
    elif measure.new_due <= measure.due:
        yield (
            "not_later",
            "new_due",
            say("not_later", given=said.day(measure.new_due), due=said.day(measure.due)),
        )
    elif measure.new_due < plan.on:
        yield "deadline_past", "new_due", _past(measure.new_due, plan.on)


@_against.register
def _(measure: Termination, plan: Plan, _currency: str) -> Iterator[_Said]:
    if measure.deadline < plan.on:
        yield "deadline_past", "deadline", _past(measure.deadline, plan.on)
    if not plan.running:
        yield "nothing_saved", "", say("nothing_saved")


@_against.register
def _(measure: Waiver, plan: Plan, currency: str) -> Iterator[_Said]:
    if not measure.amounts:
        yield "nothing_asked", "amounts", say("nothing_asked")
    for component, amount in measure.amounts.items():
        owed, name = plan.open.of(component), component_name(component)
        field = f"amounts.{component}"
        if amount is not None and amount <= 0:
            given = said.amount(amount, currency)
            yield "not_positive", field, say("not_positive", component=name, given=given)
        elif owed <= 0:
            yield "nothing_to_waive", field, say("nothing_to_waive", component=name)
        elif amount is not None and amount > owed:
            yield (
                "waiver_beyond_owed",
                field,
                say(
                    "waiver_beyond_owed",
                    component=name,
                    given=said.amount(amount, currency),
                    owed=said.amount(owed, currency),
                ),
            )


@_against.register
def _(measure: Settlement, plan: Plan, currency: str) -> Iterator[_Said]:
    if measure.deadline < plan.on:
        yield "deadline_past", "deadline", _past(measure.deadline, plan.on)
    closing = plan.closing.total
    if not 0 < measure.amount < closing:
        yield (
            "settlement_not_less",
            "amount",
            say(
                "settlement_not_less",
                given=said.amount(measure.amount, currency),
                owed=said.amount(closing, currency),
            ),
        )


def against_order(request: Request) -> Iterator[Reason]:
    """A settlement is a bargain about all that is owed: only waivers may stand beside it."""
    for at, each in enumerate(request.measures):
        others = [x for k, x in enumerate(request.measures) if k != at]
        last = at == len(request.measures) - 1
        if isinstance(each, Settlement) and not (
            last and all(isinstance(x, Waiver | DelinquencyPause) for x in others)
        ):
            sentence = say("settlement_not_last")
            yield Reason(code="settlement_not_last", field=f"measures[{at}]", says=sentence)


def against_running(
    entries: Sequence[Entry], request: Request, on: date, currency: str
) -> Iterator[Reason]:
    """While a settlement runs, a new plan would be made for an amount that may not stand."""
    if all(isinstance(each, DelinquencyPause) for each in request.measures):
        return
    standing = effective(entries, entries, currency, on)
    for each in standing:
        if each.kind == "relief_settlement" and each.on <= on:
            course = settlement_course(each, standing, currency)
            if course.stage(on) is Stage.ACCEPTED:
                sentence = say("settlement_running", deadline=said.day(course.deadline))
                yield Reason(code="settlement_running", field="measures", says=sentence)


def against_burden(
    request: Request, on: date, due: Parts, surplus: int | None, currency: str
) -> Iterator[Reason]:
    """Ending a contract is relief only where what it makes due can be found by then."""
    for at, each in enumerate(request.measures):
        later = request.measures[at + 1 :]
        if not isinstance(each, Termination) or any(isinstance(x, _SPREADS) for x in later):
            continue
        if surplus is None:
            continue
        can = max(0, surplus) * _paydays(on, each.deadline)
        if due.total > can:
            yield Reason(
                code="beyond_surplus",
                field=f"measures[{at}].deadline",
                says=say(
                    "beyond_surplus",
                    due=said.amount(due.total, currency),
                    deadline=said.day(each.deadline),
                    can=said.amount(can, currency),
                ),
            )


def _paydays(start: date, end: date) -> int:
    """How many months' surplus comes in from a day to another; the running month's counts."""
    months = 1
    while month_after(start, months) <= end:
        months += 1
    return months


def _count(n: int) -> Iterator[_Said]:
    if not 1 <= n <= MOST_INSTALMENTS:
        yield "count", "n", say("count", given=n, most=MOST_INSTALMENTS)


def _months(measure: Measure) -> int:
    """How many months a plan takes, begun ones counted; 0 for what is no plan of its own."""
    if isinstance(measure, PersonalPlan):
        return measure.n
    if not isinstance(measure, ReAge) or measure.n < 1:
        return 0
    if measure.unit == "months":
        return measure.n * measure.every
    end = stepped(measure.first_due, measure.every, measure.unit, measure.n - 1)
    months = 0
    while month_after(measure.first_due, months) < end:
        months += 1
    return months


def _past(given: date, today: date) -> Sentence:
    return say("deadline_past", given=said.day(given), today=said.day(today))

"""From a loan and a household to an answer: the plans it can carry, or that there is none.

:func:`tried` previews the whole menu of a loan once; :func:`answer` holds it against what one
household has left. The first knows nothing of the household but its pay day, the second nothing of
the loan but its plans.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from forbear.base.money import Rounding, rounded
from forbear.loans.offers.circumstances import Circumstances
from forbear.loans.offers.follows import Step, follows
from forbear.loans.offers.menu import Choice, Loan, kinds, menu
from forbear.loans.offers.policy import Policy
from forbear.loans.offers.ranking import First, Means, Plan, Ranked, Rule, lightest, rank
from forbear.loans.offers.signing import Meaning, signing
from forbear.loans.offers.surplus import Surplus, surplus
from forbear.loans.offers.value import Valuation, value
from forbear.loans.relief.answers import Preview, Reason, Refusal
from forbear.loans.relief.measures import Request, Settlement

Previewer = Callable[[Request], Preview | Refusal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A request that the law, the loan or the house does not allow, with its reasons."""

    choice: Choice
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The menu of one loan on one day: the plans, what they are worth, what was refused."""

    loan: Loan
    currency: str
    plans: tuple[Plan, ...]
    previews: dict[str, Preview]
    refused: tuple[Refused, ...]
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a household is offered. Where nothing is, ``follows`` says what can be done instead.

    ``nearest`` is the plan nearest to being carried, and by how much each month it is out of
    reach; None where there are offers, or where no plan was tried at all.
    """

    tried: Tried
    surplus: Surplus
    ranked: Ranked
    nearest: tuple[Plan, int] | None
    follows: tuple[Step, ...]
    signing: tuple[Meaning, ...]


def tried(
    loan: Loan, currency: str, preview: Previewer, by: Policy, values: Valuation | None = None
) -> Tried:
    """Preview everything on the menu. Two requests that come to the same are one plan."""
    worth = by.values if values is None else values
    plans: dict[object, Plan] = {}
    previews: dict[str, Preview] = {}
    refused: list[Refused] = []
    for choice in menu(loan, by):
        found = preview(choice.request)
        if isinstance(found, Refusal):
            refused.append(Refused(choice=choice, reasons=found.reasons))
            continue
        plan = _plan(choice, found, loan, worth)
        alike = (plan.payments, plan.forgiven, plan.conditional, plan.at_once)
        known = plans.get(alike)
        if known is None or (plan.order, plan.id) < (known.order, known.id):
            plans[alike] = plan
            previews[plan.id] = found
    return Tried(
        loan=loan,
        currency=currency,
        plans=tuple(plans.values()),
        previews=previews,
        refused=tuple(refused),
        rule=_rule(by, loan.owed),
    )


def answer(found: Tried, told: Circumstances, law: str, first: First = First.LENDER) -> Answer:
    """The offers for one household, by the law of ``law`` as far as signing is concerned."""
    assert told.currency == found.currency, "the amounts of both are of one currency"
    left = surplus(told)
    means = Means(currency=found.currency, surplus=left.amount, lump_sum=told.lump_sum)
    ranked = rank(found.plans, means, replace(found.rule, first=first))
    nearest = None if ranked.offers else lightest(ranked.set_aside)
    return Answer(
        tried=found,
        surplus=left,
        ranked=ranked,
        nearest=None if nearest is None else (nearest.plan, nearest.short),
        follows=() if ranked.offers else follows(law, short=left.left <= 0),
        signing=signing(law, found.loan.product),
    )


def _rule(by: Policy, owed: int) -> Rule:
    # A debt too small for a step of its own still needs one.
    return Rule(margin=by.margin, step=max(by.step * owed, by.step))


def _plan(choice: Choice, found: Preview, loan: Loan, worth: Valuation) -> Plan:
    """What the ranking reads of a preview."""
    payments = _payments(found, loan.on)
    at_once = sum(amount for _, amount in payments) if _is_paid_once(choice.request) else 0
    months = _by_month(payments)
    return Plan(
        id=choice.id,
        kind=choice.kind,
        order=kinds()[choice.kind].order,
        payments=payments,
        at_once=at_once,
        monthly=0 if at_once else max(months.values(), default=0),
        months=len(months),
        total=found.after.to_pay.total,
        standing_still=found.standing_still.to_pay.total,
        forgiven=found.forgiven,
        conditional=found.conditional,
        value=value(payments, loan.on, kind=choice.kind, owed=loan.owed, by=worth),
    )


def _payments(found: Preview, on: date) -> tuple[tuple[date, int], ...]:
    """What is to be paid and when; what is past due, on the day itself."""
    due: dict[date, int] = {}
    for row in found.after.rows:
        left = row.outstanding.total
        if left:
            day = max(row.due, on)
            due[day] = due.get(day, 0) + left
    assert sum(due.values()) == found.after.to_pay.total, "the rows are what there is to pay"
    return tuple(sorted(due.items()))


def _is_paid_once(request: Request) -> bool:
    return any(isinstance(each, Settlement) for each in request.measures)


def _by_month(payments: Iterable[tuple[date, int]]) -> dict[tuple[int, int], int]:
    """What falls into each calendar month."""
    found: dict[tuple[int, int], int] = {}
    for day, amount in payments:
        month = (day.year, day.month)
        found[month] = found.get(month, 0) + amount
    return found


def worth_today(plan: Plan) -> int:
    """The value of a plan to the lender in whole minor units, rounded down."""
    return rounded(plan.value, Rounding.DOWN)

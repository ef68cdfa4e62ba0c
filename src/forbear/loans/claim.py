"""What of a claim may be claimed, what not, and why: the books of a loan before the ceilings.

A claim is taken part by part. What the books do not hold is refused. Principal is what was really
lent and not repaid, less what was paid above a ceiling; interest taken in advance is none.
Interest, overdue interest, penalty and fee share the room of the ceilings
(:mod:`forbear.loans.room`), in that order. A ceiling that is not surely read only says which part a
person has to judge. Nothing is rounded but down, and for every part ``claimable + refused ==
claimed``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from forbear.base.errors import LoanError
from forbear.loans import claim_words as words
from forbear.loans.ceiling import Book, Cost, Norm
from forbear.loans.claim_limits import (
    Bound,
    Circumstances,
    Question,
    asked_of_a_person,
    bound,
    capital_rule,
    deduction_rule,
    may_apply,
)
from forbear.loans.claim_lines import PARTS, Case, Line, by_the_books, cut, doubt
from forbear.loans.parts import Parts
from forbear.loans.room import Account, Flow, Limit, flows_of
from forbear.loans.state import State
from forbear.loans.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What a lender demands, in minor units; nothing of it is negative."""

    principal: int = 0
    interest: int = 0
    overdue_interest: int = 0
    penalty: int = 0
    fee: int = 0

    def costs(self) -> dict[Cost, int]:
        """All but the principal."""
        return {cost: getattr(self, cost.value) for cost in Cost}


@dataclass(frozen=True, slots=True)
class Finding:
    """A whole claim. ``owed_back`` is what was paid beyond all that could ever be claimed."""

    as_of: date
    currency: str
    lines: tuple[Line, ...]
    questions: tuple[Question, ...]
    account: Account
    bound: Bound
    deducted: int = 0
    owed_back: int = 0

    @property
    def claimable(self) -> int:
        """The sum that may be claimed."""
        return sum(line.claimable for line in self.lines)

    @property
    def claimed(self) -> int:
        """The sum that is claimed."""
        return sum(line.claimed for line in self.lines)


def due_now(state: State) -> Claimed:
    """What the plan says is due by ``state.as_of`` and unpaid."""
    due = [row.outstanding for row in state.rows if row.due <= state.as_of]
    return Claimed(
        principal=sum(each.principal for each in due),
        interest=sum(each.interest for each in due),
        penalty=sum(each.penalty for each in due),
        fee=sum(each.fee for each in due),
    )


def counts_months(terms: Terms) -> bool:
    """Whether the contract counts each month as a twelfth of a year, however long it is."""
    return terms.unit == "months" and (
        terms.interest_period == "same_as_repayment"
        or (terms.days_in_month == "30" and terms.days_in_year == "360")
    )


def claim(
    state: State,
    terms: Terms,
    book: Book,
    about: Circumstances,
    *,
    claimed: Claimed | None = None,
    owed: Parts | None = None,
    by_months: bool | None = None,
) -> Finding:
    """What of ``claimed`` (what is due now by default) may be claimed on ``state.as_of``.

    ``owed`` is the most that the books owe that day, such as the payoff; by default all that is
    outstanding. ``by_months`` counts time in whole months or not; by default as the contract does.
    Raises :class:`~forbear.base.errors.LoanError` for a claim or a circumstance that makes no
    sense.
    """
    asked = claimed or due_now(state)
    if wrong := next((part for part in PARTS if getattr(asked, part) < 0), None):
        raise LoanError(f"claim.{wrong}: it is negative; a part claimed is 0 or more")
    lines = {part: Line(part, getattr(asked, part), getattr(asked, part)) for part in PARTS}
    by_the_books(lines, owed or state.outstanding)
    before = {part: line.claimable for part, line in lines.items()}
    found = bound(book, terms, state, about)
    months = counts_months(terms) if by_months is None else by_months
    case = _case(state, terms, book, about, by_months=months)
    sure = [limit for limit in found.limits if not limit.asks_only]
    if case.deducted and case.on_deduction is not None:
        charged = sum(flow.parts.interest for flow in case.flows) + before["interest"]
        sure.append(
            _interest_on_received(case.on_deduction, charged, case.deducted, _paid_out(state))
        )
    elif about.received is not None and about.received < _paid_out(state):
        found.ask(Question("deducted", words.NO_RULE_ON_DEDUCTION))
    account = case.walk(sure)
    owed_back = cut(case, account, lines)
    for limit in found.limits:
        if limit.asks_only and doubt(case, sure, limit, before, lines) and limit.in_question:
            found.ask(may_apply(limit.norm))
    refused = any(line.refused for line in lines.values())
    for question in asked_of_a_person(
        book,
        about,
        penalty=asked.penalty > 0,
        overdue=asked.overdue_interest > 0,
        refused=refused,
    ):
        found.ask(question)
    return Finding(
        as_of=state.as_of,
        currency=state.currency,
        lines=tuple(lines.values()),
        questions=tuple(found.questions.values()),
        account=account,
        bound=found,
        deducted=case.deducted,
        owed_back=owed_back,
    )


def _case(state: State, terms: Terms, book: Book, about: Circumstances, *, by_months: bool) -> Case:
    rule = deduction_rule(book, about)
    flows, deducted = _really_lent(state, about.received)
    return Case(
        state=state,
        flows=flows_of(state) if rule is None else flows,
        deducted=0 if rule is None else deducted,
        on_deduction=rule,
        on_capital=capital_rule(book, about),
        months_from=terms.starts_on if by_months else None,
    )


def _really_lent(state: State, received: int | None) -> tuple[tuple[Flow, ...], int]:
    """The money of the loan with what was taken in advance put right, and how much that was.

    Interest collected on the very day of the first payout was deducted, whatever it is called.
    """
    flows = list(flows_of(state))
    short = 0 if received is None else _paid_out(state) - received
    if short < 0:
        raise LoanError(
            "received: it is more than was paid out by the books; look which of them is wrong"
        )
    first = min((flow.on for flow in flows if flow.out), default=None)
    ahead = sum(flow.parts.interest for flow in flows if flow.on == first)
    left = short
    for place, flow in enumerate(flows):
        less = min(left, flow.out)
        left -= less
        parts = flow.parts
        if flow.on == first:
            parts = parts._replace(principal=parts.principal + parts.interest, interest=0)
        flows[place] = Flow(flow.on, flow.out - less, parts, flow.over)
    return tuple(flows), ahead + short


def _paid_out(state: State) -> int:
    return sum(posting.amount for posting in state.postings if posting.kind == "disbursement")


def _interest_on_received(rule: Norm, charged: int, deducted: int, paid_out: int) -> Limit:
    """Interest is owed on what was received: of all charged, the share that was really lent."""
    really = Fraction(max(0, paid_out - deducted), paid_out)
    return Limit(
        norm=rule, covers=frozenset({Cost.INTEREST}), fixed=charged * really, at_the_end=True
    )

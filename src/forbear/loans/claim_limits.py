"""Which ceilings bind one claim, with every date and rate settled, and what has to be asked.

What is not known is read against the lender: to an unknown lender every ceiling applies, an unknown
day of contract has the lowest rate of all days that it may have been, an unknown month the lowest
rate ever published. Each such reading is said, and a person is asked. A ceiling of which only a
fact about the borrower or the product would tell whether it applies can ask, and no more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from forbear.base.errors import LoanError
from forbear.base.money import parse
from forbear.base.reasons import Sentence
from forbear.base.words import Confidence, Effect
from forbear.loans import claim_words as words
from forbear.loans.ceiling import LENDERS, Book, Ceiling, Norm, PrincipalRule, Step
from forbear.loans.lpr import Quote
from forbear.loans.room import Limit, Pace
from forbear.loans.state import State
from forbear.loans.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a ceiling asks of a loan beyond its books.

    ``contract`` are the first and the last day on which the contract may have been made, None where
    nothing is known of it, and ``contract_told`` says that someone named the day, so that nobody is
    asked for it; ``filed`` is the day of the suit, None for the day of the claim; ``lpr``
    the one-year LPR at contract, in percent, where the asker knows it. ``received`` is what the
    borrower really got, in minor units, None where it is what was paid out by the books.
    """

    lender: str | None = None
    product: str | None = None
    borrower: str | None = None
    region: str | None = None
    contract: tuple[date, date] | None = None
    contract_told: bool = True
    filed: date | None = None
    lpr: Decimal | None = None
    received: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What a person has to judge; ``clause`` is empty where it is a fact that is missing."""

    id: str
    says: Sentence
    clause: str = ""
    confidence: Confidence | None = None


@dataclass(slots=True)
class Bound:
    """The limits of a claim, the rates that were used, and the questions they leave."""

    limits: list[Limit] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    questions: dict[str, Question] = field(default_factory=dict)

    def ask(self, question: Question) -> None:
        """Ask once."""
        self.questions.setdefault(question.id, question)


@dataclass(frozen=True, slots=True)
class _Loan:
    """A loan before its ceilings, and where what they leave open is put down."""

    book: Book
    terms: Terms
    state: State
    about: Circumstances
    found: Bound


def bound(book: Book, terms: Terms, state: State, about: Circumstances) -> Bound:
    """The limits of ``book`` that bind this claim. Raises LoanError for a lender not known."""
    if about.lender is not None and about.lender not in LENDERS:
        raise LoanError(
            f"lender_type: «{about.lender}» is not known; known are {', '.join(LENDERS)}"
        )
    found = Bound()
    loan = _Loan(book, terms, state, about, found)
    if about.lender is None and any(ceiling.lender for ceiling in book.ceilings):
        found.ask(Question("lender-unknown", words.LENDER_UNKNOWN))
    if about.contract is None:
        found.ask(Question("contract-day-unknown", words.CONTRACT_UNKNOWN))
    elif not about.contract_told:
        found.ask(Question("contract-day-unknown", words.contract_between(*about.contract)))
    for ceiling in book.ceilings:
        applies = _applies(ceiling, terms, state, about)
        if applies is False:
            continue
        found.limits.append(
            Limit(
                norm=ceiling,
                covers=ceiling.covers,
                paces=tuple(_pace(step, loan) for step in ceiling.steps),
                fixed=Fraction(
                    0 if ceiling.fixed is None else parse(ceiling.fixed, terms.currency)
                ),
                share=ceiling.share,
                at_the_end=ceiling.settled == "end",
                asks_only=applies is None or ceiling.effect is not Effect.DENY,
                in_question=applies is None,
            )
        )
    return found


def may_apply(norm: Norm) -> Question:
    """Whether a ceiling is about this loan at all, where only a fact not given would tell."""
    return Question(f"{norm.id}-applies", words.may_apply(norm.says), norm.clause, norm.confidence)


def deduction_rule(book: Book, about: Circumstances) -> PrincipalRule | None:
    """The clause by which what was taken in advance is no principal; the nearer one first."""
    return _rule(book, "deducted", about)


def capital_rule(book: Book, about: Circumstances) -> PrincipalRule | None:
    """The clause on interest that was added to principal, where there is one."""
    return _rule(book, "capitalised", about)


def _rule(book: Book, kind: str, about: Circumstances) -> PrincipalRule | None:
    fitting = [
        rule for rule in book.principal if rule.kind == kind and _for_lender(rule, about.lender)
    ]
    return max(fitting, key=lambda rule: bool(rule.lender), default=None)


def asked_of_a_person(
    book: Book, about: Circumstances, *, penalty: bool, overdue: bool, refused: bool
) -> list[Question]:
    """The questions of the law itself that this claim raises."""
    raised = []
    for judge in book.judges:
        if not _for_lender(judge, about.lender):
            continue
        before = judge.day is not None and (
            about.contract is not None and about.contract[0] < judge.day
        )
        if {
            "always": True, "penalty_claimed": penalty, "overdue_claimed": overdue,
            "refused": refused, "contract_before": before,
        }[judge.when]:  # fmt: skip
            raised.append(Question(judge.id, judge.says, judge.clause, judge.confidence))
    return raised


def _for_lender(norm: Norm, lender: str | None) -> bool:
    """Whether a norm is about this lender; every norm is about one that is not known."""
    return not norm.lender or lender is None or lender in norm.lender


def _applies(ceiling: Ceiling, terms: Terms, state: State, about: Circumstances) -> bool | None:
    """Whether a ceiling is about this loan; None where only a fact not given would tell."""
    if not _for_lender(ceiling, about.lender):
        return False
    if ceiling.region and about.region not in ceiling.region:
        return False
    if not _in_time(ceiling, about) or not _of_this_kind(ceiling, terms, state):
        return False
    unknown = False
    for wanted, given in ((ceiling.product, about.product), (ceiling.borrower, about.borrower)):
        if wanted and given is None:
            unknown = True
        elif wanted and given not in wanted:
            return False
    return None if unknown or _only_by_its_cost(ceiling, terms) else True


def _in_time(ceiling: Ceiling, about: Circumstances) -> bool:
    """Whether the contract may have been made while the ceiling is in force for new ones."""
    if about.contract is None:
        return True
    first, last = about.contract
    return (ceiling.contract_from is None or last >= ceiling.contract_from) and (
        ceiling.contract_until is None or first <= ceiling.contract_until
    )


def _of_this_kind(ceiling: Ceiling, terms: Terms, state: State) -> bool:
    if ceiling.contract_rate_zero and terms.annual_rate_percent != 0:
        return False
    days = (max((row.due for row in state.rows), default=terms.starts_on) - terms.starts_on).days
    if ceiling.days_until is not None and days > ceiling.days_until:
        return False
    if ceiling.contract_rate_from is None:
        return True
    return _by_rate(ceiling, terms) or _costly(ceiling, terms, state, days)


def _by_rate(ceiling: Ceiling, terms: Terms) -> bool:
    least = ceiling.contract_rate_from
    return least is not None and terms.annual_rate_percent >= least


def _costly(ceiling: Ceiling, terms: Terms, state: State, days: int) -> bool:
    """Whether the planned cost, on half the principal on average, comes near the rate asked for."""
    cost = sum(row.owed.total - row.owed.principal for row in state.rows)
    least = Fraction(ceiling.contract_rate_from or 0) / 100
    return 2 * cost * 365 >= least * terms.principal * max(1, days)


def _only_by_its_cost(ceiling: Ceiling, terms: Terms) -> bool:
    return ceiling.contract_rate_from is not None and not _by_rate(ceiling, terms)


def _pace(step: Step, loan: _Loan) -> Pace:
    if step.yearly is not None:
        yearly = step.yearly
    elif step.contract_multiple is not None:
        yearly = step.contract_multiple * Fraction(loan.terms.annual_rate_percent) / 100
    else:
        assert step.lpr_multiple is not None, "a step has one rate"
        yearly = step.lpr_multiple * _lpr(step, loan) / 100
    return Pace(
        yearly=yearly,
        kept=max(yearly, step.kept or Fraction(0)),
        base=step.base,
        since=step.since,
        before=None if step.until is None else step.until + timedelta(days=1),
    )


def _lpr(step: Step, loan: _Loan) -> Fraction:
    """The LPR of a step in percent; what is not known is read against the lender, and asked."""
    about, found, rates = loan.about, loan.found, loan.book.lpr
    assert rates is not None, "a ceiling in multiples of the LPR needs its history"
    if step.lpr_at == "filing":
        day = about.filed or loan.state.as_of
        quote = rates.at(day)
        if about.filed is None:
            found.ask(Question("filing-day-unknown", words.filing_unknown(day)))
    elif about.lpr is not None:
        found.ask(Question("lpr-given", words.lpr_given(about.lpr)))
        return Fraction(about.lpr)
    else:
        last = min(loan.state.as_of, rates.known_until - timedelta(days=1))
        quote = rates.lowest(*(about.contract or (rates.one_year[0].published, last)))
    if not quote.sure:
        found.ask(Question("lpr-unknown", words.lpr_unknown(quote, rates.known_until)))
    elif quote.confidence not in (Confidence.TEXT, Confidence.QUOTED):
        found.ask(Question("lpr-weak", words.lpr_weak(quote), confidence=quote.confidence))
    found.quotes.append(quote)
    return Fraction(quote.percent)

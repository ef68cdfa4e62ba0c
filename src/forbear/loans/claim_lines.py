"""The parts of a claim cut down to what its account has room for, each cut with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from math import floor
from typing import Final

from forbear.base.reasons import Sentence
from forbear.base.words import Confidence, Level
from forbear.loans import claim_words as words
from forbear.loans.ceiling import Cost, Norm
from forbear.loans.parts import Parts
from forbear.loans.room import Account, Flow, Limit, Room, fit, flows_of, walk
from forbear.loans.state import State

PRINCIPAL: Final = "principal"
PARTS: Final = (PRINCIPAL, *(cost.value for cost in Cost))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why ``amount`` of a part may not be claimed; without a clause where the books say so."""

    amount: int
    says: Sentence
    id: str
    clause: str = ""
    level: Level | None = None
    confidence: Confidence | None = None
    source: str = ""


@dataclass(slots=True)
class Line:
    """One part of a claim. ``to_judge`` is a part of ``claimable`` that a person has to judge."""

    part: str
    claimed: int
    claimable: int
    reasons: list[Reason] = field(default_factory=list)
    judge: list[Reason] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """What may not be claimed."""
        return self.claimed - self.claimable

    @property
    def to_judge(self) -> int:
        """The largest part that any one doubtful ceiling would refuse."""
        return min(self.claimable, max((reason.amount for reason in self.judge), default=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A claim's loan: its money put right, what was taken in advance, and how time is counted.

    ``on_deduction`` and ``on_capital`` are the clauses on interest taken in advance and on interest
    added to principal, None where there is none; ``months_from`` as in :func:`~.room.walk`.
    """

    state: State
    flows: tuple[Flow, ...]
    deducted: int = 0
    on_deduction: Norm | None = None
    on_capital: Norm | None = None
    months_from: date | None = None

    def walk(self, limits: Sequence[Limit]) -> Account:
        """The loan under ``limits``."""
        inner_first = sorted(limits, key=lambda limit: len(limit.covers))
        return walk(self.flows, self.state.rows, self.state.as_of, inner_first, self.months_from)

    def money_out(self) -> int:
        """What was paid out and not repaid by the books: principal without interest added to it."""
        flows = flows_of(self.state)
        return max(0, sum(flow.out - flow.parts.principal - flow.over for flow in flows))

    def says(self, room: Room) -> Sentence:
        """The clause behind a room, with its figures."""
        return words.refused(
            room, self.state.as_of, self.state.currency, by_months=self.months_from is not None
        )


def by_the_books(lines: dict[str, Line], owed: Parts) -> None:
    """Refuse what the books do not hold; overdue interest is held as interest or penalty there."""
    left = {
        PRINCIPAL: owed.principal, "interest": owed.interest, "penalty": owed.penalty,
        "fee": owed.fee,
    }  # fmt: skip
    for part, pots in (
        (PRINCIPAL, (PRINCIPAL,)),
        ("interest", ("interest",)),
        ("penalty", ("penalty",)),
        ("fee", ("fee",)),
        ("overdue_interest", ("interest", "penalty")),
    ):
        line, wanted = lines[part], lines[part].claimed
        for pot in pots:
            taken = min(wanted, max(0, left[pot]))
            left[pot] -= taken
            wanted -= taken
        _refuse(line, wanted, words.NOT_OWED, "not-in-the-books")


def _refuse(line: Line, amount: int, says: Sentence, name: str, norm: Norm | None = None) -> int:
    """Take ``amount``, as far as it is there, off a part; what was taken."""
    taken = min(line.claimable, amount)
    if taken > 0:
        line.claimable -= taken
        line.reasons.append(_reason(taken, says, name, norm))
    return max(0, taken)


def _reason(amount: int, says: Sentence, name: str, norm: Norm | None) -> Reason:
    if norm is None:
        return Reason(amount, says, name)
    return Reason(amount, says, norm.id, norm.clause, norm.level, norm.confidence, norm.source)


def cut(case: Case, account: Account, lines: dict[str, Line]) -> int:
    """Cut every part down to what the walked account has for it; what is owed back."""
    principal = lines[PRINCIPAL]
    money, booked = case.money_out(), case.state.outstanding.principal
    # What the books no longer hold, and what is not claimed now, is not there to be claimed; so
    # what was set off lowers what is due first.
    elsewhere = max(0, money - booked) + max(0, booked - principal.claimable)
    over = principal.claimable - min(principal.claimable, max(0, account.balance - elsewhere))
    capital = min(over, max(0, booked - money))
    _refuse_principal(case, account, principal, over - capital)
    _refuse_costs(case, account, lines, capital)
    # Principal that is not claimed now must not swallow what was set off: costs due now go first.
    left = max(0, elsewhere - account.balance) + account.surplus
    for part in reversed(PARTS):
        taken = min(left, lines[part].claimable)
        left -= _refuse(lines[part], taken, words.surplus(taken, case.state.currency), "set-off")
    return min(left, account.surplus)


def _refuse_principal(case: Case, account: Account, line: Line, over: int) -> None:
    """Say of refused principal what it is: taken in advance, set off, or never lent."""
    currency = case.state.currency
    if rule := case.on_deduction:
        amount = min(over, case.deducted)
        over -= _refuse(line, amount, words.deducted(rule.says, amount, currency), "", rule)
    for norm in {found.norm.id: found.norm for found in account.set_off}.values():
        of_norm = [found for found in account.set_off if found.norm.id == norm.id]
        says = words.set_off(norm.says, of_norm, currency)
        amount = min(over, sum(found.amount for found in of_norm))
        over -= _refuse(line, amount, says, "", norm)
    _refuse(line, over, words.BEYOND_LENT, "beyond-what-was-lent")


def _refuse_costs(case: Case, account: Account, lines: dict[str, Line], capital: int) -> None:
    """Cut the costs to the rooms; ``capital`` is the principal that is interest added to it.

    That part has its room before the interest that stands alone, so it is cut last.
    """
    costs = {cost: lines[cost.value].claimable for cost in Cost}
    costs[Cost.INTEREST] += capital
    for room in account.rooms:
        costs, cuts = fit(costs, [(room.limit.covers, floor(room.left))])
        says = case.says(room)
        for cost, amount in cuts[0].items():
            rest = amount - _refuse(lines[cost.value], amount, says, "", room.limit.norm)
            norm = case.on_capital or room.limit.norm
            capital -= _refuse(lines[PRINCIPAL], min(capital, rest), says, "", norm)


def doubt(
    case: Case, limits: Sequence[Limit], doubtful: Limit, before: dict[str, int],
    lines: dict[str, Line],
) -> bool:  # fmt: skip
    """Put down which part of ``lines`` would be refused if ``doubtful`` held too; whether any.

    ``limits`` are those that surely hold, ``before`` the parts before any was applied.
    """
    account = case.walk([*limits, doubtful])
    trial = {part: Line(part, amount, amount) for part, amount in before.items()}
    cut(case, account, trial)
    room = next(room for room in account.rooms if room.limit is doubtful)
    norm = doubtful.norm
    any_refused = False
    for part, line in lines.items():
        amount = line.claimable - trial[part].claimable
        if amount > 0:
            told = (each.says for each in trial[part].reasons if each.id == norm.id)
            line.judge.append(_reason(amount, next(told, case.says(room)), "", norm))
            any_refused = True
    return any_refused

"""How much room a ceiling leaves: the loan walked day by day on the principal really out.

The balance of the walk is what was really lent less what was really repaid, never what the books
call principal: interest added to it bears nothing here. On each day a ceiling gives its daily rate
(the yearly one over 365) of the balance after that day's money, so a day that begins with a payment
counts the smaller balance, and the day of a claim does not count. What was paid for a cost uses the
room up; what was paid beyond it repays principal, on that day or in one sum at the end, as the
ceiling says. Paid parts are kept in whole minor units, rounded down, so the balance is whole and
every step is exact: room is a fraction until it is compared, and then rounded down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Final

from forbear.loans.ceiling import MONTHS, Base, Cost, Norm
from forbear.loans.days import stepped, steps_until
from forbear.loans.parts import NOTHING, Parts
from forbear.loans.state import Posting, Row, State

YEAR: Final = 365
# Postings by which money goes to the borrower, comes from them, or a claim is given up.
OUT: Final = frozenset({"disbursement", "credit_balance_refund", "chargeback"})
IN: Final = frozenset({"repayment", "down_payment", "merchant_issued_refund", "payout_refund"})
GIVEN: Final = frozenset(
    {
        "waiver", "waive_loan_charges", "interest_payment_waiver", "goodwill_credit",
        "charge_adjustment", "interest_refund", "close_as_written_off",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flow:
    """Money on a day: ``out`` to the borrower; ``parts`` and ``over`` from them, as booked."""

    on: date
    out: int = 0
    parts: Parts = NOTHING
    over: int = 0

    def plus(self, other: Flow) -> Flow:
        """The money of one day together."""
        return Flow(
            self.on, self.out + other.out, self.parts.plus(other.parts), self.over + other.over
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The yearly rate at which room grows from ``since`` to before ``before``.

    ``kept`` is the rate up to which paid cost stays paid; it is never less than ``yearly``.
    """

    yearly: Fraction
    kept: Fraction
    base: Base = Base.BALANCE
    since: date | None = None
    before: date | None = None

    def holds(self, day: date) -> bool:
        """Whether this is the pace of ``day``."""
        return (self.since is None or self.since <= day) and (
            self.before is None or day < self.before
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A ceiling as it binds one loan: every date and rate of it settled, amounts in minor units.

    ``asks_only`` says that it refuses nothing and only asks a person; ``in_question`` that it is
    not even known whether it is about this loan.
    """

    norm: Norm
    covers: frozenset[Cost]
    paces: tuple[Pace, ...] = ()
    fixed: Fraction = Fraction(0)
    share: Fraction = Fraction(0)
    at_the_end: bool = False
    asks_only: bool = False
    in_question: bool = False


@dataclass(slots=True)
class Room:
    """What one limit has given and what is left of it, in minor units."""

    limit: Limit
    earned: Fraction = Fraction(0)
    left: Fraction = Fraction(0)
    kept_left: Fraction = Fraction(0)
    paid: int = 0

    def grow(self, claimable: Fraction, kept: Fraction) -> None:
        """More room: for what may be claimed, and for what stays paid."""
        self.earned += claimable
        self.left += claimable
        self.kept_left += kept

    def use(self, kept: int) -> None:
        """A paid cost takes its room; only one that settles at the end may go below nothing."""
        self.paid += kept
        self.kept_left -= kept
        self.left -= kept
        if not self.limit.at_the_end:
            self.left = max(Fraction(0), self.left)


@dataclass(frozen=True, slots=True)
class SetOff:
    """What was paid for a cost on a day beyond a limit, and so counts as principal repaid."""

    on: date
    amount: int
    norm: Norm


@dataclass(frozen=True, slots=True)
class Span:
    """Days on which one balance was out, and the share of a year that they are."""

    since: date
    before: date
    balance: int
    share: Fraction


@dataclass(slots=True)
class Account:
    """A loan walked under its limits. ``surplus`` is what was repaid beyond all principal."""

    rooms: list[Room]
    balance: int = 0
    surplus: int = 0
    credit: int = 0
    spans: list[Span] = field(default_factory=list)
    set_off: list[SetOff] = field(default_factory=list)

    def repay(self, amount: int) -> None:
        """Principal goes down, and what is beyond it is surplus; a negative amount undoes that."""
        owed = self.balance - self.surplus - amount
        self.balance, self.surplus = max(0, owed), max(0, -owed)

    def lend(self, amount: int) -> None:
        """Money to the borrower gives a surplus back before it is new principal."""
        self.repay(-amount)
        self.credit += amount
        for room in self.rooms:
            share = room.limit.share * amount
            room.grow(share, share)


def flows_of(state: State) -> tuple[Flow, ...]:
    """The money of a loan up to ``state.as_of``, one flow a day, in order.

    The money of one day is one sum, so that it cannot matter how it was split or in which order it
    came; what moves none is left out. A claim that was given up lowers the principal it was given
    up on and uses no room. What was paid too much and taken for a later charge is paid on the last
    day, since the books do not say when.
    """
    flows: dict[date, Flow] = {}
    taken = _taken_later(state)
    moved = [flow for posting in state.postings if (flow := _flow(posting)) is not None]
    for flow in (*moved, Flow(state.as_of, parts=taken, over=-taken.total)):
        if flow.on <= state.as_of:
            flows[flow.on] = flows[flow.on].plus(flow) if flow.on in flows else flow
    return tuple(flows[day] for day in sorted(flows) if flows[day] != Flow(day))


def _flow(posting: Posting) -> Flow | None:
    if posting.kind in OUT:
        return Flow(posting.on, out=posting.amount)
    if posting.kind in IN:
        return Flow(posting.on, parts=posting.parts, over=posting.over)
    if posting.kind in GIVEN:
        return Flow(posting.on, parts=Parts(principal=posting.parts.principal))
    return None


def _taken_later(state: State) -> Parts:
    """What was once paid too much and then taken for charges that came later."""
    over = sum(p.over for p in state.postings if p.kind in IN)
    back = sum(p.amount for p in state.postings if p.kind == "credit_balance_refund")
    left = max(0, over - back - state.overpaid)
    taken = {}
    for part in ("penalty", "fee", "interest"):
        shown = sum(
            getattr(p.parts, part) for p in state.postings if p.kind in IN or p.kind in GIVEN
        )
        paid = sum(getattr(row.paid, part) for row in state.rows)
        taken[part] = min(left, max(0, paid - shown))
        left -= taken[part]
    return Parts(**taken)


def costs_of(parts: Parts) -> dict[Cost, int]:
    """The costs of an amount; the books hold overdue interest within interest or penalty."""
    return {
        Cost.INTEREST: parts.interest,
        Cost.OVERDUE_INTEREST: 0,
        Cost.PENALTY: parts.penalty,
        Cost.FEE: parts.fee,
    }


def fit(
    amounts: Mapping[Cost, int], rooms: Sequence[tuple[frozenset[Cost], int]]
) -> tuple[dict[Cost, int], list[dict[Cost, int]]]:
    """``amounts`` cut down to what has room, and what each room cut.

    Rooms come with the inner before the outer, so that their sum is as large as it may be. Within
    a room costs are served in the order of :class:`Cost`.
    """
    left = dict(amounts)
    cuts: list[dict[Cost, int]] = []
    for covers, room in rooms:
        free = max(0, room)
        cut = {}
        for cost in Cost:
            if cost not in covers:
                continue
            served = min(left[cost], free)
            if served < left[cost]:
                cut[cost] = left[cost] - served
            left[cost] = served
            free -= served
        cuts.append(cut)
    return left, cuts


def share_of_year(start: date, end: date, months_from: date | None = None) -> Fraction:
    """The part of a year from ``start`` to ``end``: actual/365, or twelfths from a seed day on."""
    if months_from is None:
        return Fraction((end - start).days, YEAR)
    return (_months(months_from, end) - _months(months_from, start)) / MONTHS


def _months(seed: date, day: date) -> Fraction:
    """The months from ``seed`` to ``day``: whole ones, and of the month begun its share of days."""
    whole = steps_until(seed, 1, "months", day)
    begun, ended = stepped(seed, 1, "months", whole), stepped(seed, 1, "months", whole + 1)
    return whole + Fraction((day - begun).days, (ended - begun).days)


def walk(
    flows: Sequence[Flow],
    rows: Sequence[Row],
    as_of: date,
    limits: Sequence[Limit],
    months_from: date | None = None,
) -> Account:
    """The loan from its first money to ``as_of`` under ``limits``, inner ones first.

    ``months_from`` is the day from which a contract counts whole months; None for actual days.
    """
    account = Account(rooms=[Room(limit) for limit in limits])
    for room in account.rooms:
        room.grow(room.limit.fixed, room.limit.fixed)
    money = {flow.on: flow for flow in flows if flow.on <= as_of}
    days = _days(money, rows, limits, as_of)
    overdue = _overdue(flows, rows, days)
    for day, following in pairwise([*days, as_of]):
        if day in money:
            _book(account, money[day])
        share = share_of_year(day, following, months_from)
        _grow(account, Span(day, following, account.balance, share), overdue[day])
    if as_of in money:
        _book(account, money[as_of])
    _settle(account, as_of)
    return account


def _days(
    money: Mapping[date, Flow], rows: Sequence[Row], limits: Sequence[Limit], as_of: date
) -> list[date]:
    """The days, in order, on which a balance, a pace or what is overdue may change."""
    if not money:
        return []
    marks = set(money)
    for limit in limits:
        for pace in limit.paces:
            marks |= {day for day in (pace.since, pace.before) if day is not None}
            if pace.base is Base.OVERDUE:
                marks |= {row.due for row in rows}
    first = min(money)
    return sorted(day for day in marks if first <= day < as_of)


def _overdue(flows: Sequence[Flow], rows: Sequence[Row], days: Sequence[date]) -> dict[date, int]:
    """The principal past due at the end of each of ``days``."""
    found: dict[date, int] = {}
    for day in days:
        due = sum(row.owed.principal for row in rows if row.due <= day)
        paid = sum(flow.parts.principal for flow in flows if flow.on <= day)
        found[day] = max(0, due - paid)
    return found


def _book(account: Account, flow: Flow) -> None:
    if flow.out:
        account.lend(flow.out)
    costs = costs_of(flow.parts)
    binding = [room for room in account.rooms if not room.limit.at_the_end]
    kept, cuts = fit(costs, [(room.limit.covers, floor(room.kept_left)) for room in binding])
    for room in account.rooms:
        room.use(sum(kept[cost] for cost in room.limit.covers))
    for room, cut in zip(binding, cuts, strict=True):
        if beyond := sum(cut.values()):
            account.set_off.append(SetOff(flow.on, beyond, room.limit.norm))
    account.repay(flow.parts.principal + flow.over + sum(costs.values()) - sum(kept.values()))


def _grow(account: Account, span: Span, overdue: int) -> None:
    account.spans.append(span)
    for room in account.rooms:
        for pace in room.limit.paces:
            if pace.holds(span.since):
                on = {
                    Base.BALANCE: account.balance,
                    Base.CREDIT: account.credit,
                    Base.OVERDUE: min(overdue, account.balance),
                }[pace.base]
                room.grow(on * span.share * pace.yearly, on * span.share * pace.kept)


def _settle(account: Account, as_of: date) -> None:
    """What limits that settle at the end find paid beyond them is set off now, inner ones first."""
    for room in account.rooms:
        if room.left >= 0:
            continue
        beyond = -floor(room.left)
        account.set_off.append(SetOff(as_of, beyond, room.limit.norm))
        account.repay(beyond)
        for other in account.rooms:
            if other.limit.covers >= room.limit.covers:
                other.left += beyond
                other.paid -= beyond

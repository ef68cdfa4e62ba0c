"""What is said of a claim, in Chinese and English, with the figures it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Final

from forbear.base.reasons import Sentence
from forbear.loans import said
from forbear.loans.ceiling import Base
from forbear.loans.lpr import Quote
from forbear.loans.room import Pace, Room, SetOff

LENDER_UNKNOWN: Final = Sentence(
    zh="没有写明出借人的类型，各类出借人的上限一并适用，从严计算；请写明并核对。",
    en="The kind of lender is not given, so the ceilings of every kind apply together, which is "
    "strictest; say which it is.",
)
CONTRACT_UNKNOWN: Final = Sentence(
    zh="没有写明合同成立的日期，按可能的日期中最低的上限计算；请写明并核对。",
    en="The day of the contract is not given, so the lowest ceiling of all days it may have been "
    "is used; say which it was.",
)
NO_RULE_ON_DEDUCTION: Final = Sentence(
    zh="借款人实际收到的少于记账的本金，而这里没有收录当地的规定；须由专人判断。",
    en="The borrower received less than the principal in the books, and no rule of this country "
    "on that is held here; a person has to judge.",
)
NOT_OWED: Final = Sentence(
    zh="账上没有这一部分，不得主张。",
    en="The books do not hold this part, so it cannot be claimed.",
)
BEYOND_LENT: Final = Sentence(
    zh="超过实际出借而未还的本金，不得作为本金主张。",
    en="It is more than was really lent and not repaid, so it cannot be claimed as principal.",
)
PART: Final = {
    "principal": ("本金", "principal"),
    "interest": ("利息", "interest"),
    "overdue_interest": ("逾期利息", "overdue interest"),
    "penalty": ("违约金", "penalty"),
    "fee": ("费用", "fee"),
}


BASE: Final = {
    Base.BALANCE: ("实际未还的本金", "the principal really out"),
    Base.CREDIT: ("最初的贷款金额", "the amount first lent"),
    Base.OVERDUE: ("逾期的本金", "the principal past due"),
}
BY_DAYS: Final = Sentence(zh="按实际天数，一年365天", en="day by day over 365 days")
BY_MONTHS: Final = Sentence(
    zh="每月按十二分之一年（与合同的计息方式一致）",
    en="each month a twelfth, as the contract counts",
)


def may_apply(norm: Sentence) -> Sentence:
    """Whether a ceiling is about this loan turns on a fact that was not given."""
    return Sentence(
        zh=f"以下规定是否适用于这笔贷款，须由专人判断：{norm.zh}",
        en=f"Whether this applies to the loan has to be judged by a person: {norm.en}",
    )


def contract_between(first: date, last: date) -> Sentence:
    """The day of the contract was read from other days of the loan."""
    begun, ended = said.day(first), said.day(last)
    return Sentence(
        zh=f"没有写明合同成立的日期，按{begun.zh}至{ended.zh}之间最低的上限计算；请写明并核对。",
        en=f"The day of the contract is not given, so the lowest ceiling from {begun.en} to "
        f"{ended.en} is used; say which day it was.",
    )


def filing_unknown(day: date) -> Sentence:
    """The rate of the day of the suit was taken from another day."""
    shown = said.day(day)
    return Sentence(
        zh=f"没有写明起诉的日期，按{shown.zh}的 LPR 计算；起诉时 LPR 更低的，以起诉时为准。",
        en=f"The day of the suit is not given, so the LPR of {shown.en} is used; if it is lower on "
        "that day, the lower one holds.",
    )


def lpr_given(percent: Decimal) -> Sentence:
    """The LPR is the asker's."""
    return Sentence(
        zh=f"LPR {said.rate(percent)} 是提问人给出的，请核对。",
        en=f"The LPR of {said.rate(percent)} was given by the asker; check it.",
    )


def lpr_unknown(quote: Quote, since: date) -> Sentence:
    """No rate is known for the day asked about."""
    shown = said.day(since)
    return Sentence(
        zh=f"没有收录合同当月的 LPR(从{shown.zh}起未收录)，按已收录的最低值 "
        f"{said.rate(quote.percent)} 从严计算；请查实当月数值。",
        en=f"The LPR of that month is not held here (none is from {shown.en} on), so the lowest "
        f"one known, {said.rate(quote.percent)}, is used; look the month up.",
    )


def lpr_weak(quote: Quote) -> Sentence:
    """The rate of the day rests on a poor report."""
    shown = said.day(quote.published)
    return Sentence(
        zh=f"{shown.zh}公布的 LPR {said.rate(quote.percent)} 只见于质量差的转述，请核对。",
        en=f"The LPR of {shown.en}, {said.rate(quote.percent)}, rests on a poor report; check it.",
    )


def percent(rate: Fraction) -> str:
    """A yearly rate without idle zeros, cut after four places."""
    return said.rate(Decimal(floor(rate * 1_000_000)) / 10_000)


def refused(room: Room, as_of: date, currency: str, *, by_months: bool) -> Sentence:
    """The clause and its computation: what the ceiling gave, what was paid of it, what is left."""
    earned = said.amount(floor(room.earned), currency)
    paid = said.amount(room.paid, currency)
    left = said.amount(max(0, floor(room.left)), currency)
    norm, how, day = room.limit.norm.says, _pace_of(room, by_months=by_months), said.day(as_of)
    return Sentence(
        zh=f"{norm.zh}{how.zh}到{day.zh}为止上限内共 {earned.zh}，已付 {paid.zh}，"
        f"还可主张 {left.zh}。",
        en=f"{norm.en} {how.en}Up to {day.en} the ceiling gives {earned.en}, of which {paid.en} "
        f"was paid; {left.en} is left to claim.",
    )


def set_off(norm: Sentence, found: Sequence[SetOff], currency: str) -> Sentence:
    """What was paid above a ceiling has repaid principal; ``found`` is in the order of days."""
    amount = said.amount(sum(each.amount for each in found), currency)
    first, last = said.day(found[0].on), said.day(found[-1].on)
    once = found[0].on == found[-1].on
    zh = first.zh if once else f"{first.zh}至{last.zh}"
    en = f"up to {first.en}" if once else f"from {first.en} to {last.en}"
    return Sentence(
        zh=f"{norm.zh}{zh}已付的息费中有 {amount.zh}超过当时的上限，抵充本金。",
        en=f"{norm.en} Of the costs paid {en}, {amount.en} was beyond the ceiling and counts as "
        "principal repaid.",
    )


def deducted(norm: Sentence, amount: int, currency: str) -> Sentence:
    """What was taken in advance is no principal."""
    shown = said.amount(amount, currency)
    return Sentence(
        zh=f"{norm.zh}预先扣除的 {shown.zh}不是本金。",
        en=f"{norm.en} {shown.en} was taken in advance and is no principal.",
    )


def surplus(amount: int, currency: str) -> Sentence:
    """More was paid above a ceiling than the principal that is claimed, so it pays costs."""
    shown = said.amount(amount, currency)
    return Sentence(
        zh=f"超过上限已付的部分抵完所主张的本金后还有剩余，再抵 {shown.zh}。",
        en=f"What was paid beyond the ceiling is more than the principal claimed; {shown.en} of it "
        "pays this.",
    )


def _pace_of(room: Room, *, by_months: bool) -> Sentence:
    """How room was counted, in words; empty where it is a fixed sum or a share."""
    paces = room.limit.paces
    if not paces:
        return Sentence(zh="", en="")
    rates = [_one(pace) for pace in paces]
    base = BASE[paces[0].base]
    count = BY_MONTHS if by_months else BY_DAYS
    return Sentence(
        zh=f"按{base[0]}计算，年利率 {'、'.join(rate.zh for rate in rates)}，{count.zh}。",
        en=f"Counted on {base[1]}, at {', '.join(rate.en for rate in rates)} a year, {count.en}. ",
    )


def _one(pace: Pace) -> Sentence:
    rate = percent(pace.yearly)
    if pace.since is not None:
        day = said.day(pace.since)
        return Sentence(zh=f"{rate}({day.zh}起)", en=f"{rate} (from {day.en})")
    if pace.before is not None:
        day = said.day(pace.before)
        return Sentence(zh=f"{rate}({day.zh}以前)", en=f"{rate} (before {day.en})")
    return Sentence(zh=rate, en=rate)


def part(name: str) -> Sentence:
    """A component of a claim."""
    zh, en = PART[name]
    return Sentence(zh=zh, en=en)

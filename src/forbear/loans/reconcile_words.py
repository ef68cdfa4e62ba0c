"""Why two ledgers differ, in Chinese and English, as a borrower can show it to anybody."""

from __future__ import annotations

from datetime import date
from typing import Final

from forbear.base.reasons import Sentence
from forbear.loans import said
from forbear.loans.parts import Parts

_SAYS: Final = {
    "payment_missing": (
        "{on}您还了{right}，对方的账上没有这一笔。请对方补记，并退回因此多算的利息和费用。",
        "You paid {right} on {on}, and the lender's ledger does not have it. Ask for it to be "
        "entered, and for the interest and charges that came of it to be given back.",
    ),
    "payment_late": (
        "{other}您还的{right}，对方到{on}才入账。晚入账的这些天不应再计利息和违约金。",
        "You paid {right} on {other}; the lender entered it only on {on}. The days between must "
        "bear neither interest nor penalties.",
    ),
    "payment_unknown": (
        "对方的账上{on}有一笔还款{stated}，贷款记录和银行流水里都没有。"
        "这对您没有坏处，请核对是谁还的。",
        "The lender's ledger has a payment of {stated} on {on} that neither the loan nor the bank "
        "shows. It does you no harm; find out who paid it.",
    ),
    "allocated_otherwise": (
        "{on}的还款，对方记为{theirs}；按约定的顺序应为{mine}。",
        "The payment of {on} was allocated as {theirs}; by the agreed order it is {mine}.",
    ),
    "paid_out_less": (
        "对方称放款{stated}，实际到账{right}。先从本金里扣利息是法律不允许的：扣了的，"
        "按实际到账的金额还款和计息（法律规定：《民法典》第670条）。",
        "The lender says {stated} were paid out; {right} were. Where Chinese law applies, interest "
        "may not be kept back from the principal: what arrived is what is owed and bears interest "
        "(law: Civil Code, article 670).",
    ),
    "charge_not_agreed": (
        "{on}对方收了{stated}，约定的条款里没有这一笔。请对方说明依据，没有依据的应当退回。",
        "The lender charged {stated} on {on}, and nothing that was agreed says so. Ask on what "
        "ground; without one it must be given back.",
    ),
    "charge_above": (
        "{on}对方收了{stated}，约定的是{right}，多收了{by}。",
        "The lender charged {stated} on {on} where {right} was agreed: {by} too much.",
    ),
    "interest_above": (
        "到{on}对方一共计了利息{stated}，按约定到那天只有{right}，多计了{by}。",
        "By {on} the lender had charged {stated} of interest in all; by what was agreed it was "
        "{right}: {by} too much.",
    ),
    "balance.more": (
        "{on}对方称剩余本金是{stated}，按条款和还款记录是{right}，多了{by}。",
        "On {on} the lender states {stated} of principal left; by the terms and the payments it "
        "is {right}: {by} too much.",
    ),
    "balance.less": (
        "{on}对方称剩余本金是{stated}，按条款和还款记录是{right}，少了{by}，对您有利。",
        "On {on} the lender states {stated} of principal left; by the terms and the payments it "
        "is {right}: {by} less, in your favour.",
    ),
    "overdue.more": (
        "{on}对方称逾期{stated}，按条款和还款记录是{right}，多要了{by}。",
        "On {on} the lender demands {stated} as overdue; by the terms and the payments it is "
        "{right}: {by} too much.",
    ),
    "overdue.less": (
        "{on}对方称逾期{stated}，按条款和还款记录是{right}，少了{by}，对您有利。",
        "On {on} the lender demands {stated} as overdue; by the terms and the payments it is "
        "{right}: {by} less, in your favour.",
    ),
    "payoff.more": (
        "{on}对方称结清要还{stated}，按条款和还款记录是{right}，多要了{by}。",
        "On {on} the lender states {stated} to close the loan; by the terms and the payments it "
        "is {right}: {by} too much.",
    ),
    "payoff.less": (
        "{on}对方称结清要还{stated}，按条款和还款记录是{right}，少了{by}，对您有利。",
        "On {on} the lender states {stated} to close the loan; by the terms and the payments it "
        "is {right}: {by} less, in your favour.",
    ),
    "alike": (
        "{on}对方的金额与按条款和还款记录算出的又一致了，都是{right}。",
        "On {on} the lender's amount agrees with the terms and the payments again: {right}.",
    ),
}  # fmt: skip
_PARTS: Final = {
    "principal": ("本金", "principal"),
    "interest": ("利息", "interest"),
    "fee": ("费用", "fees"),
    "penalty": ("违约金", "penalties"),
}
_STATED: Final = ("balance", "overdue", "payoff")


def says(
    what: str,
    currency: str,
    on: date,
    *,
    stated: int,
    right: int,
    other: date | None = None,
    parts: tuple[Parts, Parts] | None = None,
) -> Sentence:
    """The reason of one difference; ``parts`` are the lender's allocation and the right one."""
    if what in _STATED:
        what = "alike" if stated == right else f"{what}.{'more' if stated > right else 'less'}"
    zh, en = _SAYS[what]
    values = {
        "stated": said.amount(stated, currency),
        "right": said.amount(right, currency),
        "by": said.amount(abs(stated - right), currency),
        "on": said.day(on),
        "other": said.day(other or on),
    }
    if parts is not None:
        values |= {"theirs": _split(parts[0], currency), "mine": _split(parts[1], currency)}
    return Sentence(
        zh=zh.format(**{name: value.zh for name, value in values.items()}),
        en=en.format(**{name: value.en for name, value in values.items()}),
    )


def _split(parts: Parts, currency: str) -> Sentence:
    named = [
        (_PARTS[name], said.grouped(amount, currency))
        for name, amount in parts._asdict().items()
        if amount
    ]
    if not named:
        return Sentence(zh="没有冲抵任何一项", en="nothing")
    return Sentence(
        zh="、".join(f"{zh}{amount}" for (zh, _), amount in named),
        en=", ".join(f"{en} {amount}" for (_, en), amount in named),
    )

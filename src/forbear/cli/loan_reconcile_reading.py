"""A lender's ledger of one loan and a bank's statement, as tables of text or as JSON.

Columns are found by their names in Chinese or English. A row that cannot be read becomes an error
row that says what is wrong with it; the others are read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from forbear.base.errors import InputError, MoneyError
from forbear.base.money import parse
from forbear.intake.headers import Names, header_in, plain_name, plain_names, top_of
from forbear.intake.table import text_rows
from forbear.intake.values import narrow
from forbear.loans.parts import Parts
from forbear.loans.reconcile import Kind, Moved, Stated

LEDGER: Final[Names] = {
    "on": ("on", "date", "value date", "日期", "交易日期", "入账日期", "记账日期"),
    "kind": ("kind", "type", "transaction", "类型", "交易类型", "业务类型", "摘要"),
    "amount": ("amount", "金额", "交易金额", "发生额"),
    "principal": ("principal", "本金", "还本金", "实还本金"),
    "interest": ("interest", "利息", "还利息", "实还利息"),
    "fee": ("fee", "fees", "费用", "手续费", "服务费"),
    "penalty": ("penalty", "penalties", "late fee", "违约金", "罚息", "滞纳金"),
    "balance": ("balance", "principal balance", "剩余本金", "本金余额"),
    "overdue": ("overdue", "amount overdue", "逾期金额", "逾期总额"),
    "payoff": ("payoff", "结清金额", "提前结清金额"),
}
BANK: Final[Names] = {
    "on": ("on", "date", "日期", "交易日期", "交易时间", "记账日期"),
    "amount": ("amount", "金额", "交易金额", "发生额"),
    "out": ("out", "paid", "debit", "支出", "支出金额", "借方发生额", "借方金额"),
    "in": ("in", "received", "credit", "收入", "收入金额", "存入", "贷方发生额", "贷方金额"),
    "payee": ("payee", "counterparty", "对方", "对方户名", "对方名称", "交易对方", "收款人"),
    "note": ("note", "memo", "摘要", "备注", "附言", "用途"),
}
KINDS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.DISBURSEMENT: ("disbursement", "disburse", "放款", "借款", "发放"),
    Kind.REPAYMENT: ("repayment", "payment", "prepayment", "还款", "扣款", "代扣", "提前还款"),
    Kind.INTEREST: ("interest", "利息", "计息", "结息"),
    Kind.FEE: ("fee", "charge", "费用", "手续费", "服务费", "担保费", "催收费"),
    Kind.PENALTY: ("penalty", "late fee", "违约金", "罚息", "滞纳金", "逾期费"),
    Kind.WAIVER: ("waiver", "减免", "免除"),
}
_KIND_OF: Final = {plain_name(word): kind for kind, words in KINDS.items() for word in words}
_DAY: Final = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})(?!\d)")
_SIGNS: Final = re.compile(r"[¥￥$€£元\s]|CNY|RMB|USD|EUR", re.IGNORECASE)
_BYTES_MAX: Final = 64 << 20
_PARTS: Final = ("principal", "interest", "fee", "penalty")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A row that could not be read: its file, its number, and what is wrong with it."""

    file: str
    row: int
    why: str


@dataclass(slots=True)
class Book:
    """What was read of one file; ``other`` counts rows that are about somebody else.

    ``signed`` says that the file tells money paid from money received.
    """

    stated: list[Stated] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    other: int = 0
    signed: bool = False


def read_ledger(path: Path, currency: str) -> Book:
    """The lender's ledger. Raises InputError where the file or its columns cannot be read."""
    book = Book()
    rows = _rows(path, LEDGER, "a lender's ledger", lambda has: "on" in has and "amount" in has)
    _each(path, rows, book, lambda row, said: book.stated.append(_stated(row, said, currency)))
    return book


def read_bank(path: Path, currency: str, payee: str | None) -> Book:
    """A bank's statement: money to the lender and from it, of those rows that name ``payee``.

    Raises InputError where the file or its columns cannot be read.
    """
    book = Book()

    def take(row: int, said: Mapping[str, str]) -> None:
        named = said.get("payee", "") + said.get("note", "")
        if payee is not None and plain_name(payee) not in plain_name(named):
            book.other += 1
        elif (moved := _moved(row, said, currency)) is not None:
            book.moved.append(moved)
            book.signed |= bool(said.get("in")) or not moved.received

    _each(path, _rows(path, BANK, "a bank's statement", _names_money), book, take)
    if book.moved and not book.signed and all(each.received for each in book.moved):
        # A list of nothing but unsigned amounts is a list of what was paid.
        book.moved = [replace(each, received=False) for each in book.moved]
    return book


def _names_money(has: Sequence[str]) -> bool:
    return "on" in has and bool({"amount", "out"} & set(has))


_Row = tuple[int, Mapping[str, str] | str]  # its number, and its cells or why there are none


def _each(
    path: Path, rows: Sequence[_Row], book: Book, take: Callable[[int, Mapping[str, str]], None]
) -> None:
    for number, said in rows:
        try:
            if isinstance(said, str):
                raise ValueError(said)
            take(number, said)
        except (ValueError, MoneyError) as error:
            book.wrong.append(Wrong(file=str(path), row=number, why=str(error)))


# ── rows as text, whatever the file ──


def _rows(
    path: Path, names: Names, what: str, enough: Callable[[Sequence[str]], bool]
) -> list[_Row]:
    try:
        if path.stat().st_size > _BYTES_MAX:
            raise InputError(f"{path}: it is larger than 64 MiB; leave only the rows of one loan")
        if path.suffix.lower() in {".json", ".jsonl"}:
            return _of_json(path, names)
        return _of_table(path, names, what, enough)
    except OSError as error:
        raise InputError(
            f"{path}: it cannot be opened ({error.strerror}); check its name"
        ) from error


def _of_table(
    path: Path, names: Names, what: str, enough: Callable[[Sequence[str]], bool]
) -> list[_Row]:
    known = plain_names(names)
    rows = text_rows(path, lambda cells: sum(plain_name(cell) in known for cell in cells))
    top = top_of(rows)
    headers = [header_in(row, names) for row in top]
    place = next((n for n, each in enumerate(headers) if enough(list(each.columns))), None)
    if place is None:
        columns = ", ".join(f"{name} ({'/'.join(words[1:4])})" for name, words in names.items())
        raise InputError(f"{path}: it has no columns of {what}; known are {columns}")
    header, found = headers[place], list[_Row]()
    for row in (*top[place + 1 :], *rows):
        if row.broken is not None:
            found.append((row.line, row.broken))
        elif any(row.cells) and not header.repeats(row):
            found.append((row.line, {name: header.first(row, name) for name in header.columns}))
    return found


def _of_json(path: Path, names: Names) -> list[_Row]:
    """A list of objects, an object with ``rows``, or one object a line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix.lower() == ".jsonl":
            return [
                (number, _object(line, names))
                for number, line in enumerate(text.splitlines(), start=1)
                if line.strip()
            ]
        found = json.loads(text, parse_float=str)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"{path}: it is no JSON in UTF-8 ({error}); save it again") from error
    rows = found.get("rows") if isinstance(found, dict) else found
    if not isinstance(rows, list):
        raise InputError(f"{path}: there is no list of rows; write a list, or rows: [ … ]")
    return [(number, _named(row, names)) for number, row in enumerate(rows, start=1)]


def _object(line: str, names: Names) -> Mapping[str, str] | str:
    try:
        return _named(json.loads(line, parse_float=str), names)
    except (json.JSONDecodeError, RecursionError) as error:
        return f"the line is no JSON ({error}); write one object a line"


def _named(row: Any, names: Names) -> Mapping[str, str] | str:
    """The cells of an object by the known names; a reason where it is none."""
    if not isinstance(row, dict):
        return "the row is no object; write one with on and amount"
    plain = {plain_name(str(key)): value for key, value in row.items()}
    found = {}
    for name, synonyms in names.items():
        value = next((plain[w] for w in map(plain_name, synonyms) if w in plain), None)
        if value is not None:
            found[name] = str(value)
    return found


# ── one row ──


def _stated(row: int, said: Mapping[str, str], currency: str) -> Stated:
    def amount(name: str) -> int | None:
        return _amount(said.get(name, ""), currency, name)

    parts = [amount(name) for name in _PARTS]
    kind = _kind(said.get("kind", ""))
    found = amount("amount")
    if found is None and kind is Kind.REPAYMENT and any(part is not None for part in parts):
        found = sum(part or 0 for part in parts)
    if found is None:
        raise ValueError("amount: it is missing; write it as 1234.50")
    split = Parts(*(part or 0 for part in parts))
    if kind is not Kind.REPAYMENT or all(part is None for part in parts):
        split_or_none = None
    elif split.total > abs(found):
        raise ValueError(
            f"amount: its parts come to more than the payment ({split.total} and {abs(found)} in "
            "minor units); correct one of them"
        )
    else:
        split_or_none = split
    return Stated(
        row=row,
        on=_day(said.get("on", "")),
        kind=kind,
        amount=abs(found),
        parts=split_or_none,
        balance=amount("balance"),
        overdue=amount("overdue"),
        payoff=amount("payoff"),
    )


def _kind(cell: str) -> Kind:
    plain = plain_name(cell)
    if not plain:
        return Kind.REPAYMENT
    kinds = (
        {_KIND_OF[plain]}
        if plain in _KIND_OF
        else {kind for word, kind in _KIND_OF.items() if word in plain}
    )
    if len(kinds) != 1:
        known = ", ".join(
            f"{kind} ({next(word for word in words if not word.isascii())})"
            for kind, words in KINDS.items()
        )
        raise ValueError(f"kind: «{cell.strip()[:40]}» is not known; known are {known}")
    return kinds.pop()


def _moved(row: int, said: Mapping[str, str], currency: str) -> Moved | None:
    """Money to the lender, or from it; None for a row on which nothing moved."""
    out = _amount(said.get("out", ""), currency, "out")
    received = _amount(said.get("in", ""), currency, "in")
    amount = _amount(said.get("amount", ""), currency, "amount")
    on = _day(said.get("on", ""))
    if out:
        return Moved(row=row, on=on, amount=abs(out))
    if received:
        return Moved(row=row, on=on, amount=abs(received), received=True)
    if amount is None and out is None and received is None:
        raise ValueError("amount: it is missing; write it as -1234.50 for money that you paid")
    if not amount:
        return None
    return Moved(row=row, on=on, amount=abs(amount), received=amount > 0)


def _amount(cell: str, currency: str, name: str) -> int | None:
    plain = _SIGNS.sub("", narrow(cell)).replace("−", "-")
    if plain in {"", "-", "--"}:
        return None
    return parse(plain, currency, where=name)


def _day(cell: str) -> date:
    found = _DAY.match(narrow(cell))
    if not found:
        raise ValueError(f"on: «{cell.strip()[:40]}» is not a day; write it as 2026-03-10")
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        raise ValueError(
            f"on: {found[0]} is not in the calendar; look at the day and the month"
        ) from None

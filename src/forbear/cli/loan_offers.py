"""``forbear loan offers``: from a household's circumstances to the plans that it can carry."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from forbear.base.errors import CaseError, ForbearError, InputError, LoanError
from forbear.cli.rows import json_object, lines_of
from forbear.evidence.given import Language
from forbear.evidence.papers.told import LENDER_TYPES
from forbear.loans.offers.answering import Answer
from forbear.loans.offers.circumstances import NOT_READ, Circumstances, circumstances
from forbear.loans.offers.menu import kinds
from forbear.loans.offers.offering import offers
from forbear.loans.offers.policy import policy
from forbear.loans.offers.ranking import First
from forbear.loans.offers.signing import law_of, laws
from forbear.loans.offers.value import Valuation, valuation
from forbear.loans.reading import LoanFile, read_day, read_loan
from forbear.loans.relief.limits import limits

_SHOWN: Final = "5"
_MOST: Final = 10_000
_OTHER: Final = "other"
# Options that say the same as a field of the circumstances, and may be given more than once.
_LISTS: Final = ("income", "spending", "other_debts")
_SINGLE: Final = ("dependants", "region", "area", "floor", "lump_sum", "pay_day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """An answer with what it was asked of, for the page and for programs."""

    loan: LoanFile
    on: date
    law: str
    product: str
    lender_type: str
    told: Circumstances
    not_read: tuple[str, ...]
    values: Valuation
    first: First
    answer: Answer
    most: int
    language: Language


def add_to(below: Any) -> None:
    """Add ``offers``."""
    one = below.add_parser(
        "offers",
        help="the relief plans that a household can carry, ranked, and what signing means",
        description="From income, necessary spending, other debts and dependants to the surplus of "
        "a household, and from there to every relief plan that it can carry, ranked by a rule that "
        "is shown. Where there is none, it says what follows. Nothing is applied.",
        epilog="Exit status: 0 answered, also where no plan can be carried; 2 nothing was done.",
    )
    one.add_argument(
        "loan", metavar="LOAN.json",
        help="one loan with its product and events, as for replay; - is standard input",
    )  # fmt: skip
    _add_household(one)
    _add_lender(one)
    one.add_argument("--on", metavar="DATE", help="the day of the offers (default: today)")
    one.add_argument(
        "--first", choices=[each.value for each in First], default=First.LENDER.value,
        help="whose advantage orders plans that leave a margin: worth to the lender, the default, "
        "or the borrower's lower total",
    )  # fmt: skip
    one.add_argument("--most", metavar="N", default=_SHOWN, help="kinds of plan in text, 0 for all")
    one.add_argument(
        "--take", metavar="RANK",
        help="print the request of one offer, for forbear loan relief --request",
    )  # fmt: skip
    one.add_argument("--lang", choices=("zh", "en"), help="by default zh for CNY, en otherwise")
    one.add_argument("--format", choices=("text", "csv", "json"), default="text", help="the form")
    one.set_defaults(run=run)


def _add_household(one: argparse.ArgumentParser) -> None:
    group = one.add_argument_group("the household, each month and in the loan's currency")
    group.add_argument("--circumstances", metavar="FILE.json", help="all of it as one object")
    for option, what in (
        ("--income", "what comes in after tax; repeat it for several months"),
        ("--spending", "what must go out; repeat it for several items"),
        ("--other-debts", "what another debt takes; repeat it"),
    ):
        group.add_argument(option, metavar="AMOUNT", action="append", help=what)
    group.add_argument("--irregular", action="store_true", help="the income varies")
    group.add_argument(
        "--dependants", metavar="N", help="people who live on it beside the borrower"
    )
    group.add_argument(
        "--region", metavar="NAME", help="where they live: 上海, Zhejiang, CN-SH, US"
    )
    group.add_argument("--area", metavar="WORD", help="urban or rural, where figures differ")
    group.add_argument("--floor", metavar="AMOUNT", help="a floor that you state yourself")
    group.add_argument("--lump-sum", metavar="AMOUNT", help="what can be paid once, beside it")
    group.add_argument("--pay-day", metavar="N", help="day of the month on which money comes in")


def _add_lender(one: argparse.ArgumentParser) -> None:
    group = one.add_argument_group("the lender")
    group.add_argument("--product", choices=_products(), help="online_consumer by default")
    group.add_argument("--lender-type", choices=sorted(LENDER_TYPES), help="for whom to turn to")
    group.add_argument("--law", choices=laws(), help="by default that of the region or currency")
    group.add_argument("--discount", metavar="R", help="yearly rate of discount, 0.08")
    group.add_argument(
        "--cure", metavar="P", action="append", default=[],
        help="chance that a plan is kept, 0.6, or of one kind, settlement=0.9; repeat it",
    )  # fmt: skip
    group.add_argument("--recovery", metavar="P", help="part of the debt recovered without, 0")


def run(args: argparse.Namespace) -> int:
    """Print the answer. Raises a ForbearError of one line where anything is not well formed."""
    found = asked(args)
    if args.take is not None:
        from forbear.cli.loan_offers_data import request_line  # noqa: PLC0415 - only where asked for

        print(request_line(found, args.take))
    elif args.format == "json":
        from forbear.cli.loan_offers_data import as_line  # noqa: PLC0415 - the same

        print(as_line(found))
    elif args.format == "csv":
        from forbear.cli.loan_offers_data import as_csv  # noqa: PLC0415 - the same

        sys.stdout.write(as_csv(found))
    else:
        from forbear.cli.loan_offers_page import page  # noqa: PLC0415 - the same

        sys.stdout.write(page(found))
    return 0


def asked(args: argparse.Namespace) -> Offered:
    """What the command line asks for, answered."""
    if args.loan == "-" and args.circumstances == "-":
        raise InputError("--circumstances: standard input is the loan already; name a file")
    raw = _object(args.loan)
    loan = _within(args.loan, lambda: read_loan(raw))
    said = {} if args.circumstances is None else _object(args.circumstances)
    where = "" if args.circumstances is None else args.circumstances
    currency = loan.terms.currency
    told = _within(where, lambda: circumstances({**said, **_flags(args)}, currency=currency))
    on = _today() if args.on is None else read_day(args.on, "--on")
    law = args.law or _law(told)
    values = _values(args)
    product = args.product or "online_consumer"
    return Offered(
        loan=loan,
        on=on,
        law=law,
        product=product,
        lender_type=args.lender_type or "",
        told=told,
        not_read=tuple(key for key in said if key in NOT_READ),
        values=values,
        first=First(args.first),
        answer=offers(
            loan.terms,
            loan.entries,
            on,
            told,
            product=product,
            law=law,
            first=First(args.first),
            values=values,
        ),
        most=_count(args.most),
        language=args.lang or ("zh" if currency == "CNY" else "en"),
    )


def _object(path: str) -> dict[str, Any]:
    """The one object of JSON that a file holds, over as many lines as it likes."""
    content = b"".join(line for _, line in lines_of(path))
    if not content:
        raise InputError(f"{path}: it holds nothing; write one object of JSON, in braces")
    try:
        return json_object(content)
    except CaseError as error:
        raise InputError(f"{path}: {error}") from error


def _within(where: str, read: Any) -> Any:
    """What ``read`` gives; an error of its own begins with the file that it is in."""
    try:
        return read()
    except ForbearError as error:
        if not where:
            raise
        raise type(error)(f"{where}: {error}") from error


def _flags(args: argparse.Namespace) -> dict[str, Any]:
    """The options as fields of the circumstances; they outrank those of a file."""
    told: dict[str, Any] = {}
    for name in _LISTS:
        given: Sequence[str] | None = getattr(args, name)
        if given:
            told[name] = given[0] if len(given) == 1 else list(given)
    for name in _SINGLE:
        if getattr(args, name) is not None:
            told[name] = getattr(args, name)
    if args.irregular:
        told["irregular"] = True
    return told


def _law(told: Circumstances) -> str:
    if told.region is not None:
        country = told.region.id.partition("-")[0].lower()
        if country in laws():
            return country
    return law_of(told.currency)


def _values(args: argparse.Namespace) -> Valuation:
    usual = policy().values
    cure: Any = None
    cure_of: dict[str, Any] = {}
    for each in args.cure:
        kind, sign, chance = each.rpartition("=")
        if sign and kind not in kinds():
            raise LoanError(f"--cure: «{kind}» is no kind of plan; known are {', '.join(kinds())}")
        if sign:
            cure_of[kind] = chance
        else:
            cure = each
    given = valuation(
        discount=args.discount or "0", cure=cure or "0", cure_of=cure_of,
        recovery=args.recovery or "0",
    )  # fmt: skip
    # A chance for all that the caller names leaves no house figure for single kinds.
    named: Mapping[str, Any] = given.cure_of if cure else {**usual.cure_of, **given.cure_of}
    return Valuation(
        discount=usual.discount if args.discount is None else given.discount,
        cure=usual.cure if cure is None else given.cure,
        cure_of=dict(named),
        recovery=usual.recovery if args.recovery is None else given.recovery,
    )


def _count(written: str) -> int:
    if not (written.isascii() and written.isdigit() and int(written) <= _MOST):
        raise LoanError(f"--most: «{written}» is no number of kinds; write 0 for all, or 5")
    return int(written)


def _products() -> tuple[str, ...]:
    """What is lent, as the limits of relief know it; another product has none of its own."""
    return (*sorted({each for limit in limits() for each in limit.products}), _OTHER)


def _today() -> date:
    return datetime.now().astimezone().date()

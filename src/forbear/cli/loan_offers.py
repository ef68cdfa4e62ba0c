"""``forbear loan offers``: from a household's circumstances to the plans that it can carry."""

from __future__ import annotations

import argparse
import sys
from typing import Any, Final

from forbear.cli.loan_offers_asking import asked
from forbear.cli.loan_offers_data import as_csv, as_line, request_line
from forbear.cli.loan_offers_page import page
from forbear.evidence.papers.told import LENDER_TYPES
from forbear.loans.offers.ranking import First
from forbear.loans.offers.signing import laws
from forbear.loans.relief.limits import limits

_SHOWN: Final = "5"
_OTHER: Final = "other"


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


def _products() -> tuple[str, ...]:
    """What is lent, as the limits of relief know it; another product has none of its own."""
    return (*sorted({each for limit in limits() for each in limit.products}), _OTHER)


def run(args: argparse.Namespace) -> int:
    """Print the answer. Raises a ForbearError of one line where anything is not well formed."""
    found = asked(args)
    if args.take is not None:
        print(request_line(found, args.take))
    elif args.format == "json":
        print(as_line(found))
    elif args.format == "csv":
        sys.stdout.write(as_csv(found))
    else:
        sys.stdout.write(page(found))
    return 0

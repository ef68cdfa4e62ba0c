"""``forbear loan apr``: what loans cost in a year, by the words of a law, with the proof beside."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from typing import Any, Final

from forbear.cli.proposals import propose
from forbear.cli.rows import answer_each
from forbear.loans.cost.rates import NoRate, Rate, Why
from forbear.loans.cost.reading import METHODS, cost_of

SCHEMA: Final = "forbear.apr/1"
_HUNDRED: Final = Decimal(100)
_DIGITS: Final = Decimal("1e-10")
_FINE: Final = Decimal("1e-14")
# Room for a rate of any size: a loan of a day that doubles has a hundred digits before the point.
_WIDE: Final = Context(prec=1100)
_WHY: Final = {
    Why.NOTHING: (
        "没有资金往来，或者同一天的收付相互抵消，不存在年化利率。",
        "No money moves, or what moves on one day cancels out, so there is no rate.",
    ),
    Why.NO_RATE: (
        "不存在使收付两方现值相等的利率。",
        "At no rate is what is paid worth what is received.",
    ),
    Why.SEVERAL: (
        "有几个利率都能使收付两方现值相等，没有一个可以单独作为这笔贷款的年化利率。",
        "Several rates make what is paid worth what is received; none of them alone is the rate "
        "of this loan.",
    ),
    Why.BEYOND: (
        "使收付两方现值相等的利率超出了可以表示的范围。",
        "The rate at which the two sides meet is beyond anything that can be stated.",
    ),
    Why.UNDECIDED: (
        "收付方向变换太多，无法在合理时间内确定有几个利率，因此不给出数字。",
        "The money turns so often that it could not be settled how many rates there are, so no "
        "number is given.",
    ),
    Why.TOUCHES: (
        "收付两方的现值只在一点相接，或者两个利率近得无法分辨，不能给出一个数。",
        "The two sides only touch, or two rates lie too close to be told apart, so no number is "
        "given.",
    ),
}


def add_to(below: Any) -> None:
    """Add ``apr`` and its options."""
    one = below.add_parser(
        "apr",
        help="what each loan costs in a year; one JSON line a loan",
        description="The annual cost of each loan of the files by the method that its row names: "
        f"{', '.join(METHODS)}. Each figure stands between two rates a trillionth apart that prove "
        "it; where there is no rate, or there are several, the answer says so.",
    )
    one.add_argument(
        "loans", metavar="LOANS.jsonl", nargs="+",
        help="what was advanced and paid, one JSON object a line; - is standard input",
    )  # fmt: skip
    one.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """One JSON line a loan; a loan that cannot be read becomes an error row."""
    return answer_each(args.loans, answered)


def answered(row: Mapping[str, Any]) -> dict[str, Any]:
    """The annual cost of one row, as values that ``json.dumps`` takes. Raises LoanError."""
    cost = cost_of(row, propose)
    said: dict[str, Any] = {"schema": SCHEMA, "method": row["method"]}
    if isinstance(cost.rate, NoRate):
        zh, en = _WHY[cost.rate.why]
        said |= {"apr_percent": None, "why": str(cost.rate.why), "says_zh": zh, "says_en": en}
        if cost.rate.found:
            said["rates_percent"] = [percent(each.value) for each in cost.rate.found]
        return said
    said |= {"apr_percent": percent(cost.rate.value), "between_percent": between(cost.rate)}
    if isinstance(cost.nominal, Rate) and isinstance(cost.effective, Rate):
        said["nominal_percent"] = percent(cost.nominal.value)
        said["effective_percent"] = percent(cost.effective.value)
    said |= {"per": cost.per, "periods_per_year": str(cost.per_year)}
    if row["method"] == "cn_all_in":
        simple = row.get("simple", False)
        said["says_zh"] = "年化利率（单利）" if simple else "年化利率（复利，内部收益率法）"
        said["says_en"] = (
            "annual rate (simple interest)" if simple else "annual rate (compound interest, IRR)"
        )
    if cost.rate.aside:
        said["set_aside_percent"] = [percent(each.value) for each in cost.rate.aside]
    return said


def percent(share: Decimal) -> str:
    """A share as percent to ten digits after the point, half up."""
    hundredfold = _WIDE.multiply(share, _HUNDRED)
    return format(hundredfold.quantize(_DIGITS, ROUND_HALF_UP, _WIDE), "f")


def between(rate: Rate) -> list[str]:
    """The two ends of the bracket as percent, rounded outward, so that the rate stays between."""
    low = (_WIDE.multiply(rate.low, _HUNDRED)).quantize(_FINE, ROUND_FLOOR, _WIDE)
    high = (_WIDE.multiply(rate.high, _HUNDRED)).quantize(_FINE, ROUND_CEILING, _WIDE)
    return [format(low, "f"), format(high, "f")]

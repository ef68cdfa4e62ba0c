"""``forbear loan annuity``: the arithmetic of instalments, one line a question."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any, Final

from forbear.cli.rows import answer_each
from forbear.loans.annuity_asked import KINDS, Value, answer

SCHEMA: Final = "forbear.annuity/1"
_DIGITS: Final = 12
_WIDE: Final = Context(prec=400, Emax=MAX_EMAX, Emin=MIN_EMIN)


def add_to(below: Any) -> None:
    """Add ``annuity`` and its options."""
    one = below.add_parser(
        "annuity",
        help="instalments, their parts, and rates of return; one JSON line a question",
        description="The arithmetic of instalments, exact until it is shown, to twelve digits "
        f"after the point. Each row names its kind: {', '.join(KINDS)}.",
    )
    one.add_argument(
        "questions", metavar="QUESTIONS.jsonl", nargs="+",
        help="one JSON object a line, with kind, inputs and what is asked; - is standard input",
    )  # fmt: skip
    one.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """One JSON line a question; one that cannot be read becomes an error row."""
    return answer_each(args.questions, answered)


def answered(row: Mapping[str, Any]) -> dict[str, Any]:
    """The values that one row asks for, as ``json.dumps`` takes them. Raises LoanError."""
    return {"schema": SCHEMA, **{name: plain(value) for name, value in answer(row).items()}}


def plain(value: Value) -> Any:
    """A value for JSON: numbers that are no counts as text, to twelve digits, half up."""
    if isinstance(value, Fraction):
        value = _WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))
    if isinstance(value, Decimal):
        return format(value.quantize(Decimal(1).scaleb(-_DIGITS), ROUND_HALF_UP, _WIDE), "f")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(each) for each in value]
    return value

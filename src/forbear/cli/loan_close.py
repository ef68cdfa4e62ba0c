"""``forbear loan close LEDGER.parquet… --on DATE -o OUT``: the nightly close of a portfolio."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from forbear.cli.audit_batch import loaded


def add_to(below: Any) -> None:
    """Add ``close``."""
    one = below.add_parser(
        "close",
        help="the nightly close of a portfolio: interest, ageing, buckets, amounts due",
        description="Closes a day for every loan of a portfolio: interest earned, days past due, "
        "buckets and their moves, amounts due and overdue, late interest where the terms name its "
        "rate. Reads Parquet, one row a loan with its instalments in a list; writes "
        "closed.parquet and, for rows that cannot be closed, errors.parquet. Next night's run "
        "reads what this one wrote: closed_on, bucket, interest_earned and late_rest.",
        epilog="Exit status: 0 all closed, 1 some rows are error rows, 2 nothing was done.",
    )
    one.add_argument(
        "ledgers", metavar="LEDGER.parquet", nargs="+", type=Path,
        help="Parquet files, or folders of such; docs/reference/portfolio.md names the columns",
    )  # fmt: skip
    one.add_argument(
        "--on", metavar="DATE", required=True, type=_date, help="the day to close: 2026-03-10"
    )
    one.add_argument(
        "-o", "--output", metavar="OUT", required=True, type=Path, help="the folder to write to"
    )
    one.add_argument("--lang", choices=("zh", "en"), help="by default zh where all is in CNY")
    one.add_argument("--format", choices=("text", "json"), default="text", help="the form")
    one.set_defaults(run=run)


def _date(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        message = f"{written!r} is no date; write one such as 2026-03-10"
        raise argparse.ArgumentTypeError(message) from error


def run(args: argparse.Namespace) -> int:
    """Close the day. 1 where some rows are error rows."""
    status: int = loaded("loan_close_page", "the nightly close of a portfolio").run(args)
    return status

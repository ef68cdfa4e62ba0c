"""``forbear audit LOG… --against LEDGER``: the log held against the lender's own record."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from forbear.audit import Examined
from forbear.audit.against import hold_against
from forbear.base.errors import InputError
from forbear.evidence.given import ReportInput, Unreadable
from forbear.intake import Log, Whose, parse_collector, read_logs


def add_options(one: argparse.ArgumentParser) -> None:
    """Add the options that compare a log with a record."""
    one.add_argument(
        "--against", metavar="LEDGER", action="append", default=[], type=Path,
        help="compare the log with the lender's own record of its contacts; repeat it",
    )  # fmt: skip
    one.add_argument(
        "--person", metavar="ID", help="who in LEDGER owns this phone, where it is about several"
    )


def against(args: argparse.Namespace, examined: Examined, now: datetime) -> ReportInput:
    """What the report is made from, with the comparison where one was asked for."""
    if not args.against:
        if args.person is not None:
            message = "--person: it says who in a record is meant; add --against LEDGER"
            raise InputError(message)
        return examined.given
    given = examined.given
    same = next((p for p in args.against if any(_same(p, log) for log in args.logs)), None)
    if same is not None:
        message = f"--against {same}: it is one of the logs; give the lender's record"
        raise InputError(message)
    record = read_logs(args.against, now=now, zone=given.zone, year=args.year)
    record = _renamed(record, examined.log)
    found = hold_against(
        examined.log,
        record,
        collectors=[parse_collector(each) for each in args.collector],
        person=args.person,
        whose=Whose(args.whose),
    )
    return replace(
        given,
        against=found,
        inputs={**given.inputs, **record.inputs},
        unreadable=(
            *given.unreadable,
            *(
                Unreadable(file=bad.source.file, line=bad.source.line, what=bad.what)
                for bad in record.unreadable
            ),
        ),
    )


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _renamed(record: Log, log: Log) -> Log:
    """``record`` with its files told apart from those of the log that have the same name."""
    alike = {name: f"record {name}" for name in record.inputs if name in log.inputs}
    if not alike:
        return record

    def renamed(source: str) -> str:
        return alike.get(source, source)

    return replace(
        record,
        inputs={renamed(name): digest for name, digest in record.inputs.items()},
        rows=tuple(
            replace(row, source=replace(row.source, file=renamed(row.source.file)))
            for row in record.rows
        ),
        repeats=tuple(
            replace(row, source=replace(row.source, file=renamed(row.source.file)))
            for row in record.repeats
        ),
        unreadable=tuple(
            replace(bad, source=replace(bad.source, file=renamed(bad.source.file)))
            for bad in record.unreadable
        ),
    )

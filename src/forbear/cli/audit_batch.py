"""``forbear audit LEDGER.parquet… -o FOLDER``: when a log is a whole ledger, and what it needs."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from forbear.base.errors import InputError
from forbear.cli.audit_versions import Version
from forbear.intake import Whose
from forbear.intake.log import MAX_BYTES

_INSTALL: Final = "pip install 'forbear[batch]'"
_LIBRARIES: Final = ("numba", "numpy", "pyarrow")
STREAM: Final = "-"
_ENDINGS: Final = (".parquet", ".arrow", ".arrows", ".feather", ".ipc", ".jsonl", ".ndjson")
# A folder of files, or of such folders: by year, month and day, say.
_FOLDERS: Final = ("*", "*/*", "*/*/*", "*/*/*/*")
# How a Parquet file, an Arrow file, an Arrow stream and JSON lines begin.
_BEGINNINGS: Final = (b"PAR1", b"ARROW1", b"\xff\xff\xff\xff", b"{")
_SIZE: Final = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?) *([KMGT]?)(i?)B?", re.IGNORECASE)
_MEMORY_MIN: Final = 64 << 20
_WORKERS_MAX: Final = 1024


def add_options(one: argparse.ArgumentParser) -> None:
    """Add the options of an audit of a whole ledger."""
    few = one.add_argument_group(
        "whole ledgers",
        "Parquet, Arrow, a folder of Parquet files, - (an Arrow stream) or a very large CSV is "
        "judged debtor by debtor, however large it is; -o names a folder. A run that was stopped "
        "goes on where it was.",
    )
    few.add_argument(
        "--facts", metavar="FILE", action="append", default=[],
        help="what is known of the debtors: requests, agreements, disputes; repeat it",
    )  # fmt: skip
    few.add_argument(
        "--persons", metavar="FILE", action="append", default=[],
        help="the time zone and the region of each debtor; repeat it",
    )  # fmt: skip
    few.add_argument("--batch", action="store_true", help="take a small CSV for a whole ledger too")
    few.add_argument(
        "--memory", metavar="SIZE", type=_bytes, help="how much to hold at a time (2GiB)"
    )
    few.add_argument(
        "--workers", metavar="N", type=_workers, help="how many threads judge (one for each core)"
    )
    few.add_argument(
        "--stats",
        action="store_true",
        help="say how many debtors were judged the slow way, and why",
    )
    few.add_argument(
        "--anew", action="store_true", help="remove what an earlier run left in OUT, and start over"
    )


def _bytes(written: str) -> int:
    """A size such as 2GiB or 512M; a K is 1,024, as memory is counted."""
    found = _SIZE.fullmatch(written.strip())
    if found is None:
        message = f"{written[:40]!r} is no size; write one such as 2GiB or 512MiB"
        raise argparse.ArgumentTypeError(message)
    size = int(float(found[1]) * 1024 ** " KMGT".index(found[2].upper() or " "))
    if size < _MEMORY_MIN:
        message = f"{written[:40]} is too little to work with; give 64MiB or more"
        raise argparse.ArgumentTypeError(message)
    return size


def _workers(written: str) -> int:
    if not re.fullmatch("[0-9]{1,4}", written) or not 1 <= int(written) <= _WORKERS_MAX:
        message = f"{written[:40]!r} is no number of threads; write one such as 4"
        raise argparse.ArgumentTypeError(message)
    return int(written)


def is_for(args: argparse.Namespace) -> bool:
    """Whether what is to be judged is a whole ledger rather than somebody's log."""
    if args.joint or args.template or args.about_template:
        return False
    asked = args.facts or args.persons or args.memory or args.workers
    if asked or args.batch or args.stats or args.anew:
        return True
    return any(_is_ledger(path) for path in args.logs)


def _is_ledger(path: Path) -> bool:
    """A stream, a file of Parquet or Arrow, a folder of such, or a list that is very large."""
    if str(path) == STREAM:
        return True
    try:
        if path.is_dir():
            return any(
                each.suffix.lower() in _ENDINGS for way in _FOLDERS for each in path.glob(way)
            )
        if not path.is_file():
            return path.suffix.lower() in _ENDINGS
        with path.open("rb") as file:
            start = file.read(4096)
        return start.lstrip().startswith(_BEGINNINGS) or (
            path.stat().st_size > MAX_BYTES and _names_columns(start)
        )
    except OSError:
        # Whoever reads it will say why it cannot be.
        return False


def _names_columns(start: bytes) -> bool:
    """Whether a list begins with the columns that a ledger must have."""
    first = start.partition(b"\n")[0].decode("utf-8-sig", errors="replace")
    cells = {cell.strip().strip('"').lower() for cell in re.split("[,;\t]", first)}
    return {"at", "channel"} <= cells


def run(args: argparse.Namespace, law: Sequence[Version]) -> int:
    """Judge the ledgers into a folder. 0: every row was read; 1: some are error rows."""
    _refuse(args)
    status: int = loaded("audit_ledger", "an audit of a whole ledger").run(args, law)
    return status


def _refuse(args: argparse.Namespace) -> None:
    """Raise InputError for what makes no sense of a whole ledger, saying what does."""
    if not args.logs:
        message = "no ledger was given; name a Parquet, Arrow or CSV file, or a folder of such"
        raise InputError(message)
    for option, given, instead in (
        ("--collector", args.collector, "every row of a ledger is the lender's own; leave it out"),
        ("--whose", args.whose != Whose.DEBTOR, "the column party says whom a contact reached"),
        ("--zone", args.zone, "say it in --persons, in the column zone"),
        ("--region", args.region, "say it in --persons, in the column region"),
        ("--year", args.year, "times in a ledger have a year and an offset from UTC"),
        ("--against", args.against, "compare one person's log with the ledger instead"),
        ("--papers", args.papers, "papers are about one person's log"),
        ("--about", args.about, "papers are about one person's log"),
    ):
        if given:
            message = f"{option} is not for a whole ledger: {instead}"
            raise InputError(message)
    if args.format not in (None, "text", "json"):
        message = f"--format {args.format}: a ledger is reported as text or json; its findings are "
        raise InputError(message + "Parquet files in the folder after -o")
    if args.output is None:
        message = "the findings on a ledger need a folder; add -o FOLDER"
        raise InputError(message)
    out: Path = args.output
    if out.exists() and not out.is_dir():
        message = f"{out}: it is a file, and a ledger's findings need a folder; name one"
        raise InputError(message)
    for path in (*args.logs, *map(Path, args.facts), *map(Path, args.persons)):
        if path.is_dir() and path.resolve() in (out.resolve(), *out.resolve().parents):
            message = f"{out}: it lies in {path} and would be read with it; name a folder elsewhere"
            raise InputError(message)


def loaded(module: str, what: str) -> Any:
    """A module that stands on the extra ``batch``.

    Raises InputError that says what to install for ``what`` where a library is missing.
    """
    try:
        return import_module(f"forbear.cli.{module}")
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in _LIBRARIES:
            raise
        message = f"{what} needs {error.name}, which is not installed; {_INSTALL}"
        raise InputError(message) from error

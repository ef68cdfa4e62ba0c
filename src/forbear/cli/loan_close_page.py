"""One nightly close: run over the files, and told by bucket. It stands on the extra ``batch``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from forbear.base.errors import InputError
from forbear.base.money import text
from forbear.batch.nightly_files import CLOSED_FILE, ERRORS_FILE, SUMMED, Tally, close_files
from forbear.batch.nightly_schema import BUCKETS
from forbear.cli.loan_table import facts, table
from forbear.evidence.voice import Voice
from forbear.loans import said
from forbear.loans.parts import Component

SCHEMA: Final = "forbear.close/1"
WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("{on}日终处理", "Close of {on}"),
    "loans": ("已处理的贷款", "Loans closed"),
    "errors": ("出错的行", "Rows in error"),
    "worse": ("逾期加重的贷款", "Moved to a worse bucket"),
    "better": ("逾期减轻的贷款", "Moved to a better bucket"),
    "head.bucket": ("逾期阶段", "Bucket"),
    "head.currency": ("币种", "Currency"),
    "head.loans": ("笔数", "Loans"),
    "head.accrued": ("当晚计提利息", "Interest tonight"),
    "head.late": ("当晚计提罚息", "Late interest"),
    "head.due": ("当日应还", "Due today"),
    "head.overdue": ("逾期金额", "Overdue"),
    "head.outstanding": ("未还总额", "Outstanding"),
    "bucket.none": ("未逾期", "not delinquent"),
    "row": ("{file}第{row}行：{why}", "{file}, row {row}: {why}"),
    "more": ("全部出错的行见{file}", "all of them are in {file}"),
    "written": ("结果已写入{file}", "The result is in {file}"),
}


def run(args: argparse.Namespace) -> int:
    """Close the day and say what it came to. 1 where some rows are error rows."""
    paths = _files(args.ledgers, args.output)
    tally = close_files(paths, args.on, args.output)
    if args.format == "json":
        print(json.dumps(as_json(tally, args), ensure_ascii=False))
    else:
        chinese = all(currency == "CNY" for currency, _ in tally.sums)
        voice = Voice(args.lang or ("zh" if chinese else "en"), space=" ")
        print("\n".join(page(tally, args, voice)))
    return 1 if tally.errors else 0


def _files(given: Sequence[Path], out: Path) -> list[Path]:
    """The Parquet files that were named, those of folders in the order of their names."""
    found: list[Path] = []
    for path in given:
        own = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
        if not own:
            raise InputError(f"{path}: there is no Parquet file in it; name one, *.parquet")
        found += own
    for path in found:
        if not path.is_file():
            raise InputError(f"{path}: there is no such file; name a Parquet file, one row a loan")
        if path.resolve().parent == out.resolve() and path.name in (CLOSED_FILE, ERRORS_FILE):
            raise InputError(f"{path}: it would be written over; name another folder after -o")
    if out.exists() and not out.is_dir():
        raise InputError(f"{out}: it is a file, and the close needs a folder; name one after -o")
    return found


# ── for programs ──


def as_json(tally: Tally, args: argparse.Namespace) -> dict[str, Any]:
    """The close as values that ``json.dumps`` takes; amounts are text."""
    return {
        "schema": SCHEMA,
        "on": args.on.isoformat(),
        "loans": tally.loans,
        "errors": tally.errors,
        "first_errors": tally.first_errors,
        "scalar": tally.scalar,
        "worse": tally.worse,
        "better": tally.better,
        "buckets": [
            {
                "currency": currency,
                "bucket": bucket,
                "loans": sums["loans"],
                **{name: text(sums[name], currency) for name in SUMMED},
            }
            for (currency, bucket), sums in _in_order(tally)
        ],
        "files": [str(args.output / CLOSED_FILE), str(args.output / ERRORS_FILE)],
    }


def _in_order(tally: Tally) -> list[tuple[tuple[str, str], dict[str, int]]]:
    return sorted(tally.sums.items(), key=lambda each: (each[0][0], BUCKETS.index(each[0][1])))


# ── for people ──


def page(tally: Tally, args: argparse.Namespace, voice: Voice) -> list[str]:
    """The lines of a close: how many, by bucket, what is wrong, and where it stands."""
    pairs = [
        (voice.put(WORDS[name]), f"{count:,}")
        for name, count in (
            ("loans", tally.loans), ("errors", tally.errors),
            ("worse", tally.worse), ("better", tally.better),
        )
    ]  # fmt: skip
    heads = ["bucket", "currency", "loans", "due", "overdue", "outstanding", "accrued", "late"]
    lines = [
        voice.put(WORDS["title"], on=voice.day(args.on, year=True)),
        *facts(pairs),
        "",
        *table(
            [voice.put(WORDS[f"head.{name}"]) for name in heads],
            [_line(*each, voice) for each in _in_order(tally)],
            [False, False, *[True] * 6],
        ),
        "",
    ]
    lines += [
        voice.put(WORDS["row"], file=wrong["file"], row=f"{wrong['row']:,}", why=wrong["why"])
        for wrong in tally.first_errors
    ]
    if tally.errors:
        lines += [voice.put(WORDS["more"], file=str(args.output / ERRORS_FILE)), ""]
    return [*lines, voice.put(WORDS["written"], file=str(args.output / CLOSED_FILE))]


def _line(key: tuple[str, str], sums: dict[str, int], voice: Voice) -> list[str]:
    currency, bucket = key
    wholes = [
        sum(sums[f"{when}_{part}"] for part in Component)
        for when in ("due", "overdue", "outstanding")
    ]
    amounts = (*wholes, sums["interest_accrued"], sums["late_interest"])
    return [
        voice.put(WORDS["bucket.none"]) if bucket == BUCKETS[0] else bucket,
        currency,
        f"{sums['loans']:,}",
        *(said.grouped(amount, currency) for amount in amounts),
    ]

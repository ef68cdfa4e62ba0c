"""How well ``forbear audit --against`` pairs a log with a record. Seeded; nothing is timed.

Run ``.venv/bin/python benchmarks/against.py``: 1,000 made-up persons, then smaller runs in which
rows jitter more, clocks are off by more than 120 seconds, or one kind of log is given.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from parts.two_sides import MINE, Score, Told, World, world

from forbear.audit.against import Compared, hold_against
from forbear.intake import parse_collector, read_logs

NOW = datetime(2026, 11, 25, tzinfo=UTC)
LISTS = ("pairs", "record lacks", "log lacks", "outcomes differ")


def found_in(made: World) -> Compared:
    """The comparison of one made-up person's files."""
    log = read_logs(made.logs, now=NOW)
    record = read_logs([made.record], now=NOW)
    named = [parse_collector(each) for each in made.collectors]
    return hold_against(log, record, collectors=named, person=MINE)


def score(made: World, found: Compared, scores: dict[str, Score]) -> None:
    """Add what was found of one world to the scores."""

    def log_of(row: object) -> int | None:
        source = row.source  # type: ignore[attr-defined]
        return made.log_rows.get((source.file, source.line))

    def record_of(row: object) -> int | None:
        source = row.source  # type: ignore[attr-defined]
        return made.record_rows.get((source.file, source.line))

    pairs: set[object] = {(log_of(p.log), record_of(p.record)) for p in found.pairs}
    scores["pairs"].add(pairs, {(n, n) for n in made.both()})
    scores["record lacks"].add({log_of(x.row) for x in found.record_lacks}, set(made.only_log()))
    scores["log lacks"].add({record_of(x.row) for x in found.log_lacks}, set(made.only_record()))
    scores["outcomes differ"].add(
        {log_of(p.log) for p in found.differs}, set(made.told_otherwise())
    )


def campaign(count: int, told: Told, first_seed: int = 1) -> dict[str, Score]:
    """The scores of ``count`` made-up persons."""
    scores = {name: Score() for name in LISTS}
    with TemporaryDirectory() as folder:
        for seed in range(first_seed, first_seed + count):
            made = world(seed, Path(folder), told)
            score(made, found_in(made), scores)
    return scores


def main(argv: Sequence[str] | None = None) -> int:
    """Run, print the table, and write the figures where asked to."""
    asked = argparse.ArgumentParser(description="Score the pairing of a log with a record.")
    asked.add_argument("--quick", action="store_true", help="a few seconds")
    asked.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file")
    options = asked.parse_args(argv)
    count, few = (20, 5) if options.quick else (1000, 200)
    runs = [("skew to 120 s, jitter 3 s", count, Told())]
    runs += [(f"jitter {s} s", few, Told(jitter=s)) for s in (0, 5, 10, 15, 30, 60, 120)]
    runs += [(f"skew to {s} s", few, Told(skew=s)) for s in (180, 300)]
    runs += [(f"only {form}", few, Told(form=form)) for form in ("phone", "bill", "minutes")]
    print("| | persons | " + " | ".join(f"{name}: precision, recall" for name in LISTS) + " |")
    print("|---|---:|" + "---:|" * len(LISTS))
    figures = {}
    for name, many, told in runs:
        scores = campaign(many, told)
        shown = " | ".join(f"{s.precision:.4f}, {s.recall:.4f}" for s in scores.values())
        print(f"| {name} | {many:,} | {shown} |", flush=True)
        figures[name] = {key: asdict(s) for key, s in scores.items()}
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

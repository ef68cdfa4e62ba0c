"""How much of what is true of made-up persons is found where a log is held against a record."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from forbear.audit.against import Compared, hold_against
from forbear.evidence.compared import Row
from forbear.intake import parse_collector, read_logs

from .two_sides import MINE, Score, Told, World, world

NOW = datetime(2026, 11, 25, tzinfo=UTC)
LISTS = ("pairs", "record lacks", "log lacks", "outcomes differ")


def found_in(made: World) -> Compared:
    """The comparison of one made-up person's files."""
    named = [parse_collector(each) for each in made.collectors]
    log, record = read_logs(made.logs, now=NOW), read_logs([made.record], now=NOW)
    return hold_against(log, record, collectors=named, person=MINE)


def scores(seeds: range, folder: Path, told: Told) -> dict[str, Score]:
    """The scores of the persons of some seeds, list by list."""
    found = {name: Score() for name in LISTS}
    for seed in seeds:
        made = world(seed, folder, told)
        _add(made, found_in(made), found)
    return found


def _add(made: World, of: Compared, found: dict[str, Score]) -> None:
    def log(row: Row) -> int | None:
        return made.log_rows.get((row.source.file, row.source.line))

    def record(row: Row) -> int | None:
        return made.record_rows.get((row.source.file, row.source.line))

    pairs: set[object] = {(log(pair.log), record(pair.record)) for pair in of.pairs}
    found["pairs"].add(pairs, {(n, n) for n in made.both()})
    found["record lacks"].add({log(lack.row) for lack in of.record_lacks}, set(made.only_log()))
    found["log lacks"].add({record(lack.row) for lack in of.log_lacks}, set(made.only_record()))
    found["outcomes differ"].add({log(p.log) for p in of.differs}, set(made.told_otherwise()))

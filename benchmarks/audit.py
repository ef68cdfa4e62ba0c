"""A whole ledger before rule set R, beside other engines. Run ``benchmarks/audit.py``.

Contacts stand in the order of time, as a log holds them; every engine starts from its own tables in
memory and ends with one byte of bits a contact, in that order. One process an engine, in turn.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from parts import audit_data, audit_forbear, audit_native, audit_peers
from parts.measure import (
    NOISE,
    Figure,
    at_least,
    machine,
    number,
    refuse,
    table,
    tally,
    write_figures,
)
from parts.turns import Contender, Timed, in_turn, lap, mib

OURS: Final = "Forbear, the pack compiled"
PLAIN: Final = "Forbear, the plain form"
NATIVE: Final = "C by hand, debtors first"
_PEERS: Final = {
    "polars, rolling windows": ("polars", audit_peers.polars_windows),
    "polars, one sorted key": ("polars", audit_peers.polars_keys),
    "DuckDB, SQL": ("duckdb", audit_peers.duckdb),
    "pandas": ("pandas", audit_peers.pandas),
}
_GOALS: Final = {"polars, rolling windows": 5.0, "DuckDB, SQL": 8.0, "pandas": 50.0}
_SMALL: Final = 20_000
_BITS: Final = 6
_PATIENCE_S: Final = 15.0


def contenders(only: Sequence[str]) -> tuple[list[Contender], list[tuple[str, str]]]:
    """The engines that can be run, and those that cannot, each with the reason."""
    found = [Contender(name=OURS, load=audit_forbear.forbear)]
    lacking = []
    why = audit_native.missing()
    if why is None:
        found.append(Contender(name=NATIVE, load=audit_native.partitioned))
    else:
        lacking.append((NATIVE, why))
    for name, (module, load) in _PEERS.items():
        if find_spec(module) is None:
            lacking.append((name, "not installed"))
        else:
            found.append(Contender(name=name, load=load))
    if only:
        known = ", ".join(each.name for each in found)
        found = [each for each in found if any(word in each.name for word in only)]
        if not found:
            refuse(f"no engine is named so; known are {known}")
    return found, lacking


def measure(count: int, small: Path, rounds: int, only: Sequence[str]) -> list[Figure]:
    """Time all engines on one ledger of ``count`` contacts."""
    engines, lacking = contenders(only)
    by_rule = Contender(name=PLAIN, load=audit_forbear.in_plain)
    plain = lap(by_rule, by_rule.load(small))
    with TemporaryDirectory() as made:
        ledger = audit_data.write(audit_data.draw(count), Path(made) / "ledger")
        size = audit_forbear.size(ledger)
        timed = in_turn(
            engines, small=small, whole=ledger, rounds=rounds, patience=_PATIENCE_S,
            small_right=(PLAIN, plain.checksum),
        )  # fmt: skip
    right = audit_data.RIGHT.get(count)
    if right is not None and not timed[0].checksum.startswith(right):
        refuse(f"all engines agree on md5 {timed[0].checksum[:8]}, and the right one is {right}")
    _print(count, size, timed, lacking)
    rate = _SMALL / plain.cpu
    print(
        f"\nThe plain form on {tally(_SMALL)} contacts of the same kind: {number(rate)} a "
        "core-second. Every engine gave its answer there."
    )
    return _figures(count, size, timed, lacking, rate)


def _print(
    count: int, size: int, timed: Sequence[Timed], lacking: Sequence[tuple[str, str]]
) -> None:
    ours = timed[0]
    rows = [
        [
            row.name,
            number(count / row.wall / 1e6),
            number(count / row.cpu / 1e6),
            "1" if row is ours else number(row.cpu / ours.cpu),
            "1" if row is ours else number(row.wall / ours.wall),
            number(mib(row.full - row.empty)),
            number(mib(row.peak)),
            number(row.peak / size),
            str(len(row.laps)),
        ]
        for row in timed
    ]
    rows += [[name, why, *[""] * 7] for name, why in lacking]
    heads = [
        "", "M contacts a second", "M a core-second", "its processor time ÷ ours",
        "its wall time ÷ ours", "tables MiB", "peak MiB", "peak ÷ input", "rounds",
    ]  # fmt: skip
    table(f"Rule set R over {tally(count)} contacts", heads, rows)
    print(f"\nThe input as Arrow is {number(mib(size))} MiB; md5 {ours.checksum} by every engine.")
    rate = count / ours.cpu / 1e6
    if ours.name == OURS and count >= min(audit_data.RIGHT):
        at_least("M contacts a core-second", rate, 10.0)
        for row in timed:
            if row.name in _GOALS:
                at_least(f"× {row.name}", row.cpu / ours.cpu, _GOALS[row.name])
            elif row.name == NATIVE:
                at_least("of the speed of C by hand", row.cpu / ours.cpu, 1 / 1.5)
        at_least("input ÷ peak memory", size / ours.peak, 1 / 3)


def _figures(
    count: int, size: int, timed: Sequence[Timed], lacking: Sequence[tuple[str, str]], plain: float
) -> list[Figure]:
    ours = timed[0]
    figures = []
    for row in timed:
        name, rate = f"rule set R, {count} contacts: {row.name}", count / row.cpu
        figures += [
            Figure(name=name, value=rate, unit="contacts a core-second"),
            Figure(name=f"{name}, wall", value=count / row.wall, unit="contacts a second"),
            Figure(name=f"{name}, peak memory", value=mib(row.peak), unit="MiB"),
            Figure(name=f"{name}, peak memory by input", value=row.peak / size, unit="×"),
        ]
    name, rate = f"rule set R, {count} contacts: {ours.name}", count / ours.cpu
    unit = "contacts a core-second"
    figures += [
        Figure(name=name, value=rate, unit=unit, peer=row.name, ratio=row.cpu / ours.cpu)
        for row in timed[1:]
    ]
    figures += [
        Figure(name=name, value=rate, unit=unit, peer=f"{peer}: {why}") for peer, why in lacking
    ]
    figures.append(Figure(name=f"rule set R: {PLAIN}", value=plain, unit=unit))
    return figures


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the tables, and write the figures where asked to."""
    asked = argparse.ArgumentParser(description="Time the audit of a ledger beside other engines.")
    asked.add_argument("--quick", action="store_true", help="a small ledger; it means little")
    asked.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file")
    asked.add_argument(
        "--contacts", type=int, action="append", metavar="N", help="the size; may be repeated"
    )
    asked.add_argument("--rounds", type=int, default=5, metavar="N", help="how often each runs")
    asked.add_argument(
        "--only", action="append", default=[], metavar="WORD", help="engines named so; repeatable"
    )
    options = asked.parse_args(argv)
    sizes = options.contacts or ([100_000] if options.quick else sorted(audit_data.RIGHT))
    print(machine())
    NOISE.feel()
    figures: list[Figure] = []
    with TemporaryDirectory() as made:
        small = audit_data.write(audit_data.draw(_SMALL), Path(made) / "small")
        for count in sizes:
            rounds = 1 if options.quick else options.rounds
            figures += measure(count, small, rounds, options.only)
    NOISE.feel()
    print(NOISE.told())
    write_figures(options.json, figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())

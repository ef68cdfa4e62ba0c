"""Loans: the nightly close of a portfolio, single plans, annual cost. Run ``benchmarks/loans.py``.

The close is timed in columns beside a plain pandas version and beside Forbear's own scalar form,
loan by loan; all must agree to the cent. One process an engine, in turn.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from parts import loan_close, loan_data, loan_fold, loan_pandas, loan_plans
from parts.measure import (
    NOISE,
    Figure,
    at_least,
    at_most,
    machine,
    number,
    refuse,
    table,
    tally,
    write_figures,
)
from parts.turns import Contender, Timed, in_turn, lap, mib

OURS: Final = "Forbear, in columns"
FILES: Final = "Forbear, Parquet to Parquet"
PANDAS: Final = "pandas"
SCALAR: Final = "Forbear, loan by loan"
FOLD: Final = "Forbear, folded from entries, loan by loan"
_COUNT: Final = 1_000_000
_SMALL: Final = 4_000
_RATES: Final = 100_000
_PATIENCE_S: Final = 60.0
_GIB: Final = 1 << 30
_OVER_SCALAR, _OVER_PANDAS, _PLANS = 100.0, 5.0, 5_000.0
_SCALAR: Final = Contender(name=SCALAR, load=loan_close.one_by_one, read=loan_close.of_objects)


def contenders() -> tuple[list[Contender], list[tuple[str, str]]]:
    """The engines that can be run, and those that cannot, each with the reason."""
    found = [
        Contender(name=OURS, load=loan_close.in_columns, read=loan_close.of_table),
        Contender(name=FILES, load=loan_close.from_files, read=loan_close.of_file),
    ]
    if find_spec("pandas") is None:
        return found, [(PANDAS, "not installed")]
    peer = Contender(name=PANDAS, load=loan_pandas.pandas, read=loan_pandas.of_frame)
    return [*found, peer], []


def measure_close(count: int, few: int, rounds: int) -> list[Figure]:
    """Time the close of ``count`` loans in columns, and of a sample loan by loan."""
    with TemporaryDirectory() as made:
        small = loan_close.write(loan_data.draw(few), Path(made) / "small")
        whole = loan_close.write(loan_data.draw(count, seed=2), Path(made) / "whole")
        engines, lacking = contenders()
        run = _SCALAR.load(small)
        scalar = [lap(_SCALAR, run) for _ in range(rounds)]
        timed = in_turn(
            engines, small=small, whole=whole, rounds=rounds, patience=_PATIENCE_S,
            small_right=(SCALAR, scalar[0].checksum),
        )  # fmt: skip
        scalar += [lap(_SCALAR, run) for _ in range(rounds)]
    folded = loan_fold.fold_all(few // 10, rounds)
    if not (folded.scalar == folded.columns).all():
        refuse("the close of the ledger's own loans differs in columns, so nothing is compared")
    single = {
        SCALAR: median(each.cpu for each in scalar) / few,
        FOLD: folded.cpu / folded.count,
    }
    _print(count, timed, lacking, single)
    return _figures(count, timed, lacking, single)


def _print(
    count: int,
    timed: Sequence[Timed],
    lacking: Sequence[tuple[str, str]],
    single: dict[str, float],
) -> None:
    ours = timed[0]
    each = ours.cpu / count
    rows = [
        [
            row.name,
            number(count / row.wall / 1e6),
            number(count / row.cpu / 1e6),
            "1" if row is ours else number(row.cpu / ours.cpu),
            number(mib(row.full - row.empty)),
            number(mib(row.peak)),
            str(len(row.laps)),
        ]
        for row in timed
    ]
    rows += [
        [name, "", f"{1 / cpu / 1e6:.6f}", number(cpu / each), *[""] * 3]
        for name, cpu in single.items()
    ]
    rows += [[name, why, *[""] * 5] for name, why in lacking]
    heads = [
        "", "M loans a second", "M a core-second", "its processor time ÷ the first's",
        "tables MiB", "peak MiB", "rounds",
    ]  # fmt: skip
    table(f"The nightly close of {tally(count)} loans", heads, rows)
    print(f"\nAll agree to the cent; md5 {ours.checksum} by every engine that closed all of them.")
    if count < _COUNT:
        return
    at_least(f"× {SCALAR}", single[SCALAR] / each, _OVER_SCALAR)
    at_least(f"× {FOLD}", single[FOLD] / each, _OVER_SCALAR)
    for row in timed:
        if row.name == PANDAS:
            at_least(f"× {PANDAS}", row.cpu / ours.cpu, _OVER_PANDAS)
        else:
            at_most(f"GiB of peak memory, {row.name}", row.peak / _GIB, 2.0)


def _figures(
    count: int,
    timed: Sequence[Timed],
    lacking: Sequence[tuple[str, str]],
    single: dict[str, float],
) -> list[Figure]:
    ours, unit = timed[0], "loans a core-second"
    name, rate = f"nightly close, {count} loans", count / ours.cpu
    figures = []
    for row in timed:
        figures += [
            Figure(name=f"{name}: {row.name}", value=count / row.cpu, unit=unit),
            Figure(name=f"{name}: {row.name}, peak memory", value=mib(row.peak), unit="MiB"),
        ]
    figures += [
        Figure(name=name, value=rate, unit=unit, peer=row.name, ratio=row.cpu / ours.cpu)
        for row in timed[1:]
    ]
    figures += [
        Figure(name=name, value=rate, unit=unit, peer=peer, ratio=rate * cpu)
        for peer, cpu in single.items()
    ]
    figures += [
        Figure(name=name, value=rate, unit=unit, peer=f"{peer}: {why}") for peer, why in lacking
    ]
    return figures


def measure_plans(count: int, rounds: int) -> list[Figure]:
    """Time single plans of 36 rows, one by one."""
    found = loan_plans.rates(count, rounds)
    rows = [[name, number(rate), number(1e6 / rate)] for name, rate in found.items()]
    table("One plan of 36 rows", ["", "plans a core-second", "µs"], rows)
    for name, rate in found.items():
        at_least(f"plans a core-second, {name}", rate, _PLANS)
    return [
        Figure(name=f"one plan of 36 rows: {name}", value=rate, unit="plans a core-second")
        for name, rate in found.items()
    ]


def measure_rates(count: int, rounds: int) -> list[Figure]:
    """Time the annual rates of ``count`` loans beside scipy and pyxirr, where they are there."""
    lacking = [name for name in ("scipy", "pyxirr") if find_spec(name) is None]
    if lacking:
        print(f"\nAnnual rates: {' and '.join(lacking)} not installed.")
        return []
    xirr = import_module("parts.xirr")
    figures: list[Figure] = xirr.measure(count, rounds=rounds, sample=min(count, 1_000))
    return figures


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the tables, and write the figures where asked to."""
    asked = argparse.ArgumentParser(description="Time the arithmetic of loans.")
    asked.add_argument("--quick", action="store_true", help="few loans; it means little")
    asked.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file")
    asked.add_argument("--loans", type=int, metavar="N", help="the size of the portfolio")
    asked.add_argument("--rounds", type=int, default=5, metavar="N", help="how often each runs")
    options = asked.parse_args(argv)
    count = options.loans or (20_000 if options.quick else _COUNT)
    few = 400 if options.quick else _SMALL
    rounds = 1 if options.quick else options.rounds
    print(machine())
    NOISE.feel()
    figures = measure_close(count, few, rounds)
    figures += measure_plans(few, rounds)
    figures += measure_rates(500 if options.quick else _RATES, min(rounds, 3))
    NOISE.feel()
    print(NOISE.told())
    write_figures(options.json, figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())

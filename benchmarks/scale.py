"""From a Parquet file of a whole ledger to findings on disk. Run ``benchmarks/scale.py``.

Sizes grow tenfold, and the time for a contact should stay the same. Each job is a process of its
own, whose memory and disk are watched from outside. A run of a thousand million is planned from the
largest one measured; the plan is arithmetic and says so.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
from parts import scale_data
from parts.audit_forbear import PACK as RULE_SET_R
from parts.job_runs import Asked, Told, watched
from parts.measure import (
    NOISE,
    Figure,
    at_most,
    machine,
    number,
    refuse,
    table,
    tally,
    write_figures,
)
from parts.turns import mib

SIZES: Final = (1_000_000, 10_000_000, 100_000_000)
_QUICK: Final = (20_000, 200_000)
_CHECKED: Final = 20_000
_PLANNED: Final = 1_000_000_000
_LONG: Final = 50_000_000
_GROWTH, _MEMORY_MIB = 1.2, 8 * 1024.0


@dataclass(frozen=True, kw_only=True)
class Size:
    """The jobs of one size; ``file`` is how many bytes its Parquet files have."""

    count: int
    file: int
    runs: list[Told]

    @property
    def wall(self) -> float:
        """Median seconds by the clock."""
        return median(run.wall for run in self.runs)

    @property
    def cpu(self) -> float:
        """Median seconds of processor time."""
        return median(run.cpu for run in self.runs)

    @property
    def peak(self) -> int:
        """The most bytes that a run held."""
        return max(run.peak for run in self.runs)

    @property
    def disk(self) -> int:
        """The most bytes of disk that a run took, what it leaves behind included."""
        return max(run.disk for run in self.runs)


def checked(options: argparse.Namespace) -> None:
    """Compare the findings of both forms on a small file, row by row; refuses where they differ."""
    with TemporaryDirectory(dir=options.folder) as made:
        ledger = scale_data.write(Path(made) / "ledger", _CHECKED)
        found = []
        for in_plain in (True, False):
            out = Path(made) / f"plain-{in_plain}"
            watched(_asked(options, ledger, out, in_plain=in_plain))
            tables = [pq.read_table(path) for path in sorted(out.glob("findings/*/*.parquet"))]
            rows = pa.concat_tables(tables).to_pylist()
            found.append(sorted(rows, key=lambda row: (row["position"], row["rule"])))
        if found[0] != found[1]:
            one = next((a for a, b in zip(*found, strict=False) if a != b), found[0][-1])
            refuse(
                f"the compiled form does not find what the plain form finds in {_CHECKED} "
                f"contacts: see position {one['position']}, {one['rule']}"
            )
        breaches = tally(len(found[0]))
        print(f"\nOn {tally(_CHECKED)} contacts both forms find the same {breaches} breaches.")


def _asked(
    options: argparse.Namespace, ledger: Path, out: Path, *, in_plain: bool = False
) -> Asked:
    pack = str(RULE_SET_R) if options.pack == RULE_SET_R.name else options.pack
    memory = int(options.memory * (1 << 30))
    return Asked(ledger=ledger, out=out, pack=pack, memory=memory, in_plain=in_plain)


def measure(options: argparse.Namespace, count: int) -> Size:
    """Write a ledger and run the job on it, once where that is long, and else thrice."""
    rounds = 1 if options.quick or count >= _LONG else 3
    with TemporaryDirectory(dir=options.folder) as made:
        ledger = scale_data.write(Path(made) / "ledger", count)
        file = sum(path.stat().st_size for path in ledger.iterdir())
        runs = []
        for place in range(rounds):
            NOISE.feel()
            with TemporaryDirectory(dir=made) as out:
                runs.append(watched(_asked(options, ledger, Path(out) / str(place))))
    for run in runs:
        if run.contacts != count or run.errors:
            refuse(f"{run.contacts} of {count} contacts were read, {run.errors} with an error")
        if run.findings != runs[0].findings:
            refuse(f"two runs found {run.findings} and {runs[0].findings} breaches in one file")
    return Size(count=count, file=file, runs=runs)


def _print(sizes: Sequence[Size]) -> None:
    rows = []
    for size in sizes:
        run = size.runs[-1]
        stages = ", ".join(f"{name} {number(took)}" for name, took in run.stages.items())
        rows.append(
            [
                tally(size.count),
                number(size.wall),
                stages,
                number(size.cpu),
                number(size.count / size.wall / 1e6),
                number(size.cpu / size.count * 1e6),
                number(mib(size.peak)),
                number(mib(size.file)),
                number(mib(size.disk)),
                number(mib(run.kept)),
                tally(run.findings),
                str(run.buckets),
                f"{run.plain_debtors / max(run.debtors, 1):.2%}",
                str(len(size.runs)),
            ]
        )
    heads = [
        "contacts", "wall s", "of it", "processor s", "M contacts a second", "processor µs each",
        "peak MiB", "file MiB", "disk MiB", "of it kept", "findings", "buckets",
        "debtors in plain form", "runs",
    ]  # fmt: skip
    table("From Parquet to findings", heads, rows)


def growth(sizes: Sequence[Size]) -> tuple[float, float]:
    """How much longer a contact takes in the largest ledger than in the smallest.

    By the clock, and of the processor.
    """
    small, large = sizes[0], sizes[-1]
    many = large.count / small.count
    return large.wall / small.wall / many, large.cpu / small.cpu / many


def plan(sizes: Sequence[Size]) -> None:
    """What a thousand million contacts would take, by the largest run: arithmetic, no measurement.

    All but memory goes by the number of contacts. The second column lets time for a contact, and
    memory, grow on from one power of ten to the next as they did before the largest.
    """
    large, run, many = sizes[-1], sizes[-1].runs[-1], _PLANNED / sizes[-1].count
    slower = fuller = 1.0
    if len(sizes) > 1:
        before, times = sizes[-2], large.count / sizes[-2].count
        steps = math.log(many) / math.log(times)
        slower = max(1.0, large.wall / before.wall / times) ** steps
        fuller = max(1.0, large.peak / before.peak) ** steps
    wall, gib = large.wall * many / 60, 1 << 30
    # Where memory held all buckets, a run says nothing about the disk that a long one needs.
    spilt = large.disk > large.file
    rows = [
        ["wall time, minutes", number(wall), number(wall * slower)],
        ["processor time, minutes", number(large.cpu * many / 60), ""],
        ["Parquet to be read, GiB", number(large.file * many / gib), ""],
        ["disk, findings included, GiB", number(large.disk * many / gib) if spilt else "?", ""],
        ["findings that stay, GiB", number(run.kept * many / gib), ""],
        ["memory, GiB", number(large.peak / gib), number(large.peak * fuller / gib)],
        ["buckets", number(run.buckets * many), ""],
    ]
    heads = ["", "by the largest run", "if it grows on as before"]
    table(f"Planned, not measured: {tally(_PLANNED)} contacts", heads, rows)


def figures(sizes: Sequence[Size], pack: str) -> list[Figure]:
    """The numbers in the form of all benchmarks."""
    found = []
    for size in sizes:
        name = f"{pack}, {size.count} contacts from Parquet to findings"
        found += [
            Figure(name=f"{name}, wall", value=size.wall, unit="s"),
            Figure(name=f"{name}, processor", value=size.cpu, unit="s"),
            Figure(name=name, value=size.count / size.wall, unit="contacts a second"),
            Figure(name=f"{name}, peak memory", value=mib(size.peak), unit="MiB"),
            Figure(name=f"{name}, disk", value=mib(size.disk), unit="MiB"),
            Figure(name=f"{name}, findings", value=size.runs[0].findings, unit="findings"),
        ]
    if len(sizes) > 1:
        name = f"{pack}, time for a contact, {sizes[-1].count} contacts"
        peer = f"{sizes[0].count} contacts"
        for kind, slower, size in zip(
            ("wall", "processor"), growth(sizes), (sizes[-1].wall, sizes[-1].cpu), strict=True
        ):
            each = size / sizes[-1].count * 1e6
            found.append(
                Figure(name=f"{name}, {kind}", value=each, unit="µs", peer=peer, ratio=1 / slower)
            )
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the tables, and write the figures where asked to."""
    asked = argparse.ArgumentParser(description="Time an audit from Parquet to findings.")
    asked.add_argument("--quick", action="store_true", help="small files; they mean little")
    asked.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file")
    asked.add_argument(
        "--max", type=int, default=SIZES[1], metavar="N", help="the largest ledger (100000000)"
    )
    asked.add_argument("--pack", default="cn", help="a pack, or rule-set-r (cn)")
    asked.add_argument(
        "--memory", type=float, default=2.0, metavar="GIB", help="what a job may hold (2)"
    )
    asked.add_argument("--folder", metavar="DIR", help="where files are made and removed again")
    options = asked.parse_args(argv)
    print(machine())
    NOISE.feel()
    checked(options)
    sizes = []
    for count in _QUICK if options.quick else [size for size in SIZES if size <= options.max]:
        sizes.append(measure(options, count))
        print(f"{tally(count)} contacts in {number(sizes[-1].wall)} s", flush=True)
    _print(sizes)
    if len(sizes) > 1 and not options.quick:
        at_most("× as long for a contact in the largest, wall", growth(sizes)[0], _GROWTH)
        at_most("× as long for a contact in the largest, processor", growth(sizes)[1], _GROWTH)
    if not options.quick:
        at_most("MiB of memory", mib(max(size.peak for size in sizes)), _MEMORY_MIB)
    plan(sizes)
    NOISE.feel()
    print(f"\n{NOISE.told()}")
    write_figures(options.json, figures(sizes, options.pack))
    return 0


if __name__ == "__main__":
    sys.exit(main())

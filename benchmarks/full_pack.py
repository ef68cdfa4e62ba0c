"""The whole Chinese pack over a ledger in memory. Run ``benchmarks/full_pack.py``.

Facts are known of one debtor in twenty. The pack takes turns with six of its own rules, as a check
of how it scales, and its findings by these six must be theirs. On a small ledger every finding must
be that of the plain form.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from parts import pack_runs
from parts.measure import (
    NOISE,
    Figure,
    at_least,
    goal,
    machine,
    number,
    refuse,
    table,
    tally,
    write_figures,
)
from parts.turns import Contender, Lap, Timed, compare, in_turn, lap, mib

_COLD_S, _KEPT_S = 30.0, 1.0
_GOAL: Final = 1.0
_PATIENCE_S: Final = 60.0
_COUNT: Final = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Start:
    """Seconds of a fresh process until its first answer, for one debtor's contacts.

    ``cold`` is the first answer where nothing has been compiled, ``cold_cpu`` its processor time,
    and ``kept`` the first answer from the cache.
    """

    rules: int
    imported: float
    loaded: float
    cold: float
    cold_cpu: float
    kept: float

    def told(self) -> list[Figure]:
        """Print them, and give them as figures."""
        print(
            f"\nThe pack has {self.rules} rules. A fresh process imports the compiled form in "
            f"{number(self.imported)} s and loads the pack in {number(self.loaded)} s; compiling "
            f"from nothing takes {number(self.cold_cpu)} s of the processor."
        )
        goal("compiled from nothing, to its first answer", self.cold, _COLD_S, "s")
        goal("compiled from the cache, to its first answer", self.kept, _KEPT_S, "s")
        return [
            Figure(name="cn, imports of a fresh process", value=self.imported, unit="s"),
            Figure(name="cn, loaded by a fresh process", value=self.loaded, unit="s"),
            Figure(name="cn, compiled from nothing", value=self.cold, unit="s"),
            Figure(name="cn, compiled from nothing, processor", value=self.cold_cpu, unit="s"),
            Figure(name="cn, compiled from the cache", value=self.kept, unit="s"),
        ]


def start(rounds: int) -> Start:
    """Start fresh processes, each round one with an empty cache and then three with that cache."""
    cold, kept = [], []
    for _ in range(rounds):
        with TemporaryDirectory() as cache:
            NOISE.feel()
            cold.append(_fresh(Path(cache)))
            kept += [_fresh(Path(cache)) for _ in range(3)]
    return Start(
        rules=int(kept[0]["rules"]),
        imported=median(run["import"] for run in kept),
        loaded=median(run["load"] for run in kept),
        cold=median(run["answer"] for run in cold),
        cold_cpu=median(run["answer_cpu"] for run in cold),
        kept=median(run["answer"] for run in kept),
    )


def _fresh(cache: Path) -> dict[str, float]:
    paths = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache), "PYTHONPATH": paths}
    command = [sys.executable, "-m", "parts.pack_runs", "cn"]
    done = subprocess.run(  # noqa: S603 - our own command
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        refuse(f"the pack could not be compiled: {done.stderr.strip().splitlines()[-1]}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def by_rule_book(small: Path) -> Lap:
    """The plain form over the small ledger, which the compiled form must answer finding by finding.

    Refuses to go on where it does not.
    """
    forms = [
        Contender(name=pack_runs.PLAIN, load=pack_runs.in_plain, read=pack_runs.everything),
        Contender(name=pack_runs.WHOLE, load=pack_runs.whole, read=pack_runs.everything),
    ]
    laps = [lap(form, form.load(small)) for form in forms]
    sums = [(form.name, each.checksum) for form, each in zip(forms, laps, strict=True)]
    compare(sums, "the small ledger")
    return laps[0]


def _print(count: int, size: int, timed: Sequence[Timed], plain: float) -> None:
    rows = [
        [
            row.name,
            number(count / row.wall / 1e6),
            number(count / row.cpu / 1e6),
            number(count / row.laps[0].cpu / 1e6),
            number(row.cpu / timed[0].cpu),
            number(mib(row.peak)),
            number(row.peak / size),
            tally(row.notes["findings"]),
            tally(row.notes["situations"]),
            f"{row.notes['plain_debtors'] / max(row.notes['debtors'], 1):.2%}",
            f"{row.notes['plain_contacts'] / count:.2%}",
            str(len(row.laps)),
        ]
        for row in timed
    ]
    own = number(plain / 1e6)
    rows.append([pack_runs.PLAIN, "", own, "", number(count / timed[0].cpu / plain), *[""] * 7])
    heads = [
        "", "M contacts a second", "M a core-second", "the first run",
        "its processor time ÷ the first's", "peak MiB", "peak ÷ input", "findings", "situations",
        "debtors in plain form", "contacts in plain form", "rounds",
    ]  # fmt: skip
    table(f"The pack cn over {tally(count)} contacts", heads, rows)
    print(
        f"\nThe input as Arrow is {number(mib(size))} MiB; the six rules' findings are the same in "
        f"both, md5 {timed[0].checksum}."
    )


def measure(count: int, few: int, rounds: int) -> list[Figure]:
    """Time the whole pack beside six of its rules."""
    with TemporaryDirectory() as made:
        small = pack_runs.write(Path(made) / "small", few)
        plain = few / by_rule_book(small).cpu
        large = pack_runs.write(Path(made) / "whole", count)
        size = pack_runs.size(large)
        timed = in_turn(
            pack_runs.CONTENDERS, small=small, whole=large, rounds=rounds, patience=_PATIENCE_S
        )
    _print(count, size, timed, plain)
    ours, name = timed[0], f"cn, {count} contacts"
    rate, unit = count / ours.cpu, "contacts a core-second"
    if count >= _COUNT:
        at_least("M contacts a core-second", rate / 1e6, _GOAL)
    share = ours.notes["plain_debtors"] / max(ours.notes["debtors"], 1)
    return [
        Figure(name=name, value=rate, unit=unit, peer=pack_runs.SIX,
               ratio=timed[1].cpu / ours.cpu),
        Figure(name=name, value=rate, unit=unit, peer=pack_runs.PLAIN, ratio=rate / plain),
        Figure(name=f"{name}, first run", value=count / ours.laps[0].cpu, unit=unit),
        Figure(name=f"{name}, wall", value=count / ours.wall, unit="contacts a second"),
        Figure(name=f"{name}: six rules", value=count / timed[1].cpu, unit=unit),
        Figure(name=f"{name}: plain form", value=plain, unit=unit),
        Figure(name=f"{name}, peak memory", value=mib(ours.peak), unit="MiB"),
        Figure(name=f"{name}, peak memory by input", value=ours.peak / size, unit="×"),
        Figure(name=f"{name}, situations", value=ours.notes["situations"], unit="situations"),
        Figure(name=f"{name}, debtors in plain form", value=share, unit="share"),
        Figure(name=f"{name}, findings", value=ours.notes["findings"], unit="findings"),
    ]  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the tables, and write the figures where asked to."""
    asked = argparse.ArgumentParser(description="Time the whole Chinese pack over a ledger.")
    asked.add_argument("--quick", action="store_true", help="a small ledger; it means little")
    asked.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file")
    asked.add_argument("--contacts", type=int, metavar="N", help="the size of the ledger")
    asked.add_argument("--rounds", type=int, default=5, metavar="N", help="how often each runs")
    options = asked.parse_args(argv)
    count = options.contacts or (20_000 if options.quick else _COUNT)
    print(machine())
    NOISE.feel()
    # Compiling takes most of a minute, which a quick run is not for.
    figures = start(2).told() if not options.quick else []
    figures += measure(
        count, 2_000 if options.quick else 20_000, 1 if options.quick else options.rounds
    )
    NOISE.feel()
    print(NOISE.told())
    write_figures(options.json, figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())

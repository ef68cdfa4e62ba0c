"""One decision, as a gate makes it, beside its peers. Run ``benchmarks/decision.py``.

Rule set R with grounds and the earliest lawful moment, in turn with engines that are handed the
counts; then the whole Chinese pack, from a plain case and from what is kept of a debtor. Engines
that answer differently are not compared. Goals are no tests, because machines differ.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from parts import decisions, rule_set_r
from parts.measure import NOISE, Figure, machine, peak_mib, write_figures

SEED = 1


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the tables, and write the figures where asked to."""
    asked = argparse.ArgumentParser(description="Time one decision beside its peers.")
    asked.add_argument(
        "--quick", action="store_true", help="a few seconds; the figures mean little"
    )
    asked.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file")
    options = asked.parse_args(argv)
    print(machine())
    NOISE.feel()
    figures: list[Figure] = []
    for part in (rule_set_r, decisions):
        figures += part.measure(seed=SEED, quick=options.quick)
    figures.append(Figure(name="peak memory of this process", value=peak_mib(), unit="MiB"))
    NOISE.feel()
    print(f"\nPeak memory of this process, peers and all: {peak_mib():.0f} MiB.")
    print(NOISE.told())
    write_figures(options.json, figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""How well ``forbear audit --against`` pairs a log with a record. Seeded; nothing is timed.

Run ``.venv/bin/python benchmarks/against.py``: 1,000 made-up persons, then smaller runs in which
rows jitter more, clocks are off by more than 120 seconds, or one kind of log is given.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from parts.against_scores import LISTS, scores
from parts.measure import NOISE, Figure, machine, write_figures
from parts.two_sides import Score, Told


def campaign(count: int, told: Told) -> dict[str, Score]:
    """The scores of ``count`` made-up persons."""
    with TemporaryDirectory() as folder:
        return scores(range(1, count + 1), Path(folder), told)


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
    print(f"{machine()}\n")
    print("| | persons | " + " | ".join(f"{name}: precision, recall" for name in LISTS) + " |")
    print("|---|---:|" + "---:|" * len(LISTS))
    figures: list[Figure] = []
    for name, many, told in runs:
        NOISE.feel()
        found = campaign(many, told)
        shown = " | ".join(f"{s.precision:.4f}, {s.recall:.4f}" for s in found.values())
        print(f"| {name} | {many:,} | {shown} |", flush=True)
        for key, s in found.items():
            named = f"{name}, {many} persons: {key}"
            figures += [
                Figure(name=f"{named}, in truth", value=s.true, unit="rows"),
                Figure(name=f"{named}, precision", value=s.precision, unit="share"),
                Figure(name=f"{named}, recall", value=s.recall, unit="share"),
            ]
    print(f"\nNothing here is timed. {NOISE.told()}")
    write_figures(options.json, figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())

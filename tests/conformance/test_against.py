"""A log beside a record: made-up persons of whom the truth is known, and how much of it is found.

The same persons as ``benchmarks/against.py``, which prints the figures.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.parts.against_scores import found_in, scores
from benchmarks.parts.two_sides import Told, world


def test_forty_persons(tmp_path: Path):
    found = scores(range(1, 41), tmp_path, Told())
    assert found["pairs"].found > 2000
    assert found["pairs"].precision >= 0.99
    assert found["pairs"].recall >= 0.99
    assert all(score.precision >= 0.96 for score in found.values()), found
    assert all(score.recall >= 0.96 for score in found.values()), found


@pytest.mark.slow
def test_a_thousand_persons_at_120_seconds_of_skew(tmp_path: Path):
    found = scores(range(1, 1001), tmp_path, Told())
    assert found["pairs"].found > 50_000
    assert found["pairs"].precision >= 0.99
    assert found["pairs"].recall >= 0.99
    # Redials seconds apart of which one is lost on each side cannot always be told from one.
    assert all(score.precision >= 0.98 for score in found.values()), found
    assert all(score.recall >= 0.98 for score in found.values()), found


@pytest.mark.slow
def test_two_hundred_phones_whose_logs_have_seconds_and_missed_calls(tmp_path: Path):
    found = scores(range(1, 201), tmp_path, Told(form="phone"))
    assert all(score.precision >= 0.99 for score in found.values()), found
    assert all(score.recall >= 0.99 for score in found.values()), found


def test_no_row_is_in_two_places(tmp_path: Path):
    for seed in range(1, 31):
        made = world(seed, tmp_path, Told(jitter=20))
        found = found_in(made)
        placed = [row for pair in found.pairs for row in (pair.log, pair.record)]
        placed += [lack.row for lack in (*found.record_lacks, *found.log_lacks)]
        placed += [each.row for each in (*found.apart, *found.repeats)]
        sources = [(row.source.file, row.source.line) for row in placed]
        assert len(set(sources)) == len(sources), f"seed {seed}"
        # And no row of the record about this person is in none.
        told = {line for file, line in made.record_rows if file == "record.csv"}
        assert told == {line for file, line in sources if file == "record.csv"}, f"seed {seed}"

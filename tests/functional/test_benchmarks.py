"""Every benchmark runs from end to end in the same manner; what it measures here means nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from hashlib import md5
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "benchmarks"
# The page's own needs a browser and npm; tests/functional/pocket runs it where they are.
NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "pocket")
KEYS = {"name", "value", "unit", "peer", "ratio"}


def run(script: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(script), *options],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={
            **os.environ,
            "PYTHONUTF8": "1",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(FOLDER)]),
        },
        timeout=300,
        check=False,
    )


def measured(name: str, folder: Path) -> tuple[str, list[dict[str, Any]]]:
    out = folder / "figures.json"
    done = run(FOLDER / f"{name}.py", "--quick", "--json", str(out))
    assert done.returncode == 0, done.stderr
    told = json.loads(out.read_text(encoding="utf-8"))
    assert set(told) == {"figures"}
    return done.stdout, told["figures"]


@pytest.mark.parametrize("name", NAMES)
def test_a_benchmark_writes_its_figures_in_the_one_form(name: str, tmp_path: Path):
    said, figures = measured(name, tmp_path)
    assert figures
    for figure in figures:
        assert set(figure) == KEYS
        assert figure["name"]
        assert figure["unit"]
        assert figure["value"] >= 0
        assert figure["ratio"] is None or (figure["ratio"] > 0 and figure["peer"])
    assert "Linux" in said or sys.platform != "linux", "figures belong to a machine"
    assert "load" in said, "the noise of the machine belongs beside its figures"


def test_the_law_is_measured_by_a_log_by_a_pack_and_by_rule_set_r(tmp_path: Path):
    _, figures = measured("law", tmp_path)
    assert all(figure["value"] > 0 for figure in figures)
    names = {figure["name"].partition(":")[0] for figure in figures}
    assert {"cn, 200 events", "rule set R, 20 events", "rule set R, 200 events"} <= names
    assert any(name.startswith("forbear audit") for name in names)


def test_loans_are_measured_in_columns_one_by_one_and_from_their_entries(tmp_path: Path):
    said, figures = measured("loans", tmp_path)
    assert "All agree to the cent" in said
    peers = {figure["peer"]: figure["ratio"] for figure in figures if figure["peer"]}
    assert {"Forbear, loan by loan", "Forbear, Parquet to Parquet"} <= set(peers)
    assert any(peer.startswith("pandas") for peer in peers)
    # Columns that are not many times as fast as objects are no columns.
    assert peers["Forbear, loan by loan"] > 5
    names = {figure["name"] for figure in figures}
    assert any(name.endswith("peak memory") for name in names)
    assert sum(name.startswith("one plan of 36 rows") for name in names) == 5


DIFFERING = """
import sys
from pathlib import Path

import numpy as np
from parts.turns import Contender, in_turn


def load(folder, bit):
    return lambda: np.full(100, bit if folder.name == "whole" else 0, np.uint8)


def one(folder):
    return load(folder, 1)


def other(folder):
    return load(folder, int(sys.argv[1]))


if __name__ == "__main__":
    found = in_turn(
        [Contender(name="one", load=one), Contender(name="other", load=other)],
        small=Path("small"), whole=Path("whole"), rounds=3, patience=9.0,
    )
    print([(each.name, len(each.laps), each.peak >= 0, each.wall > 0) for each in found])
"""


def start(bit: int) -> str:
    return md5(bytes([bit]) * 100, usedforsecurity=False).hexdigest()[:8]


def test_engines_that_answer_differently_are_not_compared(tmp_path: Path):
    script = tmp_path / "differing.py"
    script.write_text(DIFFERING, encoding="utf-8")
    done = run(script, "2")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "benchmarks: other and one answer the question differently, so they are not compared: "
        f"md5 {start(2)} and {start(1)}"
    ]


def test_engines_that_answer_alike_run_once_a_round(tmp_path: Path):
    script = tmp_path / "alike.py"
    script.write_text(DIFFERING, encoding="utf-8")
    done = run(script, "1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[('one', 3, True, True), ('other', 3, True, True)]"

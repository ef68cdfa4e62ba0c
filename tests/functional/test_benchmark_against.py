"""The figures of comparing a log with a record can be had by one command."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_one_command_prints_and_writes_the_figures(tmp_path: Path):
    out = tmp_path / "figures.json"
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "against.py"), "--quick", "--json", str(out)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONUTF8": "1", "PYTHONPATH": str(ROOT / "src")},
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "record lacks: precision, recall" in done.stdout
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert all(run["pairs"]["found"] > 0 for run in figures.values())

"""The benchmark of the page runs from end to end; what it measures here means nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.functional.pocket.conftest import NPM

ROOT = Path(__file__).parents[3]


def test_the_benchmark_of_the_page_runs_and_writes_its_figures(tmp_path: Path):
    out = tmp_path / "figures.json"
    script = ROOT / "benchmarks" / "pocket.py"
    done = subprocess.run(
        [sys.executable, str(script), "--quick", "--npm", str(NPM), "--json", str(out)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT / "src")},
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(out.read_text(encoding="utf-8"))["figures"]
    assert {figure["name"].partition(", ")[0] for figure in figures} == {"the page"}
    assert all(figure["value"] > 0 for figure in figures)
    assert "load" in done.stdout, "the noise of the machine belongs beside its figures"

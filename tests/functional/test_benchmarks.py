"""The benchmark runs from end to end; what it measures here means nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_benchmark_runs_and_writes_its_figures(tmp_path: Path):
    out = tmp_path / "figures.json"
    script = ROOT / "benchmarks" / "law.py"
    done = subprocess.run(
        [sys.executable, str(script), "--quick", "--json", str(out)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONUTF8": "1", "PYTHONPATH": str(ROOT / "src")},
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(out.read_text(encoding="utf-8"))["figures"]
    assert {tuple(figure) for figure in figures} == {("name", "value", "unit", "peer", "ratio")}
    assert all(figure["value"] > 0 for figure in figures)
    names = {figure["name"].partition(":")[0] for figure in figures}
    assert {"cn, 200 events", "rule set R, 20 events", "rule set R, 200 events"} <= names
    assert any(name.startswith("forbear audit") for name in names)
    assert "load" in done.stdout, "the noise of the machine belongs beside its figures"

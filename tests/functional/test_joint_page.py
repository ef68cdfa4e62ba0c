"""The joint table and the comparison in a real browser: they fit a phone, also in large type."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from html import escape, unescape
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from benchmarks.parts.two_sides import MINE, Told, world

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
LONG = "某某某某某某某某某某某某某某某某某某某某某某小额贷款有限公司"
VIEWS = list(product(("joint", "against"), ("zh", "en"), (390, 1280)))
LOOK = """
onload = () => {
  const seen = [...document.querySelectorAll("iframe")].map(frame => {
    const d = frame.contentDocument, root = d.documentElement;
    const tables = [...d.querySelectorAll(".wide")];
    const found = {
      wide: root.scrollWidth, tables: tables.length,
      reachable: tables.every(t => t.tabIndex === 0),
      fetched: d.defaultView.performance.getEntriesByType("resource").length,
    };
    root.style.fontSize = "200%";
    return {...found, widened: root.scrollWidth};
  });
  document.getElementById("out").textContent = JSON.stringify(seen);
};
"""

pytestmark = pytest.mark.skipif(BROWSER is None, reason="needs Chromium to draw the page")
Run = Callable[..., tuple[int, str, str]]


def pages(run: Run, folder: Path) -> dict[tuple[str, str], str]:
    """The pages of both commands in both languages, with names as long as they come."""
    people = folder / "people"
    people.mkdir()
    for name in ("sample-calls.xml", "sample-bill-gbk.csv"):
        shutil.copy(EXAMPLES / name, people / name)
    made = world(11, folder, Told(form="phone"))
    named = [word for each in made.collectors for word in ("--collector", f"{each}{LONG}")]
    commands: dict[str, list[object]] = {
        "joint": [people, "--joint", "--collector", f"95187={LONG}"],
        "against": [*made.logs, *named, "--against", made.record, "--person", MINE],
    }
    found = {}
    for (what, words), language in product(commands.items(), ("zh", "en")):
        out = folder / f"{what}-{language}.html"
        run(*words, "--lang", language, "-o", out)
        found[what, language] = out.read_text(encoding="utf-8")
    return found


def test_both_pages_fit_and_fetch_nothing(run: Run, tmp_path: Path):
    made = pages(run, tmp_path)
    frames = "".join(
        f'<iframe style="width:{width}px;height:900px;border:0" '
        f'srcdoc="{escape(made[what, language])}"></iframe>'
        for what, language, width in VIEWS
    )
    frame = tmp_path / "frame.html"
    frame.write_text(
        f'<!DOCTYPE html><meta charset="utf-8">{frames}<pre id="out"></pre><script>{LOOK}</script>',
        encoding="utf-8",
    )
    command = [
        str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", frame.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, timeout=120, check=True).stdout.decode()
    found = re.search(r'<pre id="out">(.*?)</pre>', done)
    assert found is not None
    seen: list[dict[str, Any]] = json.loads(unescape(found[1]))
    for (what, language, width), each in zip(VIEWS, seen, strict=True):
        view = f"{what} {language} {width}"
        assert each["tables"] > 2, view
        assert each["reachable"], view
        assert each["wide"] <= width, view
        assert each["widened"] <= width, view
        assert each["fetched"] == 0, view

"""The borrower's page beside the command. Run ``.venv/bin/python benchmarks/pocket.py``.

The same log, from choosing the file to findings: in Chromium by the page, and by the command on the
same machine. Needs npm and Chromium. Goals are said to be met or missed; they are no tests.
"""

from __future__ import annotations

import argparse
import functools
import shutil
import sys
import threading
from collections.abc import Sequence
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

from parts.measure import NOISE, Figure, goal, machine, number, refuse, table, write_figures
from parts.phone_log import run_audit, write_logs
from playwright.sync_api import Page, sync_playwright

from forbear.pocket.build import build

SEED: Final = 1
_GOAL_SECONDS: Final = 30.0
_COLLECTORS: Final = ("95187", "1069018795187")


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


def _served(folder: Path) -> ThreadingHTTPServer:
    handler = functools.partial(_Silent, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _opened(page: Page, url: str) -> float:
    """Seconds from the address to an engine that answers."""
    start = perf_counter()
    page.goto(url)
    page.wait_for_selector("html[data-engine=ready]", timeout=120_000)
    return perf_counter() - start


def _judged(page: Page, logs: Sequence[Path]) -> tuple[float, float]:
    """Seconds to read the files and to judge them, both as a person sees it."""
    start = perf_counter()
    page.evaluate("location.hash = 'log'")
    page.set_input_files("#files", [str(log) for log in logs])
    page.wait_for_selector("#kept", timeout=300_000)
    page.evaluate("location.hash = 'numbers'")
    page.wait_for_selector("#check", timeout=300_000)
    read = perf_counter() - start
    for who in _COLLECTORS:
        page.check(f"[id='collector-{who}']")
        page.fill(f"[id='name-{who}']", "甲小贷")
    start = perf_counter()
    page.click("#check")
    page.wait_for_selector("main[data-step=findings] #keep", timeout=300_000)
    return read, perf_counter() - start


def _peak_of_the_browser() -> float:
    """MiB at the peak of the largest process that draws a page; 0 where the system does not say."""
    peaks = [0.0]
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            command = (status.parent / "cmdline").read_bytes()
            if b"--type=renderer" in command:
                line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
                peaks.append(int(line.split()[1]) / 1024)
        except (OSError, StopIteration):
            continue
    return max(peaks)


def measure(chromium: str, npm: str, *, rows: int) -> list[Figure]:
    """The page and the command on one log of ``rows`` rows."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        build(folder / "page", npm=npm)
        server = _served(folder / "page")
        logs = write_logs(folder, rows, SEED)
        url = f"http://127.0.0.1:{server.server_port}/"
        with sync_playwright() as playing:
            browser = playing.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai").new_page()
            first, again = _opened(page, url), _opened(page, url)
            NOISE.feel()
            read, judged = _judged(page, logs)
            heap = page.evaluate(
                "import('./js/engine.js').then(({ memory }) => memory.heap / 1048576)"
            )
            peak = _peak_of_the_browser()
            found = page.evaluate(
                "import('./js/session.js').then(async ({ everyFinding }) =>"
                " JSON.parse(await everyFinding()).findings.length)"
            )
            browser.close()
        server.shutdown()
        command = run_audit(folder, logs)
        NOISE.feel()
    whole = read + judged
    heads = [
        "",
        "open s",
        "again s",
        "read s",
        "judge s",
        "file to findings s",
        "engine MiB",
        "peak MiB",
    ]
    cells = [first, again, read, judged, whole, heap, peak]
    shown = f"{rows:,} rows".replace(",", " ")
    beside = ["forbear audit", "", "", "", "", number(command.wall), "", number(command.peak_mib)]
    table(shown, heads, [["the page", *map(number, cells)], beside])
    print(f"\n{found:,} findings; the page takes {whole / command.wall:.1f} × the command's time.")
    if rows == 50_000:
        goal("50 000 rows in the page, file to findings", whole, _GOAL_SECONDS, "s")
    name = f"the page, {rows} rows"
    return [
        Figure(
            name=f"{name}, file to findings", value=whole, unit="s", peer="forbear audit",
            ratio=command.wall / whole,
        ),
        Figure(name=f"{name}, heap of the engine", value=heap, unit="MiB"),
        Figure(name=f"{name}, peak of the tab", value=peak, unit="MiB"),
        Figure(name=f"{name}, engine ready", value=first, unit="s"),
    ]  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the tables, and write the figures where asked to."""
    asked = argparse.ArgumentParser(description="Time the borrower's page beside the command.")
    asked.add_argument("--quick", action="store_true", help="a short log; the figures mean little")
    asked.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file")
    asked.add_argument("--npm", default="npm", metavar="PROGRAM", help="the npm client")
    options = asked.parse_args(argv)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None or shutil.which(options.npm) is None:
        refuse("the page is timed in Chromium and built by npm; install both and run this again")
    print(machine())
    NOISE.feel()
    figures: list[Figure] = []
    for rows in (800,) if options.quick else (5_000, 50_000):
        figures += measure(str(chromium), options.npm, rows=rows)
    print(NOISE.told())
    write_figures(options.json, figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())

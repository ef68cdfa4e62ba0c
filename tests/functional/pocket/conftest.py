"""The page in a real browser: built by the real command, served, and then cut off."""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from tests.functional.browsers import CHROMIUM

from forbear.cli.main import main

BESIDE = Path(sys.executable).parent / "npm"
NPM = shutil.which("npm") or (str(BESIDE) if BESIDE.is_file() else None)
# The engine starts in two or three seconds; a busy machine may take many times that.
ENGINE_MS = 120_000
PATIENCE_MS = 40_000
# Resolves once the browser has drawn what was changed before.
DRAWN = "new Promise((tell) => requestAnimationFrame(() => requestAnimationFrame(tell)))"

needs_browser = [
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium to open the page"),
    pytest.mark.skipif(NPM is None, reason="needs npm to build the page"),
    # One build and one browser serve all of them.
    pytest.mark.xdist_group("pocket"),
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser, and shares one."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            for mark in needs_browser:
                item.add_marker(mark)


class _Noting(SimpleHTTPRequestHandler):
    def __init__(self, *args: Any, asked: list[str], **kwargs: Any) -> None:
        self.asked = asked
        super().__init__(*args, **kwargs)

    def log_message(self, *_: Any) -> None:
        """Keep what was asked for, and say nothing."""
        self.asked.append(self.path)


class Site:
    """The page on a server that can go away, and that knows what it was asked for."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[str] = []
        handler = functools.partial(_Noting, directory=str(folder), asked=self.asked)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self._running = True

    def stop(self) -> None:
        if self._running:
            self._server.shutdown()
            self._server.server_close()
            self._running = False


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as the command builds it."""
    out = tmp_path_factory.mktemp("pocket") / "page"
    assert NPM is not None
    assert main(["pocket", "build", "-o", str(out), "--npm", NPM]) == 0
    return out


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core, at the version that the lock names."""
    work = tmp_path_factory.mktemp("axe")
    locks = Path(str(files("forbear.pocket"))) / "npm"
    for name in ("package.json", "package-lock.json"):
        shutil.copy(locks / name, work / name)
    command = [str(NPM), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return (work / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def site(folder: Path) -> Iterator[Site]:
    made = Site(folder)
    yield made
    made.stop()


@pytest.fixture
def elsewhere(folder: Path) -> Iterator[Site]:
    """Another server, on another origin, that would answer."""
    made = Site(folder)
    yield made
    made.stop()


class Visit:
    """One person's browser at the page, with everything that it asked the network for."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.context, self.site = context, site
        self.requests: list[str] = []
        self.trouble: list[str] = []
        context.on("request", lambda request: self.requests.append(request.url))
        self.page = self.open()

    def open(self) -> Page:
        """A new tab at the start of the page, with the engine running."""
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("console", self._hear)
        page.goto(self.site.url)
        page.wait_for_selector("html[data-engine=ready]", timeout=ENGINE_MS)
        return page

    def _hear(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.trouble.append(message.text)

    def step(self, name: str) -> None:
        """Go to a step as a link of the page would."""
        self.page.evaluate("(name) => { location.hash = name; }", name)
        self.page.wait_for_selector(f"main[data-step={name.split('/', maxsplit=1)[0]}] h1")

    def give(self, *files: Path | dict[str, Any]) -> None:
        """Choose log files, and wait until they are read or refused."""
        self.step("log")
        self.page.set_input_files("#files", list(files))
        self.page.wait_for_selector("#kept, .sorry")

    def choose(self, *numbers: str, name: str = "") -> None:
        """Choose exactly these numbers as the collector's."""
        self.step("numbers")
        for box in self.page.query_selector_all("input[name=collector]:checked"):
            box.click()
        for number in numbers:
            if self.page.query_selector(f"[id='collector-{number}']") is None:
                self.page.fill("#another", number)
                self.page.click(".add button")
            box = self.page.wait_for_selector(f"[id='collector-{number}']", state="attached")
            assert box is not None
            if not box.is_checked():
                self.page.check(f"[id='collector-{number}']", force=True)
            if name:
                self.page.fill(f"[id='name-{number}']", name)

    def check(self) -> None:
        """Have the chosen numbers judged, and wait for the findings."""
        self.page.click("#check")
        self.page.wait_for_selector("main[data-step=findings] #keep")

    def saved(self, button: str) -> Any:
        """The JSON that a button of the page saves."""
        with self.page.expect_download() as waiting:
            self.page.click(button)
        return json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))

    def ask(self, request: dict[str, Any], **inputs: bytes) -> dict[str, Any]:
        """Put one request to the page's own engine, by the module that the page uses."""
        given = [{"name": name, "bytes": list(content)} for name, content in inputs.items()]
        answer = self.page.evaluate(
            """async ([request, given]) => {
                const { ask } = await import('./js/engine.js');
                const files = given.map(({ name, bytes }) => (
                    { name, bytes: new Uint8Array(bytes).buffer }));
                return ask(request, files.length ? files : null);
            }""",
            [request, given],
        )
        assert isinstance(answer, dict)
        return answer


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Visit]]:
    """Open the page as somebody would: by default on a small phone, in China."""
    made: list[BrowserContext] = []

    def visit(*, at: Site = site, **changes: Any) -> Visit:
        said = {
            "viewport": {"width": 390, "height": 844},
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
            "accept_downloads": True,
        }
        context = browser.new_context(**{**said, **changes})
        made.append(context)
        return Visit(context, at)

    yield visit
    for context in made:
        context.close()

"""With the network cut after the first visit, the page still does everything; it asks nobody."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.functional.pocket.conftest import Visit
from tests.functional.pocket.logs import long_log

from forbear.cli.main import main

ROOT = Path(__file__).parents[3]


def cut(visitor: Visit) -> None:
    """No network, and no server either."""
    visitor.site.stop()
    visitor.context.set_offline(True)


def test_a_long_log_becomes_findings_and_papers_without_a_network(
    visit: Callable[..., Visit], tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    visitor = visit()
    cut(visitor)
    visitor.page.reload()
    visitor.page.wait_for_selector("html[data-engine=ready]")
    visitor.requests.clear()

    visitor.step("whose")
    visitor.page.check("#whose-debtor")
    log = tmp_path / "calls.xml"
    log.write_bytes(long_log(5000))
    visitor.give(log)
    visitor.choose("95187", name="甲小贷")
    visitor.check()
    on_page = visitor.saved("#save-json")
    capfd.readouterr()
    words = ["audit", str(log), "--collector", "95187=甲小贷", "--format", "json", "--lang", "zh"]
    assert main(words) == 0
    assert on_page == json.loads(capfd.readouterr().out)
    assert len(on_page["findings"]) > 500

    visitor.step("want")
    visitor.page.check("#want-stop")
    visitor.step("papers")
    visitor.page.wait_for_selector("#list article")
    titles = visitor.page.locator("#list h2").all_inner_texts()
    assert len(titles) >= 3
    visitor.page.locator("#list a.button").first.click()
    sheet = visitor.page.wait_for_selector("#sheet")
    assert sheet is not None
    assert "95187" in visitor.page.inner_text("main") or "甲小贷" in visitor.page.inner_text("main")
    assert visitor.trouble == []
    here = (visitor.site.url, f"blob:{visitor.site.url}")
    assert [url for url in visitor.requests if not url.startswith(here)] == []


def test_nothing_is_asked_of_anybody_but_the_server_of_the_page(visit: Callable[..., Visit]):
    visitor = visit()
    visitor.give(ROOT / "examples" / "sample-calls.xml")
    visitor.choose("95187")
    visitor.check()
    here = (visitor.site.url, f"blob:{visitor.site.url}")
    assert len(visitor.requests) > 10
    assert [url for url in visitor.requests if not url.startswith(here)] == []


@pytest.mark.parametrize(
    "attempt",
    [
        "fetch('https://example.org/').then(() => 'sent', () => 'refused')",
        "fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')",
        "new Promise((tell) => { const image = new Image(); image.onload = () => tell('sent');"
        " image.onerror = () => tell('refused'); image.src = 'https://example.org/a.png'; })",
        "Promise.resolve().then(() => { new WebSocket('wss://example.org/'); return 'sent'; })"
        ".catch(() => 'refused')",
        "Promise.resolve().then(() => Function('return 1')()).then(() => 'sent', () => 'refused')",
    ],
)
def test_the_policy_refuses_whatever_would_leave_the_page(
    visit: Callable[..., Visit], attempt: str
):
    page = visit().page
    policy: list[str] = page.evaluate(
        """() => { window.broken = [];
        document.addEventListener('securitypolicyviolation', (event) =>
            window.broken.push(event.effectiveDirective)); return window.broken; }"""
    )
    assert policy == []
    page.evaluate("async (code) => { window.tried = code; }", attempt)
    said = page.evaluate(attempt)
    assert said == "refused" or page.evaluate("window.broken.length") > 0


def test_the_engine_itself_cannot_reach_the_network(visit: Callable[..., Visit], folder: Path):
    visitor = visit()
    # The same kind of worker as the engine's, made in the same way, under the same policy.
    said = visitor.page.evaluate(
        """() => new Promise((tell) => {
            const code = `fetch('https://example.org/').then(
                () => postMessage('sent'), () => postMessage('refused'));`;
            const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
            const worker = new Worker(url, { type: 'module' });
            worker.onmessage = ({ data }) => tell(data);
        })"""
    )
    assert said == "refused"
    assert any("Content Security Policy" in text for text in visitor.trouble)
    assert "connect-src 'self'" in (folder / "index.html").read_text(encoding="utf-8")

"""With the network cut after the first visit, the page still does everything; it asks nobody."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.functional.pocket.conftest import Site, Visit
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
    visitor.page.locator("#list a.open").first.click()
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


ATTEMPTS = {
    "fetch": "fetch(there, { mode: 'no-cors' }).then(() => 'sent', () => 'refused')",
    "picture": "new Promise((tell) => { const image = new Image(); image.src = there;"
    " image.onload = () => tell('sent'); image.onerror = () => tell('refused'); })",
    "beacon": "Promise.resolve(navigator.sendBeacon(there, 'log') ? 'queued' : 'refused')",
    "worker": """new Promise((tell) => {
        const code = `fetch('${there}', { mode: 'no-cors' }).then(
            () => postMessage('sent'), () => postMessage('refused'));`;
        const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
        new Worker(url, { type: 'module' }).onmessage = ({ data }) => tell(data); })""",
}


@pytest.mark.parametrize("attempt", list(ATTEMPTS))
def test_nothing_gets_out_of_the_page_by_any_way(
    visit: Callable[..., Visit], elsewhere: Site, attempt: str
):
    page = visit().page
    code = f"async (there) => {{ return await {ATTEMPTS[attempt]}; }}"
    said = page.evaluate(code, f"{elsewhere.url}icon.svg")
    page.wait_for_load_state("networkidle")
    assert said != "sent"
    assert elsewhere.asked == []


@pytest.mark.parametrize("attempt", ["fetch", "picture", "worker"])
def test_the_same_ways_lead_out_of_a_page_without_the_policy(
    browser: Browser, site: Site, elsewhere: Site, attempt: str
):
    # Else the test above would pass wherever there is no network at all.
    page = browser.new_page()
    page.goto(f"{site.url}LICENCES.txt")
    code = f"async (there) => {{ return await {ATTEMPTS[attempt]}; }}"
    assert page.evaluate(code, f"{elsewhere.url}icon.svg") == "sent"
    assert elsewhere.asked
    page.close()

"""On a phone the page can be installed, and a log can be shared with it from another app."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.functional.pocket.conftest import Site, Visit

ROOT = Path(__file__).parents[3]
SHARE = """async ([name, text]) => {
    const form = new FormData();
    form.append('logs', new File([text], name));
    const answer = await fetch('share', { method: 'POST', body: form, redirect: 'manual' });
    return answer.type;
}"""


def test_the_page_can_be_installed(visit: Callable[..., Visit]):
    visitor = visit()
    visitor.page.reload()
    visitor.page.wait_for_selector("html[data-offline=ready]")
    tools = visitor.context.new_cdp_session(visitor.page)
    errors = tools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A private window, which each test has, can install nothing; that alone is no fault of ours.
    assert [each["errorId"] for each in errors if each["errorId"] != "in-incognito"] == []
    manifest = tools.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert "forbear" in manifest["data"].lower()


def test_a_log_shared_by_another_app_is_read_like_a_chosen_one(visit: Callable[..., Visit]):
    visitor = visit()
    log = (ROOT / "examples" / "sample-calls.xml").read_text(encoding="utf-8")
    said = visitor.page.evaluate(SHARE, ["shared.xml", log])
    assert said == "opaqueredirect"
    assert visitor.site.asked.count("/share") == 0
    visitor.page.close()
    visitor.page = visitor.open()
    visitor.step("log")
    visitor.page.wait_for_selector("text=读出")
    assert "shared.xml" in visitor.page.inner_text("section[aria-labelledby=kept]")


def test_a_picture_that_is_shared_is_refused_as_kindly_as_a_chosen_one(
    visit: Callable[..., Visit],
):
    visitor = visit()
    visitor.page.evaluate(SHARE, ["photo.png", "\u0089PNG"])
    visitor.page.close()
    visitor.page = visitor.open()
    visitor.step("log")
    assert "photo.png" in visitor.page.inner_text(".sorry")
    visitor.page.close()
    # It is gone the next time, and nothing is said of it again.
    visitor.page = visitor.open()
    visitor.step("log")
    assert visitor.page.locator(".sorry").count() == 0


def test_a_new_version_waits_until_the_page_was_closed(
    visit: Callable[..., Visit], site: Site, folder: Path, tmp_path: Path
):
    # The site is served from a copy, so that it can be changed under an open page.
    copy = tmp_path / "page"
    shutil.copytree(folder, copy)
    site.stop()
    moved = Site(copy)
    visitor = visit(at=moved)
    words, worker = copy / "js" / "words.js", copy / "sw.js"
    words.write_text(
        words.read_text(encoding="utf-8").replace("合法吗", "合不合法"), encoding="utf-8"
    )
    kept = re.search(r'"version":"(\w+)"', worker.read_text(encoding="utf-8"))
    assert kept is not None
    text = worker.read_text(encoding="utf-8").replace(kept[1], "0" * 16)
    worker.write_text(text, encoding="utf-8")

    assert visitor.page.inner_text("h1") == "您遇到的催收，合法吗？"
    visitor.page.reload()
    assert visitor.page.inner_text("h1") == "您遇到的催收，合法吗？"
    visitor.page.wait_for_function(
        "navigator.serviceWorker.getRegistration().then((known) => known && known.waiting !== null)"
    )
    # The browser changes over once it has noticed that the page is closed.
    titles = []
    while len(titles) < 5 and "您遇到的催收，合不合法？" not in titles:
        visitor.page.close()
        visitor.page = visitor.open()
        titles.append(visitor.page.inner_text("h1"))
    assert titles[-1] == "您遇到的催收，合不合法？"
    moved.stop()

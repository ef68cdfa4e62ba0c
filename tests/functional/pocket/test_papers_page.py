"""The mother's log leads to the third person's letter, the debtor's to her own papers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.functional.pocket.conftest import Visit

ROOT = Path(__file__).parents[3]


def papers_of(visitor: Visit, whose: str, *wants: str) -> list[str]:
    visitor.step("whose")
    visitor.page.check(f"#whose-{whose}")
    visitor.give(ROOT / "examples" / "sample-calls.xml", ROOT / "examples" / "sample-sms.xml")
    visitor.choose("95187", "1069018795187", name="甲小贷")
    visitor.check()
    visitor.step("want")
    for want in wants:
        visitor.page.check(f"#want-{want}")
    visitor.step("papers")
    visitor.page.wait_for_selector("#list article")
    visitor.page.wait_for_function("!document.querySelector('#list > .quiet')")
    links = visitor.page.query_selector_all("#list a.open")
    return [str(link.get_attribute("href")).removeprefix("#papers/") for link in links]


def test_the_mother_gets_the_third_persons_letter_and_the_debtor_does_not(
    visit: Callable[..., Visit],
):
    mother, debtor = visit(), visit()
    hers = papers_of(mother, "relative", "stop")
    own = papers_of(debtor, "debtor", "stop")
    assert "third" in hers
    assert "third" not in own
    mother.step("findings")
    mother.page.wait_for_selector("#keep")
    clauses = mother.page.inner_text("main")
    assert "催收对象" in clauses or "联系第三人" in clauses
    debtor.step("findings")
    debtor.page.wait_for_selector("#keep")
    assert "联系第三人" not in debtor.page.inner_text("main")


def test_nothing_that_acknowledges_a_debt_is_drafted_before_its_warning_was_accepted(
    visit: Callable[..., Visit],
):
    visitor = visit()
    assert "offer" not in papers_of(visitor, "debtor", "pay")
    warned = visitor.page.inner_text("#list")
    assert "时效" in warned
    visitor.page.click("#read-acknowledged")
    visitor.page.wait_for_selector("#list a[href='#papers/offer']")


def test_a_paper_is_saved_as_it_was_changed(visit: Callable[..., Visit]):
    visitor = visit()
    papers_of(visitor, "debtor", "stop")
    visitor.step("papers/complaint")
    visitor.page.wait_for_selector("#sheet")
    visitor.page.locator("#sheet p[contenteditable]").first.fill("改过的第一段。")
    with visitor.page.expect_download() as waiting:
        visitor.page.click("#save-paper")
    kept = Path(waiting.value.path()).read_text(encoding="utf-8")
    assert "改过的第一段。" in kept
    assert "contenteditable" not in kept
    assert "<script" not in kept


@pytest.mark.parametrize("whose", ["debtor", "relative"])
def test_what_the_person_tells_stands_in_her_papers(visit: Callable[..., Visit], whose: str):
    visitor = visit()
    papers = papers_of(visitor, whose, "stop")
    if not visitor.page.is_visible("#told-name"):
        visitor.page.click(".about > summary")
    visitor.page.fill("#told-name", "王芳")
    assert papers[0] == "guide"
    for paper in papers[1:3]:
        visitor.step(f"papers/{paper}")
        visitor.page.wait_for_selector(f"#sheet [data-key='{paper}.title']")
        assert "王芳" in visitor.page.inner_text("#sheet")

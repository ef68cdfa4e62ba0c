"""Closing the page loses nothing that was typed; one tap erases it all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.functional.pocket.conftest import Visit

ROOT = Path(__file__).parents[3]


def by_hand(visitor: Visit, date: str, time: str, number: str, said: str) -> None:
    page = visitor.page
    if not page.is_visible("#hand-date"):
        page.click("#by-hand > summary")
    page.fill("#hand-date", date)
    page.fill("#hand-time", time)
    page.fill("#hand-number", number)
    page.fill("#hand-said", said)
    page.click("text=记下这一次")


def filled(visitor: Visit) -> None:
    """Something of every kind that can be entered."""
    visitor.step("danger")
    visitor.page.check("input[name=danger] >> nth=-1")
    visitor.step("whose")
    visitor.page.check("#whose-relative")
    visitor.give(ROOT / "examples" / "sample-calls.xml")
    by_hand(visitor, "2026-03-11", "21:30", "95187", "说要去找孩子")
    # Half of another call, never added.
    visitor.page.fill("#hand-said", "还没写完")
    visitor.choose("95187", name="甲小贷")
    visitor.step("papers")
    visitor.page.wait_for_selector("#list article")
    if not visitor.page.is_visible("#told-name"):
        visitor.page.click(".about > summary")
    visitor.page.fill("#told-name", "王芳")


def test_closing_the_page_loses_nothing(visit: Callable[..., Visit]):
    visitor = visit()
    filled(visitor)
    visitor.page.close()
    visitor.page = visitor.open()
    visitor.step("danger")
    assert visitor.page.locator("input[name=danger]:checked").count() == 1
    visitor.step("whose")
    assert visitor.page.is_checked("#whose-relative")
    visitor.step("log")
    visitor.page.wait_for_selector("#kept")
    assert "sample-calls.xml" in visitor.page.inner_text("section[aria-labelledby=kept]")
    assert "2026-03-11 21:30" in visitor.page.inner_text("section[aria-labelledby=written]")
    assert visitor.page.input_value("#hand-said") == "还没写完"
    visitor.step("numbers")
    visitor.page.wait_for_selector("#check")
    assert visitor.page.is_checked("#collector-95187")
    assert visitor.page.input_value("#name-95187") == "甲小贷"
    visitor.step("papers")
    assert visitor.page.input_value("#told-name") == "王芳"


def test_a_change_to_a_paper_survives_too(visit: Callable[..., Visit]):
    visitor = visit()
    filled(visitor)
    visitor.page.wait_for_selector("#list a.open")
    visitor.page.locator("#list a.open").first.click()
    first = visitor.page.locator("#sheet p[contenteditable]").first
    first.fill("我自己改过的一句话。")
    where = visitor.page.evaluate("location.hash.slice(1)")
    visitor.page.close()
    visitor.page = visitor.open()
    visitor.step(where)
    assert "我自己改过的一句话。" in visitor.page.inner_text("#sheet")


def test_one_tap_erases_everything(visit: Callable[..., Visit]):
    visitor = visit()
    filled(visitor)
    visitor.page.click("#erase")
    visitor.page.wait_for_selector("text=已经清除")
    kept = visitor.page.evaluate(
        """async () => {
            const { keptFiles, state } = await import('./js/store.js');
            return [await keptFiles(), JSON.stringify(state), localStorage.length];
        }"""
    )
    assert kept[0] == []
    assert "王芳" not in kept[1]
    assert "95187" not in kept[1]
    visitor.page.close()
    visitor.page = visitor.open()
    visitor.step("log")
    assert visitor.page.locator("#kept").count() == 0
    visitor.step("papers")
    assert visitor.page.input_value("#told-name") == ""


def test_calls_by_hand_are_judged_like_any_log(visit: Callable[..., Visit]):
    visitor = visit()
    visitor.step("log")
    for time in ("09:00", "11:00", "15:00", "22:30"):
        by_hand(visitor, "2026-03-11", time, "95187", "")
    visitor.step("numbers")
    visitor.page.wait_for_selector("#check")
    visitor.check()
    found = visitor.saved("#save-json")
    assert {finding["clause"] for finding in found["findings"]} >= {
        "GB/T 45251-2025 5.3 交互式催收频次",
        "GB/T 45251-2025 5.3 催收时间",
    }
    assert list(found["inputs"]) == ["手写记录.csv"]

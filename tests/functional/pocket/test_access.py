"""Everybody can use the page: with a screen reader, a keyboard, large type, by day and by night."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from tests.functional.pocket.conftest import DRAWN, Visit

ROOT = Path(__file__).parents[3]
STEPS = (
    "start", "danger", "real", "whose", "lender", "log", "numbers", "findings", "want", "papers",
)  # fmt: skip
LOOKS = list(product(("zh-CN", "zh-TW", "en-GB"), ((390, 844), (1280, 900)), ("light", "dark")))


def at_work(visitor: Visit) -> None:
    """Answers, a log, findings and papers, so that no step is empty."""
    for answer in ("danger-threat", "real-private_account", "whose-relative"):
        visitor.step(answer.split("-", maxsplit=1)[0])
        visitor.page.check(f"#{answer}")
    visitor.give(ROOT / "examples" / "sample-calls.xml", ROOT / "examples" / "sample-sms.xml")
    visitor.choose("95187", "1069018795187")
    visitor.check()
    visitor.step("want")
    for box in visitor.page.query_selector_all("input[name=want]"):
        box.click()


def serious(found: list[dict[str, Any]]) -> list[str]:
    return [
        f"{each['id']}: {node['html'][:120]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]


@pytest.mark.parametrize(("locale", "size", "scheme"), LOOKS)
def test_no_step_keeps_anybody_out(
    visit: Callable[..., Visit], axe: str, locale: str, size: tuple[int, int], scheme: str
):
    visitor = visit(
        locale=locale, viewport={"width": size[0], "height": size[1]}, color_scheme=scheme
    )
    at_work(visitor)
    steps = list(STEPS)
    visitor.step("papers")
    visitor.page.wait_for_selector("#list a.open")
    papers = [
        str(link.get_attribute("href"))[1:]
        for link in visitor.page.query_selector_all("#list a.open")
    ]
    assert len(papers) >= 3
    visitor.page.evaluate(axe)
    for step in [*steps, *papers]:
        visitor.step(step)
        visitor.page.evaluate(DRAWN)
        found = visitor.page.evaluate("async () => (await axe.run()).violations")
        assert serious(found) == [], step
        wide = visitor.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size[0], f"{step} scrolls sideways"
    assert visitor.trouble == []


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_type_of_twice_the_size_still_fits_a_phone(visit: Callable[..., Visit], locale: str):
    visitor = visit(locale=locale)
    at_work(visitor)
    visitor.page.evaluate("document.documentElement.style.fontSize = '200%'")
    for step in STEPS:
        visitor.step(step)
        wide = visitor.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, step


def test_everything_can_be_reached_without_a_mouse(visit: Callable[..., Visit]):
    visitor = visit()
    page = visitor.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    seen: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.textContent.trim()"))
        if seen[-1] == "开始":
            break
    assert seen[-1] == "开始"
    page.keyboard.press("Enter")
    page.wait_for_selector("main[data-step=danger] h1")
    # A reader hears the new question, since the focus is on it.
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.locator("input[name=danger]:checked").count() == 1
    assert page.locator(".cards article").count() > 0


def test_skipping_the_bar_stays_on_the_step(visit: Callable[..., Visit]):
    visitor = visit()
    visitor.step("whose")
    visitor.page.focus("#skip")
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("location.hash") == "#whose"
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.name") == "whose"


def test_every_target_is_large_enough_for_a_thumb(visit: Callable[..., Visit]):
    visitor = visit()
    at_work(visitor)
    for step in STEPS:
        visitor.step(step)
        small = visitor.page.evaluate(
            """() => [...document.querySelectorAll('button, .button, select, .choice, summary')]
                .filter((each) => each.offsetParent !== null)
                .filter((each) => each.getBoundingClientRect().height < 44)
                .map((each) => each.textContent.trim().slice(0, 30))"""
        )
        assert small == [], step


def test_the_three_doors_are_within_reach_on_every_step(visit: Callable[..., Visit]):
    visitor = visit()
    for step in STEPS:
        visitor.step(step)
        for door in ("我有困难", "这不是我的债", "请停止联系"):
            box = visitor.page.locator(f"#doors >> text={door}").bounding_box()
            assert box is not None
            assert 844 - 120 < box["y"] < 844


def test_beside_a_number_that_may_save_a_life_nothing_else_asks_for_attention(
    visit: Callable[..., Visit],
):
    visitor = visit()
    visitor.step("danger")
    visitor.page.check("#danger-life")
    assert not visitor.page.is_visible("#doors")
    assert not visitor.page.is_visible("#status")
    first = visitor.page.locator(".card.urgent a[href^='tel:']").first.bounding_box()
    assert first is not None
    assert first["y"] + first["height"] < 844
    visitor.step("real")
    assert visitor.page.is_visible("#doors")


def test_a_door_leads_to_whose_phone_it_is_before_anything_is_asked_for(
    visit: Callable[..., Visit],
):
    visitor = visit()
    visitor.page.click("#doors >> text=我有困难")
    visitor.page.wait_for_selector("main[data-step=whose] h1")
    visitor.page.check("#whose-debtor")
    visitor.page.click("#doors >> text=我有困难")
    visitor.page.wait_for_selector("main[data-step=want] h1")
    assert visitor.page.is_checked("#want-pay")
    assert "时效" in visitor.page.inner_text(".cards")


def test_traditional_characters_are_shown_to_those_who_read_them(visit: Callable[..., Visit]):
    visitor = visit(locale="zh-TW")
    assert visitor.page.inner_text("h1") == "您遇到的催收，合法嗎？"
    assert visitor.page.get_attribute("html", "lang") == "zh-Hant"
    at_work(visitor)
    visitor.step("findings")
    visitor.page.wait_for_selector("#keep")
    assert "違反" in visitor.page.inner_text("main")
    visitor.page.select_option("#language", "en")
    visitor.page.wait_for_selector("html[lang=en]")
    visitor.page.wait_for_selector("#keep")
    assert "broke a rule" in visitor.page.inner_text("h1")

"""The chart of a loan in a real browser: by day and night, on a phone and a screen, zh and en."""

from __future__ import annotations

from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from tests.functional.browsers import CHROMIUM

from forbear.cli.main import main

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium to draw the chart"),
    pytest.mark.xdist_group("charts"),
]

LOANS = {
    "plain": ("--principal", "10000", "--rate", "12", "--months", "12"),
    "least": ("--principal", "0.01", "--rate", "0", "--months", "1"),
    "most": (
        "--principal", "9999999.99", "--rate", "36", "--months", "60", "--repay",
        "interest-first", "--down-payment", "20", "--fee", "a=99999.99",
    ),
}  # fmt: skip
VIEWS = list(product(LOANS, ("zh", "en"), (390, 1280), ("light", "dark")))
LOOK = """() => {
  const channels = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = colour => channels(colour).slice(0, 3).map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  const style = e => getComputedStyle(e);
  const paper = style(document.querySelector(".paper")).fill;
  const shade = style(document.querySelector(".area")).fill;
  const contrast = e => Math.min(...[paper, shade].map(ground => {
    const [a, b] = [light(style(e).fill), light(ground)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  }));
  const texts = [...document.querySelectorAll("text")].map(e => {
    const box = e.getBoundingClientRect();
    return {
      left: box.left, right: box.right, top: box.top, bottom: box.bottom, said: e.textContent,
      size: e.getScreenCTM().a * parseFloat(style(e).fontSize), contrast: contrast(e),
    };
  });
  return { texts, paper, width: innerWidth, wide: document.documentElement.scrollWidth };
}"""


@pytest.fixture(params=VIEWS, ids=lambda view: "-".join(map(str, view)))
def seen(
    request: pytest.FixtureRequest, browser: Browser, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> dict[str, Any]:  # fmt: skip
    """What a browser lays out, with the scheme it was asked for."""
    loan, language, width, scheme = request.param
    file = tmp_path / "loan.svg"
    words = [*LOANS[loan], "--from", "2026-01-31", "--lang", language, "--svg", str(file)]
    assert main(["loan", "schedule", *words]) == 0
    capsys.readouterr()
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    found: dict[str, Any] = page.evaluate(LOOK)
    page.close()
    return {**found, "scheme": scheme, "asked": asked}


def test_the_chart_fits_and_can_be_read(seen: dict[str, Any]) -> None:
    assert seen["wide"] <= seen["width"]
    for text in seen["texts"]:
        assert text["left"] >= 0, text
        assert text["right"] <= seen["width"], text
        assert text["size"] >= 10, text
        assert text["contrast"] >= 4.5, text


def test_no_word_lies_on_another(seen: dict[str, Any]) -> None:
    for one, other in combinations(seen["texts"], 2):
        apart = (
            one["right"] <= other["left"] or other["right"] <= one["left"]
            or one["bottom"] <= other["top"] + 3 or other["bottom"] <= one["top"] + 3
        )  # fmt: skip
        assert apart, (one["said"], other["said"])


def test_the_paper_is_that_of_the_hour_and_nothing_is_fetched(seen: dict[str, Any]) -> None:
    assert seen["paper"] == {"light": "rgb(253, 253, 251)", "dark": "rgb(20, 24, 22)"}[
        seen["scheme"]
    ]  # fmt: skip
    assert len(seen["asked"]) == 1

"""The report in a real browser: it fits a phone, can be read by day and night, fetches nothing."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from html import escape, unescape
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from forbear.base.clock import instant_of
from forbear.base.contact import Contact, ContactId, Source
from forbear.base.reasons import Sentence
from forbear.base.words import Channel, Confidence, Effect, Level, Outcome
from forbear.evidence.given import ClosedHours, Counted, DayLimit, Language, ReportInput
from forbear.evidence.report import html
from forbear.law.answers import Audit, Finding

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
LONG = "a-very-long-file-name-that-nobody-would-choose-" * 3 + ".xml"
RULE = "calls-per-day-with-a-rather-long-identifier-that-does-not-break"
CLAUSE = "小额贷款公司监督管理暂行办法 催收负面清单(2)暴力骚扰误导"

pytestmark = pytest.mark.skipif(BROWSER is None, reason="needs Chromium to draw the page")


def given(language: Language) -> ReportInput:
    """Twelve calls in one day, four too many, with names as long as they come."""
    begin = datetime(2026, 3, 10, 0, 30, tzinfo=UTC)
    calls = []
    for number in range(12):
        at = begin + timedelta(minutes=71 * number)
        calls.append(
            Contact(
                id=ContactId(str(number)),
                at=at,
                instant=instant_of(at),
                channel=Channel.CALL,
                outcome=Outcome.NO_ANSWER if number % 4 == 3 else Outcome.CONVERSATION,
                agent="+8613800000000000000",
                source=Source(file=LONG, line=number + 2),
            )
        )
    findings = tuple(
        Finding(
            rule=RULE,
            clause=CLAUSE,
            level=Level.REGULATION,
            effect=Effect.DENY,
            confidence=Confidence.TEXT,
            breached=call.outcome is Outcome.CONVERSATION,
            contact=call,
            says=Sentence(zh="当日已联系3次,每日至多三次。", en="At most three a day."),
            rows=(*calls[:3], call),
        )
        for call in calls[8:]
    )
    return ReportInput(
        audit=Audit(contacts=12, findings=findings, not_shown=(), packs={"cn": "c" * 64}),
        contacts=tuple(calls),
        zone="Asia/Shanghai",
        language=language,
        whose="debtor",
        inputs={LONG: "a" * 64},
        collectors=(
            ("+8613800000000000000", "某某某某某某某某某某某某某某某某某某某某小额贷款有限公司"),
        ),
        limits=(DayLimit(rule=RULE, clause=CLAUSE, at_most=3, counted=Counted.CONNECTED),),
        closed=(ClosedHours(clause=CLAUSE, start=21 * 3600, end=8 * 3600),),
        command=f"forbear audit {LONG}",
        made_at=begin,
        version="0.1.0",
    )


# Looks at every page in its frame, first as it is and then with the reader's text twice as large.
LOOK = """
const channels = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
const light = colour => channels(colour).slice(0, 3).map(c => c / 255)
  .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
  .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
const look = frame => {
  const d = frame.contentDocument, w = d.defaultView, root = d.documentElement;
  const style = e => w.getComputedStyle(e), box = e => e.getBoundingClientRect();
  const ground = e => {
    for (let at = e; at; at = at.parentElement) {
      const c = channels(style(at).backgroundColor);
      if (c.length === 3 || c[3] > 0) return style(at).backgroundColor;
    }
    return "rgb(255, 255, 255)";
  };
  const contrast = e => {
    const ink = e.ownerSVGElement ? style(e).fill : style(e).color;
    const [a, b] = [light(ink), light(ground(e))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  const worded = [...d.body.querySelectorAll("*")].filter(e =>
    !["title", "desc"].includes(e.localName) &&
    [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()));
  const texts = [...d.querySelectorAll("svg text")].map(t => box(t));
  const sizes = [...d.querySelectorAll("svg text")].map(t =>
    t.getScreenCTM().a * parseFloat(style(t).fontSize));
  const skip = d.querySelector(".skip");
  skip.focus();
  const found = {
    wide: root.scrollWidth, texts: texts.length, worded: worded.length,
    left: Math.min(...texts.map(t => t.left)), right: Math.max(...texts.map(t => t.right)),
    size: Math.min(...sizes), contrast: Math.min(...worded.map(contrast)),
    paper: style(d.body).backgroundColor,
    targets: Math.min(...[...d.querySelectorAll("summary"), skip].map(e => box(e).height)),
    skip: box(skip).left, outline: parseFloat(style(skip).outlineWidth),
    fetched: w.performance.getEntriesByType("resource").length,
    headings: [...d.querySelectorAll("h1, h2")].map(h => h.textContent),
  };
  root.style.fontSize = "200%";
  found.widened = root.scrollWidth;
  return found;
};
onload = () => {
  document.getElementById("out").textContent =
    JSON.stringify([...document.querySelectorAll("iframe")].map(look));
};
"""
VIEWS = [
    (language, width, scheme)
    for language, width, scheme in product(("zh", "en"), (390, 1280), ("light", "dark"))
]


def browsed(url: str, folder: Path, *more: str) -> bytes:
    """What the browser writes to its output for ``url``."""
    command = [
        str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
        "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", f"--user-data-dir={folder / 'profile'}", "--window-size=1400,1000",
        *more, url,
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, timeout=120, check=True).stdout


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int, str], dict[str, Any]]:
    """Every view of the page as a browser lays it out; one start of the browser for all."""
    folder = tmp_path_factory.mktemp("browser")
    frames = "".join(
        f'<iframe style="width:{width}px;height:900px;border:0;color-scheme:{scheme}" '
        f'srcdoc="{escape(html(given(language)))}"></iframe>'  # type: ignore[arg-type]
        for language, width, scheme in VIEWS
    )
    frame = folder / "frame.html"
    frame.write_text(
        f'<!DOCTYPE html><meta charset="utf-8">{frames}<pre id="out"></pre><script>{LOOK}</script>',
        encoding="utf-8",
    )
    found = re.search(
        r'<pre id="out">(.*?)</pre>', browsed(frame.as_uri(), folder, "--dump-dom").decode()
    )
    assert found is not None
    return dict(zip(VIEWS, json.loads(unescape(found[1])), strict=True))


@pytest.fixture(params=VIEWS, ids=lambda view: "-".join(map(str, view)))
def view(
    request: pytest.FixtureRequest, views: dict[tuple[str, int, str], dict[str, Any]]
) -> tuple[int, str, dict[str, Any]]:
    """Width, light or dark, and what was seen."""
    return request.param[1], request.param[2], views[request.param]


def test_page_fits_and_its_pictures_can_be_read(view: tuple[int, str, dict[str, Any]]) -> None:
    width, _, seen = view
    assert seen["texts"] > 8
    assert seen["wide"] <= width
    assert seen["left"] >= 0
    assert seen["right"] <= width
    assert seen["size"] >= 11


def test_page_fits_at_twice_the_text_size(view: tuple[int, str, dict[str, Any]]) -> None:
    width, _, seen = view
    assert seen["widened"] <= width


def test_every_text_stands_out_by_day_and_by_night(view: tuple[int, str, dict[str, Any]]) -> None:
    _, scheme, seen = view
    assert seen["paper"] == {"light": "rgb(253, 253, 251)", "dark": "rgb(20, 24, 22)"}[scheme]
    assert seen["worded"] > 50
    assert seen["contrast"] >= 4.5


def test_targets_are_large_and_focus_is_seen(view: tuple[int, str, dict[str, Any]]) -> None:
    _, _, seen = view
    assert seen["targets"] >= 44
    assert seen["skip"] >= 0
    assert seen["outline"] >= 2


def test_nothing_is_fetched(view: tuple[int, str, dict[str, Any]]) -> None:
    _, _, seen = view
    assert seen["fetched"] == 0
    assert len(seen["headings"]) >= 6


def test_page_prints(tmp_path: Path) -> None:
    page, sheet = tmp_path / "report.html", tmp_path / "report.pdf"
    page.write_text(html(given("zh")), encoding="utf-8")
    browsed(page.as_uri(), tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={sheet}")
    made = sheet.read_bytes()
    assert made.startswith(b"%PDF")
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", made)) <= 8

"""The report in a real browser: nothing overflows a phone, and the pictures can be read there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from html import escape, unescape
from pathlib import Path

import pytest

from forbear.base.clock import instant_of
from forbear.base.contact import Contact, ContactId, Source
from forbear.base.reasons import Sentence
from forbear.base.words import Channel, Confidence, Effect, Level, Outcome
from forbear.evidence.given import Language, ReportInput
from forbear.evidence.report import html
from forbear.law.answers import Audit, Finding

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
LONG = "a-very-long-file-name-that-nobody-would-choose-" * 3 + ".xml"

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
            rule="calls-per-day-with-a-rather-long-identifier-that-does-not-break",
            clause="小额贷款公司监督管理暂行办法 催收负面清单(2)暴力骚扰误导",
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
            ("+8613800000000000000", "某某某某某某某某某某某某某某某某某某小额贷款有限公司"),
        ),
        command=f"forbear audit {LONG}",
        made_at=begin,
        version="0.1.0",
    )


def measured(page: str, width: int, folder: Path) -> dict[str, float]:
    """Width of the page's content and size of its smallest text, as a browser lays it out."""
    frame = folder / "frame.html"
    frame.write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><iframe id="f" style="width:{width}px;height:900px" '
        f'frameborder="0" srcdoc="{escape(page)}"></iframe><pre id="out"></pre><script>'
        "onload = () => { const d = document.getElementById('f').contentDocument;"
        "const size = t => { const m = t.getScreenCTM(); return m.a * "
        "parseFloat(d.defaultView.getComputedStyle(t).fontSize); };"
        "const texts = [...d.querySelectorAll('svg text')];"
        "const right = texts.map(t => t.getBoundingClientRect().right);"
        "const left = texts.map(t => t.getBoundingClientRect().left);"
        "document.getElementById('out').textContent = JSON.stringify({"
        "wide: d.documentElement.scrollWidth, text: Math.min(...texts.map(size)),"
        "left: Math.min(...left), right: Math.max(...right), texts: texts.length,"
        "link: Math.min(...[...d.querySelectorAll('summary')]"
        ".map(e => e.getBoundingClientRect().height)) }); };</script>",
        encoding="utf-8",
    )
    command = [
        str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
        "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", f"--user-data-dir={folder / 'profile'}", "--window-size=1400,1000",
        "--dump-dom", frame.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)  # noqa: S603
    found = re.search(r'<pre id="out">(.*?)</pre>', done.stdout.decode())
    assert found is not None
    values: dict[str, float] = json.loads(unescape(found[1]))
    return values


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [390, 1280])
def test_page_fits_and_its_pictures_can_be_read(
    language: Language, width: int, tmp_path: Path
) -> None:
    seen = measured(html(given(language)), width, tmp_path)
    assert seen["texts"] > 8
    assert seen["wide"] <= width
    assert seen["left"] >= 0
    assert seen["right"] <= width
    assert seen["text"] >= 11
    assert seen["link"] >= 44

"""The page: what it says, that it is safe, and that it stays small and well formed."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from time import perf_counter
from types import SimpleNamespace

import pytest

from forbear.base.reasons import Sentence
from forbear.base.words import Channel, Level
from forbear.evidence.given import (
    ClosedHours,
    Counted,
    DayLimit,
    ReportInput,
    Suggested,
    Unreadable,
)
from forbear.evidence.report import html, style_sheet
from forbear.evidence.voice import Voice
from forbear.law.answers import NotShown

SVG = "{http://www.w3.org/2000/svg}"


def tree(page: str) -> ET.Element:
    """The page as XML: every tag closed, every attribute quoted, no stray mark."""
    return ET.fromstring(page.removeprefix("<!DOCTYPE html>\n"))


def shown(page: str) -> str:
    """The text of the page, its thin spaces and line breaks made plain."""
    text = "".join(tree(page).find("body").itertext())  # type: ignore[union-attr]
    return re.sub(r"[\u2009\s]+", " ", text)


class Tags(HTMLParser):
    """Collects every attribute of every tag, as a browser would read them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_every_finding_stands_with_its_file_and_lines(in_both: Callable[..., ReportInput]) -> None:
    given = in_both()
    text = shown(html(given))
    for finding in given.audit.findings:
        assert Voice(given.language, space=" ").tidy(finding.clause) in text
        source = finding.contact.source
        assert source is not None
        zh = rf"{source.file} 第 (\d+、)*{source.line}(、\d+)* 行"
        en = rf"{source.file}, lines? (\d+, )*{source.line}(, \d+)*"
        assert re.search(zh if given.language == "zh" else en, text)


HOSTILE = (
    "</style><script>alert(1)</script>",
    "\"' onload='alert(1)' x=\"",
    "]]>&amp;&#0;<!--",
    "\x00\x07\x1b[2J\x85\ufffe\ud800",
    "\u202e\u2066\u200f\u061cevil",
    "{who} %s {0}",
    "长" * 5_000,
    "x" * 5_000,
    "\n\r\t \u2028",
    "",
)


@pytest.mark.parametrize("evil", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_hostile_text_cannot_break_the_page(
    samples: SimpleNamespace, evil: str, language: str
) -> None:
    said = Sentence(zh=evil, en=evil)
    contacts = [
        samples.contact(n, f"2026-03-09T1{n}:00:00", channel, text=evil, agent=evil, file=evil)
        for n, channel in enumerate((Channel.SMS, Channel.EMAIL, Channel.CALL))
    ]
    found = [
        samples.finding([c], clause=evil, rule=evil, says=said, unless=(said,)) for c in contacts
    ]
    lack = NotShown(rule=evil, clause=evil, level=Level.LAW, says=said, missing=(evil,), contacts=1)
    given = samples.report_input(
        contacts,
        found,
        language=language,
        not_shown=(lack,),
        limits=(DayLimit(rule=evil, clause=evil, at_most=1, counted=Counted.CALLS),),
        closed=(ClosedHours(clause=evil, start=0, end=3600),),
        collectors=((evil, evil), (evil, evil)),
        suggestions=(Suggested(number=evil, name=evil, reasons=(said,), likelihood=evil),),
        command=evil,
        notes=(said,),
        unreadable=(Unreadable(file=evil, line=1, what=evil),),
        inputs={evil: evil},
        version=evil,
    )
    page = html(given)
    tree(page)
    assert not re.search(
        "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200f\u202e\u2066\ud800]", page
    )
    tags = Tags(page).seen
    assert {tag for tag, _ in tags}.isdisjoint({"script", "iframe", "object", "img", "link"})
    assert not any(name.startswith("on") for _, attributes in tags for name in attributes)
    page.encode()
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_page_is_well_formed_and_each_picture_has_a_name(
    in_both: Callable[..., ReportInput],
) -> None:
    page = html(in_both())
    root = tree(page)
    assert root.get("lang") in ("zh-Hans", "en")
    pictures = list(root.iter(f"{SVG}svg"))
    assert len(pictures) == 2
    for picture in pictures:
        assert picture.get("role") == "img"
        assert picture.get("viewBox")
        title, desc = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
        assert title is not None
        assert title.text
        assert desc is not None
        assert desc.text
        assert picture.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for table in root.iter("table"):
        assert table.find("caption") is not None
        assert all(head.get("scope") in ("col", "row") for head in table.iter("th"))


def test_nothing_is_fetched_from_elsewhere(in_both: Callable[..., ReportInput]) -> None:
    page = html(in_both())
    for tag, attributes in Tags(page).seen:
        assert tag not in ("link", "script", "img", "iframe", "base", "form")
        for name in ("src", "href", "action", "style"):
            assert (attributes.get(name) or "#").startswith("#"), (tag, attributes)
        assert not any(name.startswith("on") for name in attributes)
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in unescape(page)
    assert "url(" not in style_sheet()
    assert "@import" not in style_sheet()


def test_heading_levels_leave_no_gap(in_both: Callable[..., ReportInput]) -> None:
    levels = [int(tag[1]) for tag, _ in Tags(html(in_both())).seen if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(deeper <= level + 1 for level, deeper in pairwise(levels))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_empty_log_says_what_to_do(samples: SimpleNamespace, language: str) -> None:
    page = html(samples.report_input([], [], language=language, collectors=()))
    tree(page)
    assert "<svg" not in page
    said = "没有可以判断的联系" if language == "zh" else "no contact that can be judged"
    assert said in shown(page)


def test_clean_log_claims_no_more_than_it_shows(samples: SimpleNamespace) -> None:
    text = shown(html(samples.report_input([samples.contact(1, "2026-03-09T10:00:00")], [])))
    assert "没有发现违反规定的联系" in text
    assert "在这份记录能说明的范围内" in text
    assert "12378" not in text


def test_log_with_only_ones_own_calls_has_no_bars(samples: SimpleNamespace) -> None:
    contact = samples.contact(1, "2026-03-09T10:00:00", direction="inbound")
    page = html(samples.report_input([contact], []))
    tree(page)
    assert "没有可以判断的联系" in shown(page)


def test_big_log_gives_a_small_page(samples: SimpleNamespace) -> None:
    small, big = html(samples.years(5_000)), html(samples.years(50_000))
    tree(big)
    # Ten times the log is not ten times the page: it is cut to what a person can read.
    assert len(big) < 4 * len(small)
    assert len(big.encode()) < 2_000_000
    text = shown(big)
    assert "--format json" in text
    assert "只画问题最多的 31 天" in text
    assert "2023年1月" in text


def test_time_grows_no_faster_than_the_log(samples: SimpleNamespace) -> None:
    def seconds(given: ReportInput) -> float:
        taken = []
        for _ in range(3):
            begin = perf_counter()
            html(given)
            taken.append(perf_counter() - begin)
        return min(taken)

    # Linear would be 10; a quadratic step would show as 100.
    assert seconds(samples.years(50_000)) < 30 * seconds(samples.years(5_000))


def test_same_input_gives_the_same_page(samples: SimpleNamespace) -> None:
    assert html(samples.week()) == html(samples.week())


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_colour_of_text_can_be_read() -> None:
    blocks = re.findall(r":root {([^}]*--ink[^}]*)}", style_sheet())
    assert len(blocks) == 3, "light, dark and print"
    for block in blocks:
        tokens = dict(re.findall(r"--(\w+): (#\w+);", block))
        full = {
            n: c if len(c) == 7 else "#" + "".join(2 * m for m in c[1:]) for n, c in tokens.items()
        }
        for name in ("ink", "quiet", "accent", "warm", "bad"):
            for ground in ("paper", "shade"):
                assert _contrast(full[name], full[ground]) >= 4.5, (name, ground, block)

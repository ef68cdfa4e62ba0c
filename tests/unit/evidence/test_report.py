"""The page: what it says, that it is safe, and that it stays small and well formed."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from time import perf_counter
from types import SimpleNamespace

import pytest

from forbear.base.reasons import Sentence
from forbear.base.words import Channel, Level, Outcome
from forbear.evidence.given import ClosedHours, Counted, DayLimit, ReportInput, Unreadable
from forbear.evidence.report import html, style_sheet
from forbear.evidence.words import WORDS

SVG = "{http://www.w3.org/2000/svg}"


def tree(page: str) -> ET.Element:
    """The page as XML: every tag closed, every attribute quoted, no stray mark."""
    return ET.fromstring(page.removeprefix("<!DOCTYPE html>\n"))  # noqa: S314 - our own output


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


def test_headline_says_how_many_broke_a_rule(samples: SimpleNamespace) -> None:
    text = shown(html(samples.week()))
    assert "7 天里，95187（甲小贷）联系了您 14 次；其中 2 次违反规定，2 次本不应拨出。" in text
    text = shown(html(samples.week(language="en")))
    assert "In 7 days, 95187 (甲小贷) contacted you 14 times; 2 broke a rule and 2 should" in text


def test_every_finding_stands_with_its_file_and_lines(in_both: Callable[..., ReportInput]) -> None:
    given = in_both()
    text = shown(html(given))
    for finding in given.audit.findings:
        assert finding.clause in text
        source = finding.contact.source
        assert source is not None
        zh = rf"{source.file} 第 (\d+、)*{source.line}(、\d+)* 行"
        en = rf"{source.file}, lines? (\d+, )*{source.line}(, \d+)*"
        assert re.search(zh if given.language == "zh" else en, text)


def test_breached_stands_apart_from_should_not_have_been_attempted(
    samples: SimpleNamespace,
) -> None:
    text = shown(html(samples.week()))
    assert "已经违反（1 次）" in text
    assert "本不应发起（2 次）" in text
    assert "可能违反，需要人判断（1 次）" in text
    assert "超出本机构承诺（1 次）" in text
    assert text.index("已经违反（1 次）") < text.index("本不应发起（2 次）")


def test_house_rules_never_count_as_breaches_of_law(samples: SimpleNamespace) -> None:
    contact = samples.contact(1, "2026-03-09T10:00:00")
    found = samples.finding([contact], level=Level.HOUSE)
    text = shown(html(samples.report_input([contact], [found])))
    assert "没有发现违反规定的联系" in text
    assert "不算违反法律或规定" in text


def test_level_confidence_and_exceptions_are_said(samples: SimpleNamespace) -> None:
    text = shown(html(samples.week()))
    for said in ("国家推荐性标准", "法律规定", "本机构承诺", "未见原文", "除非您另行约定了时间"):
        assert said in text


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.EMAIL])
def test_text_of_a_contact_is_escaped(samples: SimpleNamespace, channel: Channel) -> None:
    evil = "</style><script>alert(1)</script>\x00\u202e&amp;\"'"
    contact = samples.contact(1, "2026-03-09T10:00:00", channel, text=evil, agent=evil)
    found = samples.finding([contact], clause=evil, rule=evil, says=Sentence(zh=evil, en=evil))
    given = samples.report_input(
        [contact],
        [found],
        collectors=((evil, evil),),
        command=evil,
        notes=(Sentence(zh=evil, en=evil),),
        unreadable=(Unreadable(file=evil, line=1, what=evil),),
        inputs={evil: evil},
    )
    page = html(given)
    tree(page)
    assert "<script" not in page
    assert "\x00" not in page
    assert "\u202e" not in page
    assert "<script>alert(1)</script>" in unescape(page)
    assert {tag for tag, _ in Tags(page).seen}.isdisjoint({"script", "iframe", "object", "img"})


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
        assert title is not None and title.text
        assert desc is not None and desc.text
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


@pytest.mark.parametrize("whose", ["debtor", "relative", "guarantor", "stranger"])
def test_warning_suits_the_reader(samples: SimpleNamespace, whose: str) -> None:
    text = shown(html(samples.week(whose=whose)))
    assert "时效" in text
    assert ("没有替别人还款的义务" in text) == (whose in ("relative", "stranger"))


def test_complaint_channel_follows_the_law_that_was_asked(samples: SimpleNamespace) -> None:
    given = samples.week(language="en")
    assert "12378" in shown(html(given))
    abroad = replace(given, audit=replace(given.audit, packs={"us": "e" * 64}))
    assert "12378" not in shown(html(abroad))


def test_limit_is_drawn_with_its_clause(samples: SimpleNamespace) -> None:
    text = shown(html(samples.week()))
    assert "每日上限 3（只数接通的电话）：GB/T 45251-2025 5.3" in text
    given = DayLimit(rule="hours", clause="某条", at_most=9, counted=Counted.CALLS)
    assert "每日上限 9（只数拨打的电话）：某条" in shown(html(samples.week(limits=(given,))))


def test_no_limit_is_drawn_where_the_findings_leave_doubt(samples: SimpleNamespace) -> None:
    calls = [samples.contact(n, f"2026-03-{9 + n:02d}T10:00:00") for n in range(1, 6)]
    page = html(samples.report_input(calls, [samples.finding(calls)]))
    assert "每日上限" not in page
    two = [samples.contact(n, f"2026-03-09T1{n}:00:00") for n in range(1, 3)]
    assert "每日上限" not in html(samples.report_input(two, [samples.finding(two)]))


def test_closed_hours_are_shaded_only_where_broken(samples: SimpleNamespace) -> None:
    week = samples.week()
    assert "阴影：22:00–08:00" in shown(html(week))
    calm = replace(week, audit=replace(week.audit, findings=week.audit.findings[:3]))
    assert 'class="shade"' not in html(calm)
    clause = "GB/T 45251-2025 5.3 催收时间"
    window = ClosedHours(clause=clause, start=21 * 3600, end=9 * 3600)
    assert "阴影：21:00–09:00" in shown(html(samples.week(closed=(window,))))


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


def test_findings_beyond_the_cap_are_counted(samples: SimpleNamespace) -> None:
    text = shown(html(samples.years(2_000, broken_each=4)))
    assert "已经违反（500 次）" in text
    assert "另有 300 处未列出" in text


def test_breaches_do_not_crowd_out_attempts(samples: SimpleNamespace) -> None:
    given = samples.years(2_000, broken_each=3)
    page = html(given)
    listed = {part[:3] for part in page.split('<ol class="found ')[1:]}
    assert listed == {"bad", "due"}
    assert page.count('<p class="when">') == 200


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


def test_unclear_outcomes_and_other_channels_are_drawn(samples: SimpleNamespace) -> None:
    contacts = [
        samples.contact(1, "2026-03-09T10:00:00", outcome="unsaid"),
        samples.contact(2, "2026-03-09T11:00:00", "visit"),
        samples.contact(3, "2026-03-09T12:00:00", "voicemail", outcome=Outcome.VOICEMAIL_LEFT),
    ]
    text = shown(html(samples.report_input(contacts, [])))
    assert "虚线框：记录未说明是否接通。" in text
    assert "其他 2" in text
    assert "上门" in text


def test_same_input_gives_the_same_page(samples: SimpleNamespace) -> None:
    assert html(samples.week()) == html(samples.week())


def test_words_agree_in_both_languages() -> None:
    for key, (zh, en) in WORDS.items():
        assert re.findall(r"{\w+}", zh) == [] or set(re.findall(r"{\w+}", zh)) >= set(
            re.findall(r"{\w+}", en)
        ), key
        assert "!" not in zh + en and "！" not in zh + en, key
        assert not re.search(r"[\u4e00-\u9fff][,;:?]", zh), key


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

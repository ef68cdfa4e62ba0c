"""The written parts: breaches apart from attempts, levels and sources said, long parts folded."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from types import SimpleNamespace

from forbear.base.words import Confidence, Effect, Level
from forbear.evidence.figures import figures
from forbear.evidence.given import ReportInput, Unreadable
from forbear.evidence.sections import (
    ROWS_MAX,
    check,
    findings,
    not_shown,
    numbers,
    places,
    table,
    unreadable,
)
from forbear.evidence.voice import Voice

ZH = Voice("zh", space=" ")


def found(given: ReportInput) -> str:
    """The findings as HTML."""
    return findings(figures(given), Voice(given.language, space=" "))


def shown(part: str) -> str:
    """The text of a part."""
    return "".join(ET.fromstring(part).itertext())


def test_breached_stands_apart_from_should_not_have_been_attempted(
    samples: SimpleNamespace,
) -> None:
    text = shown(found(samples.week()))
    assert "已经违反（1 次）" in text
    assert "本不应发起（2 次）" in text
    assert "可能违反，待人判断（1 次）" in text
    assert "超出本机构承诺（1 次）" in text
    assert text.index("已经违反（1 次）") < text.index("本不应发起（2 次）")


def test_red_is_kept_for_broken_rules(samples: SimpleNamespace) -> None:
    contact = samples.contact(1, "2026-03-09T10:00:00")
    for more in ({"breached": False}, {"effect": Effect.REVIEW}, {"level": Level.HOUSE}):
        part = found(samples.report_input([contact], [samples.finding([contact], **more)]))
        assert 'class="found bad"' not in part
    part = found(samples.report_input([contact], [samples.finding([contact])]))
    assert 'class="found bad"' in part


def test_level_source_and_exceptions_are_said(samples: SimpleNamespace) -> None:
    text = shown(found(samples.week()))
    for said in ("国家推荐性标准", "法律规定", "本机构承诺", "未见原文", "除非您另行约定了时间"):
        assert said in text
    # A promise forbids nothing by law.
    assert "按承诺不应这样联系" in text


def test_how_sure_a_reading_is_stands_with_each_clause(samples: SimpleNamespace) -> None:
    contact = samples.contact(1, "2026-03-09T10:00:00")
    for sure in Confidence:
        given = samples.report_input([contact], [samples.finding([contact], confidence=sure)])
        assert ZH.say(f"sure.{sure}") in shown(found(given))


def test_first_findings_stand_open_and_the_rest_are_folded(samples: SimpleNamespace) -> None:
    calls = [samples.contact(n, f"2026-03-09T10:{n:02d}:00") for n in range(40)]
    part = found(samples.report_input(calls, [samples.finding([call]) for call in calls]))
    opened, rest = part.split("<details>")
    assert opened.count('class="when"') == 10
    assert rest.count('class="when"') == 30
    assert "其余 30 次" in rest
    few = found(samples.report_input(calls, [samples.finding([call]) for call in calls[:12]]))
    assert "<details>" not in few


def test_findings_beyond_the_cap_are_counted(samples: SimpleNamespace) -> None:
    text = shown(found(samples.years(2_000, broken_each=4)))
    assert "已经违反（500 次）" in text
    assert "另有 300 次没有列在这里" in text
    assert "--format json" in text


def test_breaches_do_not_crowd_out_attempts(samples: SimpleNamespace) -> None:
    part = found(samples.years(2_000, broken_each=3))
    assert set(re.findall('class="found (bad|due)"', part)) == {"bad", "due"}
    assert part.count('class="when"') == 200


def test_rows_are_named_and_many_are_shortened(samples: SimpleNamespace) -> None:
    rows = [samples.contact(n, "2026-03-09T10:00:00") for n in range(2, 40)]
    said = re.sub("<[^>]+>", "", places(rows, ZH))
    assert said.startswith("calls.xml 第 28、29")
    assert said.endswith("39 行；另有 26 行")


def test_what_is_missing_is_said_with_what_to_gather(samples: SimpleNamespace) -> None:
    text = shown(not_shown(samples.week(), ZH))
    for said in ("通话是否录音（1 条规则）", "对方是否说明身份", "行业自律", "涉及 11 次联系"):
        assert said in text
    assert "中银协催收指引（2026）电话录音" in text
    assert "运营商账单不列未接来电，因此" in text
    assert not_shown(samples.report_input([], []), ZH) == ""


def test_unread_rows_are_listed_with_the_reason(samples: SimpleNamespace) -> None:
    week = samples.week()
    assert unreadable(replace(week, unreadable=()), ZH) == ""
    text = shown(unreadable(week, ZH))
    assert "有 1 行没有读出" in text
    assert "the date 'x' is no number" in text
    long = Unreadable(file="a.xml", line=1, what="x" * 9_000)
    assert len(unreadable(replace(week, unreadable=(long,)), ZH)) < 2_000


def test_many_numbers_are_folded(samples: SimpleNamespace) -> None:
    many = tuple((f"1069{n:04d}", "甲小贷") for n in range(40))
    assert "<details><summary>" in numbers(samples.week(collectors=many), ZH)
    assert "<details" not in numbers(samples.week(), ZH)
    assert numbers(samples.week(collectors=(), suggestions=()), ZH) == ""


def test_long_tables_say_how_long_they_are(samples: SimpleNamespace) -> None:
    made = table("题", ["一", "二"], [["1", "2"]] * (ROWS_MAX + 5), ZH)
    assert made.count("<tr>") == ROWS_MAX + 1
    assert f"只列出前 {ROWS_MAX} 行，共 {ROWS_MAX + 5} 行。" in made


def test_anyone_can_check_the_report(samples: SimpleNamespace) -> None:
    given = samples.week()
    text = shown(check(given, figures(given), ZH))
    for said in (given.command, "a" * 64, "c" * 64, "cn-humane", "0.1.0", "不是法律意见"):
        assert said in text
    assert "2026年3月16日 16:30" in text

"""Plain text for a terminal."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

from forbear.base.reasons import Sentence
from forbear.evidence.given import ReportInput
from forbear.evidence.text import headlines, text
from forbear.evidence.voice import columns


def test_no_line_is_wider_than_the_terminal(in_both: Callable[..., ReportInput]) -> None:
    long = Sentence(zh="很长的一句话，" * 40, en="a rather long remark " * 40)
    wide = Sentence(zh="x" * 400, en="x" * 400)
    for line in text(in_both(notes=(long, wide))).splitlines():
        assert columns(line) <= 100, line


def test_says_clauses_counts_rows_and_what_is_not_shown(samples: SimpleNamespace) -> None:
    said = text(samples.week())
    assert said.startswith("7 天里，95187（甲小贷）联系了您 14 次；")
    for part in (
        "GB/T 45251-2025 5.3 交互式催收频次",
        "已经违反（1 次）、本不应发起（2 次）",
        "[calls.xml 第 10、11、12、13 行]",
        "通话是否录音（1 条规则）",
        "有 1 行没有读出",
        "10690000123",
        "诉讼时效",
    ):
        assert part in said


def test_many_findings_are_counted(samples: SimpleNamespace) -> None:
    said = text(samples.years(2_000))
    assert "--format json" in said
    assert len(said.splitlines()) < 60


def test_terminal_is_safe_from_what_was_logged(samples: SimpleNamespace) -> None:
    evil = Sentence(zh="\x1b[2J清屏", en="\x1b[2Jclear")
    contact = samples.contact(1, "2026-03-09T10:00:00")
    assert "\x1b" not in text(
        samples.report_input([contact], [samples.finding([contact], says=evil)])
    )


def test_headlines_are_five_to_ten(samples: SimpleNamespace) -> None:
    inputs = [samples.week(), samples.week(language="en"), samples.years(400)]
    for given in inputs:
        lines = headlines(given)
        assert 5 <= len(lines) <= 10
        assert all(line and "\n" not in line for line in lines)
    assert 3 <= len(headlines(samples.report_input([], []))) <= 10


def test_remarks_on_the_log_are_not_things_to_gather(samples: SimpleNamespace) -> None:
    said = text(samples.week())
    assert said.index("通话是否录音") < said.index("关于这份记录") < said.index("运营商账单")


def test_empty_log_claims_nothing(samples: SimpleNamespace) -> None:
    said = text(samples.report_input([], []))
    assert said.startswith("这份记录里没有可以判断的联系。\n请确认文件和号码都选对了。\n")
    assert "没有发现违反" not in said
    assert "不能说明" not in said


def test_headlines_are_safe_from_what_was_logged(samples: SimpleNamespace) -> None:
    evil = (("\x1b[2J95187", "甲\n乙\u202e"),)
    for line in headlines(samples.week(collectors=evil)):
        assert line.isprintable()

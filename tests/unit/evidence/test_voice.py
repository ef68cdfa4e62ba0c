"""How Chinese and English are set."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from forbear.evidence.voice import Voice, clean, columns, cut, tidy_chinese


@pytest.mark.parametrize(
    ("written", "set_as"),
    [
        ("7天里95187联系了您22次", "7 天里 95187 联系了您 22 次"),
        ("2026年3月10日17:59的来电", "2026年3月10日 17:59 的来电"),
        ("于2026年3月10日来电", "于 2026年3月10日来电"),
        ("重复的记录3条(备份重叠),只计一次。", "重复的记录 3 条（备份重叠），只计一次。"),
        ("占100%的电话", "占 100% 的电话"),
        ("已是,如此", "已是，如此"),
        ("22:00至08:00", "22:00 至 08:00"),
        ("1,234.56元", "1,234.56 元"),
        ("GB/T 45251-2025 5.3", "GB/T 45251-2025 5.3"),
        ("治安管理处罚法(2025) 第50条", "治安管理处罚法（2025）第 50 条"),
        ("催收负面清单(2)暴力骚扰", "催收负面清单（2）暴力骚扰"),
        ("12 CFR 1006.6(b)(1)(i)", "12 CFR 1006.6(b)(1)(i)"),
    ],
)
def test_chinese_is_spaced_and_punctuated(written: str, set_as: str) -> None:
    assert tidy_chinese(written, space=" ") == set_as


def test_tidying_twice_changes_nothing() -> None:
    once = tidy_chinese("于2026年3月10日17:59来电3次,见(附件1)。")
    assert tidy_chinese(once) == once


def test_english_nouns_agree_with_their_number() -> None:
    voice = Voice("en")
    assert voice.say("who.count", n=1) == "1 row"
    assert voice.say("who.count", n=1234) == "1,234 rows"
    assert voice.say("head.contacts", days=1, who="95187", n=1).startswith("In 1 day, ")
    assert voice.say("head.contacts", days=2, who="95187", n=1).endswith("contacted you once")


def test_dates_in_both_languages() -> None:
    at = datetime(2026, 3, 10, 17, 59)  # noqa: DTZ001 - only its digits are shown
    assert Voice("zh").moment(at) == "2026年3月10日 17:59"
    assert Voice("en").moment(at) == "10 March 2026 17:59"
    assert Voice("zh").month(date(2026, 3, 1)) == "2026年3月"


def test_dangerous_marks_are_made_visible() -> None:
    assert clean("a\x1b[2Jb\u202ec\ud800d\ne") == "a\ufffd[2Jb\ufffdc\ufffdd\ne"


def test_chinese_takes_two_columns() -> None:
    assert columns("催收95") == 6


def test_long_text_is_cut_with_an_ellipsis() -> None:
    assert cut("short", 5) == "short"
    assert cut("longer", 5) == "long…"


def test_words_that_may_not_exist_are_silent() -> None:
    assert Voice("en").say_if_known("likelihood.unheard") == ""
    assert Voice("en").say_if_known("likelihood.high") == "likely"
    with pytest.raises(KeyError):
        Voice("en").say("likelihood.unheard")

"""The headline and the next steps: exact, and no more than the log shows."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from forbear.base.words import Direction, Effect, Level
from forbear.evidence.figures import figures
from forbear.evidence.given import ReportInput
from forbear.evidence.summary import collectors_in_words, details, headline, next_steps
from forbear.evidence.voice import Voice


def first(given: ReportInput) -> str:
    """The headline with plain spaces."""
    return headline(given, figures(given), Voice(given.language, space=" "))


def below(given: ReportInput) -> str:
    """What stands below the headline, with plain spaces."""
    return "\n".join(details(given, figures(given), Voice(given.language, space=" ")))


def steps(given: ReportInput) -> str:
    """What to do, and what to be careful about."""
    done, warning = next_steps(given, figures(given), Voice(given.language, space=" "))
    assert len(done) == 3
    return "\n".join([*done, warning])


def test_headline_says_how_many_broke_a_rule(samples: SimpleNamespace) -> None:
    assert first(samples.week()) == (
        "7 天里，95187（甲小贷）联系了您 14 次；其中 2 次违反规定，2 次本不应拨出。"
    )
    assert first(samples.week(language="en")) == (
        "In 7 days, 95187 (甲小贷) contacted you 14 times; "
        "2 broke a rule and 2 should not have been dialled."
    )


def test_headline_of_one_day_and_one_contact(samples: SimpleNamespace) -> None:
    one = samples.contact(1, "2026-03-09T10:00:00")
    given = samples.report_input([one], [samples.finding([one])])
    assert first(given) == "2026年3月9日，95187（甲小贷）联系了您 1 次；这次联系违反规定。"
    assert first(replace(given, language="en")).endswith("contacted you once; it broke a rule.")
    two = [one, samples.contact(2, "2026-03-09T11:00:00")]
    both = samples.report_input(two, [samples.finding([call]) for call in two])
    assert first(both).endswith("联系了您 2 次；2 次都违反规定。")


def test_house_rules_never_count_as_breaches_of_law(samples: SimpleNamespace) -> None:
    contact = samples.contact(1, "2026-03-09T10:00:00")
    given = samples.report_input([contact], [samples.finding([contact], level=Level.HOUSE)])
    assert first(given).endswith("没有发现违反规定的联系。")
    assert "不算违反法律或规定" in below(given)


def test_remarks_and_doubts_are_not_called_breaches(samples: SimpleNamespace) -> None:
    contact = samples.contact(1, "2026-03-09T10:00:00")
    remark = samples.report_input([contact], [samples.finding([contact], effect=Effect.WARN)])
    assert first(remark).endswith("没有发现违反规定的联系。")
    assert "只作提示，不算违反规定" in below(remark)
    doubt = samples.report_input([contact], [samples.finding([contact], effect=Effect.REVIEW)])
    assert first(doubt).endswith("没有发现违反规定的联系。")
    assert "可能违反规定，要由人来判断" in below(doubt)


def test_a_standard_is_not_taken_for_a_law(samples: SimpleNamespace) -> None:
    assert "涉及的都是国家推荐性标准。推荐采用，本身不是法律。" in below(samples.week())
    contact = samples.contact(1, "2026-03-09T10:00:00")
    found = [samples.finding([contact]), samples.finding([contact], level=Level.LAW)]
    said = below(samples.report_input([contact], found))
    assert (
        "按规定的层级分：法律规定 1 次、国家推荐性标准 1 次。同一次联系可能涉及不止一种。" in said
    )


def test_own_calls_are_said_not_to_count(samples: SimpleNamespace) -> None:
    assert "您主动打出或发出的 1 次不计入。" in below(samples.week())


@pytest.mark.parametrize("own", [False, True])
def test_log_without_a_collector_says_what_to_try(samples: SimpleNamespace, own: bool) -> None:
    mine = samples.contact(1, "2026-03-09T10:00:00", direction=Direction.INBOUND)
    given = samples.report_input([mine] if own else [], [], collectors=())
    assert first(given) == "这份记录里没有可以判断的联系。"
    assert below(given) == "请确认文件和号码都选对了。"
    assert "写明催收方的号码" in steps(given)
    week = samples.week()
    more = replace(given, suggestions=week.suggestions, unreadable=week.unreadable)
    assert "可能属于催收方的号码列在下面" in below(more)
    assert "没有读出的行列在下面" in below(more)


@pytest.mark.parametrize("whose", ["debtor", "relative", "guarantor", "stranger"])
def test_warning_suits_the_reader(samples: SimpleNamespace, whose: str) -> None:
    said = steps(samples.week(whose=whose))
    assert "时效" in said
    assert ("没有替别人还款的义务" in said) == (whose in ("relative", "stranger"))
    assert ("保证期间" in said) == (whose == "guarantor")


def test_complaint_channel_follows_the_law_that_was_asked(samples: SimpleNamespace) -> None:
    given = samples.week()
    assert "12378" in steps(given)
    abroad = replace(given, audit=replace(given.audit, packs={"us": "e" * 64}))
    assert "12378" not in steps(abroad)
    clean = samples.report_input([samples.contact(1, "2026-03-09T10:00:00")], [])
    assert "12378" not in steps(clean)


@pytest.mark.parametrize(
    ("collectors", "zh"),
    [
        ((), "催收方"),
        ((("95187", ""),), "95187"),
        ((("95187", "95187"),), "95187"),
        ((("95187", "甲"), ("95188", "乙")), "95187（甲）等 2 个号码"),
        ((("95187", "甲"), ("95188", "甲")), "甲（2 个号码）"),
        ((("95187", "某" * 500),), "95187（" + "某" * 39 + "…）"),
    ],
)
def test_collectors_are_named_briefly(
    samples: SimpleNamespace, collectors: tuple[tuple[str, str], ...], zh: str
) -> None:
    given = samples.week(collectors=collectors)
    assert collectors_in_words(given, Voice("zh", space=" ")) == zh

"""The words of the report: complete in both languages, each used, none looked up in vain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from types import SimpleNamespace

import pytest

from forbear.base.words import MORE_KEYS, Level
from forbear.evidence import voice as voices
from forbear.evidence.gather import MISSING
from forbear.evidence.given import Counted, DayLimit, ReportInput, Suggested, Unreadable
from forbear.evidence.report import html
from forbear.evidence.text import headlines, text
from forbear.evidence.words import WORDS

WHOSE = ("debtor", "relative", "guarantor", "stranger")
TWO = (("95187", "甲小贷"), ("95188", "乙银行"))
SAME = (("95187", "甲小贷"), ("95188", "甲小贷"))


class Recorded(dict[str, tuple[str, str]]):
    """The words, with a note of which were looked up."""

    def __init__(self) -> None:
        super().__init__(WORDS)
        self.used: set[str] = set()

    def __getitem__(self, key: str) -> tuple[str, str]:
        self.used.add(key)
        return super().__getitem__(key)


def every_report(samples: SimpleNamespace) -> Iterator[ReportInput]:
    """Reports that between them have every state a report can have."""
    week = samples.week()
    yield week
    for whose, packs in product(WHOSE, ({"cn": "c"}, {"us": "e"})):
        yield replace(week, whose=whose, audit=replace(week.audit, packs=packs))
    many = samples.broken_many_ways()
    yield many
    yield replace(many, collectors=TWO, suggestions=week.suggestions)
    yield replace(many, collectors=SAME)
    for counted in Counted:
        limit = DayLimit(rule="rule-0", clause="某条", at_most=2, counted=counted)
        yield replace(samples.broken_many_ways(), limits=(limit,))
    for likelihood in ("high", "medium", "low", "unheard of"):
        maybe = Suggested(number="1069", likelihood=likelihood, count=2)
        bad = Unreadable(file="a.xml", line=2, what="无法读出")
        yield samples.report_input([], [], collectors=(), suggestions=(maybe,), unreadable=(bad,))
    yield from (samples.years(count, broken_each=each) for count, each in ((900, 4), (30, 99)))
    for step_days in (1, 3, 20, 60):
        calls = [samples.contact(n + 1, at) for n, at in enumerate(spread(step_days))]
        clean = samples.report_input(calls, [], collectors=())
        yield clean
        found = [samples.finding([calls[0]]), samples.finding([calls[1]] * 30, breached=False)]
        yield replace(clean, audit=replace(clean.audit, findings=tuple(found)))
    one = samples.contact(1, "2026-03-09T10:00:00")
    yield samples.report_input([one], [])
    law = samples.finding([one], level=Level.LAW, rule="other", clause="另一条")
    yield samples.report_input([one], [samples.finding([one]), law])
    two = [one, samples.contact(2, "2026-03-09T10:00:00")]
    yield samples.report_input(two, [samples.finding([call]) for call in two])
    text_only = samples.contact(3, "2026-03-09T11:00:00", "sms")
    found = [samples.finding([text_only], breached=False)]
    yield samples.report_input([text_only, *two], found)
    busy = [samples.contact(n, f"2026-03-09T{n // 6:02d}:{n % 6}0:00") for n in range(60, 120)]
    yield samples.report_input(busy, [samples.finding([busy[9]])])
    bad_rows = tuple(Unreadable(file="a.xml", line=n, what="?") for n in range(500))
    yield replace(week, unreadable=bad_rows)
    yield replace(week, zone="Australia/Perth")


def spread(step_days: int) -> list[str]:
    """Forty-five moments, each ``step_days`` after the one before."""
    days = [(n * step_days) for n in range(45)]
    return [f"{2015 + d // 336}-{d % 336 // 28 + 1:02d}-{d % 28 + 1:02d}T10:00:00" for d in days]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_word_is_used_and_none_is_missing(
    samples: SimpleNamespace, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = Recorded()
    monkeypatch.setattr(voices, "WORDS", recorded)
    for given in every_report(samples):
        spoken = replace(given, language=language)
        html(spoken)
        text(spoken)
        headlines(spoken)
    assert set(WORDS) - recorded.used == set()


def test_both_languages_say_the_same_with_the_same_values() -> None:
    for key, (zh, en) in {**WORDS, **MISSING}.items():
        assert zh.strip(), key
        assert en.strip(), key
        differing = set(re.findall(r"{(\w+)}", zh)) ^ set(re.findall(r"{(\w+)}", en))
        # Chinese needs no word for the grain where the date already shows it.
        assert differing <= {"grain"}, key


def test_no_word_shouts_and_chinese_is_set_as_chinese() -> None:
    for key, (zh, en) in {**WORDS, **MISSING}.items():
        assert not set("!！") & set(zh + en), key
        assert not re.search(r"[\u4e00-\u9fff][,;:?()]", zh), key
        assert not re.search(r"[\u4e00-\u9fff]", en), key
        assert "你" not in zh, key


def test_levels_are_named_as_they_are() -> None:
    said = [WORDS[f"level.{name}"][0] for name in
            ("law", "regulation", "standard", "guidance", "self-regulation", "house")]  # fmt: skip
    assert said == [
        "法律规定", "监管规定", "国家推荐性标准", "监管指引", "行业自律", "本机构承诺",
    ]  # fmt: skip


def test_everything_that_a_rule_may_miss_has_words() -> None:
    unknown = {key for key, is_open in MORE_KEYS.items() if is_open}
    unknown |= {"purpose", "outcome", "address", "agent", "text"}
    assert unknown <= set(MISSING)

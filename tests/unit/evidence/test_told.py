from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from forbear.evidence.given import Language, ReportInput
from forbear.evidence.told import FINDINGS_MAX, as_told


def texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts(each)]
    return [text for each in value for text in texts(each)] if isinstance(value, list) else []


def test_what_is_told_is_plain_data(in_both: Callable[..., ReportInput]):
    told = as_told(in_both())
    assert json.loads(json.dumps(told)) == told


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_level_effect_and_confidence_is_said_in_words(
    samples: SimpleNamespace, language: Language
):
    told = as_told(samples.broken_many_ways(language=language))
    assert len(told["groups"]) > 20
    for group in told["groups"]:
        assert group["level_says"]
        assert group["confidence_says"]
        assert group["effect_says"]
        for each in group["lists"]:
            assert each["title"]
            assert all(one["says"] and one["when"] for one in each["findings"])


def test_nothing_is_left_unfilled(in_both: Callable[..., ReportInput]):
    told = as_told(in_both())
    told.pop("pictures")
    assert not [text for text in texts(told) if "{" in text]


def test_a_long_clause_says_how_many_are_left_out(samples: SimpleNamespace):
    told = as_told(samples.years(2000, broken_each=4))
    lists = [each for group in told["groups"] for each in group["lists"]]
    assert max(len(each["findings"]) for each in lists) == FINDINGS_MAX
    assert sum(len(each["findings"]) + each["more"] for each in lists) == len(range(3, 2000, 4))


def test_bad_rows_and_notes_are_passed_on(samples: SimpleNamespace):
    told = as_told(samples.week(language="en"))
    assert told["unreadable"]["count"] == 1
    assert told["unreadable"]["rows"][0]["file"] == "sms.xml"
    assert told["notes"]
    assert told["lacking"]["rules"] == 2
    assert told["lacking"]["gather"]


def test_an_empty_log_is_told_too(samples: SimpleNamespace):
    told = as_told(samples.report_input([], []))
    assert told["groups"] == []
    assert told["pictures"] == ""
    assert told["headline"]

"""What to gather, most wanted first."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

from forbear.evidence.gather import gather, missing_in_words
from forbear.evidence.voice import Voice


def test_what_most_rules_miss_stands_first(samples: SimpleNamespace) -> None:
    lack = samples.week().audit.not_shown[0]
    lacks = [
        replace(lack, missing=("recorded",)),
        replace(lack, missing=("identified", "recorded", "recorded")),
        replace(lack, missing=("agent",)),
    ]
    assert gather(lacks) == [("recorded", 2), ("agent", 1), ("identified", 1)]
    assert gather([]) == []


def test_each_thing_is_said_in_words_and_the_unknown_as_it_is() -> None:
    assert missing_in_words("contact.recorded", Voice("en")) == "whether the call was recorded"
    assert missing_in_words("recorded", Voice("zh")) == "通话是否录音"
    assert missing_in_words("some.new_key", Voice("en")) == "some.new_key"

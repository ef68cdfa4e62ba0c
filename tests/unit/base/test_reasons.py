"""Sentences in both languages."""

from __future__ import annotations

import pytest

from forbear.base.reasons import Sentence

HELLO = Sentence(zh="您好。", en="Hello.")


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh", "您好。"), ("zh-Hans", "您好。"), ("en", "Hello."), ("fr", "Hello."), ("", "Hello.")],
)
def test_a_sentence_is_chinese_where_that_is_asked_for_and_else_english(
    language: str, said: str
) -> None:
    assert HELLO.in_language(language) == said


def test_sentences_follow_one_another_with_a_space_in_english_only() -> None:
    both = HELLO + Sentence(zh="再见。", en="Goodbye.")
    assert both == Sentence(zh="您好。再见。", en="Hello. Goodbye.")


def test_nothing_added_leaves_a_sentence_as_it_is() -> None:
    assert HELLO + Sentence(zh="", en="") == HELLO
    assert Sentence(zh="", en="") + HELLO == HELLO

"""How a loan is told: every word of the ledger has words in both languages, and is explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from forbear.cli.loan_schedule_words import WORDS
from forbear.cli.loan_show_words import SHOW
from forbear.loans.journal import SETTLED_BY

GLOSSARY = Path(__file__).parents[3] / "docs" / "reference" / "loan-words.md"


def test_the_glossary_explains_every_word_that_is_shown() -> None:
    told = GLOSSARY.read_text(encoding="utf-8")
    shown = [key for key in SHOW if key.startswith(("kind.", "status."))]
    assert len(shown) > 20
    for key in shown:
        word = key.partition(".")[2]
        assert f"`{word}`" in told, word


def test_every_posting_of_the_journal_has_a_name_in_both_languages() -> None:
    for kind in SETTLED_BY:
        zh, en = SHOW[f"kind.{kind}"]
        assert zh != en


@pytest.mark.parametrize("words", [WORDS, SHOW])
def test_chinese_is_chinese_and_english_is_not(words: dict[str, tuple[str, str]]) -> None:
    for key, (zh, en) in words.items():
        assert any("\u3400" <= sign <= "\u9fff" for sign in zh) or "{" in zh, key
        assert not any("\u3400" <= sign <= "\u9fff" for sign in en), key
        # The same values stand in both.
        assert zh.count("{") == en.count("{"), key

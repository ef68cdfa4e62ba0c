"""The words of the papers: all are used, none is missing, none is left open."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from forbear.audit.examine import PRODUCTS
from forbear.base.words import Channel, Confidence, Level
from forbear.evidence.papers.speech import Speech, words
from forbear.evidence.papers.told import Told

FOLDER = Path(__file__).parents[4] / "src" / "forbear" / "evidence" / "papers"
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.py")))
PLACEHOLDER = re.compile(r"_{2,}|\[[^\]]*\]|某某|XX|×{2,}|\.{3}|…|TBD")


def named() -> set[str]:
    """The keys that the source names, whole or as a pattern with a part put in."""
    return set(re.findall(r"""["']([a-z_]+\.[a-z_{}\[\]0-9.\-]+)["']""", SOURCE))


def test_every_sentence_is_said_somewhere():
    patterns = [re.sub(r"\{[^}]+\}", r"[a-z_\\-]*", key) for key in named()]
    # Warnings are named by their last part alone.
    loose = set(re.findall(r'"([a-z_]+)"', SOURCE))
    unused = [
        key
        for key in words()
        if not any(re.fullmatch(pattern, key) for pattern in patterns)
        and not (key.startswith("before.") and key.split(".")[1] in loose)
    ]
    assert not unused


def test_every_sentence_that_is_named_is_there():
    missing = [key for key in named() if "{" not in key and key.split(".")[0] in tables()]
    assert [key for key in missing if key not in words()] == []


def tables() -> set[str]:
    return {key.split(".")[0] for key in words()}


def test_levels_and_confidence_have_words():
    for level in Level:
        assert f"level.{level}" in words()
    for sure in Confidence:
        assert f"sure.{sure}" in words()
    for sure in set(Confidence) - {Confidence.DRAFT}:
        assert f"known.{sure}" in words()


def test_both_languages_take_the_same_values():
    for key, said in words().items():
        zh, en = (set(re.findall(r"\{(\w+)\}", text)) for text in (said.zh, said.en))
        assert zh == en or key in {"before.language_zh", "before.language_en"}, key


@pytest.mark.parametrize("key", sorted(words()))
def test_no_sentence_holds_a_placeholder(key: str):
    said = words()[key]
    assert not PLACEHOLDER.search(said.zh)
    assert not PLACEHOLDER.search(said.en)


def test_chinese_uses_full_width_marks():
    for key, said in words().items():
        assert not re.search("[\u4e00-\u9fff][,;?!]|[,;?!][\u4e00-\u9fff]", said.zh), key


def test_a_number_decides_the_form_of_its_noun():
    speech = Speech("en")
    assert speech.say("complaint.count_broken", n=1) == "not kept once"
    assert speech.say("complaint.count_broken", n=1200) == "not kept 1,200 times"
    assert speech.say("common.kind_texts", n=1) == "1 text"


def test_products_of_the_command_line_have_words():
    assert {f"product.{name}" for name in PRODUCTS} <= set(words())


def test_every_field_that_can_lack_has_a_name():
    told = set(Told.__dataclass_fields__)
    named_fields = {key.split(".")[1] for key in words() if key.startswith("field.")}
    assert named_fields <= told


def test_channels_of_contacts_have_words():
    speech = Speech("zh")
    assert all(speech.voice.say(f"channel.{channel}") for channel in Channel)

"""The words that the page says of its own accord: in both languages, and none left over."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[3] / "src/forbear/pocket/page/js"
WORDS = (PAGE / "words.js").read_text(encoding="utf-8")
SCRIPTS = "".join(
    path.read_text(encoding="utf-8") for path in PAGE.rglob("*.js") if path.name != "words.js"
)
ENTRY = re.compile(
    r"^  '?([\w.-]+)'?: \[\s*(?:'(.*?)'|\"(.*?)\"),\s*(?:'(.*?)'|\"(.*?)\"),?\s*\],", re.M
)
FOUND = {m[1]: (m[2] or m[3], m[4] or m[5]) for m in ENTRY.finditer(WORDS)}
# Words that are looked up by a prefix and a name put together.
COMPOSED = set(re.findall(r"`([a-z_]+)\.\$\{", SCRIPTS)) | {"way", "answer"}


def test_every_word_is_read_here():
    assert len(FOUND) == len(re.findall(r"^  '?[\w.-]+'?: \[", WORDS, re.M))


def test_every_word_is_said_somewhere():
    unused = [
        key for key in FOUND if f"'{key}'" not in SCRIPTS and key.partition(".")[0] not in COMPOSED
    ]
    assert unused == []


def test_every_word_is_there_in_both_languages_with_the_same_values():
    for key, (zh, en) in FOUND.items():
        assert zh, key
        assert en, key
        assert set(re.findall(r"{(\w+)}", zh)) == set(re.findall(r"{(\w+)}", en)), key


def test_no_word_shouts_and_chinese_is_set_as_chinese():
    for key, (zh, en) in FOUND.items():
        assert not set("!！") & set(zh + en), key
        assert not re.search(r"[\u4e00-\u9fff][,;:?()]", zh), key
        assert not re.search(r"[\u4e00-\u9fff]", en), key

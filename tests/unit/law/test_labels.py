"""The label patterns, held to lines of our own: what carries a label and what seems to."""

from __future__ import annotations

import json
import random
import re
import time
from functools import cache
from pathlib import Path

import pytest

import forbear.law
from forbear.base.errors import PackError
from forbear.law.book import load
from forbear.law.labels import LOOKED_AT, Labels, load_labels

PACKS = Path(forbear.law.__file__).parent / "packs"
DATA = Path(__file__).parent / "data"
NAMES = ("cn", "us", "uk", "au", "india", "other")

SMALL = """
split = '[.\\n]'
[[label]]
name = "debt"
says = "speaks of a debt"
any = ['owes?', 'debt']
not = ['no debt']
[[label]]
name = "both"
says = "asks, and names a sum, anywhere"
whole = true
any = ['please.*\\$']
[[label]]
name = "wide"
says = "debt, or a bill"
with = ["debt"]
any = ['bill']
"""


@cache
def pack(name: str) -> Labels:
    return load([name]).labels[name]


def own(name: str) -> list[str]:
    """The labels that a pack writes itself, beside those of the pack whose words it extends."""
    text = (PACKS / name / "labels.toml").read_text(encoding="utf-8")
    return re.findall(r'^name = "(.*)"', text, re.MULTILINE)


def lines(name: str) -> list[dict]:
    text = (DATA / f"labels-{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def every_line():
    return [
        pytest.param(name, row, id=f"{name}-{number}")
        for name in NAMES
        for number, row in enumerate(lines(name), start=1)
    ]


@pytest.mark.parametrize(("name", "row"), every_line())
def test_a_line_has_what_it_has_and_lacks_what_it_lacks(name: str, row: dict):
    found = pack(name).of(row["text"])
    assert set(row["has"]) <= found, f"{row['text']}: only {sorted(found)}"
    assert not set(row["lacks"]) & found, f"{row['text']}: {sorted(found)}"


@pytest.mark.parametrize("name", NAMES)
def test_every_label_has_lines_for_it_and_against_it(name: str):
    rows = lines(name)
    named = {label for row in rows for label in (*row["has"], *row["lacks"])}
    assert named == set(own(name))
    for label in own(name):
        assert sum(label in row["has"] for row in rows) >= 12, label
        assert sum(label in row["lacks"] for row in rows) >= 12, label


@pytest.mark.parametrize("name", NAMES)
def test_a_text_stands_once_and_never_on_both_sides(name: str):
    rows = lines(name)
    assert len({row["text"] for row in rows}) == len(rows)
    assert not [row for row in rows if set(row["has"]) & set(row["lacks"])]


@pytest.mark.parametrize("name", NAMES)
def test_every_pattern_compiles_and_names_are_unique(name: str):
    pack(name).check()
    assert len(own(name)) == len(set(own(name)))
    assert set(own(name)) <= pack(name).names


@pytest.mark.parametrize(
    "text",
    [
        "再不还就让你坐 牢",
        "再不还就让你坐·牢",
        "再不还就让你坐\u200b牢",
        "再不还就让你坐*牢!",
        "【甲小贷】再不还就让你坐牢。谢谢",
    ],
)
def test_marks_between_characters_hide_nothing(text: str):
    assert "threat_arrest" in pack("cn").of(text)


def test_full_width_text_reads_like_half_width():
    wide = "ＲＥＰＬＹ　ＳＴＯＰ　ｔｏ　ｅｎｄ　ｔｅｘｔｓ．"
    assert "opt_out_line" in pack("us").of(wide)
    assert pack("cn").of("ＳＢ，还钱！") >= {"obscene", "disclose_debt"}


def test_case_does_not_matter_where_the_pack_says_so():
    assert "threat_suit" in pack("us").of("WE WILL SUE YOU")


def test_an_exception_undoes_only_its_own_sentence():
    small = load_labels(SMALL, where="small")
    assert small.of("There is no debt") == frozenset()
    assert small.of("There is no debt. He owes us") == {"debt", "wide"}


def test_a_whole_text_label_looks_over_sentence_ends():
    assert load_labels(SMALL, where="small").of("please send.\n$5") == {"both"}


def test_a_label_carries_those_that_name_it():
    small = load_labels(SMALL, where="small")
    assert small.of("a bill") == {"wide"}
    assert small.has("a debt", "wide")
    assert not small.has("a bill", "debt")
    assert small.says("debt") == "speaks of a debt"
    with pytest.raises(KeyError):
        small.has("a bill", "nothing")


def test_a_word_stands_for_its_pattern_wherever_it_is_used():
    text = SMALL.replace("[[label]]", "[words]\nsum = 'bill|invoice'\n\n[[label]]", 1)
    small = load_labels(text.replace("'bill'", "'an? {sum}'"), where="small")
    assert small.of("an invoice") == {"wide"}
    assert small.of("invoice") == frozenset()


BELOW = 'extends = "x"\n[[label]]\nname = "late"\nsays = "late"\nwith = ["wide"]\nany = ["late"]\n'


def test_a_file_that_extends_another_has_its_labels_and_splits_like_it():
    below = load_labels(SMALL, where="small")
    both = load_labels(BELOW, where="more", below=below)
    assert both.names == below.names | {"late"}
    assert both.of("late. There is no debt") == {"late"}
    assert both.of("There is no debt. A bill is late") == {"wide", "late"}
    other = load_labels("split = '[;]'\n" + BELOW, where="more", below=below)
    assert other.of("There is no debt. He owes us") == frozenset()


def test_a_label_of_the_file_below_cannot_be_replaced():
    below = load_labels(SMALL, where="small")
    with pytest.raises(PackError, match="'debt' twice"):
        load_labels(BELOW.replace('"late"', '"debt"', 1), where="more", below=below)


def test_a_file_that_extends_nothing_needs_a_split_of_its_own():
    with pytest.raises(PackError, match="no split"):
        load_labels(BELOW, where="more")


def test_an_empty_file_holds_no_labels():
    empty = load_labels("", where="small")
    assert empty.names == frozenset()
    assert empty.of("a debt") == frozenset()


def test_only_the_first_characters_of_a_very_long_text_are_read():
    small = load_labels(SMALL, where="small")
    assert small.of("x" * LOOKED_AT + " debt") == frozenset()
    assert small.of("x" * (LOOKED_AT - 5) + " debt") == {"debt", "wide"}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("split = '[.\\n]'", "split = '['", "cannot be read"),
        ("split = '[.\\n]'", "", "no split"),
        ("split = '[.\\n]'", "split = '[.]'\nspilt = 1", "unknown key 'spilt'"),
        ("split = '[.\\n]'", "split = '[.]'\nignore_case = 1", "ignore_case = 1"),
        ("whole = true", "hole = true", "unknown key 'hole'"),
        ("any = ['bill']", "", "no any"),
        ("any = ['bill']", "any = []", "no any"),
        ("any = ['bill']", "any = ['']", "no pattern"),
        ("any = ['bill']", "any = ['{sum}']", "{sum} in any"),
        ("split = '[.\\n]'", "split = '[.]'\nwords = 1", "words that are no table"),
        ('name = "both"', 'name = "debt"', "'debt' twice"),
        ('name = "both"', 'name = "Both!"', "'Both!'"),
        ('with = ["debt"]', 'with = ["dept"]', "'dept' in with"),
        ('says = "debt, or a bill"', "", "no says"),
        ("[[label]]", "[[lable]]", "unknown key 'lable'"),
        ("[[label]]", "[[label", "is not TOML"),
    ],
)
def test_a_mistake_is_told_in_one_line_that_names_the_place(old: str, new: str, says: str):
    with pytest.raises(PackError) as caught:
        load_labels(SMALL.replace(old, new), where="small.toml")
    message = str(caught.value)
    assert says in message
    assert message.startswith("small.toml")
    assert "\n" not in message


def test_a_pattern_that_cannot_be_read_is_told_when_checked_or_first_used():
    broken = load_labels(SMALL.replace("'bill'", "'(bill'"), where="small.toml")
    assert broken.has("a debt", "debt")
    for use in (broken.check, lambda: broken.of("a bill")):
        with pytest.raises(PackError, match=r"small.toml, label 3 \(wide\)"):
            use()


def words_of(pattern: str) -> list[str]:
    """The plain pieces of a pattern: repeated, they are what its own worst text is made of."""
    plain = re.sub(r"\(\?[-a-z]*:|\(\?[=!<]+|\\x?[0-9a-zA-Z]+|\[[^\]]*\]|\{[^}]*\}", " ", pattern)
    return re.sub(r"[()|?*+.^$\\]", " ", plain).split() or ["a"]


@pytest.mark.parametrize("name", NAMES)
def test_no_pattern_blows_up_on_a_hostile_text(name: str):
    chance = random.Random(7)
    size = 2_000
    slow = {}
    for label in (pack(name)._labels[each] for each in own(name)):
        for pattern in (*label._any, *label._not):
            words = words_of(pattern.pattern)
            seeds = ["a", "1", "你", "【", " ", "a ", "A b ", ". ", "fuck", *words[:4]]
            texts = [(seed * size)[:size] for seed in seeds]
            texts += ["".join(chance.choices(words, k=size))[:size] for _ in range(3)]
            texts += [" ".join(chance.choices(words, k=size))[:size] for _ in range(3)]
            for text in texts:
                start = time.process_time()
                pattern.search(text)
                spent = time.process_time() - start
                # Honest patterns need a few milliseconds; one that doubles with every character
                # would not end within the test.
                if spent > 0.1:
                    slow[label.name, pattern.pattern[:40]] = round(spent, 3)
    assert not slow


@pytest.mark.parametrize("name", NAMES)
def test_a_message_is_labelled_quickly(name: str):
    text = max((row["text"] for row in lines(name)), key=lambda text: (len(text) <= 60, len(text)))
    labels = pack(name)
    labels.check()
    best = 1.0
    for _ in range(30):
        labels._of.cache_clear()
        labels._has.cache_clear()
        labels._parts.cache_clear()
        start = time.perf_counter()
        labels.of(text)
        best = min(best, time.perf_counter() - start)
    # Measured at 0.2 ms; ten times that would be felt when a log of 100,000 messages is read.
    assert best < 0.002

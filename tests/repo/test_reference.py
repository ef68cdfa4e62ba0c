"""The reference is complete: a key, a word or an answer that no page explains is a failure.

What the loader knows is asked of the loader itself, by what it says of a key that it does not know.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from forbear.base.calendars import calendar_names
from forbear.base.errors import ForbearError
from forbear.base.words import (
    MORE_KEYS,
    WEEKDAYS,
    Channel,
    Confidence,
    Direction,
    Effect,
    FactKind,
    Level,
    Outcome,
    Party,
    Purpose,
)
from forbear.cli.main import parser
from forbear.evidence.machine import SCHEMA as AUDIT_SCHEMA
from forbear.intake import Whose
from forbear.law import case, labels, packs, rule
from forbear.law.answers import Decision, Never
from forbear.law.book import load
from forbear.law.condition import Place, Terms
from forbear.law.conditions import compile_condition
from forbear.law.coverage import coverage
from forbear.law.derive import compile_derive
from forbear.law.labels import load_labels
from forbear.law.matching import compile_fact
from forbear.law.values import OPERATORS
from forbear.law.vocabulary.kind import Source

NOBODYS = "nobodys_key"
TERMS = Terms(
    kinds={kind: kind for kind in FactKind},
    labels=load_labels("", where=""),
    labels_of="",
    terms={},
)
PLACE = Place(terms=TERMS, clock=None, calendar=None, where="here")


def known(ask: Callable[[], object]) -> list[str]:
    """The keys that an error about an unknown one lists."""
    with pytest.raises(ForbearError) as told:
        ask()
    assert NOBODYS in str(told.value)
    listed = re.search(r"known are ([^;]+)$", str(told.value))
    assert listed, f"{told.value}: it does not say what is known"
    return [] if listed[1] == "none" else [key.strip() for key in listed[1].split(",")]


def of_kind(name: str) -> list[str]:
    """The keys of one kind of rule."""
    on = compile_condition({"channel": "call"}, PLACE)
    table = {NOBODYS: 1}
    return known(lambda: rule.KINDS[name](Source(table=table, place=PLACE, on=on, key="k")))


def of_derive(form: str) -> list[str]:
    """The keys of one form of derivation."""
    return known(lambda: compile_derive({form: [], NOBODYS: 1}, PLACE, name="n"))


def of_fact() -> list[str]:
    spec: dict[str, Any] = {"fact": "consent", NOBODYS: 1}
    return known(
        lambda: compile_fact(spec, kinds=TERMS.kinds, clock=None, lifting=False, where="here")
    )


def page(root: Path, name: str) -> str:
    return (root / "docs" / "reference" / name).read_text(encoding="utf-8")


def unexplained(text: str, names: Iterable[str]) -> list[str]:
    """The names that stand nowhere in the text as code: alone, quoted, or before a space or a =."""
    return sorted(
        name
        for name in names
        if not re.search(rf"`[^`\n]*(?<![\w-]){re.escape(str(name))}(?![\w-])[^`\n]*`", text)
    )


def test_a_name_is_explained_as_code_only():
    assert unexplained("the key `effect` and { effect }", ["effect", "clause"]) == ["clause"]
    assert unexplained("`with_effect`", ["effect"]) == ["effect"]


@pytest.mark.parametrize("kind", rule.KINDS)
def test_every_kind_of_rule_and_its_keys(kind: str, root: Path):
    text = page(root, "rules.md")
    assert f"## `{kind}`" in text
    section = text.split(f"## `{kind}`")[1].split("\n## ")[0]
    assert not unexplained(section, of_kind(kind))


def test_every_key_of_every_rule(root: Path):
    assert not unexplained(page(root, "rules.md"), rule._OWN)


def test_every_condition_key_and_operator(root: Path):
    keys = known(lambda: compile_condition({NOBODYS: 1}, PLACE))
    special = [key for key in keys if key not in MORE_KEYS]
    assert not unexplained(page(root, "conditions.md"), [*special, *OPERATORS])


def test_every_key_of_a_fact_search(root: Path):
    text = page(root, "conditions.md").split("## Fact searches")[1]
    assert not unexplained(text, of_fact())


@pytest.mark.parametrize("form", ["from", "any", "begins_on"])
def test_every_derive_key(form: str, root: Path):
    assert not unexplained(page(root, "derive.md"), of_derive(form))


def test_every_key_of_a_pack(root: Path):
    text = page(root, "packs.md")
    keys = {*packs._PACK_KEYS, *packs._TOP_KEYS, *packs._HEAD_KEYS}
    keys |= {*labels._TOP_KEYS, *labels._LABEL_KEYS, *calendar_names()}
    assert not unexplained(text, keys)


def test_every_key_of_a_case(root: Path):
    assert not unexplained(page(root, "packs.md"), case._CASE_KEYS)
    text = page(root, "words.md")
    assert not unexplained(text, case._CONTACT_KEYS | case._FACT_KEYS | case._MORE_FACT_KEYS)


@pytest.mark.parametrize("words", [Channel, Direction, Party, Purpose, Outcome, FactKind])
def test_every_closed_word(words: type[StrEnum], root: Path):
    assert not unexplained(page(root, "words.md"), words)


def test_whether_silence_is_unknown_is_told_as_it_is(root: Path):
    told = dict(
        re.findall(r"^\| `(\w+)` \| (open|closed) \|", page(root, "words.md"), re.MULTILINE)
    )
    assert told == {key: "open" if world else "closed" for key, world in MORE_KEYS.items()}


def test_every_level_confidence_and_effect(root: Path):
    text = (root / "docs" / "concepts" / "levels-and-confidence.md").read_text(encoding="utf-8")
    assert not unexplained(text, [*Level, *Confidence, *Effect])


def test_every_answer(root: Path):
    text = page(root, "output.md")
    schemas = ["forbear.decision/1", AUDIT_SCHEMA]
    assert not unexplained(text, [*Decision, *Never, *schemas])


def options(of: argparse.ArgumentParser) -> set[str]:
    """The commands and options of a parser and of those below it, but for --help."""
    found: set[str] = set()
    for action in of._actions:
        found |= {name for name in action.option_strings if name not in ("-h", "--help")}
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                found |= {name, *options(below)}
    return found


def test_every_command_and_option(root: Path):
    known_options = options(parser()) - {"--version", "--output"}
    assert {"audit", "law", "--collector", "--pack"} <= known_options
    assert not unexplained(page(root, "commands.md"), known_options)


def test_every_weekday_and_owner_of_a_phone(root: Path):
    assert not unexplained(page(root, "commands.md"), Whose)
    assert not unexplained(page(root, "rules.md"), [WEEKDAYS[0], WEEKDAYS[-1]])


def test_the_book_of_every_pack_can_be_held_against_its_sources():
    """The page on packs says so of `source.md`; a pack without rows would say nothing."""
    assert all(row.clause for row in coverage(load(["cn", "us"])).rows)

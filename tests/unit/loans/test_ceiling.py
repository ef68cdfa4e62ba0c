"""The ceilings that ship: dated, sourced, in both languages, and never surer than their reading."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from forbear.base.errors import LoanError
from forbear.base.words import Confidence, Effect, Level
from forbear.loans.ceiling import Ceiling, Cost, countries, load, shipped

FILES = sorted(shipped().glob("*.toml"))


def values(table: Any) -> Iterator[Any]:
    if isinstance(table, dict):
        for each in table.values():
            yield from values(each)
    elif isinstance(table, list):
        for each in table:
            yield from values(each)
    else:
        yield table


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_figure_of_the_law_is_a_binary_fraction(path: Path):
    found = list(values(tomllib.loads(path.read_text(encoding="utf-8"))))
    assert found
    assert not [each for each in found if isinstance(each, float)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_stands_under_its_country_and_says_when_it_was_checked(path: Path):
    head = tomllib.loads(path.read_text(encoding="utf-8"))["instrument"]
    assert path.name.startswith(f"{head['country']}-")
    assert head["checked"].year >= 2026


@pytest.mark.parametrize("country", countries())
def test_every_norm_has_a_source_and_stands_in_both_languages(country: str):
    book = load(country)
    norms = [*book.ceilings, *book.principal, *book.judges]
    assert norms
    for norm in norms:
        assert norm.source, norm.id
        assert norm.clause, norm.id
        assert any("\u4e00" <= sign <= "\u9fff" for sign in norm.says.zh), norm.id
        assert any(sign.isascii() and sign.isalpha() for sign in norm.says.en), norm.id
        assert norm.says.en.endswith("."), norm.id
        assert norm.says.zh.endswith("。"), norm.id


def test_no_two_norms_share_an_id():
    names = [
        norm.id
        for country in countries()
        for norm in (*load(country).ceilings, *load(country).principal, *load(country).judges)
    ]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("country", countries())
def test_a_reading_that_is_not_sure_never_refuses(country: str):
    for ceiling in load(country).ceilings:
        if ceiling.confidence not in (Confidence.TEXT, Confidence.QUOTED):
            assert ceiling.effect is Effect.REVIEW, ceiling.id


@pytest.mark.parametrize("country", countries())
def test_any_two_ceilings_are_nested_or_share_nothing(country: str):
    """The promise that a lower ceiling never raises a claim rests on this."""
    for one, two in combinations(load(country).ceilings, 2):
        shared = one.covers & two.covers
        assert shared in (frozenset(), one.covers, two.covers), (one.id, two.id)


@pytest.mark.parametrize("country", countries())
def test_inner_ceilings_come_before_outer_ones(country: str):
    sizes = [len(ceiling.covers) for ceiling in load(country).ceilings]
    assert sizes == sorted(sizes)


def ceiling(name: str) -> Ceiling:
    found = [each for c in countries() for each in load(c).ceilings if each.id == name]
    assert len(found) == 1
    return found[0]


def test_steps_of_one_ceiling_follow_each_other_without_a_gap():
    old, new = ceiling("cn-private-transition").steps
    assert old.until is not None
    assert new.since is not None
    assert (new.since - old.until).days == 1


def test_the_regimes_of_private_lending_meet_on_one_day():
    old, new = ceiling("cn-private-transition"), ceiling("cn-private-4lpr")
    assert old.contract_until is not None
    assert new.contract_from is not None
    assert (new.contract_from - old.contract_until).days == 1


def test_the_path_of_microloans_has_no_gap():
    now, then = ceiling("cn-microloan-24"), ceiling("cn-microloan-4lpr")
    assert now.contract_until is not None
    assert then.contract_from is not None
    assert (then.contract_from - now.contract_until).days == 1


def test_the_24_percent_of_licensed_lenders_is_said_to_be_no_statute():
    assert ceiling("cn-licensed-24").level is Level.GUIDANCE
    assert ceiling("cn-private-4lpr").level is Level.LAW


def test_the_hash_is_that_of_the_files_and_changes_with_them(tmp_path: Path):
    for path in shipped().glob("uk-*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    same = load("uk", tmp_path)
    assert same.sha256 == load("uk").sha256
    assert len(same.sha256) == 64
    other = tmp_path / "changed"
    other.mkdir()
    text = (shipped() / "uk-hcstc.toml").read_text(encoding="utf-8")
    (other / "uk-hcstc.toml").write_text(text.replace('"0.8"', '"0.7"'), encoding="utf-8")
    assert load("uk", other).sha256 != same.sha256


def test_a_country_without_ceilings_is_named():
    for country in ("fr", "../cn", ""):
        with pytest.raises(LoanError, match="known are au, cn, sg, uk, us"):
            load(country)


HEAD = """
[instrument]
country = "xx"
title = { zh = "法", en = "Law" }
level = "law"
confidence = "text"
source = "a paper"
checked = 2026-01-01
"""
ONE = """
[[ceiling]]
id = "xx-1"
clause = "1"
says = { zh = "上限。", en = "A ceiling." }
covers = ["interest"]
"""


def wrong(folder: Path, text: str) -> str:
    (folder / "xx-law.toml").write_text(text, encoding="utf-8")
    with pytest.raises(LoanError) as told:
        load("xx", folder)
    return str(told.value)


def test_a_file_that_is_not_well_formed_says_where_and_how_to_mend_it(tmp_path: Path):
    cases = {
        "it is no TOML": "[",
        "[instrument] needs": "[instrument]\ncountry = 'xx'\n",
        "unknown key «nobodys_key»; known are": HEAD + ONE + "nobodys_key = 1\n",
        "unknown key «other»; known are": HEAD + "[other]\na = 1\n",
        "known are interest, overdue_interest, penalty, fee": HEAD
        + ONE.replace('"interest"', '"intrest"'),
        "it needs covers": HEAD + ONE.replace('["interest"]', "[]"),
        "settled is payment or end": HEAD + ONE + 'settled = "later"\n',
        "clause is missing": HEAD + ONE.replace('clause = "1"\n', ""),
        "a sentence is written": HEAD + ONE.replace(', en = "A ceiling."', ""),
        "can only ask for review": HEAD + ONE + 'confidence = "recalled"\neffect = "deny"\n',
        "a step has one rate": HEAD
        + ONE
        + 'step = [{ annual_percent = "1", daily_percent = "1" }]\n',
        'is written as text, such as "24"': HEAD + ONE + "step = [{ annual_percent = 24 }]\n",
        "is no number": HEAD + ONE + 'share_percent = "all"\n',
        "known are bank, consumer_finance": HEAD + ONE + 'lender = ["shark"]\n',
        "when; known are always": HEAD
        + ONE.replace("ceiling", "judge").replace('covers = ["interest"]', 'when = "never"'),
        "kind; known are deducted": HEAD
        + ONE.replace("ceiling", "principal").replace('covers = ["interest"]', 'kind = "x"'),
        "«maximal» is not a valid": (HEAD + ONE).replace('level = "law"', 'level = "maximal"'),
    }
    for number, (says, text) in enumerate(cases.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        told = wrong(folder, text)
        assert told.startswith("ceilings/xx-law.toml"), told
        if "maximal" not in says:
            assert says in told, told
        assert "\n" not in told


def test_costs_are_served_in_the_order_interest_overdue_interest_penalty_fee():
    assert list(Cost) == ["interest", "overdue_interest", "penalty", "fee"]

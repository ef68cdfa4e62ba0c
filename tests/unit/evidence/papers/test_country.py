"""Channels and norms are data: complete, honest about what is only recalled, and of one country."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

import forbear.law
from forbear.base.words import Confidence, Level
from forbear.evidence.papers.country import Country, country, topic_of, topics
from forbear.evidence.papers.told import COUNTRIES
from forbear.law.book import load

PACKS = sorted(
    path.name
    for path in (Path(forbear.law.__file__).parent / "packs").iterdir()
    if (path / "pack.toml").exists()
)
HAN = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(params=COUNTRIES)
def each(request: pytest.FixtureRequest) -> Country:
    return country(request.param)


def test_the_institution_comes_first_and_no_channel_twice(each: Country):
    ids = [channel.id for channel in each.channels]
    assert ids[0] == "institution"
    assert len(set(ids)) == len(ids)
    assert [channel.id for channel in each.channels if channel.own] == ["institution"]


def test_every_channel_says_how_what_and_when_and_how_sure_that_is(each: Country):
    for channel in each.channels:
        for said in (channel.how, channel.answer_by, channel.source, channel.name, channel.title):
            assert said.zh, channel.id
            assert said.en, channel.id
            assert HAN.search(said.zh)
            assert not HAN.search(said.en)
        assert channel.needs, channel.id
        assert channel.asks, channel.id
        assert channel.own or channel.topics or channel.wants or channel.danger


def test_somebody_in_danger_is_told_of_the_police(each: Country):
    police = next(channel for channel in each.channels if channel.id == "police")
    assert police.danger
    assert each.emergency in police.how.zh
    assert each.emergency in police.how.en


def test_what_was_recalled_says_so_in_its_source(each: Country):
    for channel in each.channels:
        if channel.confidence is Confidence.RECALLED:
            assert "凭记忆" in channel.source.zh, channel.id
            assert "memory" in channel.source.en, channel.id


def test_only_what_was_read_is_called_read(each: Country):
    """Outside mainland China no text of a channel was read, so all of them ask to be checked."""
    if each.id != "cn":
        assert {channel.confidence for channel in each.channels} == {Confidence.RECALLED}


def test_norms_are_of_their_own_country(each: Country):
    for norm in each.norms:
        chinese = bool(HAN.search(norm.clause)) or norm.clause.startswith("GB/T")
        assert chinese == (each.id == "cn"), norm.clause


def test_every_letter_of_who_is_contacted_has_a_ground(each: Country):
    for letter in ("stop", "hours", "family", "third"):
        assert each.norms_for(letter, lender_type="bank", product=""), letter


def test_a_norm_for_one_kind_of_lender_is_not_cited_to_another():
    clauses = {
        kind: {n.clause for n in country("cn").norms_for("third", lender_type=kind, product="")}
        for kind in ("microloan", "private", "")
    }
    micro = "小额贷款公司监督管理暂行办法 催收负面清单(5)向无义务人催收"
    standard = "GB/T 45251-2025 5.3 催收对象"
    assert {micro, standard} <= clauses["microloan"]
    assert not {micro, standard} & clauses["private"]
    assert not {micro, standard} & clauses[""]


def test_clauses_are_named_as_the_packs_name_them():
    """Where a pack has a rule for the same article, the papers call it by the same name."""
    rules = [rule for name in PACKS for rule in load([name]).rules]
    known = {rule.clause: (rule.level, rule.confidence) for rule in rules}
    for name in COUNTRIES:
        for norm in country(name).norms:
            if norm.clause in known:
                level, confidence = known[norm.clause]
                assert norm.level == level, norm.clause
                order = list(Confidence)
                assert order.index(norm.confidence) >= order.index(confidence), norm.clause
    named = {name: sum(n.clause in known for n in country(name).norms) for name in COUNTRIES}
    assert named["cn"] >= 8
    assert all(named[name] >= 1 for name in COUNTRIES)


def test_a_recommended_standard_is_no_law():
    for norm in country("cn").norms:
        if norm.clause.startswith("GB/T"):
            assert norm.level == Level.STANDARD


@pytest.mark.parametrize("pack", PACKS)
def test_every_rule_has_a_topic(pack: str):
    lost = [rule.id for rule in load([pack]).rules if topic_of(rule.id) == "other"]
    assert not lost


def test_every_pattern_of_a_topic_takes_a_rule_of_some_pack():
    rules = {rule.id for rule in load(PACKS).rules}
    dead = [
        pattern
        for _, patterns, _ in topics().values()
        for pattern in patterns
        if not any(fnmatchcase(rule, pattern) for rule in rules)
    ]
    assert not dead


def test_a_rule_of_nobodys_is_another_matter():
    assert topic_of("my-own-rule") == "other"

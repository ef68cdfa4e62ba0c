"""What holds for every paper, whoever writes, in any country, in any language.

The grid is wide and what is told is random, because a placeholder or an admission that stands in
one corner of it is enough to harm somebody.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.evidence.papers.conftest import EVERYTHING, audited

from forbear.evidence.given import ReportInput
from forbear.evidence.papers import (
    COUNTRIES,
    WANTS,
    Paper,
    Told,
    as_data,
    papers,
    to_html,
    to_text,
    told_from,
)
from forbear.evidence.papers.told import LENDER_TYPES

HAN = re.compile("[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(
    r"_{2,}|\[[^\]]*\]|\{[^}]*\}|某某|X{2,}|×{2,}|TBD|None\b|null\b|（\s*）|\(\s*\)|“”"
    r"|：\s*。|、、|，，"
)
ADMITS = re.compile(
    r"我(?:确实|已经|还)?(?:承认|欠|借了|借过|愿意承担|同意还|保证还|会还)"
    r"|(?<!You say that )\bI (?:owe|admit|acknowledge|agree to pay|promise to pay|borrowed)\b"
    r"|my debt\b|our debt\b"
)
ACCUSES = re.compile(r"犯罪|罪犯|黑社会|诈骗犯|criminal|crook|fraudster", re.IGNORECASE)
LETTERS = ("stop", "third", "dispute", "offer", "credit", "data")
WHOSE = ("debtor", "relative", "guarantor", "stranger")
# Letters of words: nothing of what a person types may look like a placeholder of ours.
words = st.text("李静王母亲甲乙公司LoanAb 09-", min_size=0, max_size=12).map(str.strip)
amounts = st.sampled_from(["", "1000", "12,345.67", "0.03", "abc", "１００", "3.5万"])
tables = st.fixed_dictionaries(
    {},
    optional={
        "name": words, "phone": st.sampled_from(["", "13800000012"]), "address": words,
        "email": words, "relation": words, "debtor_name": words, "lender": words,
        "lender_type": st.sampled_from(["", *LENDER_TYPES]), "agency": words, "contract": words,
        "product": st.sampled_from(["", "信用卡", "credit card", "现金贷"]),
        "wants": st.lists(st.sampled_from(WANTS), unique=True),
        "hours": st.sampled_from([[], ["18:00", "20:00"], ["20:00", "08:00"]]),
        "family": st.lists(words, max_size=3), "disputed": words,
        "claimed": amounts, "principal": amounts, "can_pay": amounts,
        "first_date": st.sampled_from(["", "2026-04-30", "soon"]),
        "months": st.none() | st.integers(1, 60), "hardship": words,
        "danger": st.booleans(), "acknowledged": st.booleans(),
        "country": st.sampled_from(COUNTRIES),
    },
)  # fmt: skip


def logs() -> st.SearchStrategy[ReportInput]:
    """An audited log, with its findings, without them, or with nothing in it at all."""

    def build(whose: str, language: Any, pack: str, kept: str) -> ReportInput:
        full = audited(whose, pack)
        audit = full.audit
        if kept != "all":
            audit = replace(audit, findings=(), not_shown=())
        contacts = () if kept == "nothing" else full.contacts
        collectors = () if kept == "nothing" else full.collectors
        return replace(
            full, audit=audit, contacts=contacts, collectors=collectors, language=language
        )

    return st.builds(
        build,
        st.sampled_from(WHOSE),
        st.sampled_from(["zh", "en"]),
        st.sampled_from(["cn", "us"]),
        st.sampled_from(["all", "all", "no findings", "nothing"]),
    )


def own_words(paper: Paper) -> str:
    """The paper without the words of messages, which it only quotes, and of commands."""
    said = re.sub(r"“[^”]*”", "", to_text(paper))
    return re.sub(r"Get-FileHash.*|shasum.*|sha256sum.*|forbear audit.*", "", said)


@settings(max_examples=150, deadline=None)
@given(log=logs(), table=tables)
def test_no_paper_holds_a_placeholder_or_an_admission(log: ReportInput, table: dict[str, Any]):
    told = told_from(table)
    made = papers(log, told)
    assert made[0].id == "guide"
    assert len({paper.id for paper in made}) == len(made)
    for paper in made:
        said = own_words(paper)
        for text in (said, *paper.before, paper.title, paper.not_made):
            assert not PLACEHOLDER.search(text), (paper.id, PLACEHOLDER.search(text), text)
        if paper.id != "guide":
            assert not ADMITS.search(said), (paper.id, ADMITS.search(said))
            assert not ACCUSES.search(said), (paper.id, ACCUSES.search(said))
        known = set(Told.__dataclass_fields__)
        assert set(paper.lacking) <= known
        assert bool(paper.blocks) != bool(paper.not_made)


@settings(max_examples=60, deadline=None)
@given(log=logs(), table=tables)
def test_papers_are_plain_data_and_a_well_formed_page(log: ReportInput, table: dict[str, Any]):
    made = papers(log, told_from(table))
    data = json.loads(json.dumps([as_data(paper) for paper in made], ensure_ascii=False))
    assert [each["id"] for each in data] == [paper.id for paper in made]
    page = to_html(made, log.language)
    assert "<script" not in page
    ET.fromstring(page.removeprefix("<!DOCTYPE html>\n"))


@settings(max_examples=80, deadline=None)
@given(log=logs(), table=tables)
def test_no_heading_stands_over_nothing(log: ReportInput, table: dict[str, Any]):
    for paper in papers(log, told_from(table)):
        kinds = [block["kind"] for block in as_data(paper)["blocks"]]
        assert ("heading", "heading") not in set(pairwise([*kinds, "heading"])), paper.id


@settings(max_examples=80, deadline=None)
@given(log=logs(), table=tables)
def test_a_debt_is_offered_only_by_a_debtor_who_read_the_warning(
    log: ReportInput, table: dict[str, Any]
):
    told = told_from(table)
    offers = [paper for paper in papers(log, told) if paper.id == "offer"]
    assert bool(offers) == ("pay" in told.wants)
    for paper in offers:
        third = log.whose in ("relative", "stranger")
        assert bool(paper.not_made) == (third or not told.acknowledged)
        if not third:
            assert paper.before, "the warning is shown whether the paper is made or not"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("country", [name for name in COUNTRIES if name != "cn"])
@pytest.mark.parametrize("whose", WHOSE)
def test_no_other_country_is_told_of_chinese_law(country: str, whose: str, language: Any):
    """Not even where the log was put before Chinese law."""
    log = replace(audited(whose, "cn"), language=language)
    told = told_from({"country": country, "wants": EVERYTHING, "acknowledged": True,
                      "danger": True, "hours": ["18:00", "20:00"], "disputed": "x"})  # fmt: skip
    for paper in papers(log, told):
        assert not any(HAN.search(ground.clause) for ground in paper.grounds), paper.id
        if paper.id not in ("exhibit", "timeline"):
            said = own_words(paper)
            for name in ("民法典", "GB/T", "个人信息保护法", "治安管理", "Civil Code", "12378"):
                assert name not in said, (paper.id, name)


@pytest.mark.parametrize("whose", ["debtor", "relative"])
def test_mainland_china_is_not_told_of_other_law(whose: str):
    told = told_from({"wants": EVERYTHING, "acknowledged": True, "hours": ["18:00", "20:00"]})
    made = papers(audited(whose, "us"), told)
    assert "complaint-institution" not in {paper.id for paper in made}, "it could rest on nothing"
    for paper in made:
        assert not any("CFR" in ground.clause for ground in paper.grounds), paper.id


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_letter_says_that_it_acknowledges_nothing(country: str, language: Any):
    log = replace(audited("debtor", "cn"), language=language)
    told = told_from({"country": country, "wants": EVERYTHING, "acknowledged": True,
                      "hours": ["18:00", "20:00"]})  # fmt: skip
    for paper in papers(log, told):
        if paper.blocks and (paper.id in LETTERS or paper.channel):
            said = to_text(paper)
            assert re.search("不构成|acknowledges (?:no|neither)", said), paper.id


@pytest.mark.parametrize("language", ["zh", "en"])
def test_papers_are_in_one_language(language: Any):
    told = told_from({"wants": EVERYTHING, "country": "us", "acknowledged": True,
                      "hours": ["18:00", "20:00"]})  # fmt: skip
    log = replace(audited("debtor", "us"), language=language, collectors=(("95187", "A"),))
    for paper in papers(log, told):
        assert bool(HAN.search(own_words(paper))) == (language == "zh"), paper.id


def test_the_same_request_gives_the_same_papers():
    told = told_from({"wants": EVERYTHING, "hours": ["18:00", "20:00"]})
    assert papers(audited(), told) == papers(audited(), told)

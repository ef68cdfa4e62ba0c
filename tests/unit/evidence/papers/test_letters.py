"""The letters: who gets which, and what stands in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from forbear.evidence.papers import Paper, papers

Made = Callable[..., dict[str, Paper]]
Text = Callable[[Paper], str]


def test_the_third_person_has_her_own_letter_and_the_debtor_has_not(made: Made, text: Text):
    """The mother's log and the debtor's hold the same calls."""
    assert "third" not in made("debtor", wants=["stop"])
    paper = made("relative", wants=["stop"])["third"]
    said = text(paper)
    assert paper.title == "我不是债务人，请停止联系我"
    assert "我不是债务人" in said
    assert "母亲" in said
    assert "28次" in said
    assert "不构成对任何债务的承认、加入或者担保" in said
    assert "stop" not in made("relative", wants=["stop"])


def test_the_third_person_is_asked_first_whether_she_guaranteed(made: Made):
    assert any("担保" in line for line in made("stranger")["third"].before)


@pytest.mark.parametrize("want", ["dispute", "pay", "credit"])
def test_somebody_who_is_no_debtor_is_not_made_one(made: Made, want: str):
    name = {"pay": "offer"}.get(want, want)
    paper = made("relative", wants=[want], acknowledged=True)[name]
    assert not paper.blocks
    assert "您不是债务人" in paper.not_made


def test_the_notice_says_only_what_was_wanted(made: Made, text: Text):
    said = text(made(wants=["hours"])["stop"])
    assert "只在每天18:00至20:00之间" in said
    assert "停止以电话" not in said
    assert "家人" not in said
    said = text(made(wants=["stop"])["stop"])
    assert "停止以电话、短信、社交软件和上门" in said
    assert "书面寄到本函写明的地址" in said
    said = text(made(wants=["family"])["stop"])
    assert "同事王某" in said


def test_hours_over_midnight_end_the_next_day(made: Made, text: Text):
    assert "20:00至次日08:00" in text(made(wants=["hours"], hours=["20:00", "08:00"])["stop"])


def test_hours_that_nobody_named_are_not_invented(made: Made):
    found = made(wants=["hours"], hours=[])
    assert "先写明" in found["hours"].not_made
    assert "stop" in found, "the breaches are still to be answered"


def test_without_an_address_none_is_asked_to_be_written_to(made: Made, text: Text):
    paper = made(wants=["stop"], address="")["stop"]
    assert "书面寄到" not in text(paper)
    assert "address" in paper.lacking


def test_the_notice_is_honest_that_the_law_gives_no_such_right(made: Made):
    assert any("没有哪一部法律" in line for line in made(wants=["stop"])["stop"].before)


def test_a_clean_log_and_no_wish_make_no_notice(given: Any, about: Any):
    log = given()
    log = given(audit=type(log.audit)(contacts=28, findings=(), not_shown=(), packs={}))
    assert [paper.id for paper in papers(log, about(disputed=""))] == [
        "guide", "timeline", "exhibit",
    ]  # fmt: skip


def test_a_dispute_confirms_nothing_and_names_the_amount_as_theirs(made: Made, text: Text):
    paper = made(wants=["dispute"])["dispute"]
    said = text(paper)
    assert "贵方称我有一笔12,345.67元的款项尚未归还" in said
    assert "我不确认该款项的存在、金额和期限" in said
    assert "10,000" not in said, "the principal would be an admission"


def test_an_amount_that_cannot_be_read_is_reported_and_left_out(made: Made, text: Text):
    paper = made(wants=["dispute"], claimed="十二块")["dispute"]
    assert "贵方称我有一笔款项尚未归还" in text(paper)
    assert any("十二块" in line for line in paper.before)
    assert "claimed" in paper.lacking


def test_an_american_dispute_is_asked_to_hurry(made: Made):
    paper = made(language="en", wants=["dispute"], country="us", claimed="$5")["dispute"]
    assert any("30 days" in line for line in paper.before)
    assert "12 CFR 1006.38(d)(2)" in {ground.clause for ground in paper.grounds}


def test_data_and_credit_rest_on_a_rule_or_are_not_made(made: Made):
    found = made(wants=["credit", "leak"])
    clauses = {"".join(ground.clause.split()) for ground in found["data"].grounds}
    assert "个人信息保护法第45条" in clauses
    assert found["credit"].blocks
    found = made(wants=["credit", "leak"], country="us", claimed="")
    assert "没有收录" in found["data"].not_made


def test_a_product_is_called_by_words(made: Made, text: Text):
    assert "所称的产品：信用卡" in text(made(wants=["dispute"], product="credit_card")["dispute"])
    assert "所称的产品：现金贷" in text(made(wants=["dispute"], product="现金贷")["dispute"])


def test_grounds_stand_in_the_letter_with_their_kind(made: Made, text: Text):
    paper = made(wants=["family"])["stop"]
    assert paper.grounds
    said = text(paper)
    for ground in paper.grounds:
        assert "".join(ground.clause.split()) in said
    assert "国家推荐性标准（本身不是法律）" in said
    assert "据多处转述，未见原文" in said

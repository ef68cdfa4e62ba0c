"""Whom a paper speaks for, and whom it is sent to, decide what it may say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from forbear.evidence.papers import Paper
from forbear.evidence.papers.country import country

Made = Callable[..., dict[str, Paper]]
Text = Callable[[Paper], str]
EVERYTHING = ["stop", "hours", "family", "dispute", "pay", "credit", "leak"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_guarantor_is_not_written_for_as_the_borrower(made: Made, text: Text, language: str):
    papers = made("guarantor", language=language, wants=EVERYTHING, acknowledged=True)
    wanted = ("保证责任", "保证期间") if language == "zh" else ("guarantee", "period")
    borrower = "贵方称我有一笔" if language == "zh" else "YousaythatIowe"
    for name in ("stop", "dispute", "offer"):
        assert wanted[0] in text(papers[name]), name
        assert borrower not in text(papers[name]), name
    assert wanted[1] in text(papers["dispute"])
    said = text(papers["dispute"])
    assert "第692条" in said
    assert "第693条" in said


def test_the_guarantee_period_is_cited_for_guarantors_alone(made: Made, text: Text):
    said = text(made(wants=["dispute"])["dispute"])
    assert "第546条" in said
    assert "第693条" not in said


def test_a_guarantor_is_warned_of_the_period_beside_every_answer(made: Made):
    papers = made("guarantor", wants=EVERYTHING, acknowledged=True)
    for name in ("stop", "dispute", "offer"):
        assert any("保证期间" in warning for warning in papers[name].before), name


def test_the_american_notice_to_cease_asks_for_no_more_contact(made: Made, text: Text):
    """To ask for an answer or to name hours would invite what 12 CFR 1006.6(c)(1) ends."""
    papers = made(language="en", country="us", wants=["stop", "hours", "family", "leak"])
    said = text(papers["stop"])
    assert "stopallfurthercommunicationwithme" in said
    for invites in ("Pleaseanswer", "pleasesend", "pleasedosobetween", "tellmeinwriting"):
        assert invites not in said, invites
    for paper in papers.values():
        assert "writeinstead" not in text(paper), paper.id


def test_what_is_disputed_is_told_only_where_it_belongs(made: Made, text: Text):
    papers = made(wants=["leak", "credit"])
    assert "利息与合同不符" in text(papers["complaint-pboc-12363"])
    assert "利息与合同不符" not in text(papers["complaint-cyberspace"])


def test_nobody_objects_to_the_credit_record_of_another(made: Made):
    papers = made("relative", wants=["credit", "leak"])
    assert "complaint-pboc-12363" not in papers
    assert papers["credit"].not_made


def test_rules_of_an_association_are_said_to_bind_its_members(made: Made, text: Text):
    said = text(made(wants=["stop"])["complaint-institution"])
    assert "中银协催收指引" in said
    assert "只约束协会会员和自愿采用的机构" in said


def test_what_is_no_letter_is_not_called_one(made: Made, text: Text):
    for name, paper in made(danger=True).items():
        if name.startswith("complaint-"):
            assert "本函" not in text(paper), name


def test_a_private_lender_is_not_reported_to_those_who_supervise_companies():
    (local,) = [c for c in country("cn").channels if c.id == "local-finance"]
    assert "private" not in local.lenders

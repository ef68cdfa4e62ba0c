"""Whom a paper speaks for, and whom it is sent to, decide what it may say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forbear.audit import Asked, examine
from forbear.evidence.papers import Paper, Told, papers
from forbear.evidence.papers.country import country

EXAMPLES = Path(__file__).parents[4] / "examples"
LOGS = (EXAMPLES / "sample-calls.xml", EXAMPLES / "sample-sms.xml")
Made = Callable[..., dict[str, Paper]]
Text = Callable[[Paper], str]
EVERYTHING = ["stop", "hours", "family", "dispute", "pay", "credit", "leak"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_guarantor_is_not_written_for_as_the_borrower(made: Made, text: Text, language: str):
    each = made("guarantor", language=language, wants=EVERYTHING, acknowledged=True)
    wanted = ("保证责任", "保证期间") if language == "zh" else ("guarantee", "period")
    borrower = "贵方称我有一笔" if language == "zh" else "YousaythatIowe"
    for name in ("stop", "dispute", "offer"):
        assert wanted[0] in text(each[name]), name
        assert borrower not in text(each[name]), name
    assert wanted[1] in text(each["dispute"])
    said = text(each["dispute"])
    assert "第692条" in said
    assert "第693条" in said


def test_the_guarantee_period_is_cited_for_guarantors_alone(made: Made, text: Text):
    said = text(made(wants=["dispute"])["dispute"])
    assert "第546条" in said
    assert "第693条" not in said


def test_a_guarantor_is_warned_of_the_period_beside_every_answer(made: Made):
    each = made("guarantor", wants=EVERYTHING, acknowledged=True)
    for name in ("stop", "dispute", "offer"):
        assert any("保证期间" in warning for warning in each[name].before), name


def test_the_american_notice_to_cease_asks_for_no_more_contact(made: Made, text: Text):
    """To ask for an answer or to name hours would invite what 12 CFR 1006.6(c)(1) ends."""
    each = made(language="en", country="us", wants=["stop", "hours", "family", "leak"])
    said = text(each["stop"])
    assert "stopallfurthercommunicationwithme" in said
    for invites in ("Pleaseanswer", "pleasesend", "pleasedosobetween", "tellmeinwriting"):
        assert invites not in said, invites
    for paper in each.values():
        assert "writeinstead" not in text(paper), paper.id


def test_what_is_disputed_is_told_only_where_it_belongs(made: Made, text: Text):
    each = made(wants=["leak", "credit"])
    assert "利息与合同不符" in text(each["complaint-pboc-12363"])
    assert "利息与合同不符" not in text(each["complaint-cyberspace"])


def test_nobody_objects_to_the_credit_record_of_another(made: Made):
    each = made("relative", wants=["credit", "leak"])
    assert "complaint-pboc-12363" not in each
    assert each["credit"].not_made


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


def test_no_paper_finds_anybody_guilty_of_a_crime(about: Callable[..., Told], text: Text):
    """Whether a crime was committed is for the authorities; the papers ask them to examine it."""
    asked = Asked(
        packs=("cn",),
        collectors=("95187=甲", "1069018795187=甲"),
        lender_type="unlicensed",
        zone="Asia/Shanghai",
        language="zh",
    )
    log = examine(LOGS, asked, now=datetime(2026, 3, 16, 1, tzinfo=UTC)).given
    told = about(lender_type="unlicensed", wants=["stop"], danger=True)
    made = {paper.id: paper for paper in papers(log, told)}
    assert "刑法第293条之一" in text(made["complaint-police"])
    for paper in made.values():
        for line in text(paper).splitlines():
            if "刑法第293条之一" in line:
                assert "不符" not in line, paper.id
                assert "请予核查" in line, paper.id
    assert "与规定不符或者本不应发起" not in text(made["stop"])


def test_courts_and_nuisance_lines_need_not_wait_for_the_institution(made: Made):
    each = made(danger=True)
    for name, paper in each.items():
        if name.startswith("complaint-"):
            waits = any("再交到这里" in warning for warning in paper.before)
            assert waits == (name in {"complaint-local-finance", "complaint-association-nifa"}), (
                name
            )


def test_an_american_objection_to_credit_information_goes_to_the_bureaus_too(
    made: Made, text: Text
):
    letter = made(language="en", country="us", wants=["credit"])["credit"]
    assert "asthelawrequires" not in text(letter)
    assert any("each bureau" in warning for warning in letter.before)


@pytest.mark.parametrize("name", ["complaint-institution", "timeline"])
def test_beijing_time_is_called_by_its_name(made: Made, text: Text, name: str):
    said = text(made()[name])
    assert "北京时间" in said
    assert "Asia/Shanghai" not in said

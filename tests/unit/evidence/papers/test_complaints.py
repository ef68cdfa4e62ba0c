"""Complaints: to whom, about what, and no further than the log goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from forbear.base.words import Effect, Level
from forbear.evidence.given import ReportInput
from forbear.evidence.papers import Paper, papers

Made = Callable[..., dict[str, Paper]]
Text = Callable[[Paper], str]


def channels(found: dict[str, Paper]) -> list[str]:
    return [paper.channel for paper in found.values() if paper.channel]


@pytest.mark.parametrize(
    ("kind", "has", "has_not"),
    [
        ("bank", {"regulator-12378", "association-cba"}, {"local-finance", "association-nifa"}),
        ("consumer_finance", {"regulator-12378"}, {"local-finance"}),
        ("microloan", {"local-finance", "association-nifa"}, {"regulator-12378"}),
        ("unlicensed", {"local-finance"}, {"regulator-12378", "association-nifa"}),
        ("", {"regulator-12378", "local-finance"}, {"association-nifa", "association-cba"}),
    ],
)
def test_the_channel_fits_the_kind_of_lender(
    made: Made, kind: str, has: set[str], has_not: set[str]
):
    found = made(lender_type=kind)
    assert has <= set(channels(found))
    assert not has_not & set(channels(found))
    assert channels(found)[0] == "institution", "the institution is asked first"
    for name in has:
        said = found[f"complaint-{name}"].before
        assert any("先向机构投诉" in line for line in said)
        assert (not kind) == any("没有说机构属于哪一类" in line for line in said) or "assoc" in name


def test_a_channel_says_what_it_takes_when_it_answers_and_how_sure_that_is(made: Made):
    for name, paper in made(lender_type="bank", wants=["credit", "leak"], danger=True).items():
        if paper.channel:
            for begins in ("怎么交", "一般要准备", "何时答复", "以上关于渠道的说明"):
                assert any(line.startswith(begins) for line in paper.before), (name, begins)
    asked = made(lender_type="bank")["complaint-regulator-12378"].before
    assert any("据转述，请先核实" in line for line in asked)


def test_data_and_credit_have_their_own_channels(made: Made, text: Text):
    found = made(wants=["credit", "leak"])
    assert "个人信息保护法第65条" in text(found["complaint-cyberspace"])
    assert "征信业管理条例第26条" in text(found["complaint-pboc-12363"])
    found = made()
    assert not {"cyberspace", "pboc-12363"} & set(channels(found))


def test_danger_brings_the_police_first(made: Made, text: Text):
    found = made(danger=True)
    assert list(found)[:2] == ["guide", "complaint-police"]
    paper = found["complaint-police"]
    assert "治安管理处罚法（2025）第50条" in text(paper)
    assert "禁止接触" in text(paper)
    assert "110" in paper.before[0]
    assert "老赖不要脸" in text(paper), "the words of the message stand there as they are"
    assert "police" not in channels(made())


def test_messages_are_quoted_word_for_word_with_their_row(made: Made, text: Text):
    said = text(made()["complaint-institution"])
    quote = "“【甲小贷】您的案件已移交公安机关，今日18点前不还清将对您立案拘捕。”"
    assert quote in said
    assert "sample-sms.xml第14行" in said


def test_rows_and_rules_carry_the_same_numbers(made: Made, text: Text):
    found = made()
    for name in ("complaint-institution", "complaint-telecom-12381", "timeline"):
        said = text(found[name])
        assert "2026年3月13日22:40|电话|95187|" in said
        assert "3|GB/T45251-20255.3催收时间|" in said
        assert "3、5|sample-calls.xml第24行" in said


def test_a_doubt_is_put_as_a_question_and_no_breach(made: Made, text: Text):
    said = text(made()["complaint-institution"])
    assert "请予核查2次" in said
    assert "7（请核查）" in said


def test_house_promises_and_remarks_are_not_complained_of(given: Any, about: Any, text: Text):
    log: ReportInput = given()
    first, *rest = log.audit.findings
    house = replace(first, level=Level.HOUSE, clause="宽和承诺 每日联系", rule="humane-day")
    remark = replace(first, effect=Effect.WARN, clause="提示条款", rule="cn-gbt-hours")
    audit = replace(log.audit, findings=(house, remark, *rest))
    found = {p.id: p for p in papers(replace(log, audit=audit), about())}
    said = text(found["complaint-institution"])
    assert "宽和承诺" not in said
    assert "提示条款" not in said
    assert "宽和承诺" in text(found["exhibit"])
    assert "机构自己的承诺" in text(found["exhibit"])


def test_only_house_promises_make_no_complaint(given: Any, about: Any):
    log: ReportInput = given()
    house = tuple(replace(f, level=Level.HOUSE) for f in log.audit.findings)
    log = replace(log, audit=replace(log.audit, findings=house))
    assert not [p for p in papers(log, about(disputed="")) if p.channel]


def test_exceptions_are_named_to_the_person_and_left_to_the_other_side(made: Made, text: Text):
    paper = made()["complaint-institution"]
    assert any("事先约定" in line for line in paper.before)
    assert "机构认为有例外的，请其出示凭据" in text(paper)


def test_a_long_list_says_how_much_it_leaves_out(given: Any, about: Any, text: Text):
    log: ReportInput = given("relative")
    more = []
    contacts = list(log.contacts)
    shift = 86_400
    for n in range(1, 4):
        for f in log.audit.findings:
            moved = replace(
                f.contact, id=f"{f.contact.id}+{n}", instant=f.contact.instant + n * shift
            )
            more.append(replace(f, contact=moved))
            if moved not in contacts:
                contacts.append(moved)
    contacts.sort(key=lambda c: c.instant)
    audit = replace(log.audit, findings=(*log.audit.findings, *more))
    found = {p.id: p for p in papers(replace(log, audit=audit, contacts=tuple(contacts)), about())}
    assert "上表列出40次，共112次" in text(found["complaint-institution"])


def test_the_institution_is_named_by_its_numbers_where_it_has_no_name(given: Any, about: Any):
    log = given(collectors=(("95187", ""),))
    (paper, *_) = [p for p in papers(log, about()) if p.id == "complaint-institution"]
    assert "".join(paper.to.split()) == "使用号码95187的催收方"
    assert "lender" in paper.lacking

"""The offer: never without its warning, and exact to the last cent."""

from __future__ import annotations

import re
from collections.abc import Callable

from forbear.evidence.papers import Paper, as_data

Made = Callable[..., dict[str, Paper]]
Text = Callable[[Paper], str]


def minor(shown: str) -> int:
    return int(re.sub(r"\D", "", shown))


def test_it_is_not_made_before_the_warning_was_read(made: Made):
    paper = made(wants=["pay"])["offer"]
    assert not paper.blocks
    assert "没有制作" in paper.not_made
    assert any("时效" in line for line in paper.before)


def test_its_warning_comes_first_and_is_honest(made: Made):
    paper = made(wants=["pay"], acknowledged=True)["offer"]
    assert "诉讼时效" in paper.before[0]
    assert "法院也不一定采纳" in paper.before[0]
    assert any("个人账户" in line for line in paper.before)
    assert any("验证码" in line for line in paper.before)


def test_the_table_adds_up_and_keeps_the_end_of_the_month(made: Made, text: Text):
    paper = made(wants=["pay"], acknowledged=True)["offer"]
    (table,) = [
        block for block in as_data(paper)["blocks"]
        if block["kind"] == "table" and len(block["heads"]) == 3
    ]  # fmt: skip
    *rows, total = table["rows"]
    assert sum(minor(row[-1]) for row in rows) == minor(total[-1]) == 1000000
    assert [row[1].replace("\u2009", "") for row in rows[:3]] == [
        "2026年3月31日", "2026年4月30日", "2026年5月31日",
    ]  # fmt: skip
    said = text(paper)
    assert "共17期，合计10,000.00元" in said
    assert "减免利息、罚息、违约金和其他费用" in said
    assert "不构成对任何债务的存在、金额、期限或者诉讼时效的确认" in said


def test_what_cannot_be_paid_is_asked_to_be_waived(made: Made, text: Text):
    paper = made(wants=["pay"], acknowledged=True, can_pay="100", months=10)["offer"]
    assert "9,000.00元，请求减免" in text(paper)
    assert any("少于商谈的金额" in line for line in paper.before)


def test_slips_are_reported_and_not_used(made: Made, text: Text):
    paper = made(wants=["pay"], acknowledged=True, can_pay="some", first_date="soon", months=None)[
        "offer"
    ]
    assert any("some" in line for line in paper.before)
    assert any("soon" in line for line in paper.before)
    assert {"can_pay", "first_date"} <= set(paper.lacking)
    assert "some" not in text(paper)
    assert "书面商定" in text(paper)


def test_a_first_payment_in_the_past_is_questioned(made: Made):
    paper = made(wants=["pay"], acknowledged=True, first_date="2026-03-01")["offer"]
    assert any("早于" in line for line in paper.before)


def test_without_a_first_date_the_payments_are_numbered_only(made: Made):
    paper = made(wants=["pay"], acknowledged=True, first_date="")["offer"]
    heads = [b["heads"] for b in as_data(paper)["blocks"] if b["kind"] == "table"]
    assert ["期数", "金额"] in heads


def test_too_many_payments_are_not_listed(made: Made):
    paper = made(wants=["pay"], acknowledged=True, can_pay="1")["offer"]
    assert any("三百六十期" in line for line in paper.before)


def test_a_credit_card_is_told_of_its_sixty_months(made: Made, text: Text):
    card = {"product": "信用卡", "lender_type": "bank", "wants": ["pay"], "acknowledged": True}
    paper = made(**card)["offer"]
    assert "60期" in text(paper)
    assert any("第70条" in g.clause.replace("\u2009", "") for g in paper.grounds)
    paper = made(**card, can_pay="100")["offer"]
    assert any("最长" in line for line in paper.before)
    other = made(wants=["pay"], acknowledged=True)["offer"]
    assert "60期" not in text(other)

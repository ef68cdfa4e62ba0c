"""Plain text for forms and mails."""

from __future__ import annotations

from forbear.evidence.papers import Paper, to_text
from forbear.evidence.papers.paper import Field, Heading, Listing, Paragraph, Signature, Table


def test_every_kind_of_block_has_a_plain_form():
    paper = Paper(
        id="x",
        title="题目",
        language="zh",
        blocks=(
            Field(label="姓名", value="李静"),
            Field(label="电话", value="138"),
            Heading(text="事实"),
            Paragraph(text="共\u20093\u2009次。"),
            Listing(items=("一", "二"), ordered=True),
            Listing(items=("甲",)),
            Table(caption="表", heads=("列", "行"), rows=(("1", "2"),)),
            Signature(label="签名", name="", day="2026年3月16日"),
        ),
    )
    assert to_text(paper).split("\n") == [
        "题目", "", "姓名：李静", "电话：138", "", "事实", "", "共 3 次。", "",
        "1. 一", "2. 二", "",
        "- 甲", "", "表", "列 | 行", "1 | 2", "", "签名：", "2026年3月16日", "",
    ]  # fmt: skip


def test_a_paper_that_was_not_made_says_why():
    paper = Paper(id="x", title="T", language="en", not_made="Not made: no.")
    assert to_text(paper) == "T\n\nNot made: no.\n"

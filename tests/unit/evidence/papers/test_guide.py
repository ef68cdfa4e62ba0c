"""The page to read first."""

from __future__ import annotations

from collections.abc import Callable

from forbear.evidence.papers import Paper, as_data

Made = Callable[..., dict[str, Paper]]
Text = Callable[[Paper], str]


def test_it_lists_every_paper_that_was_made(made: Made):
    found = made(wants=["stop", "pay", "dispute"])
    (table,) = [b for b in as_data(found["guide"])["blocks"] if b["kind"] == "table"]
    titles = [paper.title for name, paper in found.items() if name != "guide" and paper.blocks]
    assert [row[0] for row in table["rows"]] == titles


def test_it_names_what_is_lacking_and_what_was_not_made(made: Made, text: Text):
    said = text(made(wants=["pay"], name="", address="")["guide"])
    assert "没有制作的文书" in said
    assert "《协商函（不构成债务确认）》没有制作" in said
    assert "还可以补充什么" in said
    assert "地址：用于" in said


def test_it_warns_of_private_accounts_codes_and_signatures(made: Made, text: Text):
    said = text(made()["guide"])
    for word in ("个人账户", "验证码", "签字", "诉讼时效"):
        assert word in said
    assert "110" in text(made(danger=True)["guide"])
    assert "保证期间" in text(made("guarantor")["guide"])
    assert "代为还款" in text(made("relative")["guide"])


def test_it_goes_to_nobody(made: Made):
    assert made()["guide"].to == ""

"""The page: nothing runs, nothing is fetched, all can be changed, warnings are not printed."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

from forbear.evidence.papers import Paper, to_html

Made = Callable[..., dict[str, Paper]]


def page(found: dict[str, Paper], language: str = "zh") -> ET.Element:
    made = to_html(tuple(found.values()), language)
    return ET.fromstring(made.removeprefix("<!DOCTYPE html>\n"))


def test_every_paper_can_be_changed_in_place(made: Made):
    found = made(wants=["stop", "dispute"])
    articles = page(found).findall(".//article")
    assert len(articles) == sum(bool(paper.blocks) for paper in found.values())
    assert all(article.get("contenteditable") == "true" for article in articles)


def test_what_to_mind_is_beside_the_paper_and_not_in_it(made: Made):
    root = page(made(wants=["stop"]))
    inside = "".join("".join(article.itertext()) for article in root.iter("article"))
    asides = root.findall(".//aside")
    assert asides
    for aside in asides:
        assert "no-print" in aside.get("class", "")
        for item in aside.iter("li"):
            said = "".join(item.itertext())
            assert said not in inside or "验证码" in said or "账户" in said or "签字" in said


def test_a_paper_that_was_not_made_shows_why(made: Made):
    shown = "".join(page(made(wants=["pay"])).itertext())
    assert "没有制作：协商还款" in shown


def test_nothing_is_fetched_and_nothing_runs(made: Made):
    text = to_html(tuple(made(wants=["stop"]).values()), "zh")
    assert "default-src 'none'" in text
    assert not re.search(r"<script|\son\w+=|https?:", text)


def test_what_a_person_typed_is_text_and_never_markup(made: Made):
    sharp = "<b onclick=alert(1)>&\"'"
    found = made(name=sharp, disputed=sharp, wants=["dispute"])
    assert sharp in "".join(page(found).itertext())
    assert "<b onclick" not in to_html(tuple(found.values()), "zh")


def test_ids_of_a_page_are_unique(made: Made):
    ids = [node.get("id") for node in page(made(wants=["stop", "pay"])).iter() if node.get("id")]
    assert len(set(ids)) == len(ids)

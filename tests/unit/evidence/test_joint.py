from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest

from forbear.base.words import Confidence, Effect, Level
from forbear.evidence import joint
from forbear.evidence.given import Language
from forbear.evidence.joint import joint_csv, joint_data, joint_html, joint_text
from forbear.evidence.joint_given import (
    Complainant,
    Dates,
    Joint,
    JointClause,
    JointError,
    JointLender,
    JointNumber,
)
from forbear.evidence.joint_words import JOINT

MARCH = Dates(first=date(2026, 3, 1), last=date(2026, 3, 31))
ONE_DAY = Dates(first=date(2026, 3, 1), last=date(2026, 3, 1))


def clause(**changes: object) -> JointClause:
    said: dict[str, object] = {
        "clause": "GB/T 45251-2025 5.3",
        "rule": "hours",
        "level": Level.STANDARD,
        "effect": Effect.DENY,
        "confidence": Confidence.QUOTED,
        "complainants": 7,
        "breached": 12,
        "attempted": 3,
        "dates": MARCH,
    }
    return JointClause(**{**said, **changes})


def table(language: Language = "en", **changes: object) -> Joint:
    """A joint table with everything in it."""
    clauses = (
        clause(),
        clause(rule="few", complainants=2, effect=Effect.REVIEW, dates=ONE_DAY),
        clause(rule="remark", effect=Effect.WARN),
        clause(rule="promise", level=Level.HOUSE),
    )
    lender = JointLender(
        name="甲小贷",
        numbers=("95187*",),
        complainants=7,
        contacts=40,
        dates=MARCH,
        clauses=clauses,
    )
    clean = JointLender(name="?", numbers=(), complainants=6, contacts=9, dates=ONE_DAY, clauses=())
    said: dict[str, object] = {
        "language": language,
        "zone": "Asia/Shanghai",
        "made_at": datetime(2026, 4, 1, tzinfo=UTC),
        "version": "0.1.0",
        "command": "forbear audit FOLDER --joint",
        "small": 5,
        "key_given": False,
        "lenders": (lender, clean),
        "complainants": (
            Complainant(
                pseudonym="P-AAAAAAAA", contacts=40, breached=12, attempted=3, unreadable=1,
                dates=MARCH,
            ),
            Complainant(
                pseudonym="P-BBBBBBBB", contacts=0, breached=0, attempted=0, unreadable=0,
                dates=None,
            ),
        ),
        "errors": (JointError(pseudonym="P-CCCCCCCC", what="pdf"),),
        "suggestions": (
            JointNumber(number="1069", complainants=6, rows=90, likelihood="high"),
        ),
        "collectors": (("95187", "甲小贷"),),
        "packs": {"cn": "c" * 64},
        "shared_files": 1,
    }  # fmt: skip
    return Joint(**{**said, **changes})


class Recorded(dict[str, tuple[str, str]]):
    """The words, with a note of which were looked up."""

    def __init__(self) -> None:
        super().__init__(JOINT)
        self.used: set[str] = set()

    def __getitem__(self, key: str) -> tuple[str, str]:
        self.used.add(key)
        return super().__getitem__(key)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_word_is_used_and_none_is_missing(
    language: Language, monkeypatch: pytest.MonkeyPatch
):
    recorded = Recorded()
    monkeypatch.setattr(joint, "JOINT", recorded)
    kinds = [key.partition(".")[2] for key in JOINT if key.startswith("error.")]
    troubles = tuple(JointError(pseudonym=kind, what=kind) for kind in kinds)
    for made in (
        table(language, errors=troubles),
        table(language, key_given=True, complainants=()),
        table(language, complainants=(), collectors=()),
    ):
        joint_text(made)
        joint_html(made)
    assert set(JOINT) - recorded.used == set()


def test_both_languages_say_the_same_and_chinese_is_set_as_chinese():
    for key, (zh, en) in JOINT.items():
        assert set(re.findall(r"{(\w+)}", zh)) == set(re.findall(r"{(\w+)}", en)), key
        assert not re.search(r"[\u4e00-\u9fff][,;:?()]", zh), key
        assert not re.search(r"[\u4e00-\u9fff]", en), key
        assert "你" not in zh, key


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_is_well_formed_and_fetches_nothing(language: Language):
    page = joint_html(table(language))
    ET.fromstring(page)
    assert "default-src 'none'" in page
    assert not re.search(r'(?:src|href)="(?!#)', page)


def test_a_figure_about_few_people_is_marked_and_others_are_not():
    text = joint_text(table())
    assert "People 2*" in text
    assert "People 7," in text
    assert [row["small"] for row in joint_data(table())["clauses"]] == [False, True, False, False]


def test_a_doubt_a_remark_and_a_promise_are_not_called_a_breach():
    text = joint_text(table())
    assert "for a person to judge" in text
    assert "a remark only" in text
    assert "beyond its own promise; no breach of a rule" in " ".join(text.split())


def test_the_data_says_all_that_the_page_says():
    found = joint_data(table())
    assert json.loads(json.dumps(found)) == found
    assert found["schema"] == "forbear.joint/1"
    assert found["clauses"][0]["contacts"] == 15
    assert found["lenders"][1]["lender"] == "?"
    assert found["complainants"][1]["first"] is None


def test_a_csv_row_has_every_column():
    rows = joint_csv(table()).splitlines()
    assert rows[0].startswith("lender,clause,rule,level")
    assert len(rows) == 5
    assert rows[2].endswith("2,15,12,3,2026-03-01,2026-03-01,yes")


def test_a_name_cannot_break_the_page_or_a_spreadsheet():
    evil = JointLender(
        name="=<b>", numbers=(), complainants=1, contacts=1, dates=ONE_DAY, clauses=(clause(),)
    )
    made = table(lenders=(evil,))
    ET.fromstring(joint_html(made))
    assert joint_csv(made).splitlines()[1].startswith("'=<b>,")

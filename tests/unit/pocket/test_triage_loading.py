"""Reading the triage: what is refused, in one line that names the place and the repair."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from forbear.base.errors import PackError
from forbear.pocket.triage import as_data, load

GOOD = """
[[card]]
id = "one"
kind = "right"
after = "danger"
when = { danger = ["no"] }
title = { zh = "题", en = "Title" }
body = [{ zh = "话", en = "Words" }]
clauses = ["民法典 第1033条"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of what is shipped, with one small card for China."""
    here = tmp_path / "triage"
    shutil.copytree(Path(str(files("forbear.pocket.triage"))), here)
    (here / "cards" / "cn.toml").write_text(GOOD, encoding="utf-8")
    return here


def refused(folder: Path) -> str:
    with pytest.raises(PackError) as caught:
        load(folder)
    message = str(caught.value)
    assert "\n" not in message
    return message


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_card_is_read_as_it_is_written(folder: Path):
    (card,) = load(folder).cards["cn"]
    assert (card.id, card.kind, card.after) == ("one", "right", "danger")
    assert card.when == {"danger": ("no",)}
    assert card.clauses == ("民法典 第1033条",)
    assert as_data(load(folder))["cards"]["cn"] == [
        {
            "id": "one",
            "kind": "right",
            "after": "danger",
            "when": {"danger": ["no"]},
            "title": {"zh": "题", "en": "Title"},
            "body": [{"zh": "话", "en": "Words"}],
            "clauses": ["民法典 第1033条"],
        }
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "one"', 'id = "one"\ncolour = 1', "card 1: unknown key 'colour'; known are after,"),
        ('id = "one"\n', "", "card 1: id is missing"),
        ('id = "one"', 'id = ""', "card 1 (): id: '' is no text"),
        ('kind = "right"', 'kind = "wrong"', "kind: 'wrong' is unknown; known are urgent,"),
        ('after = "danger"', 'after = "later"', "after: 'later' is unknown; known are danger,"),
        ('{ danger = ["no"] }', '{ mood = ["no"] }', "when: 'mood' is unknown; known are danger,"),
        ('["no"] }', '["maybe"] }', "when.danger: 'maybe' is unknown; known are door,"),
        ('["no"] }', '["no", "no"] }', "when.danger: it is no list of different names"),
        ('["no"] }', '"no" }', "when.danger: it is no list of different names"),
        ('{ danger = ["no"] }', "{}", "when: it is written { danger"),
        ('{ zh = "题", en = "Title" }', '{ zh = "题" }', "title: write it in both languages"),
        ('en = "Words"', 'en = " "', "body 1: en: ' ' is no text"),
        ('[{ zh = "话", en = "Words" }]', '"话"', "body: it is no list of tables"),
        ("第1033条", "第1条", "clauses: '民法典 第1条' is unknown; known are "),
        ("clauses = ", "before = ", "before: '民法典 第1033条' is unknown; known are pay,"),
        ("clauses = ", 'paper = "will"\nclauses = ', "paper: 'will' is unknown; known are"),
        ("clauses = ", 'paper = "offer"\nclauses = ', "it leads to an offer without saying so"),
        ("clauses = ", 'before = ["pay"]\nclauses = ', "only a warning can warn"),
        ("clauses = ", 'confidence = "text"\nclauses = ', "source and confidence belong together"),
        ('clauses = ["民法典 第1033条"]\n', "", "it claims a right that nothing backs"),
        ('after = "danger"', 'after = "real"', "when does not ask about real"),
        (
            'danger = ["no"]',
            'danger = ["no"], want = ["pay"]',
            "asks about want, which comes after",
        ),
        (
            "clauses = ",
            'contacts = [{ number = "110", name = { zh = "报警", en = "police" }, '
            'what = { zh = "报警", en = "police" } }]\nclauses = ',
            "nothing says where its numbers are from",
        ),
        ("clauses = ", 'contacts = [{ number = "110" }]\nclauses = ', "contact 1: name is missing"),
        ("[[card]]", "[[card", "cards/cn.toml: it is no TOML in UTF-8"),
        ("[[card]]", "[[carte]]", "cards/cn.toml: unknown key 'carte'; known are card"),
    ],
)
def test_a_wrong_card_is_refused(folder: Path, old: str, new: str, said: str):
    change(folder / "cards" / "cn.toml", old, new)
    message = refused(folder)
    assert message.startswith("cards/cn.toml: ")
    assert said in message


def test_a_clause_of_another_country_is_refused(folder: Path):
    path = folder / "cards" / "ie.toml"
    change(
        path,
        "Consumer Credit Act 1995 (Ireland) s. 46(b)",
        "HKAB Code of Banking Practice para 43.3",
    )
    assert "'HKAB Code of Banking Practice para 43.3' is unknown" in refused(folder)


def test_what_holds_everywhere_names_no_country_s_clause(folder: Path):
    path = folder / "cards" / "all.toml"
    change(path, 'id = "safe_start"', 'id = "safe_start"\nclauses = ["民法典 第1033条"]')
    assert refused(folder).startswith("cards/all.toml: card 4 (safe_start): clauses: ")


def test_two_cards_of_one_name_are_refused(folder: Path):
    path = folder / "cards" / "cn.toml"
    path.write_text(GOOD + GOOD, encoding="utf-8")
    assert refused(folder) == (
        "cards/cn.toml: two cards are called 'one'; give one of them another id"
    )


def test_a_missing_country_is_refused(folder: Path):
    (folder / "cards" / "us.toml").unlink()
    assert refused(folder).startswith("cards/us.toml: it cannot be read (")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'id = "danger"',
            'id = "peril"',
            "the questions are not those that Forbear asks, in order",
        ),
        ('id = "door"', 'id = "gate"', "the answers of danger are not those that Forbear asks"),
        ("many = false", 'many = "no"', "question 1 (danger): many is no yes or no"),
        ("many = false\n", "", "question 1: many is missing"),
        ("many = false", "many = false\nfew = true", "question 1: unknown key 'few'; known are"),
        ("says = {", 'says = { fr = "…", ', "answer 1: says: write it in both languages"),
        ("help = {", 'help = { fr = "…", ', "question 1 (danger): help: write it in both"),
    ],
)
def test_a_wrong_question_is_refused(folder: Path, old: str, new: str, said: str):
    change(folder / "questions.toml", old, new)
    message = refused(folder)
    assert message.startswith("questions.toml: ")
    assert said in message


def test_questions_keep_their_order(folder: Path):
    path = folder / "questions.toml"
    parts = path.read_text(encoding="utf-8").split("[[question]]\n")
    path.write_text("[[question]]\n".join([parts[0], *parts[:0:-1]]), encoding="utf-8")
    assert "known are danger, real, whose, lender, log, want" in refused(folder)

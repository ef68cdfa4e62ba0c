"""A book of law: packs loaded together, versions in time, and words that belong to one pack."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.unit.law.small import ask, broken, call, case, china, make, rule, tiny

from forbear.base.clock import as_day
from forbear.base.errors import PackError
from forbear.law.book import load
from forbear.law.deciding import standing_of
from forbear.law.judging import judge

TEN = china("2026-03-10", "10:00:00")
LABELS = """
split = '[.]'
[[label]]
name = "threat"
says = "threatens"
any = ['{}']
"""


# ── versions ──


def test_versions_of_one_rule_follow_one_another(tmp_path: Path) -> None:
    book = tiny(
        tmp_path,
        rule('until = 2025-01-01\neffect = "review"'),
        rule("since = 2025-01-01\nuntil = 2026-01-01"),
        rule('since = 2026-01-01\neffect = "warn"'),
    )
    for day, effect in (
        ("2024-12-31", "review"),
        ("2025-01-01", "deny"),
        ("2025-12-31", "deny"),
        ("2026-01-01", "warn"),
    ):
        found = ask(book, call(china(day, "12:00:00")))
        assert [str(each.effect) for each in found.because] == [effect]
    latest = book.rule("r")
    assert latest is not None
    assert latest.since == as_day(date(2026, 1, 1))
    assert book.rule("s") is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("since = 2020-01-01", "since = 2025-01-01"),
        ("since = 2020-01-01\nuntil = 2025-01-02", "since = 2025-01-01"),
        ("since = 2025-01-01", "since = 2025-01-01"),
    ],
)
def test_two_versions_on_one_day_are_refused_with_pack_rule_and_repair(
    tmp_path: Path, first: str, second: str
) -> None:
    with pytest.raises(PackError) as caught:
        tiny(tmp_path, rule(second), rule(first))
    assert str(caught.value) == (
        "tiny/act: rule r has two versions on one day; give the earlier one an until, or give one "
        "of them another id"
    )


def test_a_rule_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    for end in ("2019-12-31", "2020-01-01"):
        with pytest.raises(PackError, match="tiny/act: rule r ends before it begins; until is the"):
            tiny(tmp_path / end, rule(f"until = {end}"))


# ── a pack as of a day ──


def test_a_pack_as_of_a_day_judges_every_contact_by_the_law_of_that_day(tmp_path: Path) -> None:
    folder = make(tmp_path / "tiny", rule("since = 2025-02-28\nuntil = 2026-01-30"))
    for day, bound in (
        ("2025-02-27", False),
        ("2025-02-28", True),
        ("2026-01-29", True),
        ("2026-01-30", False),
    ):
        book = load([f"{folder}@{day}"])
        for asked in ("2020-06-01", "2030-06-01"):
            assert (broken(book, call(china(asked, "12:00:00"))) == ["r"]) is bound
        assert list(book.hashes) == [f"tiny@{day}"]


def test_as_of_is_the_same_as_a_date_in_the_name(tmp_path: Path) -> None:
    folder = str(make(tmp_path / "tiny", rule("since = 2025-02-28")))
    assert load([folder], as_of=date(2025, 2, 27)).hashes == load([f"{folder}@2025-02-27"]).hashes


def test_one_pack_cannot_be_asked_for_as_of_two_days(tmp_path: Path) -> None:
    folder = make(tmp_path / "tiny", rule())
    with pytest.raises(PackError, match="pack tiny was asked for as of two dates; name it once"):
        load([f"{folder}@2024-06-01", f"{folder}@2025-06-01"])


# ── several packs ──


def test_no_pack_at_all_is_refused() -> None:
    with pytest.raises(PackError, match="no pack was named; name one such as cn"):
        load([])


def test_a_pack_named_twice_counts_once(tmp_path: Path) -> None:
    folder = str(make(tmp_path / "tiny", rule()))
    assert len(load([folder, folder]).rules) == 1


def test_a_house_pack_brings_the_public_pack_it_extends() -> None:
    book = load(["cn-humane"])
    assert [pack.name for pack in book.packs] == ["cn", "cn-humane"]
    assert load(["cn", "cn-humane"]).hashes == book.hashes


def test_the_strictest_of_all_packs_decides(tmp_path: Path) -> None:
    mild = make(tmp_path / "mild", rule('effect = "warn"', "m"))
    strict = make(tmp_path / "strict", rule(ident="s"))
    assert broken(load([str(mild), str(strict)]), call(TEN)) == ["s", "m"]


def test_each_pack_has_its_own_words_for_what_texts_do(tmp_path: Path) -> None:
    names = []
    for name, pattern in (("one", "sue"), ("two", "police")):
        words = 'on = { text = ["threat"] }'
        names.append(str(make(tmp_path / name, rule(words, name), labels=LABELS.format(pattern))))
    book = load(names)
    assert broken(book, call(TEN, text="we will sue")) == ["one"]
    assert broken(book, call(TEN, text="the police come")) == ["two"]
    assert book.labels_of("sue, police") == {"one:threat", "two:threat"}


def test_two_packs_may_derive_facts_of_one_name(tmp_path: Path) -> None:
    names = []
    for name, dates in (("one", 1), ("two", 3)):
        table = f'[[derive]]\nfact = "d"\nfrom = "consent"\nlasts = {{ dates = {dates} }}'
        names.append(str(make(tmp_path / name, rule('on = { fact = "d" }', name), top=table)))
    told = [{"kind": "consent", "since": TEN}]
    assert broken(load(names), call(china("2026-03-11", "12:00:00")), (), told) == ["two"]


def test_the_zone_of_a_book_is_that_of_its_first_pack_that_has_one(tmp_path: Path) -> None:
    one = str(make(tmp_path / "one", rule()))
    two = str(make(tmp_path / "two", rule(ident="s"), pack='zone = "Asia/Shanghai"'))
    assert load([one]).zone == "UTC"
    assert load([one, two]).zone == "Asia/Shanghai"


# ── the words of a pack ──


@pytest.mark.parametrize(
    ("top", "said"),
    [
        ('[[term]]\nname = "a"', "a [[term]] has name, when, and says"),
        ("[[term]]\nwhen = { consent = true }", "a [[term]] has name, when, and says"),
        ('[[term]]\nname = ["a"]\nwhen = { consent = true }', "a [[term]] has name, when"),
        ('[[term]]\nname = "a"\nwhen = { consent = true }\nx = 1', "a [[term]] has name, when"),
        ('[[term]]\nname = "a"\nwhen = {}', "an empty condition"),
        ('[[term]]\nname = "a"\nwhen = "x"', "a condition is a table"),
        ('[[term]]\nname = "a"\nwhen = { chanel = "call" }', "unknown key 'chanel'"),
        ('[[derive]]\nfrom = "consent"', "is defined twice or has no name"),
        ('[[derive]]\nfact = ["d"]\nfrom = "consent"', "is defined twice or has no name"),
    ],
)
def test_a_word_that_is_not_well_formed_is_refused_even_where_no_rule_uses_it(
    tmp_path: Path, top: str, said: str
) -> None:
    with pytest.raises(PackError) as caught:
        tiny(tmp_path, rule(), top=top)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_term_is_defined_once(tmp_path: Path) -> None:
    twice = '[[term]]\nname = "a"\nwhen = { consent = true }\n' * 2
    with pytest.raises(PackError, match="term 'a' is defined twice"):
        tiny(tmp_path, rule(), top=twice)


# ── leaving rules aside ──


def test_rules_that_cannot_concern_a_contact_are_left_aside(tmp_path: Path) -> None:
    book = tiny(
        tmp_path,
        rule('on = { channel = "visit" }', "visits"),
        rule('on = { party = "employer" }', "employers"),
        rule('on = { fact = "moratorium" }', "moratoria"),
        rule('on = { fact = "d" }', "derived"),
        rule(ident="all"),
        top='[[derive]]\nfact = "d"\nfrom = "consent"',
    )
    standing = standing_of(book, case(call(TEN)))
    view = standing.at(0).look(case(call(TEN)).proposed)
    judge(view, lenient=False)
    (kept,) = book._sets.values()
    asked = {each.id for each in (*kept.timeless, *kept.others)}
    # A derived fact may come and go, so its rule is never left aside.
    assert asked == {"derived", "all"}


def test_terms_of_one_name_in_two_packs_are_two_terms(tmp_path: Path) -> None:
    meant = {"aa": "collect", "bb": "remind"}
    for name, purpose in meant.items():
        make(
            tmp_path / name,
            rule('on = { is = "mine" }', f"{name}-r"),
            top=f'[[term]]\nname = "mine"\nwhen = {{ purpose = "{purpose}" }}',
        )
    for order in (("aa", "bb"), ("bb", "aa")):
        book = load([str(tmp_path / name) for name in order])
        for name, purpose in meant.items():
            assert broken(book, call(TEN, purpose=purpose)) == [f"{name}-r"]


def test_rules_of_one_name_in_two_packs_keep_their_own_answers(tmp_path: Path) -> None:
    for name, channel in (("aa", "call"), ("bb", "sms")):
        make(tmp_path / name, rule(f'on = {{ channel = "{channel}" }}'))
    for name, expected in (("aa", ["r"]), ("bb", [])):
        assert broken(load([str(tmp_path / name)]), call(TEN)) == expected
    both = load([str(tmp_path / "aa"), str(tmp_path / "bb")])
    assert broken(both, call(TEN)) == ["r"]
    assert broken(both, {"at": TEN, "channel": "sms"}) == ["r"]

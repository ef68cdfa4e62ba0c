"""A house pack can only tighten: what would only look strict, or shut everything, is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.law.small import broken, call, china, make, rule

from forbear.base.errors import PackError
from forbear.law.book import Book, load

TEN = china("2026-03-10", "10:00:00")


def house(tmp_path: Path, public: str, own: str, **keys: str) -> Book:
    base = make(tmp_path / "public", public)
    pack = f'house = true\nextends = "{base}"'
    return load([str(make(tmp_path / "house", own, pack=pack, **{"level": "house", **keys}))])


def refused(tmp_path: Path, public: str, own: str, **keys: str) -> str:
    with pytest.raises(PackError) as caught:
        house(tmp_path, public, own, **keys)
    message = str(caught.value)
    assert message.startswith("house: ")
    assert "\n" not in message
    return message


def limit(ident: str, at_most: int, more: str = "") -> str:
    return rule(
        f'kind = "limit"\nat_most = {at_most}\non = {{ channel = "call" }}\nwithin = "day"\n{more}',
        ident,
    )


def test_a_house_rule_stands_beside_the_public_ones(tmp_path: Path) -> None:
    book = house(tmp_path, limit("three", 3), limit("two", 2))
    made = [call(china("2026-03-10", f"0{n}:00:00"), outcome="busy") for n in (8, 9)]
    assert broken(book, call(TEN), made) == ["two"]
    assert broken(book, call(TEN), [*made, made[0]]) == ["three", "two"]


@pytest.mark.parametrize("at_most", [3, 4])
def test_a_house_limit_that_allows_as_much_as_the_public_one_is_refused(
    tmp_path: Path, at_most: int
) -> None:
    message = refused(tmp_path, limit("three", 3), limit("loose", at_most))
    assert f"rule loose allows {at_most} where three " in message
    assert message.endswith("a house rule can only be stricter, so lower it or remove it")


def test_a_higher_limit_on_something_else_is_a_limit_of_its_own(tmp_path: Path) -> None:
    week = 'kind = "limit"\nat_most = 7\non = { channel = "call" }\nwithin = { dates = 7 }'
    assert len(house(tmp_path, limit("three", 3), rule(week, "week")).rules) == 2


def test_a_public_remark_is_no_limit_to_be_stricter_than(tmp_path: Path) -> None:
    book = house(tmp_path, limit("three", 3, 'effect = "warn"'), limit("own", 3))
    assert len(book.rules) == 2


def test_a_public_id_cannot_be_taken_over(tmp_path: Path) -> None:
    message = refused(tmp_path, limit("three", 3), limit("three", 2))
    assert "rule three has the id of a public rule" in message
    assert message.endswith("give it an id of its own")


def test_a_house_cannot_claim_to_be_the_law(tmp_path: Path) -> None:
    message = refused(tmp_path, limit("three", 3), limit("two", 2), level="law")
    assert message == "house: rule two claims level law; a house pack has house"


def hours(ident: str, start: str, end: str, more: str = "") -> str:
    return rule(f'kind = "hours"\nclosed = ["{start}", "{end}"]\n{more}', ident)


@pytest.mark.parametrize(
    ("public", "own"),
    [
        (("22:00", "08:00"), ("08:00", "22:00")),
        (("20:00", "12:00"), ("11:00", "21:00")),
        (("22:00", "08:00"), ("00:00", "24:00")),
        (("22:00", "08:00"), ("05:00", "05:00")),
    ],
)
def test_hours_that_together_leave_no_moment_are_refused(
    tmp_path: Path, public: tuple[str, str], own: tuple[str, str]
) -> None:
    message = refused(tmp_path, hours("night", *public), hours("rest", *own))
    assert "night, rest together close every hour of the day for call" in message
    assert message.endswith("leave some time open, or forbid the channel outright")


def test_one_open_second_is_enough(tmp_path: Path) -> None:
    book = house(tmp_path, hours("night", "22:00", "08:00"), hours("rest", "08:00:01", "22:00"))
    assert broken(book, call(china("2026-03-10", "08:00:00"))) == []


def test_hours_of_different_channels_do_not_add_up(tmp_path: Path) -> None:
    night = hours("night", "22:00", "08:00", 'on = { channel = "call" }')
    day = hours("rest", "08:00", "22:00", 'on = { channel = "sms" }')
    assert len(house(tmp_path, night, day).rules) == 2


def test_a_house_cannot_redefine_a_word_of_the_law(tmp_path: Path) -> None:
    term = '[[term]]\nname = "agreed"\nwhen = { consent = true }'
    base = make(tmp_path / "public", rule('unless = { is = "agreed" }'), top=term)
    pack = f'house = true\nextends = "{base}"'
    own = make(tmp_path / "house", rule(ident="h"), pack=pack, level="house", top=term)
    with pytest.raises(PackError, match="term 'agreed' is defined twice; a pack cannot redefine"):
        load([str(own)])


def test_a_house_rule_may_use_the_words_of_the_law_it_extends(tmp_path: Path) -> None:
    term = '[[term]]\nname = "agreed"\nwhen = { consent = true }'
    base = make(tmp_path / "public", rule(), top=term)
    pack = f'house = true\nextends = "{base}"'
    own = rule('on = { is = "agreed" }', "h")
    book = load([str(make(tmp_path / "house", own, pack=pack, level="house"))])
    assert broken(book, call(TEN, consent=True)) == ["r", "h"]


def test_the_pack_it_extends_may_lie_beside_it(tmp_path: Path) -> None:
    make(tmp_path / "public", rule())
    own = make(
        tmp_path / "house",
        rule(ident="h"),
        pack='house = true\nextends = "../public"',
        level="house",
    )
    book = load([str(own)])
    assert [pack.name for pack in book.packs] == ["public", "house"]
    assert broken(book, call(TEN)) == ["r", "h"]

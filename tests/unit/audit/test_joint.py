from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from forbear.audit import Asked
from forbear.audit.joint import complainants_in, joint, pseudonym
from forbear.base.errors import InputError
from forbear.evidence.joint_given import Joint

NOW = datetime(2026, 4, 1, tzinfo=UTC)
KEY = b"k" * 32
HEAD = "起始时间,通信方式,对方号码,通信时长\n"


def bill(path: Path, rows: Iterable[tuple[str, str]]) -> Path:
    """A bill of answered calls, each by its local time and number."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{at},被叫,{number},60秒\n" for at, number in rows)
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def made(folder: Path, *collectors: str) -> Joint:
    found, _ = joint(folder, Asked(collectors=collectors), key=KEY, key_given=True, now=NOW)
    return found


def test_each_sub_folder_and_each_file_is_one_complainant(tmp_path: Path):
    bill(tmp_path / "b" / "inner" / "two.csv", [])
    bill(tmp_path / "b" / "one.csv", [])
    bill(tmp_path / "a.csv", [])
    bill(tmp_path / ".hidden.csv", [])
    bill(tmp_path / "b" / ".hidden.csv", [])
    assert [(name, [p.name for p in paths]) for name, paths in complainants_in(tmp_path)] == [
        ("a.csv", ["a.csv"]),
        ("b", ["two.csv", "one.csv"]),
    ]


def test_a_pseudonym_follows_the_name_and_the_key():
    assert pseudonym("anna", KEY) == pseudonym("anna", KEY)
    assert pseudonym("anna", KEY) != pseudonym("bert", KEY)
    assert pseudonym("anna", KEY) != pseudonym("anna", b"x" * 32)


def test_ten_thousand_names_get_as_many_pseudonyms():
    assert len({pseudonym(str(n), KEY) for n in range(10_000)}) == 10_000


def test_lenders_stand_apart_by_name_and_else_by_number(tmp_path: Path):
    night = "2026-03-10 23:30:00"
    bill(tmp_path / "a.csv", [(night, "95187"), ("2026-03-11 12:00:00", "95188")])
    bill(tmp_path / "b.csv", [(night, "95187")])
    found = made(tmp_path, "95187=甲小贷", "95188=乙银行")
    assert [(x.name, x.complainants, x.contacts) for x in found.lenders] == [
        ("甲小贷", 2, 2),
        ("乙银行", 1, 1),
    ]
    hours = next(x for x in found.lenders[0].clauses if x.rule == "cn-gbt-hours")
    assert (hours.complainants, hours.breached, hours.attempted) == (2, 2, 0)
    assert hours.dates.first == hours.dates.last == date(2026, 3, 10)
    assert {x.name for x in made(tmp_path, "95187", "95188").lenders} == {"95187", "95188"}


def test_the_order_of_the_table_does_not_give_away_the_order_of_the_folder(tmp_path: Path):
    for n in range(9):
        bill(tmp_path / f"{n}.csv", [("2026-03-11 12:00:00", "95187")])
    names = [each.pseudonym for each in made(tmp_path, "95187").complainants]
    assert names == sorted(names)
    assert names != [pseudonym(f"{n}.csv", KEY) for n in range(9)]


def test_a_doubtful_number_of_one_person_alone_is_not_told(tmp_path: Path):
    """Four strange mobiles on one day look a little like a collector, and may be anybody."""
    mobiles = [f"1{n}9{n}{n}44{n}{n}{n}8" for n in (3, 5, 7, 8)]
    rows = [(f"2026-03-10 1{n}:00:00", mobile) for n, mobile in enumerate(mobiles)]
    short = bill(tmp_path / "a.csv", rows)
    short.write_text(short.read_text(encoding="utf-8").replace("60秒", "5秒"), encoding="utf-8")
    assert not made(tmp_path).suggestions
    bill(tmp_path / "b.csv", rows).write_text(short.read_text(encoding="utf-8"), encoding="utf-8")
    assert {maybe.number for maybe in made(tmp_path).suggestions} == set(mobiles)


def test_a_zone_that_is_none_is_said_once(tmp_path: Path):
    bill(tmp_path / "a.csv", [("2026-03-11 12:00:00", "95187")])
    with pytest.raises(InputError, match="--zone"):
        joint(tmp_path, Asked(zone="Mars"), key=KEY, key_given=True, now=NOW)

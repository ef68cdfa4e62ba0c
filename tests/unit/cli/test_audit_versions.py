from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.law.small import make, rule

from forbear.base.errors import PackError
from forbear.cli.audit_versions import versions
from forbear.law.book import load
from forbear.law.packs import requested


def packs(*asked: str) -> list[tuple[str, ...]]:
    return [version.packs for version in versions(asked)]


@pytest.mark.parametrize("asked", [("cn",), ("cn", "cn"), ("cn@next",), ("nowhere",)])
def test_one_pack_is_one_body_of_law(asked: tuple[str, ...]):
    assert packs(*asked) == [asked[:1]]


def test_different_packs_are_judged_together():
    assert packs("cn", "us@2024-01-01", "cn-humane") == [("cn", "us@2024-01-01", "cn-humane")]


def test_the_same_pack_named_twice_is_two_versions_in_their_order():
    found = versions(["cn@next", "cn@2024-01-01"])
    assert [version.called for version in found] == ["cn@next", "cn@2024-01-01"]
    assert [version.packs for version in found] == [("cn@next",), ("cn@2024-01-01",)]


def test_a_plus_joins_what_belongs_to_one_version():
    assert packs("cn", "cn+cn-humane") == [("cn",), ("cn", "cn-humane")]
    assert packs("cn+us") == [("cn", "us")]


def test_other_packs_go_along_with_each_version():
    assert packs("cn@2024-01-01", "cn@2025-01-01", "us") == [
        ("cn@2024-01-01", "us"),
        ("cn@2025-01-01", "us"),
    ]


def test_a_house_pack_without_a_date_goes_by_that_of_its_law_and_can_be_loaded():
    found = packs("cn@2024-01-01", "cn", "cn@next", "cn-humane")
    (_, day) = requested("cn@next")
    assert found == [
        ("cn@2024-01-01", "cn-humane@2024-01-01"),
        ("cn", "cn-humane"),
        ("cn@next", f"cn-humane@{day}"),
    ]
    for names in found:
        assert {pack.name for pack in load(names).packs} == {"cn", "cn-humane"}
    assert packs("cn-humane", "cn@2024-01-01") == [("cn-humane@2024-01-01", "cn@2024-01-01")]
    assert packs("cn@2024-01-01+cn-humane@2025-01-01") == [
        ("cn@2024-01-01", "cn-humane@2025-01-01")
    ]


def test_a_folder_that_changes_a_pack_is_a_version_of_it(tmp_path: Path):
    one = str(make(tmp_path / "a+b" / "tiny", rule()))
    other = str(make(tmp_path / "c" / "tiny", rule(), rule(ident="s")))
    assert packs(one, other) == [(one,), (other,)]
    assert packs(f"{one}@2024-01-01", other) == [(f"{one}@2024-01-01",), (other,)]


def test_two_packs_in_several_versions_are_asked_which_go_together():
    with pytest.raises(PackError, match=r"join what belongs together, such as --pack cn\+us"):
        versions(["cn", "cn@next", "us", "us@next"])
    assert packs("cn+us", "cn@next+us@next") == [("cn", "us"), ("cn@next", "us@next")]


@pytest.mark.parametrize(
    "asked",
    [
        ("cn", "nowhere"),
        ("cn", "cn@nxt"),
        ("cn+", "us"),
        ("+",),
        ("cn+" + "x" * 5_000,),
        ("a\0+b",),
    ],
)
def test_what_cannot_be_found_is_refused_in_one_line(asked: tuple[str, ...]):
    with pytest.raises(PackError) as caught:
        versions(asked)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300

"""Reading packs: what is found, and what is refused in one line that names place and repair."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from tests.unit.law.small import make, rule

from forbear.base.errors import PackError
from forbear.law.book import load
from forbear.law.packs import jurisdictions, read_pack, requested, shipped_names

TITLE = 'title = { zh = "法", en = "Act" }'


def refused(folder: Path) -> str:
    with pytest.raises(PackError) as caught:
        read_pack(str(folder))
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_the_packs_that_are_shipped_are_found_by_name() -> None:
    assert {"cn", "cn-humane", "us"} <= set(shipped_names())
    assert [files.pack.name for files in read_pack("cn-humane")] == ["cn", "cn-humane"]


def test_a_folder_is_a_pack_by_its_pack_toml(tmp_path: Path) -> None:
    (files,) = read_pack(str(make(tmp_path / "tiny", rule(), rule(ident="s"))))
    assert files.pack.name == "tiny"
    assert files.pack.title.en == "Act"
    ((instrument, rules, where),) = files.instruments
    assert (instrument.id, instrument.since) == ("act", date(2020, 1, 1))
    assert [table["id"] for table in rules] == ["r", "s"]
    assert where == "tiny/act/rules.toml"


@pytest.mark.parametrize("name", ["nowhere", "", "x" * 5_000, "a\0b", "/etc/passwd", ".."])
def test_a_pack_that_is_not_there_is_refused_with_those_that_are(name: str) -> None:
    with pytest.raises(
        PackError, match=r"name one of .*cn, cn-humane, .*us, or a folder"
    ) as caught:
        read_pack(name)
    assert len(str(caught.value)) < 300


def test_a_name_may_end_in_a_date() -> None:
    assert requested("cn") == ("cn", None)
    assert requested("cn@2024-06-01") == ("cn", date(2024, 6, 1))
    assert requested("a/b@c@2024-06-01") == ("a/b@c", date(2024, 6, 1))


def test_next_is_the_day_of_the_last_change_that_a_pack_knows(tmp_path: Path) -> None:
    folder = make(
        tmp_path / "tiny",
        rule("since = 2025-02-28\nuntil = 2027-07-01"),
        rule(ident="s"),
    )
    assert requested(f"{folder}@next") == (str(folder), date(2027, 7, 1))
    book = load([f"{folder}@next"])
    assert list(book.hashes) == ["tiny@2027-07-01"]
    assert [r.id for r in book.rules if r.in_force(0)] == ["s"]


def test_next_of_a_house_pack_takes_in_the_law_that_it_extends() -> None:
    """A promise made before the last change of the law is still asked about under that change."""
    (_, house), (_, law) = requested("cn-humane@next"), requested("cn@next")
    assert house is not None
    assert law is not None
    assert house >= law


def test_next_asks_for_rules(tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    (folder / "pack.toml").write_text(f'[pack]\nname = "empty"\n{TITLE}\n', encoding="utf-8")
    with pytest.raises(PackError, match="has no rules, so nothing in it changes"):
        requested(f"{folder}@next")
    with pytest.raises(PackError, match="name one of"):
        requested("nowhere@next")


@pytest.mark.parametrize(
    "name", ["cn@", "cn@2024-13-01", "cn@yesterday", "cn@nxt", "cn@" + "9" * 5_000]
)
def test_a_date_that_is_none_is_refused_with_an_example(name: str) -> None:
    with pytest.raises(PackError, match="write one such as cn@2024-06-01") as caught:
        requested(name)
    assert len(str(caught.value)) < 300


def test_a_folder_whose_name_holds_an_at_sign_is_a_folder(tmp_path: Path) -> None:
    folder = make(tmp_path / "law@home", rule())
    assert requested(str(folder)) == (str(folder), None)


@pytest.mark.parametrize(
    ("pack", "top", "said"),
    [
        ('nmae = "x"', "", "unknown key 'nmae' in [pack]; known are"),
        ('clock = "Mars"', "", "clock: time zone 'Mars' is unknown"),
        ("clock = 8", "", "clock 8 is no name"),
        ('zone = "Mars"', "", "zone: time zone 'Mars' is unknown"),
        ('calendar = "mars"', "", "calendar 'mars' is unknown; known are china"),
        ('house = "yes"', "", "house 'yes' is no yes or no"),
        ("jurisdiction = 5", "", "jurisdiction 5 is no name"),
        ("zones = 5", "", "zones is no table"),
        ('[pack.zones]\nX-1 = "Mars"', "", "zones.X-1: time zone 'Mars' is unknown"),
        ("[pack.zones]\nX-1 = 8", "", "zones.X-1"),
        ('extends = "nowhere"', "", "pack 'nowhere' is unknown"),
        ("", "[rules]", "unknown key 'rules'; known are"),
        ("", '[case_defaults]\nunsaid = "kind"', "unsaid 'kind' is unknown"),
        ("", "[case_defaults]\nfact = []", "unknown key 'fact'"),
        ("", "[case_defaults]\nfacts = 5", "is no list of tables"),
        ("", '[case_defaults.contact]\nmod = "x"', "unknown key 'mod'"),
        ("", '[audit_defaults.contact]\npurpose = "dun"', "'dun' is unknown"),
        ("", '[[case_defaults.facts]]\nkind = "x"\nsince = "2000-01-01T00:00:00Z"', "'x' is unk"),
        ("", "[term]\nname = 'x'", "is no list of tables"),
        ("", "[derive]\nfact = 'x'", "is no list of tables"),
    ],
)
def test_a_pack_that_says_something_odd_is_refused_with_its_name(
    tmp_path: Path, pack: str, top: str, said: str
) -> None:
    message = refused(make(tmp_path / "tiny", rule(), pack=pack, top=top))
    assert said in message
    assert message.startswith("tiny/pack.toml") or "nowhere" in message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[pack", "it cannot be read"),
        ('[pack]\nname = "x"', "[pack] needs name and title"),
        ("pack = 5", "is no table"),
        ('[pack]\nname = 5\ntitle = { zh = "a", en = "b" }', "name 5 is no name"),
        ('[pack]\nname = "x"\ntitle = { zh = "a" }', "a sentence is written"),
        ('[pack]\nname = "x"\ntitle = "a"', "a sentence is written"),
    ],
)
def test_a_pack_toml_that_is_none_is_refused(tmp_path: Path, text: str, said: str) -> None:
    folder = make(tmp_path / "tiny", rule())
    (folder / "pack.toml").write_text(text, encoding="utf-8")
    message = refused(folder)
    assert message.startswith("tiny/pack.toml")
    assert said in message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[instrument", "it cannot be read"),
        ("", "title, level or since is missing"),
        (f'[instrument]\n{TITLE}\nlevel = "law"', "title, level or since is missing"),
        (f'[instrument]\n{TITLE}\nlevel = "law"\nsince = 2020-01-01\nx = 1', "unknown key 'x'"),
        (f'[instrument]\n{TITLE}\nlevel = "act"\nsince = 2020-01-01', "level 'act' is unknown"),
        (f'[instrument]\n{TITLE}\nlevel = "law"\nsince = "2020-01-01"', "is no date"),
        (f'[instrument]\n{TITLE}\nlevel = "law"\nsince = 2020-01-01T00:00:00Z', "is no date"),
        (
            f'[instrument]\n{TITLE}\nlevel = "law"\nsince = 2020-01-01\nconfidence = "sure"',
            "confidence 'sure' is unknown",
        ),
        (f'[instrument]\n{TITLE}\nlevel = "law"\nsince = 2020-01-01\nregion = 5', "region 5"),
        (f'[instrument]\n{TITLE}\nlevel = "law"\nsince = 2020-01-01\nregion = []', "region []"),
        (
            f'[instrument]\n{TITLE}\nlevel = "law"\nsince = 2020-01-01\nregion = ["X", 5]',
            "region [",
        ),
        (f'[instrument]\n{TITLE}\nlevel = "law"\nsince = 2020-01-01\napplies = "x"', "no table"),
        (f'[instrument]\n{TITLE}\nlevel = "law"\nsince = 2020-01-01\n[rule]', "no list of tables"),
        ('[instrument]\ntitle = { zh = "a" }\nlevel = "law"\nsince = 2020-01-01', "a sentence is"),
        ("[rules]", "unknown key 'rules'"),
    ],
)
def test_a_rules_toml_that_is_none_is_refused_with_its_place(
    tmp_path: Path, text: str, said: str
) -> None:
    folder = make(tmp_path / "tiny")
    (folder / "act" / "rules.toml").write_text(text, encoding="utf-8")
    message = refused(folder)
    assert message.startswith("tiny/act/rules.toml")
    assert said in message


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    folder = make(tmp_path / "tiny", rule())
    (folder / "act" / "rules.toml").write_bytes("[[rule]] # 法".encode("gb18030"))
    assert "it cannot be read" in refused(folder)


def test_packs_cannot_extend_one_another_in_a_chain_or_a_circle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make(Path("a"), pack='extends = "b"')
    make(Path("b"), pack='extends = "c"')
    make(Path("c"))
    assert len(read_pack("b")) == 2
    with pytest.raises(PackError, match=r"a/pack.toml: it extends b, which extends another pack"):
        read_pack("a")
    make(Path("c"), pack='extends = "c"')
    with pytest.raises(PackError, match=r"c/pack.toml: it extends c, .* or itself"):
        read_pack("c")
    make(Path("c"), pack='extends = "b"')
    with pytest.raises(PackError, match="extend a public pack"):
        read_pack("c")


def test_the_hash_of_a_pack_changes_with_what_decides_and_with_nothing_else(
    tmp_path: Path,
) -> None:
    folder = make(tmp_path / "tiny", rule())
    before = read_pack(str(folder))[0].pack.sha256
    assert re.fullmatch("[0-9a-f]{64}", before)
    (folder / "act" / "source.md").write_text("words", encoding="utf-8")
    (folder / "act" / "cases.jsonl").write_text("{}", encoding="utf-8")
    assert read_pack(str(folder))[0].pack.sha256 == before
    make(folder, rule('effect = "warn"'))
    assert read_pack(str(folder))[0].pack.sha256 != before


def test_cases_may_call_a_place_otherwise_than_its_pack_is_called() -> None:
    assert jurisdictions()["in"] == ("india",)
    assert jurisdictions()["cn"] == ("cn",)
    # A house pack is in play only where it is named.
    assert "cn-humane" not in {name for names in jurisdictions().values() for name in names}


def test_a_pack_is_of_the_jurisdiction_that_bears_its_name_unless_it_says_so(
    tmp_path: Path,
) -> None:
    (plain,) = read_pack(str(make(tmp_path / "tiny", rule())))
    (named,) = read_pack(str(make(tmp_path / "more", rule(), pack='jurisdiction = "xx"')))
    assert (plain.pack.jurisdiction, named.pack.jurisdiction) == ("tiny", "xx")


def test_a_region_tells_the_zone_where_the_country_has_several() -> None:
    book = load(["au"])
    assert book.zone_of("AU-WA") == "Australia/Perth"
    assert book.zone_of("AU-WA-PER") == "Australia/Perth"
    assert book.zone_of("AU-WAX") == book.zone_of(None) == "Australia/Sydney"
    assert load(["other"]).zone_of("HK") == "Asia/Hong_Kong"
    assert load(["cn"]).zone_of(None) == "Asia/Shanghai"


WORDS = """
extends = "us"
[[label]]
name = "own"
says = "a word of one's own"
any = ["zebra"]
"""


def test_words_that_are_taken_over_come_along_and_count_for_the_hash(tmp_path: Path) -> None:
    on = rule('on = { text = ["own", "threat"] }')
    folder = make(tmp_path / "tiny", on, labels=WORDS)
    (files,) = read_pack(str(folder))
    assert len(files.labels) == 2
    assert files.labels[1] == WORDS
    other = make(tmp_path / "two" / "tiny", on, labels=WORDS.replace('"us"', '"cn"'))
    assert read_pack(str(other))[0].pack.sha256 != files.pack.sha256


@pytest.mark.parametrize("name", ["nowhere", "cn-humane", "tiny"])
def test_words_that_are_not_there_cannot_be_taken_over(tmp_path: Path, name: str) -> None:
    words = WORDS.replace('"us"', f'"{name}"')
    message = refused(make(tmp_path / "tiny", rule(), labels=words))
    assert message.startswith(f"tiny/labels.toml: extends '{name}'")
    assert "known are" in message

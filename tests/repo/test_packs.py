"""What every pack that ships must have."""

from __future__ import annotations

from pathlib import Path

import pytest

from forbear.law.book import Book, load
from forbear.law.coverage import coverage
from forbear.law.packs import shipped, shipped_names


@pytest.mark.parametrize("name", shipped_names())
def test_every_row_of_a_source_is_encoded_or_says_why_not(name: str):
    found = coverage(load([name]))
    assert found.rows
    assert not found.problems, "\n".join(found.problems)


def test_no_two_packs_share_the_id_of_a_rule():
    owner: dict[str, str] = {}
    for name in shipped_names():
        for rule in load([name]).rules:
            where = f"{rule.instrument.pack}/{rule.instrument.id}"
            assert owner.setdefault(rule.id, where) == where, f"{rule.id}: two places have it"


@pytest.mark.parametrize(
    "folder", [p.parent for p in sorted(shipped().glob("*/*/rules.toml"))], ids=lambda p: p.name
)
def test_every_instrument_stands_beside_its_source(folder: Path):
    assert (folder / "source.md").is_file(), f"{folder.name}: add source.md"


def sentences(book: Book) -> list[tuple[str, str, str]]:
    said = [(rule.id, rule.says.zh, rule.says.en) for rule in book.rules]
    said += [(r.id, r.exceptions.zh, r.exceptions.en) for r in book.rules if r.exceptions]
    return said + [(p.name, p.title.zh, p.title.en) for p in book.packs]


@pytest.mark.parametrize("name", shipped_names())
def test_every_sentence_stands_in_both_languages(name: str):
    for where, zh, en in sentences(load([name])):
        assert any("\u4e00" <= sign <= "\u9fff" for sign in zh), f"{where}: {zh!r} is not Chinese"
        assert any(sign.isascii() and sign.isalpha() for sign in en), f"{where}: {en!r}"

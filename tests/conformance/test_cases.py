"""The cases of the packs, and shared ones where they are at hand, decided as their authors say."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from forbear.law.answers import Decision
from forbear.law.book import load
from forbear.law.case import read_case, with_defaults
from forbear.law.deciding import decide, when
from forbear.law.packs import jurisdictions, shipped, shipped_names

SHARED = Path(__file__).parents[3] / "shared" / "vectors"


def lines(path: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()
    ]


def own_cases() -> list[Any]:
    return [
        pytest.param(pack, case, id=case["id"])
        for pack in shipped_names()
        for path in sorted((shipped() / pack).glob("*/cases.jsonl"))
        for case in lines(path)
    ]


def answer(pack: str, case: dict[str, Any]) -> tuple[bool, set[str], datetime | None]:
    """Whether it is refused, the clauses named, and the earliest lawful moment."""
    book = load([pack])
    read = read_case({k: v for k, v in case.items() if k != "expect"})
    for each in book.packs:
        read = with_defaults(read, each.case_defaults)
    found = decide(book, read, lenient=True)
    clauses = {b.clause for b in found.because if b.effect != "warn"}
    return found.decision is not Decision.ALLOW, clauses, when(book, read, lenient=True).at


@pytest.mark.parametrize(("pack", "case"), own_cases())
def test_a_case_of_a_pack_is_decided_as_it_says(pack: str, case: dict[str, Any]) -> None:
    if case.get("meta", {}).get("judgement"):
        pytest.skip("the source leaves this case to judgement")
    expect = case["expect"]
    refused, clauses, earliest = answer(pack, case)
    assert refused == (expect["decision"] == "deny"), clauses
    assert set(expect.get("because", [])) <= clauses
    if "earliest" in expect:
        assert earliest == datetime.fromisoformat(expect["earliest"])


@pytest.mark.parametrize("pack", shipped_names())
def test_every_rule_has_a_case_that_it_stops(pack: str) -> None:
    book = load([pack])
    stopped: set[str] = set()
    for path in sorted((shipped() / pack).glob("*/cases.jsonl")):
        for case in lines(path):
            read = read_case({k: v for k, v in case.items() if k != "expect"})
            for each in book.packs:
                read = with_defaults(read, each.case_defaults)
            stopped |= {b.rule for b in decide(book, read, lenient=True).because}
    own = {rule.id for rule in book.rules if rule.instrument.pack == pack}
    assert own <= stopped, f"no case of the pack is stopped by {sorted(own - stopped)}"


def test_ids_of_cases_are_unique() -> None:
    ids = [param.values[1]["id"] for param in own_cases()]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", sorted(jurisdictions()))
def test_the_shared_cases_are_decided_as_they_say(name: str) -> None:
    (pack,) = jurisdictions()[name]
    path = SHARED / f"{name}.jsonl"
    if not path.is_file():
        pytest.skip("the shared cases are not beside this checkout")
    wrong = []
    for case in lines(path):
        if case.get("meta", {}).get("judgement"):
            continue
        expect = case["expect"]
        refused, clauses, earliest = answer(pack, case)
        right = refused == (expect["decision"] == "deny")
        right = right and set(expect.get("because", [])) <= clauses
        if "earliest" in expect:
            right = right and earliest == datetime.fromisoformat(expect["earliest"])
        if not right:
            wrong.append(case["id"])
    assert wrong == []

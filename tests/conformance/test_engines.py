"""The cases of the law, put to the batch as ledgers: an audit finds what deciding finds.

A case says what the law refuses. Its history and its proposal, taken as contacts that were made,
are the ledger of one debtor, and an audit of it must find against the proposal what the decision
said against it. So cases that a lawyer can read hold the engines, and not only these each other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from tests.property.engines import Engine, differences, told_of

from forbear.batch import plain
from forbear.batch.rows import chunk_of
from forbear.batch.schema import Chunk
from forbear.law.auditing import Debtor
from forbear.law.book import Book, load
from forbear.law.case import Case, read_case, with_defaults
from forbear.law.deciding import decide
from forbear.law.packs import jurisdictions, shipped, shipped_names

SHARED = Path(__file__).parents[3] / "shared" / "vectors"


def tables(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    for path in paths:
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line.strip():
                yield json.loads(line)


def own_tables(pack: str) -> Iterator[dict[str, Any]]:
    return tables(sorted((shipped() / pack).glob("*/cases.jsonl")))


def read(table: dict[str, Any], book: Book) -> Case:
    """A case with all that a pack takes for granted in a case, and in a ledger."""
    case = read_case({key: value for key, value in table.items() if key != "expect"})
    for pack in book.packs:
        case = with_defaults(with_defaults(case, pack.case_defaults), pack.audit_defaults)
    return case


def ledger(cases: Sequence[Case]) -> tuple[Chunk, dict[int, str]]:
    """All cases as one chunk, and the case of each proposal by its position."""
    debtors, proposed, place = {}, {}, 0
    for case in cases:
        debtors[case.id] = Debtor(
            contacts=(*case.history, case.proposed),
            facts=case.facts,
            zone=case.zone,
            region=case.region,
        )
        place += len(case.history) + 1
        proposed[place - 1] = case.id
    return chunk_of(debtors), proposed


@lru_cache(maxsize=32)
def decided(pack: str, source: str) -> tuple[tuple[Case, ...], dict[str, set[str]]]:
    """The cases of a source, and the rules that each is decided to break."""
    book = load([pack])
    found = own_tables(pack) if source == "own" else tables([SHARED / f"{source}.jsonl"])
    cases = [read(table, book) for table in found]
    # What the person begins is asked of no rule.
    asked = tuple(case for case in cases if case.proposed.direction == "outbound")
    return asked, {case.id: {b.rule for b in decide(book, case).because} for case in asked}


def found_by(engine: Engine, pack: str, cases: Sequence[Case]) -> dict[str, set[str]]:
    chunk, proposed = ledger(cases)
    (audited,) = engine([load([pack])], chunk)
    found: dict[str, set[str]] = {name: set() for name in proposed.values()}
    rules = audited.findings["rule"].to_pylist()
    for position, rule in zip(audited.findings["position"].to_pylist(), rules, strict=True):
        if position in proposed:
            found[proposed[position]].add(rule)
    return found


def sources() -> list[Any]:
    own = [pytest.param(pack, "own", id=f"{pack}-own") for pack in shipped_names()]
    shared = [
        pytest.param(packs[0], name, id=f"{packs[0]}-shared")
        for name, packs in sorted(jurisdictions().items())
    ]
    return [*own, *shared]


@pytest.fixture(params=["plain", "compiled"])
def engine(request: pytest.FixtureRequest) -> Engine:
    if request.param == "plain":
        return plain.audit_chunk
    if find_spec("forbear.batch.compiled") is None:
        pytest.skip("the compiled form is not there yet")
    from forbear.batch.compiled import audit_chunk  # noqa: PLC0415 - see above

    return audit_chunk


@pytest.mark.parametrize(("pack", "source"), sources())
def test_an_audit_finds_against_a_contact_what_the_decision_said(
    pack: str, source: str, engine: Engine
):
    if source != "own" and not (SHARED / f"{source}.jsonl").is_file():
        pytest.skip("the shared cases are not beside this checkout")
    cases, expected = decided(pack, source)
    assert sum(bool(rules) for rules in expected.values()) > len(expected) / 4
    found = found_by(engine, pack, cases)
    assert {name: found[name] for name in found if found[name] != expected[name]} == {
        name: expected[name] for name in found if found[name] != expected[name]
    }


@pytest.mark.parametrize(("pack", "source"), sources())
def test_the_compiled_form_audits_the_cases_as_the_plain_form_does(pack: str, source: str):
    if source != "own" and not (SHARED / f"{source}.jsonl").is_file():
        pytest.skip("the shared cases are not beside this checkout")
    if find_spec("forbear.batch.compiled") is None:
        pytest.skip("the compiled form is not there yet")
    from forbear.batch.compiled import audit_chunk  # noqa: PLC0415 - see above

    chunk, _ = ledger(decided(pack, source)[0])
    book = load([pack])
    (expected,), (found,) = plain.audit_chunk([book], chunk), audit_chunk([book], chunk)
    assert differences(told_of(expected), told_of(found)) == []
    assert expected.findings.to_pylist() == found.findings.to_pylist()

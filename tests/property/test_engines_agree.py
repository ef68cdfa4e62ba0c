"""The forms of the audit give the same findings on the same ledger, whatever is in it.

The plain form over debtors in memory is the specification. The plain form over a chunk, and the
compiled form, must find what it finds: which contacts, which rules, how many earlier contacts were
counted and when these were, and what the ledger does not show.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.util import find_spec
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from benchmarks.parts.ledger import ledger
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.property.engines import (
    Engine,
    chunk_of,
    debtors_of,
    differences,
    disputes,
    shown,
    smallest,
    told_of,
    told_of_objects,
)
from tests.property.histories import History, histories, history
from tests.property.pieces import RULE_SET_R
from tests.property.worlds import PACKS

from forbear.batch import plain
from forbear.batch.schema import Chunk
from forbear.law.auditing import audit
from forbear.law.book import load

ALL = [*PACKS, pytest.param(RULE_SET_R, id="rule-set-r")]
SEEDED = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def compiled() -> Engine:
    if find_spec("forbear.batch.compiled") is None:
        pytest.skip("the compiled form is not there yet")
    from forbear.batch.compiled import audit_chunk  # noqa: PLC0415 - see above

    return audit_chunk


def check_objects(pack: str, made: list[History], rnd: Random) -> int:
    """Hold the plain form over a chunk against the one over objects; gives how many findings."""
    book = load([pack])
    expected = told_of_objects(audit(book, debtors_of(made).values()))
    for chunk in (chunk_of(made), chunk_of(made, rnd)):
        (found,) = plain.audit_chunk([book], chunk)
        assert differences(expected, told_of(found)) == []
    return len(expected[1])


def check_engine(pack: str, made: list[History], engine: Engine, seed: object) -> None:
    """Hold an engine against the plain form, and show the least that they dispute."""
    book = load([pack])

    def disputed(some: list[History]) -> list[str]:
        chunk = chunk_of(some, Random(f"{seed}"))
        return disputes(book, chunk, plain.audit_chunk, engine)

    if disputed(made):
        least = smallest(made, lambda some: bool(disputed(list(some))))
        told = "\n".join(disputed(least)[:20])
        pytest.fail(f"{pack}, seed {seed}:\n{told}\n{shown(least)}", pytrace=False)


@pytest.mark.parametrize("facts_share", [0.03, 1.0])
@pytest.mark.parametrize("pack", ALL)
def test_a_chunk_is_read_as_the_debtors_it_holds(pack: str, facts_share: float):
    made = histories("read", pack, 60, facts_share=facts_share)
    assert check_objects(pack, made, Random(1)) > 0


@pytest.mark.parametrize("facts_share", [0.03, 1.0])
@pytest.mark.parametrize("pack", ALL)
def test_the_compiled_form_finds_what_the_plain_form_finds(
    pack: str, facts_share: float, compiled: Engine
):
    check_engine(pack, histories(1, pack, 250, facts_share=facts_share), compiled, 1)


@pytest.mark.parametrize("pack", ALL)
@SEEDED
@given(rnd=st.randoms(use_true_random=False))
def test_one_debtor_gets_one_answer(pack: str, rnd: Random, compiled: Engine):
    check_engine(pack, [history(rnd, pack)], compiled, "hypothesis")


def test_versions_of_the_law_are_told_apart_in_one_pass(compiled: Engine):
    books = [load([name]) for name in ("cn", "cn@2024-06-01", "cn@next", "cn-humane")]
    chunk = chunk_of(histories(2, "cn", 200), Random(2))
    for expected, found in zip(
        plain.audit_chunk(books, chunk), compiled(books, chunk), strict=True
    ):
        assert differences(told_of(expected), told_of(found)) == []
        assert expected.findings.to_pylist() == found.findings.to_pylist()


def as_texts(table: Any) -> Any:
    """The table with its words written out, in several pieces."""
    plainly = pa.schema(
        [
            field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field
            for field in table.schema
        ]
    )
    written = table.cast(plainly)
    half = len(written) // 2
    return pa.concat_tables([written.slice(0, half), written.slice(half)])


def as_numbers(table: Any, name: str) -> Any:
    """The table with p12 and its like in a column as 12."""
    place = table.schema.get_field_index(name)
    texts = table[name].cast(pa.string())
    return table.set_column(place, name, pc.utf8_ltrim(texts, characters="p甲").cast(pa.int64()))


@pytest.mark.parametrize("pack", ["cn", "us"])
def test_it_does_not_matter_how_a_chunk_is_written(pack: str, compiled: Engine):
    book = load([pack])
    drawn = histories("forms", pack, 120, facts_share=0.5)
    made = [
        replace(
            each,
            contacts=tuple({**c, "lender": f"甲{n % 2}"} for n, c in enumerate(each.contacts)),
        )
        for each in drawn
    ]
    chunk = chunk_of(made, Random(6))
    (expected,) = plain.audit_chunk([book], chunk)
    written = Chunk(
        contacts=as_texts(chunk.contacts),
        facts=as_texts(chunk.facts),
        persons=as_texts(chunk.persons),
    )
    numbered = Chunk(
        contacts=as_numbers(as_numbers(chunk.contacts, "person"), "lender"),
        facts=as_numbers(chunk.facts, "person"),
        persons=as_numbers(chunk.persons, "person"),
    )
    for other in (written, numbered):
        for engine in (plain.audit_chunk, compiled):
            (found,) = engine([book], other)
            assert differences(told_of(expected), told_of(found)) == []


def test_a_debt_may_stand_as_a_number_and_a_log_may_name_nobody(compiled: Engine):
    book = load(["us"])
    debts = {"A": "1", "B": "2", "C": "3"}

    def renamed(table: dict[str, Any]) -> dict[str, Any]:
        named = [debts.get(debt, "4") for debt in table.get("debts", [])]
        return {**table, "debts": named[:1] if "channel" in table else named}

    for seed in range(12):
        (one,) = histories(f"nobody-{seed}", "us", 1, facts_share=1.0)
        made = replace(
            one,
            contacts=tuple(map(renamed, one.contacts)),
            facts=tuple(map(renamed, one.facts)),
        )
        chunk = chunk_of([made])
        (expected,) = plain.audit_chunk([book], chunk)
        place = chunk.contacts.schema.get_field_index("debts")
        first = pa.array(
            [int(named[0]) if named else None for named in chunk.contacts["debts"].to_pylist()],
            pa.int64(),
        )
        bare = chunk.contacts.set_column(place, "debts", first).drop_columns(["person"])
        other = Chunk(
            contacts=bare,
            facts=chunk.facts.drop_columns(["person"]),
            persons=chunk.persons.drop_columns(["person"]),
        )
        for engine in (plain.audit_chunk, compiled):
            (found,) = engine([book], other)
            assert differences(told_of(expected), told_of(found)) == [], seed


def test_threads_that_share_a_book_do_not_disturb_each_other(compiled: Engine):
    # A book that no other test has taught any situation.
    book = load(["uk@2026-02-03"])
    chunks = [chunk_of(histories(f"thread-{n}", "uk", 60), Random(n)) for n in range(8)]
    with ThreadPoolExecutor(max_workers=4) as threads:
        found = list(threads.map(lambda chunk: compiled([book], chunk)[0], chunks))
    for chunk, each in zip(chunks, found, strict=True):
        (expected,) = plain.audit_chunk([book], chunk)
        assert differences(told_of(expected), told_of(each)) == []


def test_the_last_row_of_a_person_counts(compiled: Engine):
    book = load(["us"])
    chunk = chunk_of(histories("rows", "us", 80, facts_share=0.3), Random(8))
    rows = chunk.persons.to_pylist()
    elsewhere = [{**row, "zone": "Asia/Tokyo", "region": "US-MA"} for row in rows]
    for listed in (elsewhere + rows, rows + elsewhere[::2]):
        other = replace(chunk, persons=pa.Table.from_pylist(listed, schema=chunk.persons.schema))
        (expected,), (found,) = plain.audit_chunk([book], other), compiled([book], other)
        assert differences(told_of(expected), told_of(found)) == []


def test_an_audit_answers_alike_whatever_the_book_was_asked_before():
    # The first contact is judged, and then counted, on either side of what became known of it.
    book = load(["us@2026-11-03"])
    first, second = "2026-10-05T11:00:00+00:00", "2026-10-06T10:30:00+00:00"
    at_work = {"kind": "located_at", "since": first, "value": "work"}
    made = [
        History(
            zone="America/Sao_Paulo",
            region=None,
            contacts=({"channel": "email", "at": first}, {"channel": "legal", "at": second}),
            facts=({**at_work, "recorded_at": "2026-10-05T20:02:11+00:00"},),
        )
    ]
    answers = [told_of_objects(audit(book, debtors_of(made).values())) for _ in range(2)]
    assert answers[0] == answers[1]
    assert ("us-wa-work", 1) in answers[0][2]


def test_contacts_of_two_lenders_in_one_second_are_told_apart(compiled: Engine):
    second = {"at": "2026-07-27T20:00:00+00:00", "channel": "call"}
    lenders = enumerate(("甲", "乙", "甲", "乙", "甲"))
    contacts = tuple({**second, "lender": name, "id": f"c-{9 - n}"} for n, name in lenders)
    made = [History(zone="Asia/Kolkata", region="IN", contacts=contacts)]
    check_engine("india", made, compiled, "two lenders")


@pytest.mark.slow
@pytest.mark.parametrize("part", range(7))
@pytest.mark.parametrize("pack", ALL)
def test_the_forms_agree_on_fifty_thousand_debtors(pack: str, part: int, compiled: Engine):
    for seed in range(part * 2, part * 2 + 2):
        share = (0.05, 0.7)[seed % 2]
        made = histories(f"slow-{seed}", pack, 450, facts_share=share)
        check_objects(pack, made, Random(seed))
        check_engine(pack, made, compiled, seed)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_the_forms_agree_on_a_million_contacts_of_chinese_lenders(part: int, compiled: Engine):
    chunk = ledger(250_000, seed=part + 1)
    (expected,) = plain.audit_chunk([load(["cn"])], chunk)
    (found,) = compiled([load(["cn"])], chunk)
    assert expected.findings.num_rows > 10_000
    assert expected.judged == found.judged
    assert expected.not_shown.to_pylist() == found.not_shown.to_pylist()
    for name in expected.findings.column_names:
        assert expected.findings[name].to_pylist() == found.findings[name].to_pylist(), name

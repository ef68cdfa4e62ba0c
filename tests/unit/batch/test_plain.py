"""The plain form over a chunk answers what it answers over the same contacts in memory."""

from __future__ import annotations

from random import Random

import pytest
from tests.property.worlds import world

from forbear.batch.plain import audit_chunk, position_of
from forbear.batch.rows import chunk_of, debtors_of
from forbear.batch.schema import FINDINGS, NOT_SHOWN
from forbear.law.auditing import Debtor, audit
from forbear.law.book import Book, load
from forbear.law.case import read_case


def _debtors(rnd: Random, pack: str, count: int) -> dict[str, Debtor]:
    found = {}
    for number in range(count):
        case = read_case(world(rnd, pack))
        found[f"p{number}"] = Debtor(
            contacts=case.history, facts=case.facts, zone=case.zone, region=case.region
        )
    return {person: debtor for person, debtor in found.items() if debtor.contacts}


@pytest.mark.parametrize("pack", ["cn", "us", "uk", "au", "india", "other"])
def test_a_chunk_is_found_guilty_of_what_its_contacts_are(pack: str):
    book: Book = load((pack,))
    debtors = _debtors(Random(7), pack, 40)
    chunk = chunk_of(debtors)
    (found,) = audit_chunk((book,), chunk)
    # Positions are numbered in the order given, so that the source of the contacts is known.
    expected = audit(book, debtors.values())
    assert found.judged == expected.contacts
    assert found.findings.num_rows == len(expected.findings) > 0
    assert found.findings.schema == FINDINGS
    assert found.not_shown.schema == NOT_SHOWN
    assert found.not_shown.to_pylist() == [
        {"rule": none.rule, "clause": none.clause, "contacts": none.contacts}
        for none in expected.not_shown
    ]
    positions = {
        (person, contact.id): position
        for position, (person, contact) in enumerate(
            (person, contact) for person, debtor in debtors.items() for contact in debtor.contacts
        )
    }
    by_person = [
        (positions[person, finding.contact.id], finding.rule, finding.breached,
         len(finding.rows) - 1, person, finding.clause, str(finding.effect))
        for person, debtor in debtors.items()
        for finding in audit(book, [debtor]).findings
    ]  # fmt: skip
    names = ("position", "rule", "breached", "counted", "person", "clause", "effect")
    told = list(zip(*(found.findings[name].to_pylist() for name in names), strict=True))
    assert told == sorted(by_person)


def test_a_contact_keeps_its_row_through_the_defaults_of_a_pack():
    debtors = _debtors(Random(3), "cn", 10)
    read = debtors_of(chunk_of(debtors))
    found = [position_of(f.contact) for f in audit(load(("cn",)), read.values()).findings]
    assert found
    assert set(found) <= set(range(sum(len(debtor.contacts) for debtor in debtors.values())))


def test_a_chunk_of_nobody_has_no_findings():
    (found,) = audit_chunk((load(("cn",)),), chunk_of({}))
    assert (found.judged, found.findings.num_rows, found.not_shown.num_rows) == (0, 0, 0)

"""Persons merged and split: the counter follows the person, and no history is lost."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from tests.unit.law.small import call, china, rule, tiny

from forbear.base.contact import ContactId
from forbear.base.errors import CaseError
from forbear.base.people import Merge, PersonBook, PersonId, Split, representative
from forbear.law.case import read_contact
from forbear.law.deciding import verdict
from forbear.law.standing import Standing

A, B, C, D = (PersonId(name) for name in "ABCD")


def merge(one: PersonId, other: PersonId, at: int) -> Merge:
    return Merge(one=one, other=other, at=at)


def split(one: PersonId, other: PersonId, at: int) -> Split:
    return Split(one=one, other=other, at=at)


def told(*events: Merge | Split) -> PersonBook:
    book = PersonBook()
    for event in events:
        book = book.tell(event)
    return book


def test_a_person_nobody_spoke_of_is_herself() -> None:
    assert PersonBook().same(A, at=0) == {A}


def test_a_merge_holds_from_its_second_on_and_not_before() -> None:
    book = told(merge(A, B, 100))
    assert book.same(A, at=99) == {A}
    assert book.same(A, at=100) == {A, B} == book.same(B, at=100)


def test_merges_reach_across_records_in_between() -> None:
    book = told(merge(A, B, 1), merge(C, D, 2), merge(B, C, 3))
    assert book.same(A, at=2) == {A, B}
    assert book.same(D, at=3) == {A, B, C, D}


def test_the_order_in_which_merges_became_known_does_not_matter() -> None:
    events = [merge(A, B, 1), merge(B, C, 2), merge(C, D, 3)]
    for order in permutations(events):
        assert told(*order).same(A, at=3) == {A, B, C, D}


def test_a_split_undoes_one_merge_and_keeps_what_was_true_before_it() -> None:
    book = told(merge(A, B, 1), merge(B, C, 2), split(A, B, 10))
    assert book.same(A, at=9) == {A, B, C}
    assert book.same(A, at=10) == {A}
    assert book.same(B, at=10) == {B, C}


def test_persons_split_may_be_merged_again() -> None:
    book = told(merge(A, B, 1), split(B, A, 2), merge(B, A, 3))
    assert [book.same(A, at=at) for at in (1, 2, 3)] == [{A, B}, {A}, {A, B}]


def test_a_book_is_never_changed_only_followed_by_a_longer_one() -> None:
    first = told(merge(A, B, 1))
    second = first.tell(split(A, B, 2))
    assert first.same(A, at=5) == {A, B}
    assert second.said[:1] == first.said


def test_nobody_is_merged_with_herself() -> None:
    with pytest.raises(CaseError, match="cannot be merged with or split from herself"):
        told(merge(A, A, 1))


def test_only_those_who_were_merged_directly_are_split() -> None:
    book = told(merge(A, B, 1), merge(B, C, 1))
    with pytest.raises(CaseError, match="A and C were never merged"):
        book.tell(split(A, C, 2))
    with pytest.raises(CaseError, match="never merged"):
        book.tell(split(A, B, 0))


def test_a_group_is_counted_under_one_record_whatever_the_order() -> None:
    assert {representative(order) for order in permutations([C, A, B])} == {A}


def test_no_contact_is_lost_when_persons_are_merged_and_split(tmp_path: Path) -> None:
    law = tiny(tmp_path, rule('kind = "limit"\nat_most = 2\nwithin = "day"'))
    made = {
        A: [call(china("2026-03-10", "09:00:00"))],
        B: [call(china("2026-03-10", "10:00:00"))],
    }
    persons = told(merge(A, B, 100), split(A, B, 200))

    def counted(person: PersonId, at: int) -> int:
        history = [
            read_contact(each, where="", ident=f"{name}-{number}")
            for name in sorted(persons.same(person, at=at))
            for number, each in enumerate(made[name])
        ]
        standing = Standing(law, zone="Asia/Shanghai", contacts=history)
        asked = read_contact(call(china("2026-03-10", "11:00:00")), where="", ident="asked")
        found = verdict(standing, asked)
        assert {ContactId("A-0"), ContactId("B-0")} >= {c.id for c in standing.contacts}
        return len(standing.contacts) if not found.because else -len(standing.contacts)

    assert counted(A, 99) == 1
    assert counted(A, 100) == -2 == counted(B, 100)
    assert counted(B, 200) == 1

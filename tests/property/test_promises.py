"""What Forbear promises of every pack, on random debtors."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.property.asking import book_of, case_of
from tests.property.test_one_answer import SEEDED
from tests.property.worlds import PACKS, contact, fact, world

from forbear.base.clock import as_date, instant_of
from forbear.base.contact import Contact, Fact
from forbear.base.words import Effect
from forbear.law.answers import Because, Decision
from forbear.law.book import Book, load
from forbear.law.case import Case, read_contact, read_fact
from forbear.law.deciding import decide
from forbear.law.packs import shipped_names


def may_turn_on(book: Book, rule_id: str) -> set[str]:
    """Every kind of fact, recorded or derived, that a rule's answer may turn on."""
    found: set[str] = set()
    for rule in book.rules:
        if rule.id == rule_id:
            found |= rule.kinds | rule.kind.kinds | ({rule.answer.kind} if rule.answer else set())
    for kind in list(found):
        if kind in book.derivations:
            found |= book.derivations[kind].kinds
    return found


def hard(because: tuple[Because, ...]) -> set[str]:
    return {b.rule for b in because if b.effect is Effect.DENY}


def lifted_only_by_name(book: Book, before: Case, after: Case, added: Fact | Contact) -> None:
    gone = hard(decide(book, before, lenient=True).because)
    gone -= hard(decide(book, after, lenient=True).because)
    for rule_id in gone:
        turns_on = may_turn_on(book, rule_id)
        if isinstance(added, Fact):
            # A zone that a fact makes plausible replaces the debtor's own: that is its meaning.
            named = added.kind in turns_on or added.kind == "possible_timezone"
            assert named, f"{rule_id} was lifted by {added.kind}, which it does not name"
        else:
            derived = turns_on & set(book.derivations)
            assert derived, f"{rule_id} was lifted by a further contact"


@pytest.mark.parametrize("pack", PACKS)
@SEEDED
@given(rnd=st.randoms(use_true_random=False))
def test_a_further_fact_lifts_a_refusal_only_where_the_rule_names_it(
    pack: str, rnd: Random
) -> None:
    book = book_of(pack)
    case = case_of(world(rnd, pack), book)
    added = read_fact(fact(rnd, pack), where="added", ident="added")
    more = replace(case, facts=(*case.facts, added))
    lifted_only_by_name(book, case, more, added)


@pytest.mark.parametrize("pack", PACKS)
@SEEDED
@given(rnd=st.randoms(use_true_random=False))
def test_a_further_contact_lifts_a_refusal_only_through_a_named_exception(
    pack: str, rnd: Random
) -> None:
    book = book_of(pack)
    case = case_of(world(rnd, pack), book)
    at = case.proposed.at - timedelta(seconds=rnd.randrange(1, 400_000))
    added = read_contact(contact(rnd, pack, at, made=True), where="added", ident="added")
    more = replace(case, history=(*case.history, added))
    lifted_only_by_name(book, case, more, added)


@SEEDED
@given(rnd=st.randoms(use_true_random=False))
def test_a_house_pack_never_widens(rnd: Random) -> None:
    public, house = book_of("cn"), book_of("cn-humane")
    case = case_of(world(rnd, "cn"), public)
    for lenient in (False, True):
        without = decide(public, case, lenient=lenient)
        within = decide(house, case, lenient=lenient)
        assert {b.rule for b in without.because} <= {b.rule for b in within.because}
        order = list(Decision)
        assert order.index(within.decision) >= order.index(without.decision)


@pytest.mark.parametrize("pack", PACKS)
@SEEDED
@given(rnd=st.randoms(use_true_random=False))
def test_every_clause_of_a_verdict_stands_in_the_source_of_its_rule(pack: str, rnd: Random) -> None:
    book = book_of(pack)
    found = decide(book, case_of(world(rnd, pack), book), lenient=True)
    folders = {p.name: p.folder for p in book.packs}
    for because in found.because:
        rule = next(r for r in book.rules if r.id == because.rule)
        source = folders[rule.instrument.pack] / rule.instrument.id / "source.md"
        assert because.clause in source.read_text(encoding="utf-8")


@pytest.mark.parametrize("pack", PACKS)
@SEEDED
@given(rnd=st.randoms(use_true_random=False))
def test_unsaid_is_never_lawful_unless_one_asks_so(pack: str, rnd: Random) -> None:
    book = book_of(pack)
    case = case_of(world(rnd, pack), book)
    strict, lenient = decide(book, case), decide(book, case, lenient=True)
    assert {b.rule for b in lenient.because} <= {b.rule for b in strict.because}
    assert strict.decision is Decision.DENY or not strict.missing


@pytest.mark.parametrize("pack", shipped_names())
def test_each_version_of_a_rule_is_in_force_on_exactly_its_dates(pack: str) -> None:
    book = load([pack])
    for rule in book.rules:
        assert not rule.in_force(rule.since - 1)
        assert rule.in_force(rule.since)
        if rule.until is not None:
            assert rule.in_force(rule.until - 1)
            assert not rule.in_force(rule.until)
    for day in range(17_000, 21_200):
        names = [rule.id for rule in book.rules if rule.in_force(day)]
        assert len(names) == len(set(names)), f"two versions on {as_date(day)}"


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_as_of_a_date_is_the_law_of_that_date_whatever_the_day(pack: str) -> None:
    book = load([f"{pack}@2026-02-01"])
    plain = load([pack])
    for rule, other in zip(book.rules, plain.rules, strict=True):
        for day in (10_000, 20_000, 20_600):
            assert rule.in_force(day) == other.in_force(20_485)


@pytest.mark.parametrize("pack", PACKS)
@SEEDED
@given(rnd=st.randoms(use_true_random=False))
def test_a_contact_about_several_debts_is_as_bad_as_the_worst_of_them(
    pack: str, rnd: Random
) -> None:
    book = book_of(pack)
    case = case_of(world(rnd, pack), book)
    both = replace(case, proposed=replace(case.proposed, debts=("A", "B")))
    broken = {b.rule for b in decide(book, both, lenient=True).because}
    each: set[str] = set()
    for debt in ("A", "B"):
        one = replace(case, proposed=replace(case.proposed, debts=(debt,)))
        each |= {b.rule for b in decide(book, one, lenient=True).because}
    assert broken == each


@pytest.mark.parametrize("pack", PACKS)
@SEEDED
@given(rnd=st.randoms(use_true_random=False))
def test_what_is_learned_later_does_not_change_how_a_moment_is_judged(
    pack: str, rnd: Random
) -> None:
    book = book_of(pack)
    case = case_of(world(rnd, pack), book)
    now = case.proposed.instant
    late = read_fact(fact(rnd, pack), where="late", ident="late")
    late = replace(late, recorded=max(now, instant_of(case.proposed.at)) + 1)
    told_later = replace(case, facts=(*case.facts, late))
    assert decide(book, case, lenient=True) == decide(book, told_later, lenient=True)

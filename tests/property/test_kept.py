"""What is kept of a debtor answers as the whole record would, or says that it cannot."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.property.asking import book_of, case_of, told
from tests.property.test_one_answer import SEEDED
from tests.property.worlds import PACKS, world

from forbear.base.contact import UNSAID, Contact, Event, Fact, Outcomes
from forbear.base.words import Outcome
from forbear.law import kept as kept_module
from forbear.law import standing as standing_module
from forbear.law.answered import free_from
from forbear.law.book import Book
from forbear.law.case import Case
from forbear.law.deciding import earliest, verdict
from forbear.law.judging import judge
from forbear.law.kept import Kept, Rebuild, Why, keep, read
from forbear.law.standing import Standing, order_of


@pytest.fixture(autouse=True)
def _soon_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Worlds are small, so little is held for an outcome, and what can go goes at once."""
    monkeypatch.setattr(kept_module, "WAITING", 3)
    monkeypatch.setattr(standing_module, "_SWEEP_EVERY", 1)


class Record:
    """All that has been told so far, from which a standing can always be built."""

    def __init__(self, book: Book, case: Case) -> None:
        self.book, self.zone, self.region = book, case.zone or book.zone, case.region
        self.contacts: list[Contact] = []
        self.facts: list[Fact] = []

    def see(self, event: Event) -> None:
        if isinstance(event, Fact):
            self.facts.append(event)
        elif isinstance(event, Outcomes):
            found = next(n for n, each in enumerate(self.contacts) if each.id == event.about)
            self.contacts[found] = replace(self.contacts[found], outcome=event.outcome)
        else:
            self.contacts.append(event)

    def standing(self) -> Standing:
        return Standing(
            self.book,
            zone=self.zone,
            region=self.region,
            facts=self.facts,
            contacts=self.contacts,
        )

    def keep(self, now: int) -> Kept:
        return keep(
            self.book,
            zone=self.zone,
            region=self.region,
            facts=self.facts,
            contacts=self.contacts,
            now=now,
        )


def events_of(case: Case, rnd: Random, *, late: bool) -> list[tuple[int, Event]]:
    """The events of a case by when they are told; outcomes some time after their contact.

    With ``late`` some contacts and facts are told long after they happened.
    """
    told: list[tuple[int, int, Event]] = []
    for contact in sorted(case.history, key=order_of):
        at = contact.instant + (rnd.randrange(90_000) if late and rnd.random() < 0.1 else 0)
        apart = isinstance(contact.outcome, Outcome) and rnd.random() < 0.6
        told.append((at, len(told), replace(contact, outcome=UNSAID) if apart else contact))
        if apart:
            assert isinstance(contact.outcome, Outcome)
            wait = rnd.choice([0, 30, 30, 600, 600, 20_000])
            outcome = Outcomes(about=contact.id, outcome=contact.outcome, at=at + wait)
            told.append((at + wait, len(told), outcome))
    for fact in case.facts:
        # A holiday was always known, and is told with the first contact.
        at = max(fact.known_at, case.history[0].instant if case.history else 0)
        at += rnd.randrange(90_000) if late and rnd.random() < 0.2 else 0
        told.append((at, len(told), fact))
    return [(at, event) for at, _, event in sorted(told, key=lambda each: each[:2])]


def same(kept: Kept, record: Record, contact: Contact, now: int) -> Counter[str]:
    """Both say the same of a contact; what the kept one could not say is counted by its reason."""
    lacking: Counter[str] = Counter()
    whole = record.standing()
    for lenient in (False, True):
        found = kept.verdict(contact, now, lenient=lenient)
        if isinstance(found, Rebuild):
            lacking[found.why] += 1
        else:
            assert told(found) == told(verdict(whole, contact, now, lenient=lenient))
        first = kept.earliest(contact, start=now, lenient=lenient)
        if isinstance(first, Rebuild):
            lacking[first.why] += 1
        else:
            assert first == earliest(whole, contact, start=now, lenient=lenient)
    return lacking


def again(kept: Kept, book: Book) -> Kept:
    """What is read from what was written."""
    found = read(book, kept.written())
    assert isinstance(found, Kept)
    return found


def check(pack: str, rnd: Random, *, late: bool) -> Counter[str]:
    book = book_of(pack)
    case = case_of(world(rnd, pack), book)
    record = Record(book, case)
    kept = record.keep(0)
    lacking: Counter[str] = Counter()
    for now, event in events_of(case, rnd, late=late):
        record.see(event)
        refused = kept.see(event)
        if rnd.random() < 0.3:
            kept = again(kept, book)
        made = event if isinstance(event, Contact) else case.proposed
        asked = [case.proposed.moved_to(record.standing().zone.moment(now + rnd.choice([0, 1])))]
        asked.append(replace(case.proposed, at=made.at, instant=max(made.instant, now)))
        for contact in asked:
            lacking += same(kept, record, contact, now)
        if refused is not None:
            lacking[refused.why] += 1
        if lacking and rnd.random() < 0.5:
            kept = record.keep(now)
            assert not same(kept, record, asked[0], max(now, asked[0].instant))
    return lacking


@pytest.mark.parametrize("pack", PACKS)
@SEEDED
@given(rnd=st.randoms(use_true_random=False))
def test_what_is_kept_answers_as_the_record_does_or_says_that_it_cannot(
    pack: str, rnd: Random
) -> None:
    check(pack, rnd, late=True)


@pytest.mark.parametrize("pack", PACKS)
def test_what_is_kept_answers_as_the_record_does_in_two_hundred_worlds(pack: str) -> None:
    lacking: Counter[str] = Counter()
    for seed in range(200):
        lacking += check(pack, Random(seed), late=True)
    # Late events do happen here, and are not passed over.
    assert lacking[Why.LATE_CONTACT]
    assert lacking[Why.LATE_OUTCOME]


@pytest.mark.parametrize("pack", PACKS)
def test_events_in_their_order_never_need_the_record(pack: str) -> None:
    for seed in range(100):
        rnd = Random(seed)
        book = book_of(pack)
        case = case_of(world(rnd, pack), book)
        # Every outcome is told with its contact, and every fact when it begins.
        case = replace(case, facts=tuple(replace(fact, recorded=None) for fact in case.facts))
        record = Record(book, case)
        kept = record.keep(0)
        events: list[tuple[int, int, Event]] = [(f.since, 0, f) for f in case.facts]
        events += [(c.instant, 1, c) for c in sorted(case.history, key=order_of)]
        for now, _, event in sorted(events, key=lambda each: each[:2]):
            record.see(event)
            assert kept.see(event) is None
            kept = again(kept, book) if rnd.random() < 0.2 else kept
            contact = case.proposed.moved_to(record.standing().zone.moment(now))
            assert not same(kept, record, contact, now)


@pytest.mark.slow
@pytest.mark.parametrize("pack", PACKS)
def test_what_is_kept_answers_as_the_record_does_in_three_thousand_worlds(pack: str) -> None:
    for seed in range(1_000, 4_000):
        check(pack, Random(seed), late=True)


@pytest.mark.parametrize("pack", PACKS)
def test_a_standing_asked_again_and_again_says_what_a_fresh_one_says(pack: str) -> None:
    book, again = book_of(pack), 0
    for seed in range(20):
        rnd = Random(seed)
        case = case_of(world(rnd, pack), book)
        record = Record(book, case)
        record.contacts, record.facts = list(case.history), list(case.facts)
        standing, at = record.standing(), case.proposed.instant
        if case.history and rnd.random() < 0.5:
            # From just before a contact of the history on, which then comes to be earlier.
            at = rnd.choice(case.history).instant - 2
        for _ in range(8):
            moved = case.proposed.moved_to(standing.zone.moment(at))
            for lenient in (False, True):
                said = told(verdict(standing, moved, lenient=lenient))
                assert said == told(verdict(record.standing(), moved, lenient=lenient))
                first = earliest(standing, moved, lenient=lenient)
                assert first == earliest(record.standing(), moved, lenient=lenient)
            again += sum(each.since < at < each.until for each in standing.answered.values())
            at += rnd.choice([0, 1, 1, 30, 600, 3_600, 20_000])
    # Answers were given again in between, and not only worked out anew.
    assert again


@pytest.mark.parametrize("pack", PACKS)
def test_the_end_that_is_named_at_once_is_the_one_that_walking_finds(pack: str) -> None:
    book, named = book_of(pack), 0
    for seed in range(60):
        rnd = Random(seed)
        case = case_of(world(rnd, pack), book)
        record = Record(book, case)
        record.contacts, record.facts = list(case.history), list(case.facts)
        standing = record.standing().at(case.proposed.instant)
        for lenient in (False, True):
            for breach in judge(standing.look(case.proposed), lenient=lenient).broken():
                horizon = breach.view.at + rnd.choice([3_600, 400 * 86_400])
                walked = breach.rule.free_from(breach.view, until=horizon)
                assert free_from(breach, until=horizon) == walked, breach.rule.id
                named += 1
    assert named

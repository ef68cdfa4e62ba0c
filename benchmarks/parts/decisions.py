"""One decision by the Chinese pack: from a plain case, from what is kept, and the next moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from random import Random
from time import process_time
from typing import Any, Final

from forbear.base.contact import Contact
from forbear.law.answers import Decision, Earliest, Verdict
from forbear.law.book import Book, load
from forbear.law.case import Case, read_case
from forbear.law.deciding import decide, when
from forbear.law.kept import Kept, Rebuild, keep, read
from forbear.law.standing import order_of
from parts import worlds
from parts.measure import Ask, Engine, Figure, Timing, goal, in_turn, number, refuse, table

_SCRATCH_US: Final = 500.0
_KEPT_US: Final = 20.0
_WHEN_US: Final = 1_000.0
_UNTIMED: Final = 15
_NO_MOMENT: Final = datetime(1970, 1, 1, tzinfo=worlds.CHINA)


class Lender:
    """Debtors and what is asked about them, all read before anything is timed.

    ``asked`` holds the number of the debtor and a proposed contact, in order of time; ``warm`` are
    earlier ones, asked before the clock runs; ``extra`` is a contact made just before each one.
    """

    def __init__(self, seed: int, *, debtors: int, each: int, events: int) -> None:
        rnd = Random(seed)
        self.book: Book = load(["cn"])
        self.cases: list[Case] = []
        self.warm: list[tuple[int, Contact]] = []
        self.asked: list[tuple[int, Contact]] = []
        for place in range(debtors):
            told, agents = worlds.lender(rnd, place), worlds.agents_of(rnd)
            told["history"] = worlds.made(rnd, events, agents)
            listed = worlds.proposals(rnd, _UNTIMED + each, agents)
            read = [read_case({**told, "proposed": proposed}) for proposed in listed]
            self.cases.append(read[0])
            self.warm += [(place, case.proposed) for case in read[:_UNTIMED]]
            self.asked += [(place, case.proposed) for case in read[_UNTIMED:]]
        self.asked.sort(key=lambda pair: pair[1].instant)
        self.extra = [self._made(rnd, n) for n in range(len(self.asked))]

    def _made(self, rnd: Random, place: int) -> Contact:
        """A contact that was made half an hour before a question, with its outcome."""
        _, proposed = self.asked[place]
        at = datetime.fromtimestamp(proposed.instant - 1800, tz=worlds.CHINA)
        drawn = worlds.happened(rnd, worlds.contact(rnd, at, worlds.agents_of(rnd)))
        empty = {"id": "x", "jurisdiction": "cn", "proposed": {**drawn, "id": f"extra-{place}"}}
        return read_case(empty).proposed

    def case(self, place: int) -> Case:
        """Question ``place`` as a whole case."""
        debtor, contact = self.asked[place]
        return replace(self.cases[debtor], proposed=contact)

    def kept(self) -> list[Kept]:
        """What is kept of each debtor, asked a few questions already, as by a gate at work."""
        found = [kept_of(self.book, case) for case in self.cases]
        for debtor, contact in self.warm:
            answer(found[debtor].verdict(contact))
        return found

    def written(self) -> list[str]:
        """What is kept of each debtor, as a gate would store it."""
        return [kept_of(self.book, case).written() for case in self.cases]

    def shapes_seen(self) -> float:
        """The share of questions whose like was asked about the same debtor before."""
        seen = {(debtor, _shape(contact)) for debtor, contact in self.warm}
        before = 0
        for debtor, contact in self.asked:
            before += (debtor, _shape(contact)) in seen
            seen.add((debtor, _shape(contact)))
        return before / len(self.asked)


def kept_of(book: Book, case: Case, *, but_last: bool = False) -> Kept:
    """What is kept of a case's debtor as it is read from the store, or before its last event."""
    made = sorted(case.history, key=order_of)
    made = made[:-1] if but_last else made
    zone = case.zone or book.zone_of(case.region)
    kept = keep(
        book,
        zone=zone,
        region=case.region,
        facts=case.facts,
        contacts=made,
        now=made[-1].instant,
    )
    found = read(book, kept.written())
    assert isinstance(found, Kept), "it was written under this book"
    return found


def answer(found: Verdict | Earliest | Rebuild) -> Verdict | Earliest:
    """An answer; an event in its order never needs the record."""
    if isinstance(found, Rebuild):
        refuse(f"what is kept does not answer: {found.why}")
    return found


def _shape(contact: Contact) -> str:
    """All that a contact says beside its moment and its words."""
    return repr(replace(contact, at=_NO_MOMENT, instant=0, text=""))


def told(found: Verdict) -> tuple[object, ...]:
    """All that a verdict says, in an order that does not depend on how it was reached."""
    because = sorted(
        (b.rule, str(b.clears_at), sorted(b.rests_on), b.says.en) for b in found.because
    )
    return (str(found.decision), because, found.missing)


def _found(answer: Earliest) -> tuple[str, str]:
    return (str(answer.at), str(answer.why_not))


# ── the engines ──


def _decisions(lender: Lender) -> list[Engine]:
    def scratch() -> Ask:
        cases = [lender.case(n) for n in range(len(lender.asked))]
        return lambda n: decide(lender.book, cases[n])

    def kept() -> Ask:
        found = lender.kept()

        def ask(n: int) -> Any:
            debtor, contact = lender.asked[n]
            return answer(found[debtor].verdict(contact))

        return ask

    def stored() -> Ask:
        texts = lender.written()

        def ask(n: int) -> Any:
            debtor, contact = lender.asked[n]
            found = read(lender.book, texts[debtor])
            assert isinstance(found, Kept), "it was written under this book"
            return answer(found.verdict(contact))

        return ask

    return [
        Engine(name="decision, from a plain case", prepare=scratch, read=told),
        Engine(name="decision, from kept state", prepare=kept, read=told),
        Engine(name="decision, kept state read from JSON first", prepare=stored, read=told),
    ]


def _growing(lender: Lender) -> list[Engine]:
    """The same while each question follows on one more contact made."""

    def scratch() -> Ask:
        histories = [list(case.history) for case in lender.cases]
        cases = []
        for place, (debtor, _) in enumerate(lender.asked):
            histories[debtor].append(lender.extra[place])
            cases.append(replace(lender.case(place), history=tuple(histories[debtor])))
        return lambda n: decide(lender.book, cases[n])

    def kept() -> Ask:
        found = [kept_of(lender.book, case) for case in lender.cases]

        def ask(n: int) -> Any:
            debtor, contact = lender.asked[n]
            found[debtor].see(lender.extra[n])
            return answer(found[debtor].verdict(contact))

        return ask

    return [
        Engine(name="one contact more, then a decision; plain case", prepare=scratch, read=told),
        Engine(name="one contact more, then a decision; kept", prepare=kept, read=told),
    ]


def _moments(lender: Lender) -> list[Engine]:
    def scratch() -> Ask:
        cases = [lender.case(n) for n in range(len(lender.asked))]
        return lambda n: when(lender.book, cases[n])

    def kept() -> Ask:
        found = lender.kept()

        def ask(n: int) -> Any:
            debtor, contact = lender.asked[n]
            return answer(found[debtor].earliest(contact))

        return ask

    return [
        Engine(name="`when`, from a plain case", prepare=scratch, read=_found),
        Engine(name="`when`, from kept state", prepare=kept, read=_found),
    ]


def _grown(seed: int, lender: Lender) -> list[tuple[int, int, float]]:
    """By length of history: bytes kept, and processor microseconds of one contact more."""
    rnd, found = Random(seed), []
    for events in (200, 2_000):
        told = worlds.lender(rnd, 0)
        agents = worlds.agents_of(rnd)
        told["history"] = worlds.made(rnd, events, agents)
        case = read_case({**told, "proposed": worlds.proposals(rnd, 1, agents)[0]})
        kept = kept_of(lender.book, case)
        size = len(kept.written().encode())
        last = max(contact.instant for contact in case.history)
        more = [replace(lender.extra[0], id=f"m-{n}", instant=last + 60 * n) for n in range(1, 201)]
        start = process_time()
        for contact in more:
            kept.see(contact)
        found.append((events, size, (process_time() - start) / len(more) * 1e6))
    return found


def measure(*, seed: int, quick: bool) -> list[Figure]:
    """Time them, print the table and the goals, and give the figures."""
    debtors, each, rounds = (3, 4, 1) if quick else (24, 25, 5)
    lender = Lender(seed, debtors=debtors, each=each, events=200)
    count = len(lender.asked)
    timed = [
        row
        for engines in (_decisions(lender), _growing(lender), _moments(lender))
        for row in in_turn(engines, count, rounds)
    ]
    _print(lender, timed, rounds)
    grown = _grown(seed, lender)
    rows = [[number(events), number(size), number(cpu)] for events, size, cpu in grown]
    table("What is kept of one debtor", ["events", "bytes of JSON", "µs one contact more"], rows)
    found = []
    for events, size, cpu in grown:
        name = f"cn, kept after {events} events"
        found.append(Figure(name=f"{name}, written", value=size, unit="bytes"))
        found.append(Figure(name=f"{name}, one contact more", value=cpu, unit="µs"))
    for row in timed:
        found.append(Figure(name=f"cn, 200 events: {row.name}, p50", value=row.p50, unit="µs"))
        found.append(Figure(name=f"cn, 200 events: {row.name}, p99", value=row.p99, unit="µs"))
    return found


def _print(lender: Lender, timed: list[Timing], rounds: int) -> None:
    rows = [[row.name, number(row.p50), number(row.p99), number(row.rate)] for row in timed]
    heads = ["", "p50 µs", "p99 µs", "a core-second"]
    table("One decision by the whole Chinese pack, 200 events of history", heads, rows)
    answers: tuple[Any, ...] = timed[0].answers
    lawful = sum(answer[0] == Decision.ALLOW for answer in answers) / len(answers)
    print(
        f"\n{len(answers)} questions about {len(lender.cases)} debtors in each of {rounds} rounds, "
        f"at rising moments; {lawful:.0%} lawful; {lender.shapes_seen():.0%} like one asked before "
        "but for moment and words."
    )
    goal("decision, from a plain case, p50", timed[0].p50, _SCRATCH_US, "µs")
    goal("decision, from kept state, p50", timed[1].p50, _KEPT_US, "µs")
    goal("`when`, from a plain case, p50", timed[5].p50, _WHEN_US, "µs")
    goal("`when`, from kept state, p50", timed[6].p50, _WHEN_US, "µs")

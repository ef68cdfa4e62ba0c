"""Auditing a log: every contact judged as if it had been asked about beforehand.

A contact is judged by the law of its day, on what was known then and on the contacts before it, and
is then taken into the history with its outcome. The log is read debtor by debtor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from forbear.base.contact import Contact, Fact
from forbear.base.words import Direction
from forbear.law.answers import Audit, Finding, NotShown
from forbear.law.book import Book
from forbear.law.case import fill, read_fact
from forbear.law.judging import Breach, Judged, judge
from forbear.law.rule import Rule
from forbear.law.standing import Standing, order_of
from forbear.law.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Debtor:
    """The log of one debtor: contacts in both directions, and what else is known.

    Each lender's contacts are judged by themselves: one counter goes over all its agencies, loans
    and channels, and over nobody else's.
    """

    contacts: tuple[Contact, ...]
    facts: tuple[Fact, ...] = ()
    zone: str | None = None
    region: str | None = None


@dataclass(slots=True)
class _Lacks:
    """What rules could not be answered, gathered over all contacts."""

    contacts: Counter[str] = field(default_factory=Counter)
    missing: dict[str, set[str]] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    seen: set[tuple[object, ...]] = field(default_factory=set)
    # What only shapes decide is counted by shape first, and spread over its rules at the end.
    shapes: dict[int, list[Any]] = field(default_factory=dict)

    def take(self, judged: Judged) -> None:
        """Add what was unknown of one contact."""
        settled = judged.settled
        if settled.unknown:
            known = self.shapes.get(id(settled))
            if known is None:
                # The judgement is kept, so that no other can come to have its id.
                self.shapes[id(settled)] = known = [judged, 0]
                for rule, number in settled.unknown:
                    self._ask(rule, judged.views[number])
            known[1] += 1
        for breach in judged.own_unknown:
            self._ask(breach.rule, breach.view)
            self.contacts[breach.rule.id] += 1

    def _ask(self, rule: Rule, view: View) -> None:
        # Contacts that say the same keys lack the same ones, so one of each is asked.
        contact = view.contact
        text = isinstance(contact.text, str)
        shape = (rule.id, contact.channel, contact.party, text, contact.outcome, *contact.more)
        if shape not in self.seen:
            self.seen.add(shape)
            self.rules[rule.id] = rule
            self.missing.setdefault(rule.id, set()).update(rule.missing(view))

    def told(self) -> tuple[NotShown, ...]:
        """The rules that the log does not show, with how many contacts each leaves open."""
        for judged, count in self.shapes.values():
            for rule, _ in judged.settled.unknown:
                self.contacts[rule.id] += count
        return tuple(
            NotShown(
                rule=name,
                clause=rule.clause,
                level=rule.level,
                says=rule.says,
                missing=tuple(sorted(self.missing[name])),
                contacts=self.contacts[name],
            )
            for name, rule in sorted(self.rules.items())
        )


def audit(book: Book, debtors: Iterable[Debtor]) -> Audit:
    """All findings on a log, in order of debtor and time.

    Facts that only a log's owner knows (an agreement, a consent) are not in a log; findings name
    them as exceptions. What a rule needs and the log does not say is listed as not shown.
    """
    judged = 0
    findings: list[Finding] = []
    lacks = _Lacks()
    for debtor in debtors:
        own: list[Finding] = []
        for contacts in _by_lender(_with_defaults(book, debtor)):
            standing = Standing(
                book,
                zone=debtor.zone or book.zone_of(debtor.region),
                region=debtor.region,
                facts=(*assumed_facts(book, debtor), *debtor.facts),
                contacts=contacts,
            )
            for place, contact in enumerate(standing.contacts):
                if contact.direction is Direction.INBOUND:
                    continue
                judged += 1
                standing.at(contact.instant)
                found = judge(standing.view_of(place), lenient=False)
                own += [_finding(breach) for breach in found.broken()]
                lacks.take(found)
        findings += sorted(own, key=lambda finding: order_of(finding.contact))
    return Audit(
        contacts=judged, findings=tuple(findings), not_shown=lacks.told(), packs=book.hashes
    )


def _by_lender(contacts: Iterable[Contact]) -> Iterable[list[Contact]]:
    groups: dict[str, list[Contact]] = {}
    for contact in contacts:
        groups.setdefault(contact.lender, []).append(contact)
    return groups.values()


def assumed_facts(book: Book, debtor: Debtor) -> list[Fact]:
    """The facts that the packs assume of a log that says nothing of their kind."""
    told = {str(fact.kind) for fact in debtor.facts}
    return [
        read_fact(table, where=f"{pack.name}: audit_defaults.facts", ident=f"assumed-{number}")
        for pack in book.packs
        for number, table in enumerate(pack.audit_defaults.get("facts", ()))
        if table["kind"] not in told
    ]


def _with_defaults(book: Book, debtor: Debtor) -> list[Contact]:
    contacts = list(debtor.contacts)
    for pack in book.packs:
        defaults = pack.audit_defaults.get("contact", {})
        contacts = [fill(contact, defaults) for contact in contacts]
    return contacts


def _finding(breach: Breach) -> Finding:
    rule, view = breach.rule, breach.view
    return Finding(
        rule=rule.id,
        clause=rule.clause,
        level=rule.level,
        effect=rule.effect,
        confidence=rule.confidence,
        breached=rule.kind.limits(view),
        contact=view.contact,
        says=rule.says + rule.kind.explain(view),
        rows=(*rule.kind.rests_on(view), view.contact),
        unless=(rule.exceptions,) if rule.exceptions is not None else (),
    )

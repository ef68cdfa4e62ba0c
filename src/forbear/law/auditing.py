"""Auditing a log: every contact judged as if it had been asked about beforehand.

A contact is judged by the law of its day, on what was known then and on the contacts before it, and
is then taken into the history with its outcome. The log is read debtor by debtor.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from forbear.base.contact import Contact, Fact
from forbear.base.words import Direction
from forbear.law.answers import Audit, Finding, NotShown
from forbear.law.book import Book
from forbear.law.case import fill, read_fact
from forbear.law.deciding import Breach, breaches_of
from forbear.law.rule import Rule
from forbear.law.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Debtor:
    """The log of one debtor: contacts in both directions, and what else is known."""

    contacts: tuple[Contact, ...]
    facts: tuple[Fact, ...] = ()
    zone: str | None = None
    region: str | None = None


@dataclass(slots=True)
class _Lacks:
    """What rules could not be answered, gathered over all contacts."""

    contacts: dict[str, int] = field(default_factory=dict)
    missing: dict[str, set[str]] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)

    def add(self, breach: Breach) -> None:
        rule = breach.rule
        self.rules[rule.id] = rule
        self.contacts[rule.id] = self.contacts.get(rule.id, 0) + 1
        self.missing.setdefault(rule.id, set()).update(rule.missing(breach.view))

    def told(self) -> tuple[NotShown, ...]:
        return tuple(
            NotShown(
                rule=name,
                clause=rule.clause,
                level=rule.level,
                says=rule.says,
                missing=tuple(sorted(self.missing[name])),
                contacts=self.contacts[name],
            )
            for name, rule in self.rules.items()
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
        standing = Standing(
            book,
            zone=debtor.zone or book.zone,
            region=debtor.region,
            facts=(*assumed_facts(book, debtor), *debtor.facts),
            contacts=_with_defaults(book, debtor),
        )
        for place, contact in enumerate(standing.contacts):
            if contact.direction is Direction.INBOUND:
                continue
            judged += 1
            standing.at(contact.instant)
            for breach in breaches_of(standing.view_of(place), lenient=False):
                if breach.unknown:
                    lacks.add(breach)
                else:
                    findings.append(_finding(breach))
    return Audit(
        contacts=judged, findings=tuple(findings), not_shown=lacks.told(), packs=book.hashes
    )


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

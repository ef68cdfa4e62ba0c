"""The plain form over a chunk: the specification that the compiled form must answer alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from forbear.base.contact import UNSAID, Contact
from forbear.batch.rows import debtors_of, name_of, people_of
from forbear.batch.schema import FINDINGS, NOT_SHOWN, Audited, Chunk, Stats, Table
from forbear.law.answers import Audit, Finding
from forbear.law.auditing import audit
from forbear.law.book import Book

WHY_PLAIN: Final = "asked for"


def audit_chunk(books: Sequence[Book], chunk: Chunk) -> list[Audited]:
    """The chunk before each of the books, by the plain form alone.

    Raises CaseError for a row or a fact that cannot be read, and for an unknown zone.
    """
    debtors = debtors_of(chunk)
    contacts = chunk.contacts.num_rows
    # A person is another debtor to each lender.
    apart = sum(len({contact.lender for contact in own.contacts}) for own in debtors.values())
    return [
        audited(
            audit(book, debtors.values()),
            chunk,
            Stats(
                contacts=contacts,
                debtors=apart,
                plain_debtors=apart,
                plain_contacts=contacts,
                why_plain={WHY_PLAIN: apart} if apart else {},
            ),
        )
        for book in books
    ]


def audited(audit: Audit, chunk: Chunk, stats: Stats) -> Audited:
    """What the plain form answered about contacts made by ``rows.contacts_of``, as tables.

    ``chunk`` is the one that they come from; the answer may be about some of its debtors only.
    """
    return Audited(
        judged=audit.contacts,
        findings=findings_of(audit.findings, chunk),
        not_shown=pa.table(
            [
                [none.rule for none in audit.not_shown],
                [none.clause for none in audit.not_shown],
                [none.contacts for none in audit.not_shown],
            ],
            schema=NOT_SHOWN,
        ),
        stats=stats,
    )


def findings_of(findings: Sequence[Finding], chunk: Chunk) -> Table:
    """Findings as a table, in the order of position and rule."""
    placed = sorted(findings, key=lambda finding: (position_of(finding.contact), finding.rule))
    rows = [_row(finding) for finding in placed]
    columns = {name: [row[name] for row in rows] for name in FINDINGS.names if name != "person"}
    columns["person"] = _people(columns["position"], chunk)
    made = []
    for field in FINDINGS:
        encoded = pa.types.is_dictionary(field.type)
        array = pa.array(columns[field.name], field.type.value_type if encoded else field.type)
        made.append(array.dictionary_encode().cast(field.type) if encoded else array)
    return pa.table(made, schema=FINDINGS)


def position_of(contact: Contact) -> int:
    """The number of the row that a contact was read from."""
    assert contact.source is not None, "a contact of a chunk knows its row"
    return contact.source.line


def _people(positions: Sequence[int], chunk: Chunk) -> list[str]:
    if not positions:
        return []
    wanted = pa.array(positions, pa.int64())
    rows = pc.index_in(wanted, value_set=chunk.contacts["position"])
    return people_of(chunk.contacts, rows)


def _row(finding: Finding) -> dict[str, Any]:
    contact = finding.contact
    counted = [earlier.instant for earlier in finding.rows[:-1]]
    return {
        "position": position_of(contact),
        "id": contact.id,
        "lender": contact.lender,
        "at": contact.instant,
        "agent": None if contact.agent is UNSAID else contact.agent,
        "agency": agency_of(contact.more),
        "rule": finding.rule,
        "clause": finding.clause,
        "effect": finding.effect,
        "level": finding.level,
        "breached": finding.breached,
        "counted": len(counted),
        "first": min(counted, default=None),
        "last": max(counted, default=None),
    }


def agency_of(more: Mapping[str, Any]) -> str | None:
    """The employer that the first profile of an agent names."""
    profile = more.get("agent_profile")
    if isinstance(profile, list):
        profile = profile[0] if profile else None
    employer = profile.get("employer") if isinstance(profile, Mapping) else None
    whole = isinstance(employer, int) and not isinstance(employer, bool)
    return name_of(employer) if whole or isinstance(employer, str) else None

"""The report as data for programs: schema ``forbear.audit/1``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from forbear.base.contact import Contact
from forbear.evidence.compared_told import compared_data
from forbear.evidence.given import ReportInput
from forbear.evidence.voice import Voice, clean

SCHEMA: Final = "forbear.audit/1"


def as_json(given: ReportInput) -> dict[str, Any]:
    """Everything found, complete and uncapped, as values that ``json.dumps`` takes.

    ``at`` is the offending contact's own time, in the zone that the log wrote it in.
    """
    voice = Voice(given.language)
    return {
        "schema": SCHEMA,
        "contacts": given.audit.contacts,
        "findings": [
            {
                "clause": f.clause,
                "rule": f.rule,
                "level": str(f.level),
                "effect": str(f.effect),
                "confidence": str(f.confidence),
                "breached": f.breached,
                "at": f.contact.at.isoformat(timespec="seconds"),
                "says": clean(f.says.in_language(voice.language)),
                "rows": _rows(f.rows or (f.contact,)),
                "unless": [clean(s.in_language(voice.language)) for s in f.unless],
            }
            for f in given.audit.findings
        ],
        "not_shown": [
            {
                "clause": lack.clause,
                "rule": lack.rule,
                "level": str(lack.level),
                "says": clean(lack.says.in_language(voice.language)),
                "missing": list(lack.missing),
                "contacts": lack.contacts,
            }
            for lack in given.audit.not_shown
        ],
        "unreadable": [
            {"file": clean(row.file), "line": row.line, "what": clean(row.what)}
            for row in given.unreadable
        ],
        "notes": [clean(note.in_language(voice.language)) for note in given.notes],
        "packs": dict(given.audit.packs),
        "inputs": {clean(file): digest for file, digest in given.inputs.items()},
        "collectors": [
            {"number": clean(number), "name": clean(name)} for number, name in given.collectors
        ],
        "suggestions": [
            {
                "number": clean(maybe.number),
                "name": None if maybe.name is None else clean(maybe.name),
                "likelihood": maybe.likelihood,
                "count": maybe.count,
                "reasons": [clean(reason.in_language(voice.language)) for reason in maybe.reasons],
            }
            for maybe in given.suggestions
        ],
        "version": given.version,
        **({} if given.against is None else {"against": compared_data(given.against)}),
    }


def _rows(contacts: Sequence[Contact]) -> list[dict[str, Any]]:
    return [
        {"file": clean(contact.source.file), "line": contact.source.line}
        for contact in contacts
        if contact.source is not None
    ]

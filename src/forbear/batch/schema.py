"""What a chunk of a ledger holds, and what the audit of one gives: Arrow tables by name and type.

A chunk holds whole debtors: every contact of a person with a lender, and every fact of that person.
Columns bear the names of the contact format. All but ``at`` and ``channel`` may be absent or null,
and what is null is unsaid.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa

from forbear.base.words import MORE_KEYS

Table = Any  # pyarrow ships no types

INSTANT: Final = pa.timestamp("s", tz="UTC")
WORD: Final = pa.dictionary(pa.int8(), pa.string())
NAME: Final = pa.dictionary(pa.int32(), pa.string())

# Optional keys whose value is yes or no, a number, or a list of names; all others are texts, and a
# profile is a text that holds JSON.
TRUTHS: Final = frozenset(
    {
        "bot", "consent", "could_leave_message", "dropped", "entry_consent", "general", "id_shown",
        "identified", "identity_disclosed", "identity_verified", "lender_approved_device",
        "prerecorded", "recorded", "requested_by_debtor", "requested_by_third_party",
        "resumes_dropped", "ringless", "same_call", "urgent_benefit",
    }
)  # fmt: skip
NUMBERS: Final = frozenset({"party_age"})
LISTS: Final = frozenset({"agents", "discussed_debts"})
TABLES: Final = frozenset({"agent_profile", "agent_profiles"})

# ``position`` is the number of the row over all inputs, from 0. ``person``, ``lender`` and
# ``debts`` may also be whole numbers; ``debts`` may be one name a row in place of a list.
CONTACTS: Final = pa.schema(
    [
        ("position", pa.int64()),
        ("at", INSTANT),
        ("recorded_at", INSTANT),
        ("seq", pa.int64()),
        ("id", pa.string()),
        ("lender", NAME),
        ("person", NAME),
        ("channel", WORD),
        ("direction", WORD),
        ("party", WORD),
        ("purpose", WORD),
        ("outcome", WORD),
        ("debts", pa.list_(pa.string())),
        ("address", pa.string()),
        ("agent", NAME),
        ("text", NAME),
        *(
            (
                key,
                pa.bool_()
                if key in TRUTHS
                else pa.float64()
                if key in NUMBERS
                else pa.list_(pa.string())
                if key in LISTS
                else NAME,
            )
            for key in MORE_KEYS
        ),
    ]
)
# ``window`` is written 18:00-23:00, ``value`` is JSON.
FACTS: Final = pa.schema(
    [
        ("id", pa.string()),
        ("person", NAME),
        ("kind", NAME),
        ("since", INSTANT),
        ("until", INSTANT),
        ("recorded_at", INSTANT),
        ("debts", pa.list_(pa.string())),
        ("channel", WORD),
        ("address", pa.string()),
        ("party", WORD),
        ("relation", pa.string()),
        ("window", pa.string()),
        ("weekdays", pa.list_(pa.string())),
        ("value", pa.string()),
    ]
)
PERSONS: Final = pa.schema([("person", NAME), ("zone", NAME), ("region", NAME)])

# ``counted`` is how many earlier contacts a limit counted, 0 for other rules; ``first`` and
# ``last`` are when the oldest and the latest of these were.
FINDINGS: Final = pa.schema(
    [
        ("position", pa.int64()),
        ("id", pa.string()),
        ("lender", pa.string()),
        ("person", pa.string()),
        ("at", INSTANT),
        ("agent", pa.string()),
        ("agency", pa.string()),
        ("rule", NAME),
        ("clause", NAME),
        ("effect", WORD),
        ("level", WORD),
        ("breached", pa.bool_()),
        ("counted", pa.int32()),
        ("first", INSTANT),
        ("last", INSTANT),
    ]
)
NOT_SHOWN: Final = pa.schema(
    [("rule", pa.string()), ("clause", pa.string()), ("contacts", pa.int64())]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Whole debtors: tables after CONTACTS, FACTS and PERSONS."""

    contacts: Table
    facts: Table = field(default_factory=FACTS.empty_table)
    persons: Table = field(default_factory=PERSONS.empty_table)


@dataclass(slots=True, kw_only=True)
class Stats:
    """How a chunk was judged. ``plain_debtors`` were run by the plain form, for the reasons told.

    ``situations`` counts the different ones of which the plain form was asked once each.
    """

    contacts: int = 0
    debtors: int = 0
    plain_debtors: int = 0
    plain_contacts: int = 0
    situations: int = 0
    why_plain: dict[str, int] = field(default_factory=dict)

    def add(self, other: Stats) -> None:
        """Take in the figures of another chunk."""
        self.contacts += other.contacts
        self.debtors += other.debtors
        self.plain_debtors += other.plain_debtors
        self.plain_contacts += other.plain_contacts
        self.situations += other.situations
        for why, count in other.why_plain.items():
            self.why_plain[why] = self.why_plain.get(why, 0) + count


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """A chunk before one book: tables after FINDINGS and NOT_SHOWN.

    ``judged`` counts the outbound contacts. Findings stand in the order of position and rule.
    """

    judged: int
    findings: Table
    not_shown: Table
    stats: Stats

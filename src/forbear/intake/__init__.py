"""Reading what people have: phone backups, carriers' bills, a lender's ledger, lists by hand.

Bytes in; rows, contacts and reports of unreadable rows out. Nothing here reads a clock or the
network, and nothing judges.
"""

from forbear.intake.collectors import Collector, Suggestion, parse_collector, spoofed, suggest
from forbear.intake.contacts import PersonContacts, Whose, by_person, to_contacts
from forbear.intake.log import read_logs
from forbear.intake.rows import BadRow, Form, Log, LogRow
from forbear.intake.written import template

__all__ = [
    "BadRow",
    "Collector",
    "Form",
    "Log",
    "LogRow",
    "PersonContacts",
    "Suggestion",
    "Whose",
    "by_person",
    "parse_collector",
    "read_logs",
    "spoofed",
    "suggest",
    "template",
    "to_contacts",
]

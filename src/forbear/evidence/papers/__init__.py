"""The borrower's answer: papers made from one audited log and what the person says of herself.

Nothing is sent, and everything can be changed before it leaves. What nobody said is not written.
"""

from __future__ import annotations

from forbear.evidence.given import ReportInput
from forbear.evidence.papers.complaints import complaints, is_urgent
from forbear.evidence.papers.desk import desk
from forbear.evidence.papers.guide import guide
from forbear.evidence.papers.letters import letters
from forbear.evidence.papers.negotiation import negotiation
from forbear.evidence.papers.page import to_html
from forbear.evidence.papers.paper import Ground, Paper, as_data
from forbear.evidence.papers.plain import to_text
from forbear.evidence.papers.records import exhibit, timeline
from forbear.evidence.papers.told import COUNTRIES, WANTS, Told, about_template, told_from

__all__ = [
    "COUNTRIES",
    "WANTS",
    "Ground",
    "Paper",
    "Told",
    "about_template",
    "as_data",
    "papers",
    "to_html",
    "to_text",
    "told_from",
]


def papers(given: ReportInput, told: Told) -> tuple[Paper, ...]:
    """The papers that fit the log and what was told, most useful first, a guide before them all.

    A paper that was asked for and would do harm stands at the end as one that was not made, with
    the reason.
    """
    at = desk(given, told)
    offered = negotiation(at)
    made = [*letters(at), *complaints(at), *([offered] if offered else [])]
    if told.danger:
        made.sort(key=lambda paper: not is_urgent(paper))
    made += [timeline(at), exhibit(at)]
    made.sort(key=lambda paper: bool(paper.not_made))
    return (guide(at, made), *made)

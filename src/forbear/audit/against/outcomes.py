"""Where two accounts of one contact disagree, on what each side can know."""

from __future__ import annotations

from typing import Final

from forbear.audit.against.entries import talked
from forbear.base.words import Channel, Outcome
from forbear.evidence.compared import Differs, Row

# A record may count from the dialling or the connection, to either side's hanging up.
_LENGTH_SECONDS_MAX: Final = 60
_LENGTH_SHARE: Final = 4


def difference(log: Row, record: Row) -> Differs | None:
    """How the record's account differs from the phone's, or None.

    A phone knows whether it was answered and how long the line was open, not who spoke or what was
    said: so ``conversation`` and ``answered_limited`` are alike to it, and so are ``no_answer`` and
    ``busy``. That a text was delivered it knows by having it.
    """
    if log.channel is Channel.SMS:
        lost = record.outcome is Outcome.UNDELIVERED
        return Differs.ONLY_LOG_DELIVERED if lost else None
    if log.channel is not Channel.CALL:
        return None
    phone, lender = talked(log.outcome), talked(record.outcome)
    if phone is not None and lender is not None and phone is not lender:
        return Differs.ONLY_LOG_TALKED if phone else Differs.ONLY_RECORD_TALKED
    if not (phone and lender) or log.seconds is None or record.seconds is None:
        return None
    apart = abs(log.seconds - record.seconds)
    longest = max(log.seconds, record.seconds)
    too_far = apart > _LENGTH_SECONDS_MAX and apart * _LENGTH_SHARE > longest
    return Differs.LENGTH if too_far else None

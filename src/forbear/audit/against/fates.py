"""What follows from a row without a partner, and from which nothing does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from forbear.audit.against.clocks import JITTER_SECONDS_MAX
from forbear.audit.against.entries import Entry, Kind
from forbear.audit.against.pairing import Paired
from forbear.audit.against.shown import agreement
from forbear.base.words import Channel, Outcome
from forbear.evidence.compared import Side, Span, Why
from forbear.intake import Form

# What a dialler may end in without the phone ever noticing.
_UNNOTICED: Final = frozenset(
    {Outcome.BUSY, Outcome.OUT_OF_SERVICE, Outcome.VOICEMAIL_UNAVAILABLE, Outcome.UNDELIVERED}
)
_MESSAGES: Final = frozenset({Channel.SMS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What one file lists: from when to when, contacts of which kinds, and what form it has."""

    span: Span
    form: Form
    kinds: frozenset[Kind]

    def covers(self, instant: int) -> bool:
        """Whether it lists what happened then; a clock may be off at either end."""
        moment = self.span.first.timestamp() - JITTER_SECONDS_MAX
        return moment <= instant <= self.span.last.timestamp() + JITTER_SECONDS_MAX


def coverage(every: Sequence[Entry], side: Side) -> list[Coverage]:
    """What each file of one side covers; calls and messages of one file apart."""
    groups: defaultdict[tuple[str, Form, bool], list[Entry]] = defaultdict(list)
    for entry in every:
        is_message = side is Side.LOG and entry.kind[0] in _MESSAGES
        groups[entry.row.source.file, entry.form, is_message].append(entry)
    return [
        Coverage(
            span=Span(
                side=side,
                file=file,
                first=min(own, key=lambda e: e.instant).row.at,
                last=max(own, key=lambda e: e.instant).row.at + timedelta(seconds=own[0].width),
            ),
            form=form,
            kinds=frozenset(entry.kind for entry in own),
        )
        for (file, form, _), own in groups.items()
    ]


def why_apart_of_log(entry: Entry, record: Iterable[Coverage], later: int) -> Why | None:
    """Why nothing follows from a phone's row that the record lacks; None where something does."""
    covering = [one for one in record if one.covers(entry.instant + later)]
    if not covering:
        return Why.SPAN
    return None if any(entry.kind in one.kinds for one in covering) else Why.KIND


def why_apart_of_record(
    entry: Entry, log: Iterable[Coverage], later: int, *, other_line: bool
) -> Why | None:
    """Why nothing follows from a record's row that the log lacks; None where something does."""
    lists = [one for one in log if entry.kind[0] in {channel for channel, _ in one.kinds}]
    if not lists:
        return Why.KIND
    covering = {one.form for one in lists if one.covers(entry.instant - later)}
    if not covering:
        return Why.SPAN
    if entry.row.outcome in _UNNOTICED:
        return Why.UNREACHED
    if other_line:
        return Why.LINE
    if covering == {Form.WRITTEN}:
        return Why.BY_HAND
    if covering <= {Form.BILL, Form.WRITTEN} and entry.kind[0] is Channel.CALL:
        answered = entry.row.outcome in {Outcome.CONVERSATION, Outcome.ANSWERED_LIMITED}
        return None if answered else Why.UNANSWERED
    return None


def other_lines(paired: Paired) -> set[str]:
    """The numbers of the person, as a record has them, of which this log shows nothing.

    None where the log shows contacts with no number at all: then it is not known which is its own.
    """
    shown = {paired.own[place].to for place in paired.partner} - {None}
    if not shown:
        return set()
    unseen = {entry.to for entry in paired.own} - shown - {None}
    # A masked number may be the very one that other rows have whole.
    return {
        to for to in unseen
        if to is not None and all(agreement(to, seen) is None for seen in shown)
    }  # fmt: skip

"""The steps of relief that a loan has seen, and where each stands on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from forbear.loans.entries import Entry
from forbear.loans.relief.carrying import (
    PAUSE,
    UNDO,
    grant_of,
    is_relief,
    measure_in,
    settlement_course,
)
from forbear.loans.relief.coding import details_of
from forbear.loans.relief.folding import counted
from forbear.loans.relief.measures import WORD, DelinquencyPause, Measure
from forbear.loans.relief.settlement import Stage
from forbear.loans.terms import Terms


class Standing(StrEnum):
    """Where a step stands. A settlement is accepted until it is met or broken."""

    STANDS = "stands"
    UNDONE = "undone"
    ACCEPTED = "accepted"
    MET = "met"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of relief: its measures, the day of it, and where it stands."""

    id: str
    on: date
    measures: tuple[Measure, ...]
    standing: Standing


def steps(terms: Terms, entries: Sequence[Entry], as_of: date) -> tuple[Step, ...]:
    """The steps granted by ``as_of``, the earliest first, those undone or broken among them."""
    known = [each for each in entries if max(each.on, each.recorded_on) <= as_of]
    undone = {grant_of(each) for each in known if each.kind == UNDO}
    groups: dict[str, list[Entry]] = {}
    for each in sorted(known, key=lambda entry: (entry.on, entry.seq)):
        if is_relief(each) and each.kind != UNDO:
            groups.setdefault(grant_of(each), []).append(each)
    money = counted(terms, known)
    return tuple(
        Step(
            id=name,
            on=group[0].on,
            measures=tuple(_measure(each, terms.currency) for each in group),
            standing=Standing.UNDONE if name in undone else _stage(terms, group, money, as_of),
        )
        for name, group in groups.items()
    )


def told(step: Step, currency: str) -> dict[str, object]:
    """A step as values that ``json.dumps`` takes."""
    return {
        "step": step.id,
        "on": step.on.isoformat(),
        "standing": str(step.standing),
        "measures": [
            {"kind": WORD[type(each)], **details_of(each, currency)} for each in step.measures
        ],
    }


def _measure(entry: Entry, currency: str) -> Measure:
    if entry.kind == PAUSE:
        return DelinquencyPause(start=_day(entry.details["start"]), end=_day(entry.details["end"]))
    return measure_in(entry, currency)


def _stage(terms: Terms, group: Sequence[Entry], money: Sequence[Entry], as_of: date) -> Standing:
    for each in group:
        if each.kind == "relief_settlement":
            stage = settlement_course(each, money, terms.currency).stage(as_of)
            assert stage in (Stage.ACCEPTED, Stage.MET, Stage.BROKEN), "it was accepted"
            return Standing(stage)
    return Standing.STANDS


def _day(given: object) -> date:
    return given if isinstance(given, date) else date.fromisoformat(str(given))

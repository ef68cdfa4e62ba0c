"""Conditions on one value: equal, one of, not, begins with, a number's bounds, a date gone by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from forbear.base.clock import Clock, as_day, clock, instant_of
from forbear.base.contact import UNSAID
from forbear.base.errors import PackError
from forbear.law.view import NO_CHANGE, Truth

OPERATORS: Final = frozenset(
    {
        "in", "not", "starts", "contains", "below", "above", "fewer", "more", "present", "empty",
        "passed", "today", "older_than_days",
    }
)  # fmt: skip
_EMPTY: Final = (None, False, "")


@dataclass(frozen=True, slots=True)
class Match:
    """A compiled condition on a value.

    ``test(value, at, clock)`` is None where the value, or a part of it, is unsaid. ``next`` is the
    first instant after ``at`` at which the answer may change. ``plain`` is the test alone where
    time does not matter. ``needles`` are texts of which a text must contain one to be told from any
    other that is not empty; None where that does not hold.
    """

    test: Callable[[Any, int, Clock], Truth]
    next: Callable[[Any, int, Clock], int]
    plain: Callable[[Any], Truth] | None = None
    needles: tuple[str, ...] | None = None


def _never(_value: Any, _at: int, _clock: Clock) -> int:
    return NO_CHANGE


def _still(
    test: Callable[[Any], Truth], unsaid: Truth, needles: tuple[str, ...] | None = None
) -> Match:
    """A condition that time does not change."""

    def plain(value: Any) -> Truth:
        return unsaid if value is UNSAID else test(value)

    def timed(value: Any, _at: int, _clock: Clock) -> Truth:
        return unsaid if value is UNSAID else test(value)

    return Match(timed, _never, plain, needles)


def _always(plain: Callable[[Any], Truth]) -> Match:
    """A condition that time does not change and that an unsaid value can meet."""
    return Match(lambda v, _a, _c: plain(v), _never, plain, ())


def compile_match(spec: Any, *, where: str, closed: bool = False) -> Match:
    """A condition as written in a pack; raises PackError where it is none.

    What is unsaid is unknown, or with ``closed`` simply not so: a fact's value is all there is.
    """
    if isinstance(spec, dict):
        if spec and set(spec) <= OPERATORS:
            return _all([_operator(n, spec[n], where=where, closed=closed) for n in spec])
        if not spec or not OPERATORS.isdisjoint(spec):
            wrong = next((key for key in spec if key not in OPERATORS), "nothing")
            message = f"{where}: {wrong} stands where an operator must; known are "
            raise PackError(message + ", ".join(sorted(OPERATORS)))
        return _nested(spec, where=where, closed=closed)
    unsaid = False if closed else None
    if isinstance(spec, list):
        wanted = list(spec)
        return _still(lambda v: v in wanted, unsaid, _texts(wanted))
    return _still(lambda v: v == spec, unsaid, _texts([spec]))


def _texts(wanted: list[Any]) -> tuple[str, ...]:
    """The texts among some values; no text is equal to another value."""
    return tuple(each for each in wanted if isinstance(each, str))


def _all(parts: list[Match]) -> Match:
    if len(parts) == 1:
        return parts[0]

    def test(value: Any, at: int, clock: Clock) -> Truth:
        return all_of([part.test(value, at, clock) for part in parts])

    def following(value: Any, at: int, clock: Clock) -> int:
        return min(part.next(value, at, clock) for part in parts)

    needles = [part.needles for part in parts]
    known = None if None in needles else tuple(n for each in needles for n in each or ())
    return Match(test, following, _timeless(test, parts), known)


def _timeless(
    test: Callable[[Any, int, Clock], Truth], parts: Iterable[Match]
) -> Callable[[Any], Truth] | None:
    """The test without its time, where no part of it looks at the time."""
    if any(part.plain is None for part in parts):
        return None
    utc = clock("UTC")
    return lambda value: test(value, 0, utc)


def all_of(truths: list[Truth]) -> Truth:
    """Kleene's and: false where anything is, else unknown where anything is."""
    if False in truths:
        return False
    return None if None in truths else True


def _nested(spec: Mapping[str, Any], *, where: str, closed: bool) -> Match:
    """Conditions on the keys of a mapping; of several mappings any one may satisfy them."""
    parts = {
        key: compile_match(each, where=f"{where}.{key}", closed=closed)
        for key, each in spec.items()
        if not _is_multiple(each)
    }
    multiples = [
        _multiple(key, each["above"], where=f"{where}.{key}")
        for key, each in spec.items()
        if _is_multiple(each)
    ]

    tests = tuple((key, part.test) for key, part in parts.items())

    def test(value: Any, at: int, clock: Clock) -> Truth:
        if value is UNSAID:
            return None
        if isinstance(value, list | tuple):
            found = [test(each, at, clock) for each in value]
            return True if True in found else (None if None in found else False)
        table = value if isinstance(value, Mapping) else {}
        answer: Truth = True
        for key, part in tests:
            truth = part(table.get(key, UNSAID), at, clock)
            if truth is False:
                return False
            if truth is None:
                answer = None
        return answer if all(multiple(table) for multiple in multiples) else False

    def following(value: Any, at: int, clock: Clock) -> int:
        if isinstance(value, list | tuple):
            return min((following(each, at, clock) for each in value), default=NO_CHANGE)
        if not isinstance(value, Mapping):
            return NO_CHANGE
        nexts = (m.next(value.get(k, UNSAID), at, clock) for k, m in parts.items())
        return min(nexts, default=NO_CHANGE)

    return Match(test, following, _timeless(test, parts.values()))


def _is_multiple(spec: Any) -> bool:
    return isinstance(spec, dict) and isinstance(spec.get("above"), dict)


def _multiple(key: str, spec: Mapping[str, Any], *, where: str) -> Callable[[Any], Truth]:
    """``{ above = { times = 4, of = "lpr", else = 0.05 } }``: a number against one beside it."""
    if set(spec) != {"times", "of", "else"}:
        message = f'{where}: a multiple is written {{ times = 4, of = "key", else = 0.05 }}'
        raise PackError(message)
    times, fallback = _number(spec["times"], where=where), _number(spec["else"], where=where)

    def test(table: Mapping[str, Any]) -> Truth:
        value: Any = table.get(key)
        base: Any = table.get(spec["of"])
        if not _is_number(value):
            return False
        return bool(value > times * (base if _is_number(base) else fallback))

    return test


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _operator(name: str, spec: Any, *, where: str, closed: bool) -> Match:
    unsaid = False if closed else None
    listed = spec if isinstance(spec, list) else [spec]
    if name in ("present", "empty", "passed", "today") and not isinstance(spec, bool):
        message = f"{where}: {name} takes true or false, not {spec!r}"
        raise PackError(message)
    if name == "starts" and not all(isinstance(head, str) for head in listed):
        message = f"{where}: starts takes a text or a list of texts, not {spec!r}"
        raise PackError(message)
    match name:
        case "in":
            return _still(lambda v: v in listed, unsaid, _texts(listed))
        case "not":
            return _still(lambda v: v not in listed, True if closed else None, _texts(listed))
        case "starts":
            heads = tuple(listed)
            return _still(lambda v: str(v or "").startswith(heads), unsaid, heads)
        case "contains":
            parts = tuple(map(str, listed))
            return _still(lambda v: any(part in str(v or "") for part in parts), unsaid, parts)
        case "below" | "above":
            bound = _number(spec, where=where)
            below = name == "below"
            return _still(lambda v: _is_number(v) and (v < bound if below else v > bound), unsaid)
        case "fewer" | "more":
            bound = _number(spec, where=where)
            fewer = name == "fewer"
            return _still(
                lambda v: hasattr(v, "__len__") and (len(v) < bound if fewer else len(v) > bound),
                unsaid,
            )
        case "present":
            # An empty or missing value is no evidence, so it is never "unknown".
            return _always(lambda v: (v is not UNSAID and v not in _EMPTY) == spec)
        case "empty":
            # Said to be empty, which is more than unsaid.
            return _always(lambda v: (v is not UNSAID and v in _EMPTY) == spec)
        case _:
            return _dated(name, spec, unsaid=unsaid, where=where)


def _dated(name: str, spec: Any, *, unsaid: Truth, where: str) -> Match:
    if name == "today":
        return _today(wanted=spec, unsaid=unsaid)
    if name == "passed":
        return _moment(wanted=spec, days=0, unsaid=unsaid)
    days = int(_number(spec, where=where)) + 1
    return _moment(wanted=True, days=days, unsaid=unsaid)


def _number(spec: Any, *, where: str) -> float:
    if not _is_number(spec):
        message = f"{where}: {spec!r} is no number; write one without quotation marks"
        raise PackError(message)
    return float(spec)


def _moment(*, wanted: bool, days: int, unsaid: Truth) -> Match:
    """Whether the value, a date or a time, lies ``days`` in the past: a date does once it is over.

    An empty value is a moment that never came. With ``days`` a time counts by its date.
    """

    @lru_cache(maxsize=1_024)
    def turn(value: Any, clock: Clock) -> int:
        parsed = as_moment(value)
        if parsed is None:
            return NO_CHANGE
        if isinstance(parsed, datetime):
            instant = instant_of(parsed)
            return clock.at(clock.day(instant) + days, 0) if days else instant
        return clock.at(as_day(parsed) + max(days, 1), 0)

    def test(value: Any, at: int, clock: Clock) -> Truth:
        if not isinstance(value, str):
            return unsaid if value is UNSAID else not wanted
        return (at >= turn(value, clock)) == wanted

    def following(value: Any, at: int, clock: Clock) -> int:
        moment = turn(value, clock) if isinstance(value, str) else NO_CHANGE
        return moment if moment > at else NO_CHANGE

    return Match(test, following)


def _today(*, wanted: bool, unsaid: Truth) -> Match:
    """Whether the value, a date or a time, lies on the local date of the contact."""

    def bounds(value: Any, clock: Clock) -> tuple[int, int]:
        parsed = as_moment(value)
        if parsed is None:
            return NO_CHANGE, NO_CHANGE
        day = clock.day(instant_of(parsed)) if isinstance(parsed, datetime) else as_day(parsed)
        return clock.at(day, 0), clock.at(day + 1, 0)

    def test(value: Any, at: int, clock: Clock) -> Truth:
        if not isinstance(value, str):
            return unsaid if value is UNSAID else not wanted
        start, end = bounds(value, clock)
        return (start <= at < end) == wanted

    def following(value: Any, at: int, clock: Clock) -> int:
        edges = bounds(value, clock) if isinstance(value, str) else ()
        return min((edge for edge in edges if edge > at), default=NO_CHANGE)

    return Match(test, following)


def as_moment(value: Any) -> date | datetime | None:
    """ISO text as a date or an aware datetime; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        if len(value) <= len("2026-03-10"):
            return date.fromisoformat(value)
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def end_of(value: Any, clock: Clock) -> int | None:
    """The instant at which a named period ends: a date with its day, a time at once."""
    parsed = as_moment(value)
    if isinstance(parsed, datetime):
        return instant_of(parsed)
    return None if parsed is None else clock.at(as_day(parsed) + 1, 0)


def start_of(value: Any, clock: Clock) -> int | None:
    """The instant at which a named period begins: a date with its first second."""
    parsed = as_moment(value)
    if isinstance(parsed, datetime):
        return instant_of(parsed)
    return None if parsed is None else clock.at(as_day(parsed), 0)

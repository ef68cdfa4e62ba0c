"""The two pictures of a report: contacts per day against the limits, and times of day.

Pure functions from counts to SVG text, drawn for a phone first and enlarged elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from forbear.base.contact import Contact
from forbear.base.words import Direction
from forbear.evidence.figures import Bar, Figures, Grain, Kind, State, kind_of
from forbear.evidence.given import ClosedHours, Counted, DayLimit
from forbear.evidence.svg import (
    TEXT,
    WIDTH,
    Caption,
    box,
    esc,
    label,
    limit_line,
    line,
    mark,
    picture,
    shortened,
    text_width,
    wrapped,
)
from forbear.evidence.voice import Voice

_BAR_HEIGHT: Final = 12
_THIN_HEIGHT: Final = 6
_BAR_WIDTH_MAX: Final = 250
_LIMITS_MAX: Final = 2
_LINE: Final = 16
_ROW: Final = 28
_DAY_SECONDS: Final = 86_400
_APART: Final = 10
# More contacts than this in one day would cover each other as marks, so they become strokes.
_MARKS_MAX: Final = 40


def bar_name(bar: Bar, grain: Grain, voice: Voice) -> str:
    """What a bar stands for, as its label."""
    match grain:
        case Grain.DAY:
            day, weekday = voice.day(bar.first), voice.weekday(bar.first)
            return f"{day}（{weekday}）" if voice.chinese else f"{weekday} {day}"
        case Grain.WEEK:
            return voice.say("days.week_of", day=voice.day(bar.first, year=True))
        case Grain.MONTH:
            return voice.month(bar.first)
        case Grain.YEAR:
            return str(bar.first.year)


def counts_in_words(bar: Bar, voice: Voice) -> str:
    """What happened in one bar: only the kinds that did."""
    return " · ".join(voice.say(f"n.{kind}", n=bar.kinds[kind]) for kind in Kind if bar.kinds[kind])


def _found_in_words(bar: Bar, voice: Voice) -> list[tuple[str, str]]:
    """The findings of one bar and the class that colours them."""
    shown = []
    for state, key, cls in (
        (State.BROKEN, "n.broken", "t bad strong"),
        (State.ATTEMPT, "n.attempt", "t bad"),
        (State.REVIEW, "n.review", "t warm"),
        (State.HOUSE, "n.house", "t warm"),
        (State.NOTE, "n.note", "t quiet"),
    ):
        if bar.states[state]:
            shown.append((voice.say(key, n=bar.states[state]), cls))
    return shown


def day_chart(
    bars: Sequence[Bar],
    grain: Grain,
    *,
    limits: Sequence[DayLimit],
    voice: Voice,
    caption: Caption,
) -> str:
    """Horizontal bars, one row a day: calls above, texts and others in a thin bar below.

    ``limits`` are drawn where a bar is one day.
    """
    most = max([1, *(max(bar.calls(), bar.texts()) for bar in bars)])
    drawn = sorted(limits, key=lambda limit: limit.at_most)[:_LIMITS_MAX]
    drawn = drawn if grain is Grain.DAY else []
    most = max([most, *(limit.at_most for limit in drawn)])
    unit = min(_BAR_WIDTH_MAX / most, 40)
    parts: list[str] = []
    y = 0.0
    for limit in drawn:
        said = voice.say("days.limit", n=limit.at_most)
        said += voice.say("days.limit_of", what=voice.say(f"counted.{limit.counted}"))
        parts.append(limit_line(3, y + 1, y + _LINE - 1))
        for text in wrapped(f"{said}{voice.colon()}{voice.tidy(limit.clause)}", WIDTH - 14):
            parts.append(label(14, y + TEXT, text))
            y += _LINE
    y += 8 if drawn else 0
    look = _Look(grain=grain, unit=unit, limits=tuple(drawn), voice=voice)
    for bar in bars:
        body, height = _bar_row(bar, y, look)
        parts.append(body)
        y += height
    key = voice.say("days.key")
    if any(bar.kinds[Kind.UNCLEAR] for bar in bars):
        key += ("" if voice.chinese else " ") + voice.say("days.key_unclear")
    for text in wrapped(key, WIDTH):
        parts.append(label(0, y + TEXT + 4, text, cls="t quiet"))
        y += _LINE
    return picture("days", y + 8, "".join(parts), caption)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What all rows of the picture share; one contact is ``unit`` wide."""

    grain: Grain
    unit: float
    limits: tuple[DayLimit, ...]
    voice: Voice


def _bar_row(bar: Bar, top: float, look: _Look) -> tuple[str, float]:
    """One row and its height."""
    unit, voice = look.unit, look.voice
    name, counts = bar_name(bar, look.grain, voice), counts_in_words(bar, voice)
    parts = [label(0, top + TEXT, name, cls="t strong")]
    y = top
    if text_width(name) + text_width(counts) + 12 > WIDTH:
        y += _LINE
        parts.append(label(0, y + TEXT, shortened(counts, WIDTH), cls="t quiet"))
    else:
        parts.append(label(WIDTH, top + TEXT, counts, cls="t quiet", anchor="end"))
    y += _LINE + 2
    x = 0.0
    for kind, cls in (
        (Kind.CONNECTED, "solid own"),
        (Kind.UNANSWERED, "hollow own"),
        (Kind.UNCLEAR, "hollow own dotted"),
    ):
        if bar.kinds[kind]:
            width = bar.kinds[kind] * unit
            parts.append(box(x + 0.75, y, max(width - 1.5, 0.5), _BAR_HEIGHT, cls=cls))
            x += width
    found = _found_in_words(bar, voice)
    wide = text_width(" · ".join(text for text, _ in found))
    beside = x + wide + 14 <= WIDTH
    if found and beside:
        parts.append(_found_line(found, WIDTH, y + TEXT - 2, "end"))
    low = y + _BAR_HEIGHT + 3 if bar.calls() or not bar.texts() else y
    if bar.texts():
        width = max(bar.texts() * unit - 1.5, 0.5)
        parts.append(box(0.75, low, width, _THIN_HEIGHT, cls="thin"))
    for limit in look.limits:
        at = limit.at_most * unit
        if limit.counted is Counted.TEXTS:
            parts.append(limit_line(at, low - 2, low + _THIN_HEIGHT + 2))
        elif bar.calls():
            parts.append(limit_line(at, y - 3, low - 1))
    height = max(low + (_THIN_HEIGHT if bar.texts() else 0), y + _BAR_HEIGHT) - top
    for part in _in_lines(found) if not beside else ():
        parts.append(_found_line(part, 0, top + height + TEXT + 2, "start"))
        height += _LINE
    return "".join(parts), (height if bar.calls() or bar.texts() else _LINE) + 10


def _in_lines(found: list[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """The findings of a row in as many lines as the picture is wide enough for."""
    lines: list[list[tuple[str, str]]] = []
    for entry in found:
        if lines and text_width(" · ".join(text for text, _ in [*lines[-1], entry])) <= WIDTH:
            lines[-1].append(entry)
        else:
            lines.append([entry])
    return lines


def _found_line(found: list[tuple[str, str]], x: float, y: float, anchor: str) -> str:
    """The findings of a row in one line of text, each in its own look."""
    spans = '<tspan class="t quiet"> · </tspan>'.join(
        f'<tspan class="{cls}">{esc(text)}</tspan>' for text, cls in found
    )
    return f'<text x="{x:g}" y="{y:g}" class="t" text-anchor="{anchor}">{spans}</text>'


def timeline_chart(
    days: Mapping[date, Sequence[Contact]],
    fig: Figures,
    *,
    closed: ClosedHours | None,
    voice: Voice,
    caption: Caption,
) -> str:
    """One row a day over 24 hours, each contact a mark at its time."""
    many_years = len({day.year for day in days}) > 1
    names = {day: _row_name(day, voice, year=many_years) for day in days}
    dense = max(len(contacts) for contacts in days.values()) > _MARKS_MAX
    left = max([40.0, *(text_width(name) for name in names.values())]) + 10
    scale = (WIDTH - left - 10) / _DAY_SECONDS
    parts: list[str] = []
    y = 0.0
    if closed is not None:
        said = voice.say("time.shade", hours=hours_in_words(closed))
        for text in wrapped(f"{said}{voice.colon()}{voice.tidy(closed.clause)}", WIDTH):
            parts.append(label(0, y + TEXT, text))
            y += _LINE
        y += 4
    top = y + _LINE
    bottom = top + _ROW * len(days)
    if closed is not None:
        for start, end in _spans(closed):
            parts.append(
                box(left + start * scale, top, (end - start) * scale, bottom - top, cls="shade")
            )
    for hour in range(0, 25, 6):
        x = left + hour * 3600 * scale
        parts.append(label(x, y + TEXT, f"{hour:02d}", cls="t quiet", anchor="middle"))
        parts.append(line(x, top, x, bottom, cls="grid"))
    for number, (day, contacts) in enumerate(days.items()):
        middle = top + _ROW * number + _ROW / 2
        parts.append(line(left, middle, WIDTH - 10, middle, cls="grid"))
        parts.append(label(0, middle + 4, names[day]))
        draw = _strokes if dense else _marks
        parts.append(draw(contacts, fig, left, scale, middle))
    make = _dense_key if dense else _key
    body, height = make(days, fig, voice, bottom + 8)
    return picture("times", height, "".join(parts) + body, caption)


def hours_in_words(closed: ClosedHours) -> str:
    """A window as in 22:00–08:00."""
    shown = (f"{s // 3600 % 24:02d}:{s % 3600 // 60:02d}" for s in (closed.start, closed.end))
    return "–".join(shown)


def _row_name(day: date, voice: Voice, *, year: bool) -> str:
    if not year:
        return voice.short_day(day)
    return day.isoformat()


def _spans(closed: ClosedHours) -> list[tuple[int, int]]:
    """The window within one day: two pieces where it runs over midnight."""
    if closed.start < closed.end:
        return [(closed.start, closed.end)]
    return [(0, closed.end), (closed.start, _DAY_SECONDS)]


def _marks(
    contacts: Sequence[Contact], fig: Figures, left: float, scale: float, middle: float
) -> str:
    """The marks of one day; those that would cover each other are set apart, equal ones once."""
    seen: set[tuple[int, Kind, State, bool]] = set()
    parts: list[tuple[bool, str]] = []
    last_x, turn = -99.0, 0
    for contact in contacts:
        x = left + fig.clock.second_of_day(contact.instant) * scale
        inbound = contact.direction is Direction.INBOUND
        looks = (round(x / 2), kind_of(contact), fig.state(contact), inbound)
        if looks in seen:
            continue
        seen.add(looks)
        turn = (turn + 1) % 3 if x - last_x < _APART else 0
        last_x = x
        y = middle + (0, -7, 7)[turn]
        # What was found is drawn last, so that nothing covers it.
        found = looks[2] is not State.NONE
        parts.append((found, mark(round(x, 1), y, looks[1], looks[2], inbound=inbound)))
    return "".join(text for _, text in sorted(parts, key=lambda part: part[0]))


def _strokes(
    contacts: Sequence[Contact], fig: Figures, left: float, scale: float, middle: float
) -> str:
    """One stroke for each contact, one for each unit of width at most; a longer one was found."""
    worst: dict[float, State] = {}
    order = list(State)
    for contact in contacts:
        x = round(left + fig.clock.second_of_day(contact.instant) * scale)
        worst[x] = min(worst.get(x, State.NONE), fig.state(contact), key=order.index)
    return "".join(_stroke(x, middle, worst[x]) for x in sorted(worst))


def _stroke(x: float, middle: float, state: State) -> str:
    broken = state in (State.BROKEN, State.ATTEMPT)
    cls = "bad" if broken else "own" if state is State.NONE else "flag"
    half = 4 if state is State.NONE else 10
    cls += " tried" if state is State.ATTEMPT else ""
    # Half a unit aside, a line one unit wide covers whole pixels.
    return line(x + 0.5, middle - half, x + 0.5, middle + half, cls=f"stroke {cls}")


def _dense_key(
    days: Mapping[date, Sequence[Contact]], fig: Figures, voice: Voice, top: float
) -> tuple[str, float]:
    """What the strokes mean, and the height with it."""
    states = {fig.state(contact) for contacts in days.values() for contact in contacts}
    parts, y = [], top
    for text in wrapped(voice.say("key.dense"), WIDTH):
        parts.append(label(0, y + TEXT, text, cls="t quiet"))
        y += _LINE
    x = 0.0
    for state in State:
        if state in states and state is not State.NONE:
            text = voice.say(f"state.{state}")
            if x and x + 14 + text_width(text) > WIDTH:
                x, y = 0.0, y + 22
            parts.append(_stroke(x + 4, y + 12, state))
            parts.append(label(x + 14, y + 16, text, cls="t quiet"))
            x += 14 + text_width(text) + 12
    return "".join(parts), y + (26 if x else 4)


def _key(
    days: Mapping[date, Sequence[Contact]], fig: Figures, voice: Voice, top: float
) -> tuple[str, float]:
    """What each shape in the picture means, in rows, and the height with it."""
    every = [contact for contacts in days.values() for contact in contacts]
    kinds = {kind_of(c) for c in every if c.direction is Direction.OUTBOUND}
    states = {fig.state(contact) for contact in every}
    entries = [(voice.say(f"key.{k}"), k, State.NONE, False) for k in Kind if k in kinds]
    if any(contact.direction is Direction.INBOUND for contact in every):
        entries.append((voice.say("key.inbound"), Kind.CONNECTED, State.NONE, True))
    if State.BROKEN in states:
        entries.append((voice.say("key.broken"), Kind.CONNECTED, State.BROKEN, False))
    if State.ATTEMPT in states:
        entries.append((voice.say("key.attempt"), Kind.UNANSWERED, State.ATTEMPT, False))
    lesser = [s for s in (State.REVIEW, State.HOUSE, State.NOTE) if s in states]
    if lesser:
        named = voice.together([voice.say(f"state.{state}") for state in lesser])
        entries.append((voice.say("key.flagged", what=named), Kind.CONNECTED, State.REVIEW, False))
    parts: list[str] = []
    x, y = 0.0, top + 10
    for text, kind, state, inbound in entries:
        width = 20 + text_width(text) + 12
        if x and x + width > WIDTH:
            x, y = 0.0, y + 22
        parts.append(mark(x + 9, y, kind, state, inbound=inbound))
        # A long entry stands in a row of its own and goes on below.
        for place, piece in enumerate(wrapped(text, WIDTH - 22)):
            y += _LINE if place else 0
            parts.append(label(x + 22, y + 4, piece, cls="t quiet"))
        x += width
    return "".join(parts), y + 16

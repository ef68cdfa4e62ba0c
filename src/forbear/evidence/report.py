"""The report as one self-contained page: no script, no font, no picture from anywhere else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from forbear.base.clock import inside
from forbear.base.contact import Contact
from forbear.base.words import Direction
from forbear.evidence.chart import (
    bar_name,
    counts_in_words,
    day_chart,
    hours_in_words,
    timeline_chart,
)
from forbear.evidence.compared_told import compared_section
from forbear.evidence.figures import (
    Bar,
    Figures,
    Grain,
    Kind,
    State,
    bars,
    closed_hours,
    day_limits,
    figures,
    timeline_days,
)
from forbear.evidence.given import (
    ClosedHours,
    Counted,
    DayLimit,
    Language,
    ReportInput,
    Suggested,
    Unreadable,
)
from forbear.evidence.sections import (
    ROWS_MAX,
    check,
    findings,
    folded_table,
    moment,
    not_shown,
    number,
    numbers,
    paragraph,
    places,
    result,
    section,
    unreadable,
    what,
)
from forbear.evidence.summary import details, headline, next_steps
from forbear.evidence.svg import Caption, esc
from forbear.evidence.voice import THIN_SPACE, Voice

__all__ = [
    "ClosedHours",
    "Counted",
    "DayLimit",
    "Language",
    "ReportInput",
    "Suggested",
    "Unreadable",
    "html",
    "page",
    "style_sheet",
]

_TIMELINE_DAYS_MAX: Final = 31
_LESSER: Final = (State.REVIEW, State.HOUSE, State.NOTE)
_COUNTED: Final = re.compile(rf"[\d,]+{THIN_SPACE}[天次个条]")
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@cache
def style_sheet() -> str:
    """The one style sheet, as it ships beside this module."""
    return files("forbear.evidence").joinpath("report.css").read_text(encoding="utf-8")


def html(given: ReportInput) -> str:
    """The report as one page of HTML that is well-formed XML too."""
    voice = Voice(given.language)
    fig = figures(given)
    body = [_opening(given, fig, voice), _next(given, fig, voice), pictures(given, fig, voice)]
    if fig.towards or fig.groups:
        body.append(findings(fig, voice))
    if given.against is not None:
        body.append(compared_section(given.against, voice, given.zone))
    body += [not_shown(given, voice), unreadable(given, voice), numbers(given, voice)]
    body.append(check(given, fig, voice))
    return page(voice.say("title"), "".join(body), voice)


def page(title: str, body: str, voice: Voice) -> str:
    """A whole page of ready sections, in the one style, that fetches nothing."""
    tag = "zh-Hans" if voice.chinese else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{tag}"><head><meta charset="utf-8"/>'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"/>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        '<meta name="color-scheme" content="light dark"/>'
        '<meta name="referrer" content="no-referrer"/>'
        f"<title>{esc(title)}</title><style>{style_sheet()}</style></head>"
        f'<body><a class="skip" href="#main">{esc(voice.say("skip"))}</a>'
        f'<main id="main" tabindex="-1">{body}</main></body></html>\n'
    )


def _held(text: str) -> str:
    """Large type, in which a Chinese number and what it counts stay on one line."""
    return _COUNTED.sub(r'<span class="one">\g<0></span>', esc(text))


def _opening(given: ReportInput, fig: Figures, voice: Voice) -> str:
    lines = "".join(paragraph(line) for line in details(given, fig, voice))
    name = paragraph(voice.say("title"), cls="quiet")
    return f"<header>{name}<h1>{_held(headline(given, fig, voice))}</h1>{lines}</header>"


def _next(given: ReportInput, fig: Figures, voice: Voice) -> str:
    steps, warning = next_steps(given, fig, voice)
    items = "".join(f"<li>{esc(step)}</li>" for step in steps)
    note = f'<p class="note"><strong>{esc(voice.say("next.warn"))}</strong><br/>{esc(warning)}</p>'
    return section("next", voice.say("next.title"), f"<ol>{items}</ol>{note}")


def pictures(given: ReportInput, fig: Figures, voice: Voice) -> str:
    """The contacts day by day and by time of day, each drawn, with its table beneath."""
    made = _days(given, fig, voice) if fig.towards else ""
    return made + (_times(given, fig, voice) if given.contacts else "")


def _figure(title: str, note: Sequence[str], picture: str) -> str:
    notes = "".join(paragraph(text, cls="quiet") for text in note)
    said = f"<figcaption><p><strong>{_held(title)}</strong></p>{notes}</figcaption>"
    held = f'<div class="wide" tabindex="0" role="region" aria-label="{esc(title)}">{picture}</div>'
    return f"<figure>{said}{held}</figure>"


def _days(given: ReportInput, fig: Figures, voice: Voice) -> str:
    grain, made = bars(fig)
    busiest = max(made, key=lambda bar: (bar.calls() + bar.texts(), -bar.first.toordinal()))
    counts = counts_in_words(busiest, voice).replace(" · ", "、" if voice.chinese else ", ")
    key = "days.most" if len(made) > 1 else "days.only"
    title = voice.say(
        key,
        when=bar_name(busiest, grain, voice),
        what=counts,
        grain=voice.say(f"grain.{grain}"),
    )
    title += voice.stop()
    notes = []
    if grain is not Grain.DAY:
        notes.append(voice.say("days.coarse", grain=voice.say(f"grain.{grain}")))
    elif len(made) < fig.days:
        notes.append(voice.say("days.left"))
    limits = day_limits(given)
    caption = Caption(title=title, desc=_days_desc(grain, made, limits, voice))
    picture = day_chart(made, grain, limits=limits, voice=voice, caption=caption)
    body = _figure(title, notes, picture) + _days_table(grain, made, voice)
    return section("per-day", voice.say(f"days.title.{grain}"), body)


def _days_desc(grain: Grain, made: Sequence[Bar], limits: Sequence[DayLimit], voice: Voice) -> str:
    """What the bars show, for those who do not see them; the table below has the rest."""
    said = [voice.say("days.desc", n=len(made), grain=voice.say(f"grain.{grain}"))]
    if grain is Grain.DAY:
        said += [
            voice.say("days.limit", n=limit.at_most) + voice.colon() + voice.tidy(limit.clause)
            for limit in limits
        ]
    return ("；" if voice.chinese else "; ").join(said) + voice.stop()


def _days_table(grain: Grain, made: Sequence[Bar], voice: Voice) -> str:
    kinds = [kind for kind in Kind if any(bar.kinds[kind] for bar in made)]
    states = [State.BROKEN, State.ATTEMPT]
    states += [s for s in _LESSER if any(bar.states[s] for bar in made)]
    heads = [voice.say(f"days.{grain}"), *(voice.say(f"col.{key}") for key in [*kinds, *states])]
    rows = [
        [
            _bar_cell(bar, grain, voice),
            *(f"{bar.kinds[kind]:,}" for kind in kinds),
            *(f"{bar.states[state]:,}" for state in states),
        ]
        for bar in made
    ]
    return folded_table(voice.say(f"days.table.{grain}"), heads, rows, voice)


def _bar_cell(bar: Bar, grain: Grain, voice: Voice) -> str:
    if grain is not Grain.DAY:
        return esc(bar_name(bar, grain, voice))
    return f'<time datetime="{bar.first.isoformat()}">{esc(voice.short_day(bar.first))}</time>'


def _times(given: ReportInput, fig: Figures, voice: Voice) -> str:
    days, left, chosen = timeline_days(given, fig, days_max=_TIMELINE_DAYS_MAX)
    if not days:
        return ""
    closed = closed_hours(given)
    title = _times_title(days, fig, closed, voice)
    notes = []
    if left:
        notes.append(voice.say("time.left_more", n=len(days), more=left))
    elif chosen:
        notes.append(voice.say("time.left_clean"))
    elif len(days) < fig.days:
        notes.append(voice.say("days.left"))
    caption = Caption(title=title, desc=voice.say("time.desc", n=len(days)))
    picture = timeline_chart(days, fig, closed=closed, voice=voice, caption=caption)
    body = _figure(title, notes, picture) + _times_table(days, fig, voice)
    return section("times", voice.say("time.title"), body)


def _times_title(
    days: Mapping[date, Sequence[Contact]],
    fig: Figures,
    closed: ClosedHours | None,
    voice: Voice,
) -> str:
    if closed is not None:
        window = (closed.start, closed.end)
        within = sum(inside(fig.clock.second_of_day(c.instant), window) for c in fig.towards)
        said = voice.say("time.night", n=within, hours=hours_in_words(closed))
        return said + voice.stop()
    # The sentence is about the collector's contacts; only a log without any has others to show.
    drawn = [contact for own in days.values() for contact in own]
    theirs = [c for c in drawn if c.direction is Direction.OUTBOUND] or drawn
    seconds = sorted(fig.clock.second_of_day(c.instant) for c in theirs)
    first, last = (f"{s // 3600:02d}:{s % 3600 // 60:02d}" for s in (seconds[0], seconds[-1]))
    key = "time.spread" if first != last else "time.spread_one"
    return voice.say(key, first=first, last=last) + voice.stop()


def _times_table(days: Mapping[date, Sequence[Contact]], fig: Figures, voice: Voice) -> str:
    heads = [voice.say(f"time.{key}") for key in ("when", "what", "result", "row")]
    every = [contact for own in days.values() for contact in own]
    year = len({day.year for day in days}) > 1
    rows = []
    for contact in every[:ROWS_MAX]:
        state = fig.state(contact)
        ended = [result(contact, voice)]
        ended += [voice.say(f"state.{state}")] if state is not State.NONE else []
        shown = ("；" if voice.chinese else "; ").join(part for part in ended if part)
        kind = f"{what(contact, voice)} {number(contact)}".rstrip()
        when = moment(contact, fig, voice, year=year)
        rows.append([when, esc(kind), esc(shown), places((contact,), voice)])
    # Rows beyond the cap are only counted, so they need not be written out.
    rows += [[""]] * (len(every) - len(rows))
    return folded_table(
        voice.say("time.table"), heads, rows, voice, cls="even years" if year else "even"
    )

"""Small pieces of SVG.

Colours come from the page's style sheet by class, so that the light and the dark page show the
same picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final

from forbear.evidence.figures import Kind, State
from forbear.evidence.voice import clean, columns

# One unit is one pixel on a phone 390 pixels wide, so text of 12 units stays readable there.
WIDTH: Final = 358
TEXT: Final = 12
# Marks that may not begin a line.
NEVER_FIRST: Final = frozenset("，。；：、）》」”？,.;:)")
_LATIN_WIDTH: Final = 6.8
_HAN_WIDTH: Final = 12.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """The one message of a picture as a sentence, and a longer account of what it shows."""

    title: str
    desc: str


def esc(text: str) -> str:
    """``text`` fit for the content or an attribute of any element."""
    return escape(clean(text))


def text_width(text: str) -> float:
    """About how wide ``text`` is drawn, a little more rather than less."""
    wide = columns(text) - len(text)
    return wide * _HAN_WIDTH + (len(text) - wide) * _LATIN_WIDTH


def shortened(text: str, width: float) -> str:
    """``text`` cut with an ellipsis where it is wider than ``width``."""
    if text_width(text) <= width:
        return text
    while text and text_width(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"


def wrapped(text: str, width: float) -> list[str]:
    """``text`` broken at spaces, or between Chinese characters, into lines of ``width``."""
    lines = [""]
    for word in _words(text):
        if lines[-1] and text_width((lines[-1] + word).rstrip()) > width:
            lines.append("")
        lines[-1] += word if lines[-1] else word.lstrip()
    return [line.rstrip() for line in lines]


def _words(text: str) -> list[str]:
    words = [""]
    for mark in text:
        last = words[-1][-1:]
        # A Chinese character may begin a line, and a word after a space or after a Chinese
        # character; a closing mark may not.
        after_han = columns(last) > 1 and mark.isalnum()
        if last == " " or after_han or (columns(mark) > 1 and mark not in NEVER_FIRST):
            words.append("")
        words[-1] += mark
    return [word for word in words if word]


def label(x: float, y: float, text: str, *, cls: str = "t", anchor: str = "start") -> str:
    """One line of text whose baseline is at ``y``."""
    return f'<text x="{x:g}" y="{y:g}" class="{cls}" text-anchor="{anchor}">{esc(text)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, *, cls: str) -> str:
    """A straight line."""
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" class="{cls}"/>'


def box(x: float, y: float, width: float, height: float, *, cls: str) -> str:
    """A rectangle."""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" class="{cls}"/>'


def limit_line(x: float, top: float, bottom: float) -> str:
    """A limit, dashed over a line of paper so that it is seen on a bar as well."""
    return line(x, top, x, bottom, cls="halo") + line(x, top, x, bottom, cls="limit")


def picture(name: str, height: float, body: str, caption: Caption) -> str:
    """A whole picture with its name and description for those who do not see it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" '
        f'role="img" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{esc(caption.title)}</title>'
        f'<desc id="{name}-d">{esc(caption.desc)}</desc>'
        f"{body}</svg>"
    )


def mark(x: float, y: float, kind: Kind, state: State, *, inbound: bool = False) -> str:
    """One contact: its shape says what it was, a ring or a bar says what was found.

    The finding never rests on colour alone, so that it survives a grey print.
    """
    broken = state in (State.BROKEN, State.ATTEMPT)
    tone = "bad" if broken else "good" if inbound else "own"
    if inbound:
        shape = f'<path d="M{x:g} {y - 5:g}l5 9h-10z" class="hollow {tone}"/>'
    elif kind is Kind.TEXTS:
        shape = box(x - 3.5, y - 3.5, 7, 7, cls=f"solid {tone}")
    elif kind is Kind.OTHER:
        shape = f'<path d="M{x:g} {y - 5:g}l5 5l-5 5l-5 -5z" class="solid {tone}"/>'
    else:
        look = {Kind.CONNECTED: "solid", Kind.UNANSWERED: "hollow"}.get(kind, "hollow dotted")
        shape = f'<circle cx="{x:g}" cy="{y:g}" r="4" class="{look} {tone}"/>'
    if broken:
        ring = "ring" if state is State.BROKEN else "ring dashed"
        shape += f'<circle cx="{x:g}" cy="{y:g}" r="7.5" class="{ring}"/>'
    elif state is not State.NONE:
        shape += line(x - 5, y + 8, x + 5, y + 8, cls="flag")
    return shape

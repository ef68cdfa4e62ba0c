"""The chart of a loan: how the principal goes down, and what interest and fees come to beside it.

The message is the cost, so the cost has the accent and the balance stands grey behind it. Both are
amounts of one currency on one scale from zero. Steps, not slopes: between two due days nothing
changes. The rows stand beneath as a table. The file carries its own style for day and night, so
that it stands by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from forbear.base.money import digits_of
from forbear.evidence.svg import (
    TEXT,
    WIDTH,
    Caption,
    box,
    label,
    line,
    picture,
    text_width,
    wrapped,
)
from forbear.evidence.voice import Voice
from forbear.loans.said import grouped
from forbear.loans.state import Row

_LINE: Final = 18
_MARGIN: Final = 16
_PLOT: Final = 176
_GRID_MAX: Final = 4
_GAP: Final = 10
_SMALL: Final = 10 / TEXT
_BOLD: Final = 0.92  # of a line's width holds as much bold text
_RIGHT: Final = WIDTH - _MARGIN


def balance_and_cost(
    rows: Sequence[Row],
    paid_out: Sequence[tuple[date, int]],
    fees: int,
    *,
    currency: str,
    voice: Voice,
    caption: Caption,
    labels: tuple[str, str],
    heads: tuple[str, str, str, str],
) -> str:
    """A picture of its own: the principal left and the cost fallen due, over time.

    ``paid_out`` are days and minor units, ``fees`` minor units due on the first day; ``labels``
    name the balance and the cost, ``heads`` the day, the instalment, its cost and the balance in
    the table beneath.
    """
    balance, cost = _steps(rows, paid_out, fees)
    unit = 10 ** digits_of(currency)
    step, top = _grid(max(amount for _, amount in [*balance, *cost]))
    names = [grouped(step * k, currency) for k in range(top // step + 1)]
    if step % unit == 0:
        names = [name.partition(".")[0] for name in names]
    left = _MARGIN + max(text_width(name) for name in names) + 6
    parts = [_style()]
    y = float(_MARGIN)
    for text in wrapped(caption.title, (WIDTH - 2 * _MARGIN) * _BOLD):
        parts.append(label(_MARGIN, y + TEXT, text, cls="t strong"))
        y += _LINE
    scale = _Scale(left, y + 20, (paid_out[0][0], rows[-1].due), top)
    parts += _frame(scale, step, names, voice)
    parts += _lines(scale, balance, cost)
    parts += _names(scale, balance, cost, labels, voice)
    below, height = _table(rows, heads, scale.bottom + 3 * _LINE, currency)
    parts += below
    height += _MARGIN
    parts.insert(1, box(0, 0, WIDTH, height, cls="paper"))
    return picture("loan", height, "".join(parts), caption) + "\n"


class _Scale:
    """Where a day and an amount stand in the picture."""

    def __init__(self, left: float, top: float, days: tuple[date, date], most: int) -> None:
        self.left, self.top, self.bottom = left, top, top + _PLOT
        self.first, self.last = days
        self._most = most

    def x(self, on: date) -> float:
        """The place of a day; what lies outside stands on the edge."""
        span = max((self.last - self.first).days, 1)
        gone = min(max((on - self.first).days, 0), span)
        return round(self.left + (_RIGHT - self.left) * gone / span, 1)

    def y(self, amount: int) -> float:
        """The height of an amount of minor units."""
        return round(self.bottom - _PLOT * amount / self._most, 1)


@cache
def _style() -> str:
    css = (files("forbear.evidence") / "loan_chart.css").read_text(encoding="utf-8")
    return f"<style>{css}</style>"


def _steps(
    rows: Sequence[Row], paid_out: Sequence[tuple[date, int]], fees: int
) -> tuple[list[tuple[date, int]], list[tuple[date, int]]]:
    """What is left of the principal, and what interest and fees came to, after each change."""
    changes = [(on, amount, 0) for on, amount in paid_out]
    changes += [(row.due, -row.owed.principal, row.owed.total - row.owed.principal) for row in rows]
    left, charged = 0, fees
    balance: dict[date, int] = {}
    cost: dict[date, int] = {}
    for on, principal, bears in sorted(changes, key=lambda change: change[0]):
        left += principal
        charged += bears
        # What comes and goes on one day is one change.
        balance[on], cost[on] = left, charged
    return list(balance.items()), list(cost.items())


def _grid(most: int) -> tuple[int, int]:
    """A round step in minor units, and the least multiple of it that holds ``most``."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            lines = max(-(-most // (step * factor)), 1)
            if lines <= _GRID_MAX:
                return step * factor, lines * step * factor
        step *= 10


def _frame(scale: _Scale, step: int, names: Sequence[str], voice: Voice) -> list[str]:
    parts = []
    for k, name in enumerate(names):
        y = scale.y(step * k)
        parts.append(line(scale.left, y, _RIGHT, y, cls="grid"))
        parts.append(label(scale.left - 6, y + 4, name, cls="t quiet", anchor="end"))
    y = scale.bottom + _LINE
    parts.append(label(scale.left, y, voice.day(scale.first, year=True), cls="t quiet"))
    end = voice.day(scale.last, year=True)
    return [*parts, label(_RIGHT, y, end, cls="t quiet", anchor="end")]


def _path(scale: _Scale, steps: Sequence[tuple[date, int]]) -> str:
    (on, amount), *rest = steps
    path = f"M{scale.x(on):g} {scale.y(amount):g}"
    for on, amount in rest:
        path += f"H{scale.x(on):g}V{scale.y(amount):g}"
    return path


def _lines(
    scale: _Scale, balance: Sequence[tuple[date, int]], cost: Sequence[tuple[date, int]]
) -> list[str]:
    walk = _path(scale, balance)
    area = f"{walk}H{_RIGHT:g}V{scale.bottom:g}H{scale.left:g}Z"
    end = scale.y(cost[-1][1])
    return [
        f'<path d="{area}" class="area"/>',
        f'<path d="{walk}" class="balance"/>',
        f'<path d="{_path(scale, cost)}" class="cost"/>',
        f'<circle cx="{_RIGHT:g}" cy="{end:g}" r="3.5" class="end"/>',
    ]


def _names(
    scale: _Scale,
    balance: Sequence[tuple[date, int]],
    cost: Sequence[tuple[date, int]],
    labels: tuple[str, str],
    voice: Voice,
) -> list[str]:
    """The two names beside what they name: the balance above its line, the cost at its end."""
    at = scale.left + (_RIGHT - scale.left) / 6 + 4
    standing = [amount for on, amount in balance if scale.x(on) <= at]
    high = scale.y(max(standing[-1], *(b for on, b in balance if scale.x(on) > at)))
    end = scale.y(cost[-1][1])
    return [
        label(at, high - 6, voice.tidy(labels[0]), cls="t quiet halo"),
        label(_RIGHT - 4, end - 8, voice.tidy(labels[1]), cls="t accent halo", anchor="end"),
    ]


def _table(
    rows: Sequence[Row], heads: Sequence[str], y: float, currency: str
) -> tuple[list[str], float]:
    """The rows as lines of text and where they end: day, instalment, its cost, what is left."""
    cells = [list(heads)]
    for row in rows:
        amounts = (row.owed.total, row.owed.total - row.owed.principal, row.balance)
        cells.append([row.due.isoformat(), *(grouped(each, currency) for each in amounts)])
    ends, size = _columns(cells)
    set_ = []
    for at, line_of in enumerate(cells):
        cls = f"t{size} num" if at else f"t{size} quiet"
        set_ += [
            label(x, y, cell, cls=cls, anchor="end" if place else "start")
            for place, (x, cell) in enumerate(zip(ends, line_of, strict=True))
        ]
        if not at:
            set_.append(line(_MARGIN, y + 6, _RIGHT, y + 6, cls="grid"))
        y += _LINE + (2 if at else 4)
    return set_, y - _LINE + 4


def _columns(cells: Sequence[Sequence[str]]) -> tuple[list[float], str]:
    """Where the first column begins and the others end, and the class of their size.

    Amounts beyond some millions are set smaller rather than one over the other.
    """
    widths = [max(text_width(line_of[place]) for line_of in cells) for place in range(4)]
    room = _RIGHT - _MARGIN
    small = sum(widths) + 3 * _GAP > room
    if small:
        widths = [width * _SMALL for width in widths]
    gap = (room - sum(widths)) / 3
    ends = [_MARGIN + sum(widths[: place + 1]) + gap * place for place in (1, 2, 3)]
    return [_MARGIN, *(round(end, 1) for end in ends)], " small" if small else ""

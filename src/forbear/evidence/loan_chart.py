"""The chart of a loan: how the principal goes down, and what interest and fees come to beside it.

The message is the cost, so the cost has the accent and the balance stands grey behind it. Both are
amounts of one currency on one scale from zero. Steps, not slopes: between two due days nothing
changes. The file carries its own style for day and night, so that it stands by itself.
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
_APART: Final = 16
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
) -> str:
    """A picture of its own: the principal left and the cost fallen due, over time.

    ``paid_out`` are days and minor units, ``fees`` minor units due on the first day; ``labels``
    name the balance and the cost.
    """
    balance, cost = _steps(rows, paid_out, fees)
    unit = 10 ** digits_of(currency)
    step, top = _grid(max(amount for _, amount in [*balance, *cost]), unit)
    names = [grouped(step * k, currency).partition(".")[0] for k in range(top // step + 1)]
    left = _MARGIN + max(text_width(name) for name in names) + 6
    parts = [_style()]
    y = float(_MARGIN)
    for text in wrapped(caption.title, WIDTH - 2 * _MARGIN):
        parts.append(label(_MARGIN, y + TEXT, text, cls="t strong"))
        y += _LINE
    scale = _Scale(left, y + 20, (paid_out[0][0], rows[-1].due), top)
    parts += _frame(scale, step, names, voice)
    parts += _lines(scale, balance, cost)
    parts += _names(scale, balance, cost, labels, voice)
    height = scale.bottom + _LINE + _MARGIN
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
    balance, cost = [], [(paid_out[0][0], fees)]
    for on, principal, bears in sorted(changes, key=lambda change: change[0]):
        left += principal
        charged += bears
        balance.append((on, left))
        cost.append((on, charged))
    return balance, cost


def _grid(most: int, unit: int) -> tuple[int, int]:
    """A round step in minor units, and the least multiple of it that holds ``most``."""
    step = unit
    while True:
        for factor in (1, 2, 5):
            if -(-most // (step * factor)) <= _GRID_MAX:
                return step * factor, max(-(-most // (step * factor)), 1) * step * factor
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
    at = scale.left + (_RIGHT - scale.left) / 4
    standing = [amount for on, amount in balance if scale.x(on) <= at]
    high = scale.y(max(standing[-1], *(b for on, b in balance if scale.x(on) > at)))
    own = scale.y(cost[-1][1])
    beside = own - 8
    if abs(beside - (high - 6)) < _APART:
        beside = own + _LINE if own < scale.bottom - 2 * _LINE else own - 8 - _APART
    return [
        label(at, high - 6, voice.tidy(labels[0]), cls="t quiet"),
        label(_RIGHT - 4, beside, voice.tidy(labels[1]), cls="t accent", anchor="end"),
    ]

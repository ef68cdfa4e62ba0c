"""The loan prime rate of a day, as it was published, and the lowest where the day is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from forbear.base.errors import LoanError
from forbear.base.words import Confidence

_PUBLISHED_ON: Final = 20  # of each month, or the next working day


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A rate in percent a year that holds from ``published`` on.

    ``sure`` is false where the rate of the day asked for is not known, so that the lowest one known
    stands in for it.
    """

    percent: Decimal
    published: date
    confidence: Confidence
    source: str
    sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Lpr:
    """Every rate published, the one-year and the over-five-year rate, oldest first."""

    one_year: tuple[Quote, ...]
    five_year: tuple[Quote, ...]

    @property
    def known_until(self) -> date:
        """The first day of which the rate is not known: the next publication."""
        last = self.one_year[-1].published
        year, month = (last.year + 1, 1) if last.month == 12 else (last.year, last.month + 1)
        return date(year, month, _PUBLISHED_ON)

    def at(self, day: date) -> Quote:
        """The one-year rate in force on ``day``: what was published last, that day included."""
        if not self.one_year[0].published <= day < self.known_until:
            return self._in_place_of_unknown()
        return max(
            (quote for quote in self.one_year if quote.published <= day),
            key=lambda quote: quote.published,
        )

    def lowest(self, first: date, last: date) -> Quote:
        """The lowest one-year rate in force on any day of a span, which is strict on the lender.

        A span that reaches beyond what is known is answered by the lowest rate of all.
        """
        if not self.one_year[0].published <= first <= last < self.known_until:
            return self._in_place_of_unknown()
        within = [quote for quote in self.one_year if first < quote.published <= last]
        return min((self.at(first), *within), key=lambda quote: quote.percent)

    def _in_place_of_unknown(self) -> Quote:
        lowest = min(self.one_year, key=lambda quote: (quote.percent, quote.published))
        return Quote(
            percent=lowest.percent,
            published=lowest.published,
            confidence=lowest.confidence,
            source=lowest.source,
            sure=False,
        )


def read_lpr(table: Mapping[str, Any], where: str) -> Lpr:
    """The rates of a file: [[span]] says how sure the months are, [rates] holds them.

    Raises LoanError where a row is wrong, out of order, or in no span.
    """
    one: list[Quote] = []
    five: list[Quote] = []
    for row in table["rates"]["published"]:
        try:
            day, short, long = row
            percents = Decimal(short), Decimal(long)
        except (ArithmeticError, TypeError, ValueError):
            raise LoanError(
                f'{where}: {row} is no row; write [2025-05-20, "3.00", "3.50"]'
            ) from None
        if one and day <= one[-1].published:
            raise LoanError(f"{where}: {day} stands after {one[-1].published}; keep them in order")
        spans = [s for s in table["span"] if s["from"] <= day <= s["until"]]
        if len(spans) != 1:
            raise LoanError(f"{where}: {day} stands in {len(spans)} spans; it needs one")
        sure = Confidence(spans[0]["confidence"])
        for quotes, percent in zip((one, five), percents, strict=True):
            quotes.append(
                Quote(percent=percent, published=day, confidence=sure, source=spans[0]["source"])
            )
    return Lpr(one_year=tuple(one), five_year=tuple(five))

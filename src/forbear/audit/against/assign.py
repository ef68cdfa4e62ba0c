"""The best one-to-one assignment: as many pairs as can be, and of those the cheapest.

Exact, on whole numbers, and the same on every run. It is the shortest augmenting path of Jonker
and Volgenant (1987) on a sparse table, to which every row adds a way out of its own: to stay alone,
at a price above all others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heappop, heappush


def assign(costs: Sequence[Mapping[int, int]]) -> list[int | None]:
    """For each row the column it gets, or None.

    ``costs[row]`` maps the columns that the row may have to whole costs of zero or more. No column
    is given twice; no assignment has more pairs, and none with as many costs less. Work grows with
    the size of the tangles that rows and columns form, not with the square of their number.
    """
    search = _Search(costs)
    for row in range(len(costs)):
        search.place(row)
    return search.column_of


class _Search:
    """Rows placed one after another; ``column_of`` is optimal for those placed so far."""

    def __init__(self, costs: Sequence[Mapping[int, int]]) -> None:
        self.costs = costs
        self.alone = 1 + sum(max(row.values(), default=0) for row in costs)
        self.column_of: list[int | None] = [None] * len(costs)
        self.row_of: dict[int, int] = {}
        # Prices that keep every reduced cost at zero or more, and at zero where assigned.
        self.of_row = [0] * len(costs)
        self.of_column: dict[int, int] = {}

    def place(self, start: int) -> None:
        """Give ``start`` a column, moving others where that is cheaper in all."""
        reached = {start: 0}
        done: dict[int, int] = {}
        came: dict[int, int] = {}
        best: dict[int, int] = {}
        # Of ways that cost the same, a column sorts before staying alone.
        heap: list[tuple[int, bool, int]] = []
        row, length = start, 0
        while True:
            base = length - self.of_row[row]
            for column, cost in self.costs[row].items():
                further = base + cost - self.of_column.get(column, 0)
                if column not in best or further < best[column]:
                    best[column] = further
                    came[column] = row
                    heappush(heap, (further, False, column))
            heappush(heap, (base + self.alone, True, row))
            length, alone, found = heappop(heap)
            while not alone and found in done:
                length, alone, found = heappop(heap)
            if alone or found not in self.row_of:
                break
            done[found] = length
            row = self.row_of[found]
            reached[row] = length
        for column, distance in done.items():
            self.of_column[column] = self.of_column.get(column, 0) + distance - length
        for each, distance in reached.items():
            self.of_row[each] += length - distance
        self._shift(came[found] if not alone else found, None if alone else found, came, start)

    def _shift(self, row: int, column: int | None, came: Mapping[int, int], start: int) -> None:
        """Hand columns on along the path that was found, from its end back to ``start``."""
        while True:
            before = self.column_of[row]
            self.column_of[row] = column
            if column is not None:
                self.row_of[column] = row
            if row == start:
                return
            assert before is not None
            row, column = came[before], before

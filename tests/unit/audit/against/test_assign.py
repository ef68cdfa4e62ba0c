from __future__ import annotations

from random import Random

from forbear.audit.against.assign import assign

Costs = list[dict[int, int]]


def value(costs: Costs, given: list[int | None]) -> tuple[int, int]:
    """Fewer pairs are worse, then higher costs."""
    pairs = [(row, column) for row, column in enumerate(given) if column is not None]
    assert len({column for _, column in pairs}) == len(pairs), "a column was given twice"
    return -len(pairs), sum(costs[row][column] for row, column in pairs)


def best(costs: Costs) -> tuple[int, int]:
    """The best value there is, found by trying everything."""

    def rest(row: int, used: frozenset[int]) -> tuple[int, int]:
        if row == len(costs):
            return 0, 0
        options = [rest(row + 1, used)]
        for column, cost in costs[row].items():
            if column not in used:
                pairs, spent = rest(row + 1, used | {column})
                options.append((pairs - 1, spent + cost))
        return min(options)

    return rest(0, frozenset())


def test_no_assignment_has_more_pairs_or_as_many_for_less():
    for seed in range(600):
        rnd = Random(seed)
        columns = range(rnd.randint(0, 6))
        costs: Costs = [
            {column: rnd.randint(0, 9) for column in columns if rnd.random() < 0.5}
            for _ in range(rnd.randint(0, 6))
        ]
        assert value(costs, assign(costs)) == best(costs), f"seed {seed}"


def test_a_pair_more_is_worth_any_cost():
    assert assign([{0: 0, 1: 900}, {0: 900}]) == [1, 0]


def test_of_as_many_pairs_the_cheaper_are_taken():
    assert assign([{0: 5, 1: 1}, {0: 1, 1: 5}]) == [1, 0]


def test_nothing_is_assigned_where_nothing_may_be():
    assert assign([]) == []
    assert assign([{}, {}]) == [None, None]


def test_a_long_chain_of_rows_stays_quick():
    """Each row may have its own column or the next; work must not grow with the square."""
    rows = 20_000
    costs: Costs = [{row: 4, row + 1: 1} for row in range(rows)]
    assert assign(costs) == [row + 1 for row in range(rows)]

"""A comparison against the plain way to make one: contact by contact, with sets."""

from __future__ import annotations

import random
import resource
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forbear.base.errors import InputError
from forbear.base.words import Effect
from forbear.batch import compare
from forbear.batch.compare import CHANGES, COMPARED, Clause, Tally, Turn, changes, compare_files
from forbear.batch.schema import FINDINGS, Table
from forbear.law.answers import Decision

Found = tuple[int, str, str]


def findings(rows: Iterable[Found], agents: Mapping[int, str | None] | None = None) -> Table:
    """Findings by position, clause and effect, each as the batch writes one."""
    return pa.Table.from_pylist(
        [
            {
                "position": position,
                "id": f"C-{position}",
                "lender": "L",
                "person": f"P-{position % 3}",
                "at": 1_750_000_000 + position,
                "agent": (agents or {}).get(position),
                "agency": None,
                "rule": f"r-{clause}",
                "clause": clause,
                "effect": effect,
                "level": "law",
                "breached": True,
                "counted": 0,
            }
            for position, clause, effect in sorted(rows)
        ],
        schema=FINDINGS,
    )


def tally(*tables: Table) -> Tally:
    found = Tally()
    for table in tables:
        found.take(table)
    return found


def turns(before: Iterable[Found], after: Iterable[Found]) -> dict[int, str]:
    found = changes(findings(before), findings(after))
    found.validate(full=True)
    assert found.schema == CHANGES
    return {row["position"]: row["turn"] for row in found.to_pylist()}


A_DENY, A_REVIEW, A_WARN = ((7, "A", effect) for effect in ("deny", "review", "warn"))
B_DENY, B_REVIEW, B_WARN = ((7, "B", effect) for effect in ("deny", "review", "warn"))


@pytest.mark.parametrize(
    ("before", "after", "turn"),
    [
        ([], [A_DENY], "forbidden"),
        ([A_REVIEW], [A_DENY], "forbidden"),
        ([A_WARN], [A_DENY], "forbidden"),
        ([], [A_REVIEW], "review"),
        ([A_DENY], [A_REVIEW], "review"),
        ([A_DENY], [], "allowed"),
        ([A_REVIEW], [A_WARN], "allowed"),
        ([A_DENY], [B_DENY], "clauses"),
        ([A_DENY], [A_DENY, B_REVIEW], "clauses"),
        ([], [A_WARN], "clauses"),
        ([A_WARN], [], "clauses"),
        ([A_DENY], [A_DENY], None),
        ([A_DENY, A_DENY], [A_DENY], None),
        ([A_DENY, B_WARN], [B_WARN, A_DENY], None),
        ([], [], None),
    ],
)
def test_a_contact_turns_by_what_stands_against_it(
    before: list[Found], after: list[Found], turn: str | None
):
    assert turns(before, after) == ({} if turn is None else {7: turn})


def test_a_change_says_who_before_after_and_by_which_clauses():
    before = findings([(3, "A", "review"), (3, "B", "deny")], {3: "L-017"})
    after = findings([(3, "A", "review"), (3, "C", "warn"), (4, "C", "deny")], {3: "L-017"})
    first, second = changes(before, after).to_pylist()
    assert first["at"].timestamp() == 1_750_000_003
    assert {key: first[key] for key in first if key != "at"} == {
        "position": 3,
        "id": "C-3",
        "lender": "L",
        "person": "P-0",
        "agent": "L-017",
        "agency": None,
        "turn": "review",
        "before": "deny",
        "after": "review",
        "gained": [{"clause": "C", "effect": "warn"}],
        "lost": [{"clause": "B", "effect": "deny"}],
    }
    assert (second["position"], second["turn"], second["agent"]) == (4, "forbidden", None)


def random_findings(chance: random.Random, size: int) -> list[Found]:
    return [
        (chance.randrange(size), chance.choice("ABCDEFG"), chance.choice(list(Effect)))
        for _ in range(size)
    ]


RANK = {"warn": 0, "review": 1, "deny": 2}


def slowly(before: list[Found], after: list[Found]) -> dict[int, tuple[Any, ...]]:
    """The same, said once more in the plainest way."""
    found = {}
    for position in {row[0] for row in before + after}:
        old, new = ({row[1:] for row in rows if row[0] == position} for rows in (before, after))
        if old == new:
            continue
        was, now = (
            list(Decision)[max((RANK[effect] for _, effect in own), default=0)]
            for own in (old, new)
        )
        turn = "clauses" if was == now else {"deny": "forbidden", "allow": "allowed"}.get(now, now)
        found[position] = (turn, was, now, new - old, old - new)
    return found


@pytest.mark.parametrize("seed", range(20))
def test_many_contacts_at_once_turn_as_each_does_alone(seed: int):
    chance = random.Random(seed)
    size = chance.choice([1, 3, 40, 2_000])
    before, after = random_findings(chance, size), random_findings(chance, size)
    got = {
        row["position"]: (
            row["turn"],
            row["before"],
            row["after"],
            *({tuple(each.values()) for each in row[side]} for side in ("gained", "lost")),
        )
        for row in changes(findings(before), findings(after)).to_pylist()
    }
    assert got == slowly(before, after)


def test_sums_are_the_same_however_the_ledger_is_cut_and_in_whatever_order_it_comes():
    chance = random.Random(1)
    agents = {n: chance.choice(["L-1", "L-2", None]) for n in range(500)}
    before, after = random_findings(chance, 500), random_findings(chance, 500)

    def part(n: int, of: int) -> Table:
        old, new = ([row for row in rows if row[0] % of == n] for rows in (before, after))
        return changes(findings(old, agents), findings(new, agents))

    whole, pieces = tally(part(0, 1)), [part(n, 7) for n in range(7)]
    expected = slowly(before, after)
    assert whole.changed == len(expected)
    assert whole.turns == Counter(Turn(turn) for turn, *_ in expected.values())
    assert sum(whole.answers.values()) == whole.changed - whole.turns[Turn.CLAUSES]
    assert whole.agents[Turn.FORBIDDEN, "L-1"] == sum(
        turn == "forbidden" and agents[position] == "L-1"
        for position, (turn, *_) in expected.items()
    )
    for order in (pieces, pieces[::-1]):
        again = tally(*order)
        assert again == whole
        for key in whole.clauses:
            assert again.examples(key) == whole.examples(key)


def test_examples_are_the_first_of_the_ledger_and_few():
    rows = [(position, "A", "deny") for position in range(50)]
    found = tally(
        changes(findings([]), findings(rows[20:])), changes(findings([]), findings(rows[:20]))
    )
    key = Clause(Turn.FORBIDDEN, "gained", "A", Effect.DENY)
    assert found.clauses[key] == 50
    assert [row["position"] for row in found.examples(key)] == [0, 1, 2]
    assert found.examples(Clause(Turn.ALLOWED, "lost", "A", Effect.DENY)) == []


@pytest.mark.parametrize(
    ("turn", "change", "effect", "decides"),
    [
        (Turn.FORBIDDEN, "gained", Effect.DENY, True),
        (Turn.FORBIDDEN, "gained", Effect.REVIEW, False),
        (Turn.FORBIDDEN, "lost", Effect.DENY, False),
        (Turn.ALLOWED, "lost", Effect.DENY, True),
        (Turn.ALLOWED, "lost", Effect.REVIEW, True),
        (Turn.ALLOWED, "gained", Effect.WARN, False),
        (Turn.REVIEW, "gained", Effect.REVIEW, True),
        (Turn.REVIEW, "lost", Effect.DENY, True),
        (Turn.REVIEW, "lost", Effect.REVIEW, False),
        (Turn.CLAUSES, "gained", Effect.WARN, True),
    ],
)
def test_what_only_accompanies_a_turn_does_not_decide_it(
    turn: Turn, change: str, effect: Effect, decides: bool
):
    assert Clause(turn, change, "A", effect).decides is decides


def test_a_ledger_with_as_many_agents_as_contacts_does_not_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(compare, "_NAMES_MAX", 2)
    rows = [(position, "A", "deny") for position in range(6)]
    agents = {0: "x", 1: "y", 2: "z", 3: "x", 4: "w", 5: "y"}
    found = tally(changes(findings([]), findings(rows, agents)))
    assert len(found.agents) == 2
    assert sum(found.agents.values()) + found.beyond["agent"] == 6
    assert found.beyond["agency"] == 0


def test_only_the_columns_that_are_compared_are_needed_and_words_may_be_plain():
    plain = pa.schema(
        [
            (field.name, pa.string() if pa.types.is_dictionary(field.type) else field.type)
            for field in COMPARED
        ]
    )
    before, after = findings([(1, "A", "deny")]), findings([(2, "B", "review")])
    few = [table.select(COMPARED.names).cast(plain) for table in (before, after)]
    assert changes(*few) == changes(before, after)


def test_findings_read_in_pieces_with_words_of_their_own_are_one_table():
    pieces = [findings([(n, clause, "deny")]) for n, clause in enumerate("CAB")]
    found = changes(FINDINGS.empty_table(), pa.concat_tables(pieces))
    assert [row["gained"][0]["clause"] for row in found.to_pylist()] == ["C", "A", "B"]


# ── files ──


def written(folder: Path, **parts: list[Found]) -> Path:
    folder.mkdir()
    for name, rows in parts.items():
        pq.write_table(findings(rows), folder / f"{name}.parquet")
    return folder


def test_the_parts_of_two_books_are_compared_name_by_name(tmp_path: Path):
    before = written(tmp_path / "a", p0=[(1, "A", "deny")], p1=[(2, "A", "deny")])
    after = written(tmp_path / "b", p0=[(1, "A", "deny")], p2=[(3, "B", "review")])
    told: list[int] = []
    out = tmp_path / "comparison" / "b.parquet"
    found = compare_files(before, after, out, told.append)
    assert (found.turns[Turn.ALLOWED], found.turns[Turn.REVIEW], found.changed) == (1, 1, 2)
    assert told == [1, 2, 3]
    rows = pq.read_table(out)
    assert rows.schema.names == CHANGES.names
    assert rows["position"].to_pylist() == [2, 3]
    assert [path.name for path in out.parent.iterdir()] == ["b.parquet"]


def test_a_ledger_without_findings_has_a_comparison_without_rows(tmp_path: Path):
    (tmp_path / "a").mkdir()
    found = compare_files(
        tmp_path / "a", tmp_path / "missing", tmp_path / "out.parquet", lambda _: None
    )
    assert found == Tally()
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 0


def test_findings_cut_short_are_named_and_leave_no_half_a_file(tmp_path: Path):
    before = written(tmp_path / "a", p0=[(1, "A", "deny")])
    whole = (before / "p0.parquet").read_bytes()
    (before / "p0.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"p0\.parquet: the findings cannot be read") as caught:
        compare_files(before, before, tmp_path / "c" / "out.parquet", lambda _: None)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "c" / "out.parquet").exists()


def test_where_nothing_can_be_written_one_line_says_so(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"out\.parquet: it cannot be written \(File exists\)"):
        compare_files(tmp_path, tmp_path, tmp_path / "file" / "out.parquet", lambda _: None)


def test_a_full_disk_is_one_line_and_leaves_what_was_there(tmp_path: Path):
    before = written(tmp_path / "a", p0=[(n, "A", "deny") for n in range(2_000)])
    out = tmp_path / "out.parquet"
    out.write_bytes(b"earlier")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limits[1]))
    try:
        with pytest.raises(InputError, match="there is no space left on the disk") as caught:
            compare_files(before, tmp_path / "none", out, lambda _: None)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "\n" not in str(caught.value)
    assert out.read_bytes() == b"earlier"

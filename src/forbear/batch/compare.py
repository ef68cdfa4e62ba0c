"""What another version of the law would have said of the same contacts, and of whose.

The findings of one chunk before two books become one row for each contact of which the two say
something else; the rows of all chunks are then added up. Memory holds one chunk, and sums that
grow with the number of clauses and of people who contact, not with the ledger.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from forbear.base.errors import InputError
from forbear.base.words import Effect
from forbear.batch.schema import FINDINGS, WORD, Table
from forbear.batch.state import write_whole, writing_to
from forbear.law.answers import Decision

# What stands against a contact: a clause, and whether it refuses, asks for a person or warns.
_CLAUSES: Final = pa.list_(pa.struct([("clause", pa.string()), ("effect", pa.string())]))
_WHO: Final = ("position", "id", "lender", "person", "at", "agent", "agency")

# The columns of FINDINGS that a comparison reads.
COMPARED: Final = pa.schema([FINDINGS.field(name) for name in (*_WHO, "clause", "effect")])
# One row for each contact that the two answer differently. ``gained`` stands against it after and
# did not before, ``lost`` the other way round.
CHANGES: Final = pa.schema(
    [
        *(FINDINGS.field(name) for name in _WHO),
        ("turn", WORD),
        ("before", WORD),
        ("after", WORD),
        ("gained", _CLAUSES),
        ("lost", _CLAUSES),
    ]
)

_DECISIONS: Final = (Decision.ALLOW, Decision.REVIEW, Decision.DENY)
_RANKS: Final = {Effect.WARN: 0, Effect.REVIEW: 1, Effect.DENY: 2}
_EFFECTS: Final = tuple(sorted(_RANKS, key=_RANKS.__getitem__))
_EXAMPLES_MAX: Final = 3
# A ledger whose agents are as many as its contacts names no agents.
_NAMES_MAX: Final = 100_000


class Turn(StrEnum):
    """What becomes of a contact under the other version."""

    FORBIDDEN = "forbidden"
    REVIEW = "review"
    ALLOWED = "allowed"
    CLAUSES = "clauses"  # the same answer, for other reasons


_TURNS: Final = tuple(Turn)
_TURN_OF: Final = np.array(
    [
        [
            _TURNS.index(
                Turn.CLAUSES
                if before == after
                else (Turn.ALLOWED, Turn.REVIEW, Turn.FORBIDDEN)[after]
            )
            for after in range(3)
        ]
        for before in range(3)
    ],
    dtype=np.int8,
)


def changes(before: Table, after: Table) -> Table:
    """The contacts of a chunk that two books answer differently: a table after CHANGES.

    ``before`` and ``after`` are the findings of the two on the same chunk, after FINDINGS, or the
    columns of it that stand in COMPARED. A contact is denied where any finding denies, else for
    review where any asks for one, else allowed. What a rule could not tell for want of a word is no
    finding and changes nothing.
    """
    rows = pa.concat_tables([before.select(COMPARED.names), after.select(COMPARED.names)])
    if not len(rows):
        return CHANGES.empty_table()
    later = np.arange(len(rows)) >= len(before)
    clause, clauses = _coded(rows["clause"])
    effect, effects = _coded(rows["effect"])
    rank = np.array([_RANKS[Effect(word)] for word in effects], dtype=np.int8)[effect]
    positions, first, contact = np.unique(
        rows["position"].to_numpy(), return_index=True, return_inverse=True
    )
    against = clause * len(_RANKS) + rank
    kinds = len(clauses) * len(_RANKS)
    pair = contact * kinds + against
    old, new = _distinct(pair[~later]), _distinct(pair[later])
    gained = np.setdiff1d(new, old, assume_unique=True)
    lost = np.setdiff1d(old, new, assume_unique=True)
    changed = _distinct(np.concatenate([gained, lost]) // kinds)
    decided = np.zeros((2, len(positions)), dtype=np.int8)
    np.maximum.at(decided, (later.astype(np.int8), contact), rank)
    was, is_now = decided[0][changed], decided[1][changed]
    who = rows.select(_WHO).take(pa.array(first[changed]))
    names = pa.array(clauses, pa.string())
    return pa.table(
        [
            *who.columns,
            _words(_TURN_OF[was, is_now], _TURNS),
            _words(was, _DECISIONS),
            _words(is_now, _DECISIONS),
            _listed(gained, changed, kinds, names),
            _listed(lost, changed, kinds, names),
        ],
        schema=CHANGES,
    )


def _distinct(numbers: Any) -> Any:
    """The different ones in order; much faster than ``np.unique``, which hashes them first."""
    placed = np.sort(numbers)
    return placed[np.append(True, placed[1:] != placed[:-1])] if len(placed) else placed


def _coded(column: Table) -> tuple[Any, list[str]]:
    """A column of words as numbers in the order of the words, and what each number stands for."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    whole = column.unify_dictionaries().combine_chunks()
    words = whole.dictionary.to_pylist()
    places = np.empty(len(words), dtype=np.int64)
    places[sorted(range(len(words)), key=words.__getitem__)] = np.arange(len(words))
    return places[whole.indices.to_numpy(zero_copy_only=False)], sorted(words)


def _words(codes: Any, words: tuple[StrEnum, ...]) -> Table:
    return pa.DictionaryArray.from_arrays(
        pa.array(codes, pa.int8()), pa.array(list(map(str, words)), pa.string())
    )


def _listed(pairs: Any, changed: Any, kinds: int, names: Table) -> Table:
    """For each changed contact its pairs of clause and effect; both come in order of contacts."""
    starts = np.searchsorted(pairs, np.append(changed, np.iinfo(np.int64).max // kinds) * kinds)
    against = pairs % kinds
    effects = pa.array(list(map(str, _EFFECTS)), pa.string())
    found = pa.StructArray.from_arrays(
        [
            names.take(pa.array(against // len(_RANKS))),
            effects.take(pa.array(against % len(_RANKS))),
        ],
        fields=list(_CLAUSES.value_type),
    )
    return pa.ListArray.from_arrays(pa.array(starts, pa.int32()), found)


# ── added up ──


class Clause(NamedTuple):
    """A clause that came to stand against contacts (``gained``), or no longer does (``lost``)."""

    turn: Turn
    change: str
    clause: str
    effect: Effect

    @property
    def decides(self) -> bool:
        """Whether the turn is owed to it, not only accompanied by it."""
        if self.turn is Turn.CLAUSES:
            return True
        if self.effect is Effect.WARN:
            return False
        if self.turn is Turn.ALLOWED:
            return self.change == "lost"
        if self.turn is Turn.FORBIDDEN:
            return self.change == "gained" and self.effect is Effect.DENY
        # From allowed, what asks for a person was gained; from forbidden, what forbade was lost.
        return (self.change == "gained") == (self.effect is Effect.REVIEW)


@dataclass(slots=True)
class Tally:
    """The changes of all chunks added up: counts of contacts, and a few examples for each clause.

    ``answers`` counts contacts by what was answered before and after, where that differs;
    ``agencies`` and ``agents`` count them by turn and name, None where none was said. ``beyond``
    counts, for each of the two, contacts whose name came after a hundred thousand others, which
    are not told apart. The order in which chunks come matters to nothing else.
    """

    changed: int = 0
    turns: Counter[Turn] = field(default_factory=Counter)
    answers: Counter[tuple[Decision, Decision]] = field(default_factory=Counter)
    clauses: Counter[Clause] = field(default_factory=Counter)
    agencies: Counter[tuple[Turn, str | None]] = field(default_factory=Counter)
    agents: Counter[tuple[Turn, str | None]] = field(default_factory=Counter)
    beyond: Counter[str] = field(default_factory=Counter)
    _examples: dict[Clause, list[Mapping[str, Any]]] = field(default_factory=dict)

    def take(self, found: Table) -> None:
        """Add the changes of a chunk, a table after CHANGES."""
        self.changed += len(found)
        for (turn, before, after), count in _counted(found, ["turn", "before", "after"]):
            self.turns[Turn(turn)] += count
            if before != after:
                self.answers[Decision(before), Decision(after)] += count
        for column, counter in (("agency", self.agencies), ("agent", self.agents)):
            for (turn, name), count in _counted(found, ["turn", column]):
                key = (Turn(turn), name)
                if key in counter or len(counter) < _NAMES_MAX:
                    counter[key] += count
                else:
                    self.beyond[column] += count
        for change in ("gained", "lost"):
            self._take_clauses(found, change)

    def _take_clauses(self, found: Table, change: str) -> None:
        lists = found[change].combine_chunks()
        row = lists.value_parent_indices().to_numpy()
        if not len(row):
            return
        flat = lists.flatten()
        turn, turns = _coded(found["turn"])
        clause, clauses = _coded(pa.chunked_array([flat.field("clause")]))
        effect, effects = _coded(pa.chunked_array([flat.field("effect")]))
        codes = (turn[row] * len(clauses) + clause) * len(effects) + effect
        order = np.lexsort((found["position"].to_numpy()[row], codes))
        kinds, starts, counts = np.unique(codes[order], return_index=True, return_counts=True)
        for code, start, count in zip(
            *map(np.ndarray.tolist, (kinds, starts, counts)), strict=True
        ):
            over, of_effect = divmod(code, len(effects))
            of_turn, of_clause = divmod(over, len(clauses))
            key = Clause(
                Turn(turns[of_turn]), change, clauses[of_clause], Effect(effects[of_effect])
            )
            self.clauses[key] += count
            first = row[order[start : start + min(count, _EXAMPLES_MAX)]]
            self._keep(key, found.take(pa.array(first)).to_pylist())

    def _keep(self, key: Clause, rows: list[Mapping[str, Any]]) -> None:
        kept = self._examples.get(key, [])
        if len(kept) == _EXAMPLES_MAX and _position(rows[0]) > _position(kept[-1]):
            return
        self._examples[key] = sorted([*kept, *rows], key=_position)[:_EXAMPLES_MAX]

    def examples(self, key: Clause) -> list[Mapping[str, Any]]:
        """Rows after CHANGES in the order of the ledger, each as a mapping."""
        return list(self._examples.get(key, ()))


def _position(row: Mapping[str, Any]) -> int:
    position: int = row["position"]
    return position


def _counted(table: Table, keys: list[str]) -> list[tuple[tuple[Any, ...], int]]:
    """The different rows of ``keys``, and how often each stands there."""
    if not len(table):
        return []
    plain = pa.table(
        {key: table[key].cast(pa.string()) for key in keys},
    )
    grouped = plain.group_by(keys).aggregate([([], "count_all")]).to_pydict()
    counts = grouped.pop("count_all")
    return list(zip(zip(*(grouped[key] for key in keys), strict=True), counts, strict=True))


# ── files ──


def compare_files(before: Path, after: Path, out: Path, tell: Callable[[int], None]) -> Tally:
    """Compare the findings of two books on one ledger, and write each change to ``out``.

    ``before`` and ``after`` are folders of Parquet files after FINDINGS, in which files of one name
    are about the same debtors; ``tell`` hears how many are through. ``out`` is there as a whole or
    not at all. Raises InputError, in one line, where a file cannot be read or written.
    """
    names = sorted({path.name for folder in (before, after) for path in folder.glob("*.parquet")})
    tally = Tally()

    def write(part: Path) -> None:
        with pq.ParquetWriter(part, CHANGES, compression="zstd") as writer:
            for number, name in enumerate(names, start=1):
                found = changes(_findings(before / name), _findings(after / name))
                tally.take(found)
                if len(found):
                    writer.write_table(found)
                tell(number)

    with writing_to(out):
        write_whole(out, write)
    return tally


def _findings(path: Path) -> Table:
    """The findings of a file, none where there is no such file."""
    if not path.exists():
        return COMPARED.empty_table()
    try:
        return pq.read_table(path, columns=COMPARED.names, partitioning=None).cast(COMPARED)
    except (OSError, pa.ArrowInvalid) as error:
        said = str(error).partition("\n")[0]
        message = f"{path}: the findings cannot be read ({said}); audit the ledger anew"
        raise InputError(message) from error

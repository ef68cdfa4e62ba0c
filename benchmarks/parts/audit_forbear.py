"""Rule set R over a whole ledger by Forbear: an ordinary pack, Arrow in, bits out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from forbear.batch import plain
from forbear.batch.schema import INSTANT, NAME, WORD, Chunk
from forbear.law.book import Book, load
from parts.audit_data import CHANNELS, ZONES, Array, Ledger, read
from parts.turns import Run

PACK: Final = Path(__file__).parent.parent / "packs" / "rule-set-r"


def book() -> Book:
    """Rule set R; the order of its rules is that of the bits."""
    return load([str(PACK)])


def chunk(ledger: Ledger) -> Chunk:
    """The ledger as a chunk. A dispute is given as one; what began at ``s`` bears from ``s`` on.

    An opt-out of the rule set is strictly before what it forbids, so that it becomes a fact one
    second later.
    """
    outcomes = np.where(ledger.channel == 0, np.where(ledger.talk, 0, 1), 2)
    contacts = {
        "at": pa.array(ledger.at).cast(pa.timestamp("s")).cast(INSTANT),
        "person": pa.array(ledger.person),
        "debts": pa.array(ledger.debt),
        "channel": _words(ledger.channel, CHANNELS),
        "party": _words(ledger.third, ("debtor", "third_party")),
        "outcome": _words(outcomes, ("conversation", "no_answer", "delivered")),
    }
    return Chunk(contacts=pa.table(contacts), facts=_facts(ledger), persons=_persons(ledger))


def _facts(ledger: Ledger) -> Any:
    opted, stopped = len(ledger.opted_at), len(ledger.stopped_from)
    none = np.ones(opted, bool)
    since = np.concatenate([ledger.opted_at + 1, ledger.stopped_from])
    until = np.concatenate([ledger.opted_at, ledger.stopped_until])
    ends = np.concatenate([none, ~np.ones(stopped, bool)])
    channels = np.concatenate([ledger.opted_channel, np.zeros(stopped, np.uint8)])
    kinds = np.repeat([0, 1], [opted, stopped])
    return pa.table(
        {
            "person": pa.array(np.concatenate([ledger.opted_person, ledger.stopped_person])),
            "kind": _words(kinds, ("opt_out", "dispute"), NAME),
            "since": pa.array(since).cast(pa.timestamp("s")).cast(INSTANT),
            "until": pa.array(until, mask=ends).cast(pa.timestamp("s")).cast(INSTANT),
            "channel": _words(channels, CHANNELS, mask=~ends),
        }
    )


def _persons(ledger: Ledger) -> Any:
    persons = pa.array(np.arange(ledger.persons, dtype=np.int32))
    return pa.table({"person": persons, "zone": _words(ledger.zone, ZONES, NAME)})


def _words(places: Array, words: tuple[str, ...], kind: Any = WORD, mask: Any = None) -> Any:
    indices = pa.array(places.astype(kind.index_type.to_pandas_dtype()), mask=mask)
    return pa.DictionaryArray.from_arrays(indices, pa.array(words))


def size(folder: Path) -> int:
    """Bytes of the Arrow tables of a ledger."""
    made = chunk(read(folder))
    return sum(table.nbytes for table in (made.contacts, made.facts, made.persons))


def forbear(folder: Path) -> Run:
    """The compiled form of the pack."""
    from forbear.batch import compiled  # noqa: PLC0415 - peers need none of it

    rules, made = book(), chunk(read(folder))
    return lambda: compiled.mask(rules, made)


def in_plain(folder: Path) -> Run:
    """The plain form of the pack, contact by contact; it is what the compiled form must equal."""
    rules, ledger = book(), read(folder)
    made = chunk(ledger)
    numbered = made.contacts.append_column("position", pa.array(np.arange(len(ledger.at))))
    made = replace(made, contacts=numbered)
    bit = {rule.id: 1 << place for place, rule in enumerate(rules.rules)}

    def run() -> Array:
        mask = np.zeros(len(ledger.at), np.uint8)
        (found,) = plain.audit_chunk([rules], made)
        positions = found.findings["position"].to_numpy()
        broken = [bit[rule] for rule in found.findings["rule"].to_pylist()]
        np.bitwise_or.at(mask, positions, np.array(broken, np.uint8))
        return mask

    return run

"""Who the persons of a chunk are to a book: where they live, and by which clock."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forbear.batch.clocks import Clocks
from forbear.batch.codes import code_of, joined, match
from forbear.batch.columns import Encoded
from forbear.batch.layout import Array
from forbear.batch.rows import NOBODY, column_of
from forbear.batch.schema import Chunk, Table
from forbear.law.book import Book


@dataclass(frozen=True, slots=True)
class Places:
    """Where persons are: zones and regions by number, -1 for no region, and the names of these."""

    zone: Array
    zones: list[str]
    region: Array
    regions: list[str | None]

    def zone_of(self, person: int) -> str:
        """The zone of a person."""
        return self.zones[int(self.zone[person])]

    def region_of(self, person: int) -> str | None:
        """The region of a person, None where nobody says it."""
        number = int(self.region[person])
        return None if number < 0 else self.regions[number]


def named(chunk: Chunk) -> Chunk:
    """The chunk with a person in every row: whom nobody names has the empty name."""
    return replace(
        chunk,
        contacts=_named(chunk.contacts),
        facts=_named(chunk.facts),
        persons=_named(chunk.persons),
    )


def _named(table: Table) -> Table:
    column = column_of(table, "person")
    if column is not None and column.null_count == 0:
        return table
    if column is None:
        filled = pa.array([NOBODY]).take(pa.array(np.zeros(table.num_rows, np.int64)))
    else:
        plain = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
        filled = pc.fill_null(plain.cast(pa.string()), NOBODY)
    place = table.schema.get_field_index("person")
    if place < 0:
        return table.append_column("person", filled)
    return table.set_column(place, "person", filled)


def places_of(persons: Table, encoded: Encoded, book: Book, clocks: Clocks) -> Places:
    """Zones and regions of a chunk's persons; of several rows about one the last counts."""
    size = encoded.person.size
    who = match(column_of(persons, "person"), encoded.person)
    told = {}
    for name in ("zone", "region"):
        target, names = np.full(size, -1, np.int32), list[str | None]()
        found = code_of(persons, name)
        if found is not None:
            names = [found.cell(code) or None for code in range(found.size)]
            target[who[who >= 0]] = found.codes[who >= 0]
            empty = [code for code, cell in enumerate(names) if cell is None]
            target[np.isin(target, empty)] = -1
        told[name] = (target, names)
    (zones, zone_names), (regions, region_names) = told["zone"], told["region"]
    # A person without a zone is on the clock of the region, which the book knows.
    whole, first = joined([(zones, len(zone_names)), (regions, len(region_names))], size)
    numbers = [
        clocks.number(
            (zone_names[zones[row]] if zones[row] >= 0 else None)
            or book.zone_of(region_names[regions[row]] if regions[row] >= 0 else None)
        )
        for row in first
    ]
    return Places(np.array(numbers or [0], np.int32)[whole], clocks.names, regions, region_names)

"""A comparison of log and record in words: one account, from which text and page are made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from forbear.base.clock import Clock, clock
from forbear.base.words import Direction
from forbear.evidence.compared import Compared, Differs, Lack, Pair, Row, Skew
from forbear.evidence.compared_words import COMPARED
from forbear.evidence.sections import folded_table, paragraph, section
from forbear.evidence.svg import esc
from forbear.evidence.voice import Voice, clean, cut

_TEXT_ROWS_MAX: Final = 10
_ROWS_NAMED_MAX: Final = 4
_NUMBER_MAX: Final = 20
# Where a line's number follows its file, a narrow cell may break.
_PLACE: Final = re.compile(r"(?<=[^\d\s]):(\d+)(?![\d:])")
_NAMES_SHOWN: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One list of a comparison: its name, its rows as cells of plain text, under ``heads``."""

    name: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


class Teller:
    """Says a comparison in one voice, with times on one clock."""

    def __init__(self, found: Compared, voice: Voice, zone: str) -> None:
        self.found = found
        self.voice = voice
        self.clock: Clock = clock(zone)

    def say(self, key: str, **values: object) -> str:
        """One of the words of comparisons."""
        return self.voice.put(COMPARED[key], **values)

    def headline(self) -> str:
        """The comparison in one sentence."""
        found = self.found
        if not (found.pairs or found.record_lacks or found.log_lacks):
            return self.say("head.none")
        return self.say(
            "head",
            pairs=len(found.pairs),
            record=len(found.record_lacks),
            log=len(found.log_lacks),
            differs=len(found.differs),
        )

    def remarks(self) -> list[str]:
        """What has to be known before the lists are read."""
        found = self.found
        said = [self.say("how")]
        said += [self._skew(skew) + self.voice.stop() for skew in found.skews if skew.beyond]
        if doubtful := sum(bool(lack.maybe) for lack in found.record_lacks):
            said.append(self.say("doubt", n=doubtful))
        if found.unnamed:
            said.append(self.say("unnamed", n=found.unnamed))
        if found.elsewhere:
            said.append(self.say("elsewhere", n=found.elsewhere))
        return said

    def parts(self) -> Iterator[Part]:
        """The lists, the most important first."""
        found, contact = self.found, ("when", "what", "place", "note")
        yield Part(
            name="record_lacks",
            heads=contact,
            rows=[self._lack(lack) for lack in found.record_lacks],
        )
        yield Part(
            name="differs",
            heads=("when", "what", "both", "note"),
            rows=[self._pair(pair) for pair in found.differs],
        )
        yield Part(
            name="log_lacks", heads=contact, rows=[self._lack(lack) for lack in found.log_lacks]
        )
        yield Part(
            name="apart",
            heads=("when", "what", "place", "why"),
            rows=[
                (
                    self.moment(each.row.at),
                    self.contact(each.row),
                    self.place(each.row),
                    self.say(f"why.{each.why}"),
                )
                for each in found.apart
            ],
        )
        yield Part(
            name="repeats",
            heads=("when", "what", "place", "of"),
            rows=[
                (
                    self.moment(repeat.row.at),
                    self.contact(repeat.row),
                    self.place(repeat.row),
                    self.place(repeat.of),
                )
                for repeat in found.repeats
            ],
        )

    def clocks(self) -> list[str]:
        """What was found of each clock of the record."""
        return [self._skew(skew) for skew in self.found.skews if not skew.beyond]

    def spans(self) -> list[str]:
        """From when to when each file lists contacts."""
        return [
            self.say(
                f"span.{span.side}",
                file=span.file,
                first=self.voice.moment(self._local(span.first)),
                last=self.voice.moment(self._local(span.last)),
            )
            for span in self.found.spans
        ]

    def _skew(self, skew: Skew) -> str:
        names = [cut(name, _NUMBER_MAX) for name in skew.names if name]
        who = self.voice.together(names[:_NAMES_SHOWN]) or self.say("clock.all")
        if len(names) > _NAMES_SHOWN:
            who = self.say("clock.many", who=who, n=len(names))
        key = "later" if skew.later_seconds >= 0 else "earlier"
        if not skew.settled:
            key = "beyond" if skew.beyond else "unknown"
        return self.say(
            f"clock.{key}",
            file=skew.file,
            who=who,
            n=abs(skew.later_seconds),
            within=skew.within_seconds,
            hours=_hours(skew.later_seconds),
        )

    def _lack(self, lack: Lack) -> tuple[str, ...]:
        notes = [
            self.say(key, rows=self.places(rows))
            for key, rows in (("instead", lack.instead), ("maybe", lack.maybe))
            if rows
        ]
        note = ("；" if self.voice.chinese else "; ").join(notes)
        return self.moment(lack.row.at), self.contact(lack.row), self.place(lack.row), note

    def _pair(self, pair: Pair) -> tuple[str, ...]:
        lengths = {}
        if pair.differs is Differs.LENGTH:
            lengths = {"log": pair.log.seconds or 0, "record": pair.record.seconds or 0}
        said = [self.say(f"differs.{pair.differs}", **lengths)]
        said += [self.say("unsure")] if pair.unsure else []
        note = ("；" if self.voice.chinese else "; ").join(said)
        both = self.places((pair.log, pair.record))
        return self.moment(pair.log.at), self.contact(pair.log), both, note

    def moment(self, at: datetime) -> str:
        """When a row says it was, to the second, on the reader's clock."""
        local = self._local(at)
        return f"{self.voice.moment(local)}:{local:%S}"

    def _local(self, at: datetime) -> datetime:
        return self.clock.moment(int(at.timestamp()))

    def contact(self, row: Row) -> str:
        """What kind of contact it was, which way, and the collector's number as the row has it."""
        what = self.voice.say(f"channel.{row.channel}")
        if row.direction is Direction.INBOUND:
            what = self.voice.say("you", what=what)
        return f"{what} {cut(row.number or '', _NUMBER_MAX)}".rstrip()

    def place(self, row: Row) -> str:
        """File and line."""
        return f"{row.source.file}:{row.source.line}"

    def places(self, rows: Sequence[Row]) -> str:
        """File and line of some rows, a few of them where there are many."""
        shown = self.voice.together([self.place(row) for row in rows[:_ROWS_NAMED_MAX]])
        return shown + (" …" if len(rows) > _ROWS_NAMED_MAX else "")


def _hours(seconds: int) -> str:
    sign = "-" if seconds < 0 else "+"
    minutes, second = divmod(abs(seconds), 60)
    return f"{sign}{minutes // 60}:{minutes % 60:02d}:{second:02d}"


def compared_text(found: Compared, voice: Voice, zone: str) -> list[str]:
    """The comparison as lines for a terminal, not yet broken to fit."""
    tell = Teller(found, voice, zone)
    lines = [tell.say("title"), "  " + tell.headline()]
    lines += ["  " + line for line in tell.remarks()]
    for part in tell.parts():
        if not part.rows and part.name in ("apart", "repeats"):
            continue
        lines += ["", f"{tell.say(part.name)}{voice.colon()}{len(part.rows):,}"]
        if part.rows:
            lines.append("  " + tell.say(f"{part.name}.proves"))
        for cells in part.rows[:_TEXT_ROWS_MAX]:
            when, what, place, note = cells
            said = f"  - {when} {what} [{place}]"
            lines.append(f"{said} {note}" if note else said)
        if len(part.rows) > _TEXT_ROWS_MAX:
            lines.append("    " + tell.say("more", n=len(part.rows) - _TEXT_ROWS_MAX))
    for name, told in (("clocks", tell.clocks()), ("spans", tell.spans())):
        lines += ["", tell.say(name), *(f"  - {line}" for line in told)] if told else []
    return lines


def compared_section(found: Compared, voice: Voice, zone: str) -> str:
    """The comparison as a section of the page."""
    tell = Teller(found, voice, zone)
    parts = [paragraph(tell.headline()), *(paragraph(line) for line in tell.remarks())]
    for part in tell.parts():
        if not part.rows and part.name in ("apart", "repeats"):
            continue
        title = tell.say(part.name)
        parts.append(f"<h3>{esc(title)}{voice.colon()}{len(part.rows):,}</h3>")
        parts.append(paragraph(tell.say(f"{part.name}.proves" if part.rows else "none")))
        if part.rows:
            heads = [tell.say(head) for head in part.heads]
            cells = [[_PLACE.sub(r":<wbr/>\1", esc(cell)) for cell in row] for row in part.rows]
            each = voice.say("bad.each")
            parts.append(folded_table(title, heads, cells, voice, summary=each, cls="even"))
    for name, said in (("clocks", tell.clocks()), ("spans", tell.spans())):
        if said:
            items = "".join(f"<li>{esc(line)}</li>" for line in said)
            parts.append(f"<h3>{esc(tell.say(name))}</h3><ul>{items}</ul>")
    return section("against", tell.say("title"), "".join(parts))


def compared_data(found: Compared) -> dict[str, Any]:
    """The comparison as values that ``json.dumps`` takes, complete; see ``docs/reference``."""
    return {
        "pairs": [_pair_data(pair) for pair in found.pairs],
        "record_lacks": [_lack_data(lack) for lack in found.record_lacks],
        "log_lacks": [_lack_data(lack) for lack in found.log_lacks],
        "outcome_differs": [_pair_data(pair) for pair in found.differs],
        "ambiguous": [_lack_data(lack) for lack in found.ambiguous],
        "outside": [{**_row_data(e.row), "side": str(e.side)} for e in found.outside],
        "not_shown": [
            {**_row_data(e.row), "side": str(e.side), "why": str(e.why)} for e in found.not_shown
        ],
        "repeats": [
            {**_row_data(e.row), "side": str(e.side), "of": _place_data(e.of)}
            for e in found.repeats
        ],
        "skew": [
            {
                "file": clean(skew.file),
                "names": [clean(name) for name in skew.names],
                "later_seconds": skew.later_seconds,
                "within_seconds": skew.within_seconds,
                "rows": skew.rows,
                "settled": skew.settled,
                "beyond": skew.beyond,
            }
            for skew in found.skews
        ],
        "spans": [
            {
                "side": str(span.side),
                "file": clean(span.file),
                "first": span.first.isoformat(timespec="seconds"),
                "last": span.last.isoformat(timespec="seconds"),
            }
            for span in found.spans
        ],
        "unnamed": found.unnamed,
        "elsewhere": found.elsewhere,
    }


def _place_data(row: Row) -> dict[str, Any]:
    return {"file": clean(row.source.file), "line": row.source.line}


def _row_data(row: Row) -> dict[str, Any]:
    return {
        **_place_data(row),
        "at": row.at.isoformat(timespec="seconds"),
        "channel": str(row.channel),
        "direction": str(row.direction),
        "number": None if row.number is None else clean(row.number),
        "outcome": None if row.outcome is None else str(row.outcome),
        "seconds": row.seconds,
    }


def _lack_data(lack: Lack) -> dict[str, Any]:
    return {
        **_row_data(lack.row),
        "instead": [_place_data(row) for row in lack.instead],
        "maybe": [_place_data(row) for row in lack.maybe],
    }


def _pair_data(pair: Pair) -> dict[str, Any]:
    return {
        "log": _row_data(pair.log),
        "record": _row_data(pair.record),
        "later_seconds": pair.later_seconds,
        "off_seconds": pair.off_seconds,
        "differs": None if pair.differs is None else str(pair.differs),
        "unsure": pair.unsure,
    }

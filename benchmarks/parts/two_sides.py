"""A made-up person's log and a lender's record of the same weeks, and what is true of both.

Everything is drawn from one seed: agencies with clocks of their own, masked and missing numbers,
bursts of redials seconds apart, rows told twice, and rows that either side has lost. The files are
written as a phone and a lender would write them, so that what reads them is tried as well.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from xml.sax.saxutils import quoteattr
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = 60
MINE, OTHERS = "P-1", ("P-2", "P-3")
HEAD = (
    "id", "at", "channel", "direction", "person", "lender", "agent", "number", "caller_id",
    "outcome", "duration", "text",
)  # fmt: skip
UNSHOWN_BY_BILL = ("no_answer", "busy", "out_of_service")
Place = tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class Agency:
    """One of those who call: its numbers, how its record shows them, and how its clock is off."""

    name: str
    lines: tuple[str, ...]
    shows: str
    later: int


@dataclass(kw_only=True)
class Contact:
    """What truly happened, and whether either side has kept it."""

    at: datetime
    channel: str
    inbound: bool
    outcome: str
    seconds: int
    text: str
    agency: Agency
    line: str
    in_log: bool = True
    in_record: bool = True
    told: str = ""


@dataclass(kw_only=True)
class Told:
    """What is drawn how: ``jitter`` seconds either way, ``skew`` seconds at most for a clock."""

    jitter: int = 3
    skew: int = 120
    lost: float = 0.12
    form: str = ""


@dataclass(kw_only=True)
class World:
    """The files of one person, and which contact each of their rows shows."""

    logs: list[Path]
    record: Path
    collectors: list[str]
    bill: bool
    contacts: list[Contact]
    log_rows: dict[Place, int] = field(default_factory=dict)
    record_rows: dict[Place, int] = field(default_factory=dict)

    def both(self) -> set[int]:
        """The contacts that both sides show."""
        return {n for n, c in enumerate(self.contacts) if c.in_log and c.in_record}

    def only_log(self) -> set[int]:
        """The contacts that only the log shows."""
        return {n for n, c in enumerate(self.contacts) if c.in_log and not c.in_record}

    def only_record(self) -> set[int]:
        """The contacts that only the record shows, though such a log would show them."""
        unseen = UNSHOWN_BY_BILL if self.bill else UNSHOWN_BY_BILL[1:]
        return {
            n
            for n, c in enumerate(self.contacts)
            if c.in_record and not c.in_log and c.told not in unseen
        }

    def told_otherwise(self) -> set[int]:
        """The contacts of both sides of which the record says what the phone can tell is untrue."""
        return {n for n in self.both() if self.contacts[n].told != self.contacts[n].outcome}


def world(seed: int, folder: Path, told: Told | None = None) -> World:
    """The files of one seed, written to ``folder``."""
    rnd, told = Random(seed), told or Told()
    agencies = [_agency(rnd, n, told) for n in range(rnd.randint(1, 4))]
    contacts = sorted(_contacts(rnd, agencies), key=lambda contact: contact.at)
    form = told.form or rnd.choices(("phone", "bill", "minutes"), (80, 15, 5))[0]
    _lose(rnd, contacts, told, bill=form != "phone")
    made = World(
        logs=[],
        record=folder / "record.csv",
        collectors=[f"{line}=L" for agency in agencies for line in agency.lines],
        bill=form != "phone",
        contacts=contacts,
    )
    if form == "phone":
        _write_backups(rnd, made, folder)
    else:
        _write_bill(made, folder, minutes=form == "minutes")
    _write_record(rnd, made, told)
    return made


def _agency(rnd: Random, n: int, told: Told) -> Agency:
    kind = rnd.choice(("mobile", "land", "service"))
    lines = []
    for _ in range(rnd.randint(1, 3)):
        digits = f"{rnd.randrange(10**7):07d}"
        head = {"mobile": "1380", "land": "0219", "service": "95"}[kind]
        lines.append(head + (digits if kind != "service" else digits[:3]))
    shows = rnd.choices(
        ("whole", "masked", "tail", "caller_id", "hash", "nothing"), (40, 20, 10, 10, 10, 10)
    )[0]
    later = rnd.randint(-told.skew, told.skew)
    return Agency(name=f"A{n}", lines=tuple(lines), shows=shows, later=later)


def _contacts(rnd: Random, agencies: list[Agency]) -> Iterator[Contact]:
    """Bursts of redials, single calls, texts, and calls back, none at the same time as another."""
    free_from = BEGIN + timedelta(hours=1)
    for _ in range(rnd.randint(25, 60)):
        step = timedelta(seconds=rnd.randint(600, DAYS * 86400 // 50))
        free_from += step
        agency = rnd.choice(agencies)
        line = rnd.choice(agency.lines)
        if rnd.random() < 0.2:
            yield Contact(
                at=free_from, channel="sms", inbound=False, outcome="delivered", seconds=0,
                text=f"【某贷】请还款 {rnd.randrange(10**6)}", agency=agency, line=line,
            )  # fmt: skip
            continue
        if rnd.random() < 0.06:
            talk = rnd.randint(10, 300)
            yield Contact(
                at=free_from, channel="call", inbound=True, outcome="conversation", seconds=talk,
                text="", agency=agency, line=line,
            )  # fmt: skip
            free_from += timedelta(seconds=talk + 5)
            continue
        for _ in range(rnd.choice((1, 1, 1, 2, 3, 5, 8))):
            talk = rnd.randint(5, 240) if rnd.random() < 0.4 else 0
            yield Contact(
                at=free_from, channel="call", inbound=False,
                outcome="conversation" if talk else "no_answer", seconds=talk, text="",
                agency=agency, line=line,
            )  # fmt: skip
            free_from += timedelta(seconds=talk + rnd.randint(8, 45))
            line = rnd.choice(agency.lines) if rnd.random() < 0.3 else line


def _lose(rnd: Random, contacts: list[Contact], told: Told, *, bill: bool) -> None:
    """Take rows from either side and tell some of the others otherwise."""
    lost_log, lost_record = rnd.uniform(0, told.lost), rnd.uniform(0, told.lost)
    for contact in contacts:
        contact.told = contact.outcome
        contact.in_log = rnd.random() >= lost_log
        contact.in_record = rnd.random() >= lost_record or not contact.in_log
        if bill and contact.outcome == "no_answer":
            contact.in_log = False
        if contact.in_log and contact.channel == "call" and rnd.random() < 0.05:
            contact.told = "no_answer" if contact.outcome == "conversation" else "conversation"


def _write_backups(rnd: Random, made: World, folder: Path) -> None:
    """Two backups of calls that overlap, and one of texts; a friend calls before and after."""
    calls, texts = folder / "calls.xml", folder / "sms.xml"
    kinds = {"conversation": "1", "no_answer": "3"}
    lines = ["<calls>"]
    friend = '<call number="13900000001" duration="60" type="1" date="{}" presentation="1"/>'
    lines.append(friend.format(_ms(BEGIN)))
    said = ["<smses>"]
    for n, contact in enumerate(made.contacts):
        if not contact.in_log:
            continue
        if contact.channel == "sms":
            said.append(
                f'<sms address="{contact.line}" date="{_ms(contact.at)}" type="1" '
                f"body={quoteattr(contact.text)}/>"
            )
            made.log_rows["sms.xml", len(said)] = n
            continue
        kind = "2" if contact.inbound else kinds[contact.outcome]
        for _ in range(2 if rnd.random() < 0.04 else 1):
            lines.append(
                f'<call number="{contact.line}" duration="{contact.seconds}" type="{kind}" '
                f'date="{_ms(contact.at)}" presentation="1"/>'
            )
            made.log_rows["calls.xml", len(lines)] = n
    end = made.contacts[-1].at + timedelta(hours=1)
    lines += [friend.format(_ms(end)), "</calls>"]
    text = '<sms address="13900000001" date="{}" type="1" body="吃饭"/>'
    said += [text.format(_ms(at)) for at in (BEGIN, end)]
    calls.write_text("\n".join(lines), encoding="utf-8")
    texts.write_text("\n".join([*said, "</smses>"]), encoding="utf-8")
    made.logs += [calls, texts]


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _write_bill(made: World, folder: Path, *, minutes: bool) -> None:
    """A carrier's bill: connected calls and texts, no unanswered ones."""
    path = folder / "bill.csv"
    end = made.contacts[-1].at + timedelta(hours=1)
    rows = [["起始时间", "通信方式", "对方号码", "通信时长", "业务类型"]]
    rows.append([_local(BEGIN, minutes=minutes), "被叫", "13900000001", "60秒", "语音"])
    for n, contact in enumerate(made.contacts):
        if not contact.in_log:
            continue
        at = _local(contact.at, minutes=minutes)
        if contact.channel == "sms":
            rows.append([at, "接收", contact.line, "", "短信"])
        else:
            way = "主叫" if contact.inbound else "被叫"
            rows.append([at, way, contact.line, f"{contact.seconds}秒", "语音"])
        made.log_rows["bill.csv", len(rows)] = n
    for kind, way, length in (("语音", "被叫", "60秒"), ("短信", "接收", "")):
        rows.append([_local(end, minutes=minutes), way, "13900000001", length, kind])
    _write_csv(path, rows)
    made.logs.append(path)


def _local(at: datetime, *, minutes: bool) -> str:
    moment = at.astimezone(ZONE)
    return moment.replace(second=0).strftime("%Y-%m-%d %H:%M:%S") if minutes else (
        moment.strftime("%Y-%m-%d %H:%M:%S")
    )  # fmt: skip


def _write_record(rnd: Random, made: World, told: Told) -> None:
    """The lender's record, of other persons too, in which agencies may stand apart."""
    apart = rnd.random() < 0.5
    rows: list[tuple[datetime, list[str], int | None]] = []
    for n, contact in enumerate(made.contacts):
        if not contact.in_record:
            continue
        noise = rnd.randint(-told.jitter, told.jitter)
        at = contact.at + timedelta(seconds=contact.agency.later + noise)
        row = _record_row(contact, at, f"C{n}", rnd, lender=contact.agency.name if apart else "L")
        rows.append((at, row, n))
        if rnd.random() < 0.04:
            again = [f"D{n}", *row[1:]] if rnd.random() < 0.5 else row
            rows.append((at, again, n))
    end = made.contacts[-1].at
    for person in OTHERS:
        for at in (BEGIN - timedelta(hours=2), BEGIN + (end - BEGIN) / 2, end + timedelta(hours=2)):
            for channel, way in (("call", "outbound"), ("sms", "outbound"), ("call", "inbound")):
                outcome = "delivered" if channel == "sms" else "no_answer"
                cells = [
                    "", at.isoformat(), channel, way, person, "L", "a9", "", "", outcome, "", "",
                ]  # fmt: skip
                rows.append((at, cells, None))
    rows.sort(key=lambda row: row[0])
    for line, (_, _, n) in enumerate(rows, start=2):
        if n is not None:
            made.record_rows["record.csv", line] = n
    _write_csv(made.record, [list(HEAD), *(cells for _, cells, _ in rows)])


def _record_row(
    contact: Contact, at: datetime, name: str, rnd: Random, *, lender: str
) -> list[str]:
    number, caller = _shown(contact)
    talked = contact.told == "conversation"
    length = contact.seconds or rnd.randint(5, 90)
    return [
        name, at.isoformat(), contact.channel, "inbound" if contact.inbound else "outbound", MINE,
        lender, f"{contact.agency.name}-{rnd.randint(1, 9):02d}", number, caller, contact.told,
        str(max(1, length + rnd.randint(-2, 2))) if talked else "", contact.text,
    ]  # fmt: skip


def _shown(contact: Contact) -> tuple[str, str]:
    """The number and the caller id that the record has."""
    line = contact.line
    match contact.agency.shows:
        case "whole":
            return line, ""
        case "masked":
            return f"{line[:4]}****{line[8:]}" if len(line) > 8 else f"***{line[-2:]}", ""
        case "tail":
            return f"尾号{line[-4:]}", ""
        case "caller_id":
            return f"021666600{contact.agency.name[1:]:0>2}", line
        case "hash":
            return f"{hash_of(line):032x}", ""
        case _:
            return "", ""


def hash_of(text: str) -> int:
    """A number that says nothing of ``text`` to those who do not know it; the same on every run."""
    return Random(f"salt {text}").getrandbits(128) | (0xA << 124)


def _write_csv(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


@dataclass(kw_only=True)
class Score:
    """How often what was found is true, and how much of what is true was found."""

    found: int = 0
    true: int = 0
    right: int = 0

    def add(self, found: set[object], true: set[object]) -> None:
        """Count one world more."""
        self.found += len(found)
        self.true += len(true)
        self.right += len(found & true)

    @property
    def precision(self) -> float:
        """The share of what was found that is true."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of what is true that was found."""
        return self.right / self.true if self.true else 1.0

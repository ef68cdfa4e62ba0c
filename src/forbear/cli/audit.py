"""``forbear audit``: a person's log in, findings by clause out."""

from __future__ import annotations

import argparse
import gc
import json
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from forbear import __version__
from forbear.base.clock import clock
from forbear.base.contact import Contact, Fact, FactId
from forbear.base.errors import CaseError, InputError
from forbear.base.words import Direction, FactKind
from forbear.cli.drawn import closed_hours, day_limits
from forbear.cli.remarks import remarks, unanswered_not_shown
from forbear.evidence.given import Language, ReportInput, Suggested, Unreadable
from forbear.evidence.machine import as_json
from forbear.evidence.report import html
from forbear.evidence.text import headlines, text
from forbear.evidence.voice import Voice
from forbear.intake import (
    Collector,
    Form,
    Log,
    Whose,
    by_person,
    parse_collector,
    read_logs,
    suggest,
    template,
)
from forbear.law.auditing import Debtor
from forbear.law.auditing import audit as judge
from forbear.law.book import Book, load

_DEFAULT_PACKS: Final = ("cn",)
_LENDER_TYPES: Final = ("bank", "consumer_finance", "microloan", "private", "unlicensed")
_PRODUCTS: Final = ("credit_card", "online_consumer", "private_loan")
_ENDINGS: Final = {".html": "html", ".htm": "html", ".json": "json"}
_LONG_WORK_BYTES: Final = 1 << 20
_HINTS_MAX: Final = 10


def add_to(commands: Any) -> None:
    """Add ``audit`` and its options."""
    one = commands.add_parser("audit", help="judge a phone log, a bill or a lender's list by law")
    one.add_argument(
        "logs", metavar="LOG", nargs="*", type=Path,
        help="Android backup (XML), carrier bill (CSV, XLSX), lender's list, or filled-in template",
    )  # fmt: skip
    one.add_argument(
        "--collector", metavar="NUMBER[=NAME]", action="append", default=[],
        help="a number to judge, all that begin with it where it ends in * or is short; repeat it",
    )  # fmt: skip
    one.add_argument(
        "--pack", metavar="NAME", action="append", default=[],
        help="the law: cn (default), us, cn-humane, cn@2024-06-01 or a folder; repeat it",
    )  # fmt: skip
    one.add_argument(
        "--as-of", metavar="DATE", type=_date, help="judge by the law of this day, 2024-06-01"
    )
    one.add_argument(
        "--whose", choices=[*map(str, Whose)], default=str(Whose.DEBTOR),
        help="whose phone it is (default: debtor)",
    )  # fmt: skip
    one.add_argument("--lender-type", choices=_LENDER_TYPES, help="what kind of lender collects")
    one.add_argument("--product", choices=_PRODUCTS, help="what kind of loan is collected")
    one.add_argument("--zone", metavar="ZONE", help="time zone, such as Asia/Shanghai")
    one.add_argument("--region", metavar="REGION", help="where the debtor lives, such as US-MA")
    one.add_argument("--year", metavar="YEAR", type=int, help="the year of dates that have none")
    one.add_argument("--lang", choices=("zh", "en"), help="the language of the report")
    one.add_argument(
        "--format", choices=("html", "json", "text"), help="by default as OUT ends, or text"
    )
    one.add_argument("-o", "--output", metavar="OUT", type=Path, help="write the report to a file")
    one.add_argument(
        "--template", action="store_true", help="write an empty list for calls typed by hand"
    )
    one.set_defaults(run=run)


def _date(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        message = f"{written!r} is no date; write one such as 2024-06-01"
        raise argparse.ArgumentTypeError(message) from error


def run(args: argparse.Namespace) -> int:
    """Judge the logs and write the report. 0: every row was read; 1: some are error rows."""
    searched = gc.isenabled()
    # A log becomes many objects and hardly a circle of them; looking for one costs a fifth of
    # the time and finds nothing.
    gc.disable()
    try:
        return _run(args)
    finally:
        if searched:
            gc.enable()


def _run(args: argparse.Namespace) -> int:
    form = _form(args)
    _check_output(args.output, args.logs)
    if args.template:
        return _write_template(args)
    collectors = {written: parse_collector(written) for written in args.collector}
    book = load(args.pack or _DEFAULT_PACKS, as_of=args.as_of)
    language = args.lang or _language_of(book)
    zone = _known_zone(args.zone or book.zone)
    now = datetime.now(UTC)
    tell = _Progress(args.logs)
    tell("reading")
    log = read_logs(args.logs, now=now, zone=zone, year=args.year)
    if log.unreadable and not log.rows:
        message = f"no row could be read, {len(log.unreadable):,} in all; {log.unreadable[0]}"
        raise InputError(message)
    tell(f"judging {len(log.rows):,} rows")
    given = _judged(args, log, book, collectors, zone=zone, language=language, now=now)
    tell("writing")
    made = _made(given, form)
    tell("")
    _hand_over(made, given, args)
    if not args.collector and any(row.form is not Form.LEDGER for row in log.rows):
        # Whoever reads standard output as data must find nothing else in it.
        piped = form == "json" and args.output is None
        print("\n".join(_which_collectors(given)), file=sys.stderr if piped else sys.stdout)
    return 1 if log.unreadable else 0


def _form(args: argparse.Namespace) -> str:
    out: Path | None = args.output
    form: str = args.format or (_ENDINGS.get(out.suffix.lower()) if out else None) or "text"
    if form == "html" and out is None:
        message = "--format html: a page needs a file; add -o report.html"
        raise InputError(message)
    return form


def _check_output(out: Path | None, logs: Sequence[Path]) -> None:
    """Refuse, before anything is read, to write where no report belongs."""
    if out is None:
        return
    if out.is_dir():
        message = f"{out}: it is a folder; name a file in it, such as {out / 'report.html'}"
        raise InputError(message)
    if any(out.exists() and log.exists() and out.samefile(log) for log in logs):
        message = f"{out}: it is one of the logs and would be lost; name another file after -o"
        raise InputError(message)


def _known_zone(zone: str) -> str:
    try:
        return clock(zone).name
    except CaseError as error:
        message = f"--zone: {error}"
        raise InputError(message) from error


def _language_of(book: Book) -> Language:
    """Chinese where the law is Chinese."""
    return "zh" if any(pack.name.split("-")[0] == "cn" for pack in book.packs) else "en"


def _judged(
    args: argparse.Namespace,
    log: Log,
    book: Book,
    named: Mapping[str, Collector],
    *,
    zone: str,
    language: Language,
    now: datetime,
) -> ReportInput:
    """The log before the law: everything that a report is made from."""
    collectors = _for_whom(tuple(named.values()))
    facts = (*_lender(args, book), *_guarantee(args))
    debtors = [
        Debtor(contacts=own.contacts, facts=facts, zone=zone, region=args.region)
        for own in by_person(log, collectors, whose=args.whose)
    ]
    found = judge(book, debtors)
    if not log.shows_unanswered:
        found = unanswered_not_shown(found, book, debtors)
    contacts = tuple(
        sorted((c for debtor in debtors for c in debtor.contacts), key=lambda c: c.instant)
    )
    days = _days(contacts, zone)
    return ReportInput(
        audit=found,
        contacts=contacts,
        zone=zone,
        language=language,
        whose=args.whose,
        made_at=now,
        version=__version__,
        command=args.command_line,
        inputs=log.inputs,
        unreadable=tuple(
            Unreadable(file=bad.source.file, line=bad.source.line, what=bad.what)
            for bad in log.unreadable
        ),
        notes=remarks(log, collectors),
        collectors=tuple((_number_in(written), c.name) for written, c in named.items()),
        suggestions=_suggested(log, collectors),
        limits=day_limits(book, days),
        closed=closed_hours(book, days),
    )


def _for_whom(collectors: tuple[Collector, ...]) -> tuple[Collector, ...]:
    """Where one lender is named, the numbers without a name are taken to be its own as well."""
    lenders = {collector.lender for collector in collectors} - {""}
    only = next(iter(lenders), "") if len(lenders) == 1 else ""
    return tuple(replace(c, lender=c.lender or only) for c in collectors)


def _guarantee(args: argparse.Namespace) -> tuple[Fact, ...]:
    """A guarantor's phone is judged as one whose guarantee binds; else it is a relative's."""
    if args.whose != Whose.GUARANTOR:
        return ()
    value = {"type": "joint_and_several"}
    return (Fact(id=FactId("guarantee"), kind=FactKind.GUARANTEE, since=0, value=value),)


def _number_in(written: str) -> str:
    """The number of a collector as it was written, which is what a reader will look for."""
    return re.split("[=\uff1d]", written, maxsplit=1)[0].strip()


def _lender(args: argparse.Namespace, book: Book) -> tuple[Fact, ...]:
    """What the command line says of the lender; the packs assume the rest of it."""
    said = {"lender_type": args.lender_type, "product": args.product}
    told = {key: value for key, value in said.items() if value is not None}
    if not told:
        return ()
    assumed = [
        table.get("value", {})
        for pack in book.packs
        for table in pack.audit_defaults.get("facts", ())
        if table["kind"] == FactKind.LENDER_PROFILE
    ]
    return (
        Fact(
            id=FactId("command-line"),
            kind=FactKind.LENDER_PROFILE,
            # Before any log begins.
            since=0,
            value={**(assumed[0] if assumed else {}), **told},
        ),
    )


def _days(contacts: Sequence[Contact], zone: str) -> range:
    """The local days from the first contact that was judged to the last."""
    instants = [c.instant for c in contacts if c.direction is Direction.OUTBOUND]
    if not instants:
        return range(0)
    return range(clock(zone).day(instants[0]), clock(zone).day(instants[-1]) + 1)


def _suggested(log: Log, collectors: Sequence[Collector]) -> tuple[Suggested, ...]:
    """The numbers that look like a collector's and are none of those judged."""
    return tuple(
        Suggested(
            number=maybe.number,
            name=maybe.name,
            reasons=maybe.reasons,
            likelihood=str(maybe.likelihood),
            count=maybe.count,
        )
        for maybe in suggest(log)
        if not any(collector.matches(maybe.number) for collector in collectors)
    )


def _made(given: ReportInput, form: str) -> str:
    match form:
        case "html":
            return html(given)
        case "json":
            return json.dumps(as_json(given), ensure_ascii=False) + "\n"
        case _:
            return text(given)


def _hand_over(made: str, given: ReportInput, args: argparse.Namespace) -> None:
    """Write the report to its file and say on the terminal what it found, or print it whole."""
    if args.output is None:
        sys.stdout.write(made)
        return
    _write(args.output, made, encoding="utf-8")
    written = "报告已写入" if given.language == "zh" else "The report is in"
    print("\n".join([*headlines(given), f"{written} {args.output}"]))


def _write(path: Path, made: str, *, encoding: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made, encoding=encoding, newline="\n")
    except OSError as error:
        message = f"{path}: it cannot be written ({error.strerror}); name another file after -o"
        raise InputError(message) from error


def _which_collectors(given: ReportInput) -> list[str]:
    """Exactly what to add to the command, where nobody said whose calls to judge."""
    chinese = given.language == "zh"
    voice = Voice(given.language, space=" ")
    options: list[str] = []
    for maybe in given.suggestions:
        number = maybe.number if maybe.name is None else f"{maybe.number}={maybe.name}"
        try:
            parse_collector(number)
        except InputError:
            # A sender that is a word has no number to be called by.
            continue
        about = [voice.say_if_known(f"likelihood.{maybe.likelihood}")]
        about.append(voice.say("who.count", n=maybe.count))
        note = ("，" if chinese else ", ").join(part for part in about if part)
        options.append(f"  --collector {shlex.quote(number)}  # {note}")
    if not options:
        return [
            "没有写明催收方的号码，也没有发现像催收方的号码。请加上 --collector 号码=名称 再核对。"
            if chinese
            else "No collector was named, and no number looks like one; "
            "add --collector NUMBER=NAME."
        ]
    shown = options[:_HINTS_MAX]
    if len(options) > len(shown):
        more = len(options) - len(shown)
        shown.append(f"  # 另有 {more} 个" if chinese else f"  # and {more} more")
    ask = (
        "没有写明催收方的号码，所以没有判断任何来电。请确认下面哪些属于催收方，加到命令里再核对："
        if chinese
        else "No collector was named, so nothing was judged. Add those that are one and run again:"
    )
    return [ask, *shown]


def _write_template(args: argparse.Namespace) -> int:
    made = template(args.lang or "zh")
    if args.output is not None:
        # Without the mark at its beginning a spreadsheet shows Chinese as signs.
        _write(args.output, made, encoding="utf-8-sig")
        print(args.output)
    elif sys.stdout.isatty():
        sys.stdout.write(made)
    else:
        sys.stdout.buffer.write(made.encode("utf-8-sig"))
    return 0


class _Progress:
    """One line on a terminal that says what is being done, where that takes a while."""

    def __init__(self, logs: Sequence[Path]) -> None:
        """Stay silent where nobody looks, or where it is over before anyone could read it."""
        size = sum(log.stat().st_size for log in logs if log.is_file())
        self._shown = size > _LONG_WORK_BYTES and sys.stderr.isatty()

    def __call__(self, what: str) -> None:
        """Show ``what`` in place of what was shown before; nothing wipes the line."""
        if self._shown:
            sys.stderr.write(f"\r\x1b[K{f'forbear: {what} …' if what else ''}")
            sys.stderr.flush()

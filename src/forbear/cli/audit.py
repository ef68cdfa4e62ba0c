"""``forbear audit``: a person's log in, findings by clause out."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from forbear.audit import Asked, examine
from forbear.audit.examine import DEFAULT_PACKS, LENDER_TYPES, PRODUCTS
from forbear.base.errors import InputError
from forbear.cli import audit_against, audit_batch, audit_joint, papers
from forbear.cli.audit_versions import Version, versions
from forbear.evidence.given import Language, ReportInput
from forbear.evidence.machine import as_json
from forbear.evidence.papers import about_template
from forbear.evidence.report import html
from forbear.evidence.text import headlines, text
from forbear.evidence.voice import Voice
from forbear.intake import Form, Log, Whose, parse_collector, template

_ENDINGS: Final = {".html": "html", ".htm": "html", ".json": "json"}
_LONG_WORK_BYTES: Final = 1 << 20
_HINTS_MAX: Final = 10


def add_to(commands: Any) -> None:
    """Add ``audit`` and its options."""
    one = commands.add_parser("audit", help="judge a phone log, a bill or a lender's list by law")
    one.add_argument(
        "logs", metavar="LOG", nargs="*", type=Path,
        help="Android backup (XML), carrier bill (CSV, XLSX), lender's list, filled-in template, "
        "or a ledger of any size (Parquet, Arrow, - for a stream)",
    )  # fmt: skip
    one.add_argument(
        "--collector", metavar="NUMBER[=NAME]", action="append", default=[],
        help="a number to judge, all that begin with it where it ends in * or is short; repeat it",
    )  # fmt: skip
    one.add_argument(
        "--pack", metavar="NAME", action="append", default=[],
        help="the law: cn (default), us, cn-humane, cn@2024-06-01, cn@next or a folder; repeat it; "
        "versions of one pack are compared",
    )  # fmt: skip
    one.add_argument(
        "--as-of", metavar="DATE", type=_date, help="judge by the law of this day, 2024-06-01"
    )
    one.add_argument(
        "--whose", choices=[*map(str, Whose)], default=str(Whose.DEBTOR),
        help="whose phone it is (default: debtor)",
    )  # fmt: skip
    one.add_argument("--lender-type", choices=LENDER_TYPES, help="what kind of lender collects")
    one.add_argument("--product", choices=PRODUCTS, help="what kind of loan is collected")
    one.add_argument("--zone", metavar="ZONE", help="time zone, such as Asia/Shanghai")
    one.add_argument("--region", metavar="REGION", help="where the debtor lives, such as US-MA")
    one.add_argument("--year", metavar="YEAR", type=int, help="the year of dates that have none")
    one.add_argument("--lang", choices=("zh", "en"), help="the language of the report")
    one.add_argument(
        "--format",
        choices=("html", "json", "text", "csv"),
        help="by default as OUT ends, or text; csv is for --joint",
    )
    one.add_argument("-o", "--output", metavar="OUT", type=Path, help="write the report to a file")
    one.add_argument(
        "--template", action="store_true", help="write an empty list for calls typed by hand"
    )
    papers.add_to(one)
    audit_against.add_options(one)
    audit_joint.add_options(one)
    audit_batch.add_options(one)
    one.set_defaults(run=run)


def _date(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        message = f"{written!r} is no date; write one such as 2024-06-01"
        raise argparse.ArgumentTypeError(message) from error


def run(args: argparse.Namespace) -> int:
    """Judge the logs and write the report. 0: every row was read; 1: some are error rows."""
    law = versions(args.pack or DEFAULT_PACKS)
    if audit_batch.is_for(args):
        return audit_batch.run(args, law)
    if len(law) > 1:
        return _compare(args, law)
    if args.joint:
        return audit_joint.run(args, _asked(args, law[0]), _write)
    form = _form(args)
    _check_output(args.output, args.logs)
    if args.template or args.about_template:
        return _write_template(args)
    said = papers.told(args)
    tell = _Progress(args.logs)
    now = datetime.now(UTC)
    # What was told for the papers may say more of the lender, so it comes first.
    examined = examine(args.logs, _asked(args, law[0]), now=now, tell=tell)
    given = audit_against.against(args, examined, now)
    tell("writing")
    made = _made(given, form)
    written = [] if said is None else papers.write(given, said, args, tell)
    tell("")
    _hand_over(made, given, args)
    return _after(args, examined.log, given, form, written)


def _compare(args: argparse.Namespace, law: Sequence[Version]) -> int:
    """Judge the logs by each version of the law and write what changes."""
    _check_output(args.output, args.logs)
    what_if = audit_batch.loaded("audit_what_if", "a comparison of versions")
    form = what_if.form_of(args)
    examined = what_if.run(args, _asked(args, law[0]), law, tell=_Progress(args.logs), write=_write)
    return _after(args, examined.log, examined.given, form)


def _after(
    args: argparse.Namespace, log: Log, given: ReportInput, form: str, lines: Sequence[str] = ()
) -> int:
    """Say what is to be said beside a report: ``lines``, and whose calls might yet be judged."""
    # Whoever reads standard output as data must find nothing else in it.
    beside = sys.stderr if form == "json" and args.output is None else sys.stdout
    if lines:
        print("\n".join(lines), file=beside)
    if not args.collector and any(row.form is not Form.LEDGER for row in log.rows):
        print("\n".join(_which_collectors(given)), file=beside)
    return 1 if given.unreadable else 0


def _asked(args: argparse.Namespace, law: Version) -> Asked:
    return Asked(
        packs=law.packs,
        collectors=tuple(args.collector),
        as_of=args.as_of,
        whose=Whose(args.whose),
        lender_type=args.lender_type,
        product=args.product,
        zone=args.zone,
        region=args.region,
        year=args.year,
        language=args.lang,
        command=audit_joint.command(args) if args.joint else args.command_line,
    )


def _form(args: argparse.Namespace) -> str:
    out: Path | None = args.output
    form: str = args.format or (_ENDINGS.get(out.suffix.lower()) if out else None) or "text"
    if form == "csv" or args.joint_key is not None:
        message = "--format csv and --joint-key are for a joint table; add --joint"
        raise InputError(message)
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
    language: Language = args.lang or "zh"
    made = about_template(language) if args.about_template else template(language)
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

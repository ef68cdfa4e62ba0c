"""The joint table as text, page, data (schema ``forbear.joint/1``) and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

from forbear.base.clock import clock
from forbear.evidence.joint_given import Dates, Joint, JointClause, JointLender
from forbear.evidence.joint_words import JOINT
from forbear.evidence.report import page
from forbear.evidence.sections import folded_table, paragraph, section, table
from forbear.evidence.svg import esc
from forbear.evidence.text import wrapped
from forbear.evidence.voice import Voice, clean, cut

SCHEMA: Final = "forbear.joint/1"
_NAME_MAX: Final = 60
_MARK: Final = "*"
_COLUMNS: Final = (
    "lender", "clause", "rule", "level", "effect", "confidence", "complainants", "contacts",
    "breached", "attempted", "first", "last", "small",
)  # fmt: skip


class _Teller:
    """Says a joint table in one voice."""

    def __init__(self, given: Joint, *, space: str | None = None) -> None:
        self.given = given
        self.voice = Voice(given.language) if space is None else Voice(given.language, space=space)

    def say(self, key: str, **values: object) -> str:
        return self.voice.put(JOINT[key], **values)

    def headline(self) -> str:
        given = self.given
        contacts = sum(each.contacts for each in given.complainants)
        if not contacts:
            return self.say("head.none" if not given.collectors else "head.empty")
        return self.say(
            "head",
            people=sum(each.contacts > 0 for each in given.complainants),
            lenders=len(given.lenders),
            contacts=contacts,
            broken=sum(each.breached for each in given.complainants),
            attempt=sum(each.attempted for each in given.complainants),
        )

    def remarks(self) -> list[str]:
        given = self.given
        said = [self.say("each"), self.say("names.key" if given.key_given else "names.random")]
        said.append(self.say("small", n=given.small))
        if given.shared_files:
            said.append(self.say("shared", n=given.shared_files))
        return said

    def people(self, count: int) -> str:
        return f"{count:,}{_MARK}" if count < self.given.small else f"{count:,}"

    def lender(self, lender: JointLender) -> str:
        return self.say("lender.unknown") if lender.name == "?" else cut(lender.name, _NAME_MAX)

    def about(self, lender: JointLender) -> list[str]:
        said = [
            self.say(
                "lender.contacts",
                people=self.people(lender.complainants),
                n=lender.contacts,
                **self.days(lender.dates),
            )
        ]
        if lender.numbers:
            said.append(self.say("lender.numbers", numbers=self.voice.together(lender.numbers)))
        return said

    def days(self, dates: Dates) -> dict[str, str]:
        first, last = dates.first, dates.last
        return {
            "first": self.voice.day(first, year=True),
            "last": self.voice.day(last, year=True),
        }

    def between(self, dates: Dates | None) -> str:
        if dates is None:
            return ""
        if dates.first == dates.last:
            return self.voice.day(dates.first, year=True)
        return self.say("date", **self.days(dates))

    def kind(self, clause: JointClause) -> str:
        """Level, effect and how sure: what keeps a doubt from being read as a breach."""
        return " · ".join(
            (
                self.voice.say(f"level.{clause.level}"),
                self.say(f"manner.{clause.manner()}"),
                self.voice.say(f"sure.{clause.confidence}"),
            )
        )


def joint_text(given: Joint) -> str:
    """The table for a terminal."""
    tell = _Teller(given, space=" ")
    voice = tell.voice
    lines = [tell.headline(), *tell.remarks()]
    for lender in given.lenders:
        lines += ["", tell.lender(lender), *(f"  {said}" for said in tell.about(lender))]
        if not lender.clauses:
            lines.append("  " + tell.say("lender.clean"))
        for clause in lender.clauses:
            counts = [
                f"{tell.say(key)} {number}"
                for key, number in (
                    ("people", tell.people(clause.complainants)),
                    ("breached", f"{clause.breached:,}"),
                    ("attempted", f"{clause.attempted:,}"),
                )
            ]
            lines.append(f"  - {voice.tidy(clause.clause)}{voice.colon()}{voice.together(counts)}")
            lines.append(f"    {tell.between(clause.dates)} · {tell.kind(clause)} · {clause.rule}")
    if given.errors:
        lines += ["", tell.say("errors.count", n=len(given.errors))]
        lines += [
            f"  - {error.pseudonym}{voice.colon()}{tell.say(f'error.{error.what}')}"
            for error in given.errors
        ]
    if given.suggestions:
        lines += ["", tell.say("maybe")]
        lines += [
            f"  - {maybe.number}{voice.colon()}{tell.say('people')} "
            f"{tell.people(maybe.complainants)}, {tell.say('rows')} {maybe.rows:,}, "
            f"{voice.say(f'likelihood.{maybe.likelihood}')}"
            for maybe in given.suggestions
        ]
    lines += ["", voice.say("check.advice")]
    return "\n".join(wrapped(line) for line in lines) + "\n"


def joint_html(given: Joint) -> str:
    """The table as a page of its own."""
    tell = _Teller(given)
    voice = tell.voice
    opening = "".join(paragraph(line) for line in tell.remarks())
    body = [
        f"<header>{paragraph(tell.say('title'), cls='quiet')}<h1>{esc(tell.headline())}</h1>"
        f"{opening}</header>"
    ]
    if given.lenders:
        each = "".join(_lender(lender, tell) for lender in given.lenders)
        body.append(section("lenders", tell.say("lenders"), each))
    if given.suggestions:
        heads = [tell.say(key) for key in ("number", "people", "rows", "likely")]
        rows = [
            [
                esc(maybe.number),
                tell.people(maybe.complainants),
                f"{maybe.rows:,}",
                esc(voice.say(f"likelihood.{maybe.likelihood}")),
            ]
            for maybe in given.suggestions
        ]
        body.append(
            section("maybe", tell.say("maybe"), _table(tell.say("maybe"), heads, rows, voice))
        )
    body += [_complainants(tell), _errors(tell), _check(tell)]
    return page(tell.say("title"), "".join(body), voice)


def _table(caption: str, heads: list[str], rows: list[list[str]], voice: Voice) -> str:
    return folded_table(caption, heads, rows, voice, summary=voice.say("bad.each"))


def _lender(lender: JointLender, tell: _Teller) -> str:
    voice = tell.voice
    name = esc(tell.lender(lender))
    said = "".join(paragraph(line, cls="quiet") for line in tell.about(lender))
    if not lender.clauses:
        said += paragraph(tell.say("lender.clean"))
        return f'<article class="clause"><h3>{name}</h3>{said}</article>'
    heads = [tell.say(key) for key in ("clause", "people", "breached", "attempted", "dates")]
    rows = [
        [
            f"{esc(voice.tidy(clause.clause))}<br/>"
            f'<span class="quiet">{esc(tell.kind(clause))}</span>'
            f"<br/><code>{esc(clause.rule)}</code>",
            tell.people(clause.complainants),
            f"{clause.breached:,}",
            f"{clause.attempted:,}",
            _two_lines(tell, clause.dates),
        ]
        for clause in lender.clauses
    ]
    made = table(tell.lender(lender), heads, rows, voice, cls="even joint")
    return f'<article class="clause"><h3>{name}</h3>{said}{made}</article>'


def _two_lines(tell: _Teller, dates: Dates | None) -> str:
    """First and last date of a narrow column."""
    if dates is None:
        return ""
    shown = dict.fromkeys(tell.voice.day(day, year=True) for day in (dates.first, dates.last))
    return "<br/>".join(f'<span class="one">{esc(day)}</span>' for day in shown)


def _complainants(tell: _Teller) -> str:
    if not tell.given.complainants:
        return ""
    keys = ("who", "contacts", "breached", "attempted", "unreadable", "dates")
    rows = [
        [
            f'<span class="one">{esc(each.pseudonym)}</span>',
            f"{each.contacts:,}",
            f"{each.breached:,}",
            f"{each.attempted:,}",
            f"{each.unreadable:,}",
            _two_lines(tell, each.dates),
        ]
        for each in tell.given.complainants
    ]
    title = tell.say("complainants")
    made = _table(title, [tell.say(key) for key in keys], rows, tell.voice)
    return section("complainants", title, made)


def _errors(tell: _Teller) -> str:
    errors = tell.given.errors
    if not errors:
        return ""
    rows = [[esc(error.pseudonym), esc(tell.say(f"error.{error.what}"))] for error in errors]
    title = tell.say("errors")
    body = paragraph(tell.say("errors.count", n=len(errors)))
    body += _table(title, [tell.say("who"), tell.say("why")], rows, tell.voice)
    return section("errors", title, body)


def _check(tell: _Teller) -> str:
    """How the table was made; no hash of a file, since that would name whoever has the file."""
    given, voice = tell.given, tell.voice
    at = clock(given.zone).moment(int(given.made_at.timestamp()))
    rows = [[esc(k), f'<code class="hash">{esc(v)}</code>'] for k, v in given.packs.items()]
    heads = [voice.say("check.pack"), voice.say("check.hash")]
    body = f"<h3>{esc(voice.say('check.command'))}</h3><pre><code>{esc(given.command)}</code></pre>"
    body += table(voice.say("check.packs"), heads, rows, voice, cls="hashes")
    made = voice.say("check.made", when=voice.moment(at), version=given.version)
    body += paragraph(made) + paragraph(voice.say("check.advice"))
    return section("check", voice.say("check.title"), body)


def joint_data(given: Joint) -> dict[str, Any]:
    """The table as values that ``json.dumps`` takes, complete."""
    return {
        "schema": SCHEMA,
        "small": given.small,
        "key": "given" if given.key_given else "random",
        "lenders": [
            {
                "lender": clean(lender.name),
                "numbers": list(lender.numbers),
                "complainants": lender.complainants,
                "contacts": lender.contacts,
                **_dates(lender.dates),
            }
            for lender in given.lenders
        ],
        "clauses": list(_cells(given)),
        "complainants": [
            {
                "complainant": each.pseudonym,
                "contacts": each.contacts,
                "breached": each.breached,
                "attempted": each.attempted,
                "unreadable": each.unreadable,
                **_dates(each.dates),
            }
            for each in given.complainants
        ],
        "errors": [{"complainant": e.pseudonym, "what": e.what} for e in given.errors],
        "suggestions": [
            {
                "number": clean(maybe.number),
                "complainants": maybe.complainants,
                "rows": maybe.rows,
                "likelihood": maybe.likelihood,
            }
            for maybe in given.suggestions
        ],
        "collectors": [{"number": n, "name": clean(name)} for n, name in given.collectors],
        "shared_files": given.shared_files,
        "packs": dict(given.packs),
        "version": given.version,
    }


def joint_csv(given: Joint) -> str:
    """One row for each lender and rule."""
    out = io.StringIO()
    rows = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    rows.writeheader()
    for cell in _cells(given):
        rows.writerow({key: _for_sheet(value) for key, value in cell.items()})
    return out.getvalue()


def _for_sheet(value: object) -> object:
    """A cell that a spreadsheet takes for text, whoever chose a lender's name."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t" and value else value


def _cells(given: Joint) -> Iterator[dict[str, Any]]:
    for lender in given.lenders:
        for clause in lender.clauses:
            yield {
                "lender": clean(lender.name),
                "clause": clause.clause,
                "rule": clause.rule,
                "level": str(clause.level),
                "effect": str(clause.effect),
                "confidence": str(clause.confidence),
                "complainants": clause.complainants,
                "contacts": clause.contacts,
                "breached": clause.breached,
                "attempted": clause.attempted,
                **_dates(clause.dates),
                "small": clause.complainants < given.small,
            }


def _dates(dates: Dates | None) -> dict[str, str | None]:
    if dates is None:
        return {"first": None, "last": None}
    return {"first": dates.first.isoformat(), "last": dates.last.isoformat()}

"""``forbear loan claim``: what of a claim may be claimed, part by part, by which ceiling."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from typing import Any, Final

from forbear.base.money import text
from forbear.base.reasons import Sentence
from forbear.cli.law_page import Page
from forbear.cli.loan_claim_asking import Asked, add_options, asked
from forbear.cli.loan_claim_words import WORDS
from forbear.cli.loan_table import table
from forbear.evidence.given import Language
from forbear.loans import claim_words, said
from forbear.loans.claim import Finding, claim
from forbear.loans.claim_limits import Question
from forbear.loans.claim_lines import Line, Reason

SCHEMA: Final = "forbear.claim/1"
_SHORT_HASH: Final = 12


def add_to(below: Any) -> None:
    """Add ``claim``."""
    one = below.add_parser(
        "claim",
        help="which part of a claim the ceilings allow, which not, and why",
        description="What is due on a loan, part by part, before the dated ceilings of its "
        "country: what may be claimed, what not, by which clause, with the figures; what was paid "
        "beyond a ceiling and repays principal; and where a person has to judge. What is not "
        "known is read against the lender, and said.",
        epilog="Exit status: 0 answered, 2 nothing was done.",
    )
    add_options(one)
    one.add_argument("--lang", choices=("zh", "en"), help="by default zh for CNY, en otherwise")
    one.add_argument("--format", choices=("text", "json", "csv"), default="text", help="the form")
    one.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what of the claim on one loan may be claimed."""
    given = asked(args)
    found = claim(
        given.state,
        given.terms,
        given.book,
        given.about,
        claimed=given.claimed,
        owed=given.owed,
        by_months=given.by_months,
    )
    language: Language = args.lang or ("zh" if found.currency == "CNY" else "en")
    if args.format == "json":
        print(json.dumps(as_json(given, found, language), ensure_ascii=False))
    elif args.format == "csv":
        _csv(found)
    else:
        sys.stdout.write(page(given, found, language))
    return 0


# ── for programs ──


def as_json(given: Asked, found: Finding, language: Language) -> dict[str, Any]:
    """The answer as values that ``json.dumps`` takes; amounts are text."""
    currency, about = found.currency, given.about
    return {
        "schema": SCHEMA,
        "id": given.id,
        "as_of": found.as_of.isoformat(),
        "currency": currency,
        "country": given.book.country,
        "lender_type": about.lender,
        "product": about.product,
        "contract": None if about.contract is None else [d.isoformat() for d in about.contract],
        "claimed": text(found.claimed, currency),
        "claimable": text(found.claimable, currency),
        "refused": text(found.claimed - found.claimable, currency),
        "owed_back": text(found.owed_back, currency),
        "deducted_in_advance": text(found.deducted, currency),
        "parts": [_line_json(line, currency, language) for line in found.lines],
        "questions": [_question_json(question, language) for question in found.questions],
        "set_off": [
            {"on": each.on.isoformat(), "amount": text(each.amount, currency), "id": each.norm.id}
            for each in found.account.set_off
        ],
        "rooms": [
            {
                "id": room.limit.norm.id,
                "clause": room.limit.norm.clause,
                "covers": sorted(room.limit.covers),
                "percent_a_year": [claim_words.percent(p.yearly) for p in room.limit.paces],
                "gives": text(int(room.earned), currency),
                "paid": text(room.paid, currency),
                "left": text(max(0, int(room.left)), currency),
            }
            for room in found.account.rooms
        ],
        "lpr": [
            {
                "percent": f"{quote.percent:f}",
                "published": quote.published.isoformat(),
                "known": quote.sure,
                "confidence": str(quote.confidence),
                "source": quote.source,
            }
            for quote in dict.fromkeys(found.bound.quotes)
        ],
        "ceilings": {
            "country": given.book.country,
            "sha256": given.book.sha256,
            "checked": None if given.book.checked is None else given.book.checked.isoformat(),
        },
    }


def _line_json(line: Line, currency: str, language: Language) -> dict[str, Any]:
    return {
        "part": line.part,
        "claimed": text(line.claimed, currency),
        "claimable": text(line.claimable, currency),
        "refused": text(line.refused, currency),
        "to_judge": text(line.to_judge, currency),
        "because": [_reason_json(reason, currency, language) for reason in line.reasons],
        "judge": [_reason_json(reason, currency, language) for reason in line.judge],
    }


def _reason_json(reason: Reason, currency: str, language: Language) -> dict[str, Any]:
    return {
        "amount": text(reason.amount, currency),
        "id": reason.id,
        "clause": reason.clause,
        "level": None if reason.level is None else str(reason.level),
        "confidence": None if reason.confidence is None else str(reason.confidence),
        "source": reason.source,
        **_says(reason.says, language),
    }


def _question_json(question: Question, language: Language) -> dict[str, Any]:
    return {
        "id": question.id,
        "clause": question.clause,
        "confidence": None if question.confidence is None else str(question.confidence),
        **_says(question.says, language),
    }


def _says(says: Sentence, language: Language) -> dict[str, str]:
    return {"says": says.in_language(language), "says_zh": says.zh, "says_en": says.en}


def _csv(found: Finding) -> None:
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(["part", "claimed", "claimable", "refused", "to_judge", "because"])
    for line in found.lines:
        amounts = (line.claimed, line.claimable, line.refused, line.to_judge)
        because = "; ".join(reason.clause or reason.id for reason in line.reasons)
        shown = [text(amount, found.currency) for amount in amounts]
        rows.writerow([line.part, *shown, because])


# ── for people ──


class _Page(Page):
    """A page that also knows the words of this command."""

    def say(self, key: str, **values: object) -> str:
        """The words ``key`` with ``values`` put in."""
        return self.voice.put(WORDS[key], **values) if key in WORDS else super().say(key, **values)


def page(given: Asked, found: Finding, language: Language) -> str:
    """The answer for a terminal."""
    shown = _Page(language)
    voice, currency = shown.voice, found.currency
    shown.add(shown.say("title", day=voice.day(found.as_of, year=True)))
    country = shown.say(f"country.{given.book.country}")
    shown.add(shown.say("loan", id=given.id, country=country))
    shown.add()
    for line in _table(shown, found):
        shown.add(line)
    for key, amount in (
        ("deducted", found.deducted),
        ("set_off", sum(each.amount for each in found.account.set_off)),
        ("owed_back", found.owed_back),
    ):
        if amount:
            shown.add()
            whole = voice.sentence(said.amount(amount, currency))
            shown.add(shown.say(key, amount=whole))
    _reasons(shown, found)
    if found.questions:
        shown.add()
        shown.add(shown.say("questions"))
        for question in found.questions:
            named = _named(shown, question.clause, None, question.confidence)
            shown.add(f"- {named}{voice.sentence(question.says)}", indent=2, hang=2)
    shown.add()
    book = given.book
    day = "" if book.checked is None else voice.day(book.checked, year=True)
    sha = book.sha256[:_SHORT_HASH]
    shown.add(shown.say("ceilings", country=book.country, sha=sha, day=day))
    shown.add(shown.say("not_advice"))
    return shown.text()


def _table(shown: _Page, found: Finding) -> list[str]:
    heads = [shown.say(f"head.{key}") for key in ("part", "claimed", "claimable", "refused")]
    rows = [
        [_part(shown, line.part), *_amounts((line.claimed, line.claimable, line.refused), found)]
        for line in found.lines
    ]
    sums = (found.claimed, found.claimable, found.claimed - found.claimable)
    rows.append([shown.say("total"), *_amounts(sums, found)])
    right = [False, True, True, True]
    if any(line.to_judge for line in found.lines):
        heads.append(shown.say("head.to_judge"))
        right.append(True)
        doubts = [*(_amounts((line.to_judge,), found) for line in found.lines), [""]]
        rows = [[*row, *doubt] for row, doubt in zip(rows, doubts, strict=True)]
    return table(heads, rows, right)


def _part(shown: _Page, name: str) -> str:
    return shown.voice.sentence(claim_words.part(name))


def _amounts(amounts: Sequence[int], found: Finding) -> list[str]:
    return [said.grouped(amount, found.currency) for amount in amounts]


def _reasons(shown: _Page, found: Finding) -> None:
    """Each reason once, with the parts that it refuses."""
    shown.add()
    if not any(line.reasons for line in found.lines):
        shown.add(shown.say("no_reasons"))
    for key in ("reasons", "judge"):
        grouped: dict[Sentence, list[tuple[str, Reason]]] = {}
        for line in found.lines:
            for reason in getattr(line, key):
                grouped.setdefault(reason.says, []).append((line.part, reason))
        if grouped:
            shown.add()
            shown.add(shown.say(key))
        for says, parts in grouped.items():
            _reason(shown, found, says, parts)


def _reason(
    shown: _Page, found: Finding, says: Sentence, parts: Sequence[tuple[str, Reason]]
) -> None:
    voice, first = shown.voice, parts[0][1]
    amounts = voice.together(
        [
            f"{_part(shown, part)} {said.grouped(reason.amount, found.currency)}"
            for part, reason in parts
        ]
    )
    named = _named(shown, first.clause, first, first.confidence)
    shown.add(f"- {amounts}{voice.colon()}{named}{voice.sentence(says)}", indent=2, hang=2)
    if first.source:
        shown.add(shown.say("source", source=first.source), indent=4, hang=2)


def _named(shown: _Page, clause: str, reason: Reason | None, confidence: object) -> str:
    """The clause, how binding it is and how sure its reading, before what it says."""
    if not clause:
        return ""
    marks = [] if reason is None or reason.level is None else [shown.say(f"short.{reason.level}")]
    if confidence is not None:
        marks.append(shown.say(f"sure.{confidence}"))
    inner = shown.voice.together(marks)
    named = f"{clause}（{inner}）" if shown.voice.chinese else f"{clause} ({inner})"
    return f"{shown.voice.tidy(named)}{shown.voice.colon()}"

"""``forbear law explain``: the answer to one case, in words for the person who has to act on it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from forbear.base.contact import Contact, Fact, Unsaid
from forbear.base.errors import ForbearError, InputError
from forbear.base.reasons import Sentence
from forbear.base.words import Direction, Effect, FactKind
from forbear.cli.law import decided
from forbear.cli.law_cases import Question, language_of, rows_of
from forbear.cli.law_page import Page, joined
from forbear.cli.law_show import words_of
from forbear.cli.law_words import FACTS
from forbear.evidence.gather import missing_in_words
from forbear.law.answers import Because, Earliest
from forbear.law.book import Book
from forbear.law.deciding import earliest, verdict
from forbear.law.judging import Breach, judge
from forbear.law.rule import Rule
from forbear.law.view import View

SCHEMA: Final = "forbear.explanation/1"
# A moment beyond this means "for ever".
_YEAR_MAX: Final = 2_200


def explain(args: argparse.Namespace) -> int:
    """Explain each case of the file, or the one with ``--id``."""
    failed = answered = 0
    for row in rows_of([args.cases], args.pack):
        name = row.case.id if isinstance(row, Question) else row["id"]
        if args.id is not None and name != args.id:
            continue
        error = None if isinstance(row, Question) else row
        if isinstance(row, Question):
            try:
                _tell(row, args, first=not answered)
                answered += 1
            except (ForbearError, RecursionError) as found:
                error = row.failed(found)
        if error is not None:
            failed += 1
            _complain(error, args.format)
    if not answered and not failed and args.id is not None:
        raise InputError(f"{args.cases}: no case has the id {args.id!r}; check --id")
    if failed and not answered:
        return 2
    return 1 if failed else 0


def _complain(row: dict[str, Any], form: str) -> None:
    if form == "json":
        print(json.dumps(row, ensure_ascii=False))
    else:
        sys.stdout.flush()
        print(f"forbear: {row['file']} line {row['line']}: {row['error']}", file=sys.stderr)


def _tell(asked: Question, args: argparse.Namespace, *, first: bool) -> None:
    language = args.lang or language_of(asked.book)
    if args.format == "json":
        print(json.dumps(as_json(asked, language), ensure_ascii=False))
        return
    page = Page(language)
    _explained(page, asked)
    sys.stdout.write(page.text() if first else "\n" + page.text())


# ── what there is to say ──


def views_of(asked: Question) -> list[View]:
    """The contact as the rules look at it: for each of its debts by itself."""
    standing, contact = asked.standing, asked.case.proposed
    view = standing.at(contact.instant).look(contact)
    return [view.about(debt) for debt in view.debts] if len(view.debts) > 1 else [view]


def lifted(asked: Question) -> Iterator[tuple[Rule, list[Fact]]]:
    """The rules that would break and do not, because an exception lifts them, with its facts."""
    if asked.case.proposed.direction is Direction.INBOUND:
        return
    views = views_of(asked)
    day = views[0].zones[0].day(views[0].at)
    for rule in asked.book.rules:
        if not rule.in_force(day) or (rule.unless is None and rule.answer is None):
            continue
        bare = replace(rule, unless=None, answer=None)
        broken = [view for view in views if bare.breaks(view) is True]
        if broken and all(rule.breaks(view) is False for view in views):
            facts = [fact for view in broken for fact in _lifting(rule, view)]
            yield rule, list({fact.id: fact for fact in facts}.values())


def _lifting(rule: Rule, view: View) -> list[Fact]:
    facts = rule.unless.facts(view) if rule.unless is not None else []
    return facts or (rule.answer.find(view) if rule.answer is not None else [])


def _unsaid(asked: Question) -> tuple[list[str], int]:
    """What the case does not say and rules asked for, and how many were not judged for it."""
    view = asked.standing.at(asked.case.proposed.instant).look(asked.case.proposed)
    unknown = judge(view, lenient=False).unknown()
    keys = {key for breach in unknown for key in breach.rule.missing(breach.view)}
    return sorted(keys), len(unknown)


# ── as text ──


def _explained(page: Page, asked: Question) -> None:
    found = verdict(asked.standing, asked.case.proposed, lenient=asked.lenient)
    first = earliest(asked.standing, asked.case.proposed, lenient=asked.lenient)
    voice = page.voice
    title = page.say("case", id=asked.case.id)
    page.add(f"{title}{voice.colon()}{page.say(f'says.{found.decision}')}{voice.stop()}")
    page.add(f"{page.say('asked')}{voice.colon()}{_contact(page, asked)}", hang=2)
    breaches = _breaches(asked)
    for effect in Effect:
        stand = [each for each in found.because if each.effect is effect]
        if stand:
            page.add()
            page.add(page.say(f"stand.{effect}"))
            for number, each in enumerate(stand, start=1):
                _reason(page, asked, each, breaches[each.rule], number)
    if found.missing:
        page.add()
        page.add(f"{page.say('missing')}{voice.colon()}{_keys(page, found.missing)}", hang=2)
    page.add()
    page.add(f"{page.say('earliest')}{voice.colon()}{_first(page, asked, first)}{voice.stop()}")
    _exceptions(page, asked)
    if asked.lenient:
        keys, n = _unsaid(asked)
        if n:
            page.add()
            page.add(page.say("unsaid", keys=_keys(page, keys), n=n))
    page.packs(asked.book)


def _keys(page: Page, keys: Iterable[str]) -> str:
    # The qualification of several agents is no other matter than that of one.
    told = dict.fromkeys("agent_profile" if key == "agent_profiles" else key for key in keys)
    return joined((missing_in_words(key, page.voice) for key in told), page.voice)


def _breaches(asked: Question) -> dict[str, Breach]:
    """What stands against the contact, by the id of the rule."""
    view = asked.standing.at(asked.case.proposed.instant).look(asked.case.proposed)
    return {breach.rule.id: breach for breach in judge(view, lenient=asked.lenient).broken()}


def _reason(page: Page, asked: Question, each: Because, breach: Breach, number: int) -> None:
    """One rule: its name, then its clause, how binding it is, why, on what, and until when."""
    voice = page.voice
    page.add(f"{number}. {named(page, breach.rule)}", indent=2, hang=3)
    page.add(voice.sentence(each.says), indent=5)
    rests = [
        *(_fact(page, asked, fact) for fact in breach.rule.facts(breach.view)),
        *(_earlier(page, asked, contact) for contact in breach.rule.kind.rests_on(breach.view)),
    ]
    if rests:
        page.add(page.say("rests") + voice.colon().rstrip(), indent=5)
        for line in rests:
            page.add(f"- {line}", indent=7, hang=2)
    if each.clears_at is None:
        clears = page.say("clears.not")
    else:
        clears = page.say("clears.at", moment=_stamp(page, each.clears_at))
    page.add(f"{page.say('clears')}{voice.colon()}{clears}{voice.stop()}", indent=5, hang=2)


def named(page: Page, rule: Rule) -> str:
    """A rule as people look it up: the instrument's name, then the clause, then its level."""
    voice = page.voice
    title, clause = voice.sentence(rule.instrument.title), voice.tidy(rule.clause)
    # "《民法典》 民法典 第19条" would say the name twice, and so would "GB/T 1《…》 GB/T 1 5.3".
    rest = clause
    for name in (title.strip("《》"), title.partition("《")[0].strip()):
        if name and clause.startswith(f"{name} "):
            rest = clause.removeprefix(name).strip()
    level = page.say(f"level.{rule.level}")
    if not voice.chinese:
        return f"{title}, {rest} ({level})"
    gap = "" if title.endswith("》") else " "
    return voice.tidy(f"{title}{gap}{rest}({level})")


def _exceptions(page: Page, asked: Question) -> None:
    found = list(lifted(asked))
    if not found:
        return
    voice = page.voice
    page.add()
    page.add(page.say("lifted"))
    for rule, facts in found:
        page.add(f"- {named(page, rule)}", indent=2, hang=2)
        page.add(voice.sentence(rule.says), indent=4)
        because_of = [_fact(page, asked, fact) for fact in facts]
        if rule.exceptions is not None:
            because_of.insert(0, voice.sentence(rule.exceptions))
        if because_of:
            shown = ("；" if voice.chinese else "; ").join(because_of)
            page.add(f"{page.say('lifted.unless')}{voice.colon()}{shown}", indent=4, hang=2)


def _first(page: Page, asked: Question, first: Earliest) -> str:
    if first.at is None:
        assert first.why_not is not None
        return page.say(f"never.{first.why_not}")
    shown = _stamp(page, first.at)
    same = int(first.at.timestamp()) == asked.case.proposed.instant
    return page.say("earliest.now", moment=shown) if same else shown


def _stamp(page: Page, moment: datetime) -> str:
    """A moment to the minute, or to the second where that matters."""
    shown = page.voice.moment(moment)
    return shown if moment.second == 0 else f"{shown}:{moment:%S}"


def _contact(page: Page, asked: Question) -> str:
    contact, voice = asked.case.proposed, page.voice
    comma = "，" if voice.chinese else ", "
    shown = _stamp(page, asked.standing.zone.moment(contact.instant))
    parts = [f"{shown} {_how(page, contact)}"]
    if not isinstance(contact.purpose, Unsaid):
        parts.append(
            f"{page.say('purpose')}{voice.colon()}{page.say(f'purpose.{contact.purpose}')}"
        )
    if contact.debts:
        parts.append(f"{page.say('debts')}{voice.colon()}{joined(contact.debts, voice)}")
    return comma.join(parts)


def _how(page: Page, contact: Contact) -> str:
    """By what a contact reaches whom, at which address."""
    colon = page.voice.colon()
    parts = [
        page.say(f"channel.{contact.channel}"),
        f"{page.say('for')}{colon}{page.say(f'party.{contact.party}')}"
        if page.voice.chinese
        else f"{page.say('for')} {page.say(f'party.{contact.party}')}",
    ]
    if isinstance(contact.address, str):
        parts.append(f"({contact.address})")
    return " ".join(parts)


def _earlier(page: Page, asked: Question, contact: Contact) -> str:
    """An earlier contact, with its time and how it ended."""
    parts = [_stamp(page, asked.standing.zone.moment(contact.instant)), _how(page, contact)]
    if not isinstance(contact.outcome, Unsaid):
        parts.append(page.say(f"outcome.{contact.outcome}"))
    if contact.direction is Direction.INBOUND:
        parts.append(page.say("inbound"))
    return " ".join(parts)


def _fact(page: Page, asked: Question, fact: Fact) -> str:
    """A fact, with the time from which it holds and, where it ends, until when."""
    kind = kind_in_words(page, asked.book, str(fact.kind))
    if fact.id.startswith("assumed-"):
        return page.say("fact.assumed", kind=kind)
    since = _stamp(page, asked.standing.zone.moment(fact.since))
    if fact.until is None:
        return page.say("fact", kind=kind, since=since)
    until = asked.standing.zone.moment(min(fact.until, _LAST))
    if until.year >= _YEAR_MAX:
        return page.say("fact", kind=kind, since=since)
    return page.say("fact.until", kind=kind, since=since, until=_stamp(page, until))


_LAST: Final = 7_258_118_400  # 2200-01-01, so that a fact may hold "until 9999"


def kind_in_words(page: Page, book: Book, kind: str) -> str:
    """The name of a kind of fact; of a derived one what its pack says of it."""
    if kind in list(FactKind):
        return FACTS[kind] if page.voice.chinese else kind.replace("_", " ")
    owner, _, name = kind.partition(":")
    for pack in book.packs:
        if pack.name == owner and page.voice.chinese:
            says = words_of(pack)[1].get(name, {}).get("says")
            return page.voice.tidy(says) if says else name
    return name.replace("_", " ")


# ── for programs ──


def as_json(asked: Question, language: str) -> dict[str, Any]:
    """The same as values: the answer as ``forbear law decide`` gives it, and what else is told."""
    contacts = {c.id: c for c in asked.case.history}
    breaches = _breaches(asked)
    rows = decided(asked, language)
    for row in rows["because"]:
        breach = breaches[row["rule"]]
        rule = breach.rule
        row["instrument"] = rule.instrument.title.in_language(language)
        row["facts"] = [_fact_json(asked, fact) for fact in rule.facts(breach.view)]
        row["contacts"] = [
            _contact_json(asked, contacts.get(contact.id, contact))
            for contact in rule.kind.rests_on(breach.view)
        ]
    keys, n = _unsaid(asked) if asked.lenient else ([], 0)
    return {
        **rows,
        "schema": SCHEMA,
        "lifted": [
            {
                "clause": rule.clause,
                "rule": rule.id,
                "says": rule.says.in_language(language),
                "except": _said(rule.exceptions, language),
                "facts": [_fact_json(asked, fact) for fact in facts],
            }
            for rule, facts in lifted(asked)
        ],
        "taken_as_lawful": {"keys": keys, "rules": n},
    }


def _said(sentence: Sentence | None, language: str) -> str | None:
    return None if sentence is None else sentence.in_language(language)


def _fact_json(asked: Question, fact: Fact) -> dict[str, Any]:
    until = fact.until
    return {
        "id": fact.id,
        "kind": str(fact.kind),
        "since": asked.standing.zone.moment(fact.since).isoformat(),
        "until": None
        if until is None or until >= _LAST
        else asked.standing.zone.moment(until).isoformat(),
    }


def _contact_json(asked: Question, contact: Contact) -> dict[str, Any]:
    return {
        "id": contact.id,
        "at": asked.standing.zone.moment(contact.instant).isoformat(),
        "channel": str(contact.channel),
        "party": str(contact.party),
        "outcome": None if isinstance(contact.outcome, Unsaid) else str(contact.outcome),
    }

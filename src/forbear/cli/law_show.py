"""``forbear law show``: rules as a table, or one rule in full."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Final

from forbear.base.clock import as_date, as_day
from forbear.base.errors import InputError
from forbear.cli.law_cases import language_of
from forbear.cli.law_page import Page, joined, plain, toml, toml_lines
from forbear.evidence.voice import columns
from forbear.law.book import Book, load
from forbear.law.coverage import Row, read_source
from forbear.law.packs import Pack, read_pack
from forbear.law.rule import Rule

SCHEMA: Final = "forbear.rules/1"
_ID_MAX: Final = 40
# Effect, level and reading; the days take what is left of a hundred.
_WIDTHS: Final = (9, 15, 9, 23)
# What of a rule's table stands above it in words.
_TOLD: Final = frozenset({"id", "clause", "says", "except"})


def show(args: argparse.Namespace) -> int:
    """Print the rules asked for. A rule that is not there is a failure."""
    book = load(args.pack or ["cn"])
    rules = list(_chosen(book, args))
    if args.rule is not None and not rules:
        raise InputError(_no_rule(book, args))
    if args.format == "json":
        print(json.dumps(as_json(book, rules), ensure_ascii=False))
        return 0
    page = Page(args.lang or language_of(book))
    if args.rule is not None:
        for rule in rules:
            _full(page, book, rule)
    else:
        if args.on is not None:
            page.add(page.say("show.on", day=page.voice.day(args.on, year=True)))
            page.add()
        _table(page, rules)
    page.packs(book)
    sys.stdout.write(page.text())
    return 0


def _chosen(book: Book, args: argparse.Namespace) -> Iterator[Rule]:
    for rule in book.rules:
        asked = rule.frozen if args.on is None else as_day(args.on)
        frozen_out = rule.frozen is not None and not rule.in_force(rule.frozen)
        outside = asked is not None and not rule.in_force(asked)
        if args.rule is not None and rule.id != args.rule:
            continue
        if args.clause is not None and _flat(args.clause) not in _flat(rule.clause):
            continue
        if not (frozen_out or outside):
            yield rule


def _flat(text: str) -> str:
    return "".join(text.split()).casefold()


def _no_rule(book: Book, args: argparse.Namespace) -> str:
    names = sorted({rule.id for rule in book.rules})
    if args.rule in names:
        return f"rule {args.rule} is not among what --on, --clause or the date of --pack leave"
    near = get_close_matches(args.rule, names, n=3)
    mend = f"did you mean {' or '.join(near)}?" if near else "see forbear law show for the ids"
    return f"rule {args.rule!r} is in none of these packs; {mend}"


# ── the table ──


def _table(page: Page, rules: list[Rule]) -> None:
    if not rules:
        page.add(page.say("show.none"))
        return
    widths = (_ID_MAX, *_WIDTHS)
    page.row([page.say(f"head.{k}") for k in ("id", "effect", "level", "sure", "force")], widths)
    for rule in rules:
        page.add()
        cells = [
            rule.id,
            page.say(f"effect.{rule.effect}"),
            page.say(f"short.{rule.level}"),
            page.say(f"sure.{rule.confidence}"),
            force(rule),
        ]
        page.row(cells, widths)
        page.add(page.voice.tidy(rule.clause), indent=2)
        page.add(page.voice.sentence(rule.says), indent=4)
    page.add()
    page.add(page.say("show.count", n=len(rules)))


def force(rule: Rule) -> str:
    """The first day on which a rule is in force, and the last."""
    until = "" if rule.until is None else as_date(rule.until - 1).isoformat()
    return f"{as_date(rule.since).isoformat()} – {until}".rstrip()


# ── one rule ──


def _full(page: Page, book: Book, rule: Rule) -> None:
    voice = page.voice
    page.add()
    page.add(rule.id)
    pairs = [
        ("one.clause", voice.tidy(rule.clause)),
        ("one.instrument", voice.sentence(rule.instrument.title)),
        ("one.level", page.say(f"level.{rule.level}")),
        ("one.effect", page.say(f"effect.{rule.effect}")),
        ("one.sure", page.say(f"sure.{rule.confidence}")),
        ("one.force", force(rule)),
        ("one.says", voice.sentence(rule.says)),
    ]
    if rule.exceptions is not None:
        pairs.append(("one.except", voice.sentence(rule.exceptions)))
    if rule.instrument.applies is not None:
        pairs.append(("one.applies", toml(rule.instrument.applies)))
    if rule.instrument.regions:
        pairs.append(("one.region", ", ".join(rule.instrument.regions)))
    label = max(columns(page.say(key)) for key, _ in pairs) + 2
    for key, shown in pairs:
        name = page.say(key)
        page.add(name + " " * (label - columns(name)) + shown, indent=2, hang=label)
    page.add()
    own = {key: each for key, each in rule.table.items() if key not in _TOLD}
    _block(page, "one.table", toml_lines(own))
    for heading, found in zip(("one.terms", "one.derived"), used(book, rule), strict=True):
        if found:
            _block(page, heading, [line for each in found for line in _defined(each)])
    _source(page, book, rule)


def _block(page: Page, heading: str, lines: Iterable[str]) -> None:
    page.add(page.say(heading), indent=2)
    for line in lines:
        page.add(line, indent=4 + len(line) - len(line.lstrip()), hang=2)
    page.add()


def _defined(word: Word) -> Iterator[str]:
    says = word.table.get("says")
    yield f"{word.name}: {says}" if says else word.name
    body = {key: each for key, each in word.table.items() if key not in ("name", "fact", "says")}
    for line in toml_lines(body):
        yield f"  {line}"


def _source(page: Page, book: Book, rule: Rule) -> None:
    found = source_rows(book, rule)
    page.add(page.say("one.source"), indent=2)
    where = f"{rule.instrument.pack}/{rule.instrument.id}/source.md"
    if not found:
        page.add(page.say("one.no_source", where=where), indent=4)
    for row in found:
        page.add(f"{where} {page.voice.lines([row.line])}", indent=4)
        page.add(
            page.voice.tidy(joined(filter(None, [row.clause, row.duty]), page.voice)), indent=6
        )
        if row.reason:
            page.add(page.say("cover.part", reason=row.reason), indent=6)
    page.add()


def source_rows(book: Book, rule: Rule) -> list[Row]:
    """The rows of its instrument's source that name a rule."""
    pack = pack_of(book, rule)
    path = pack.folder / rule.instrument.id / "source.md"
    if not path.is_file():
        return []
    return [row for row in read_source(path, pack.name) if rule.id in row.rules]


# ── the words a rule uses ──


@dataclass(frozen=True, slots=True)
class Word:
    """A term or a derived fact of a pack: its name and its table."""

    name: str
    table: Mapping[str, Any]


@lru_cache(maxsize=16)
def _words(folder: str) -> tuple[dict[str, Mapping[str, Any]], dict[str, Mapping[str, Any]]]:
    files = read_pack(folder)
    terms = {table["name"]: table for each in files for table in each.terms}
    return terms, {table["fact"]: table for each in files for table in each.derives}


def words_of(pack: Pack) -> tuple[dict[str, Mapping[str, Any]], dict[str, Mapping[str, Any]]]:
    """The terms and the derived facts that the rules of a pack may use, each by its name."""
    return _words(str(pack.folder))


def used(book: Book, rule: Rule) -> tuple[list[Word], list[Word]]:
    """The terms and the derived facts that a rule uses, also through others, in order of use."""
    terms, derives = words_of(pack_of(book, rule))
    asked: dict[str, None] = {}
    facts: dict[str, None] = {}
    waiting: list[Any] = [rule.table, dict(rule.instrument.applies or {})]
    while waiting:
        spec = waiting.pop(0)
        for name in _named(spec, ("is", "is_not")):
            if name in terms and name not in asked:
                asked[name] = None
                waiting.append(terms[name]["when"])
        for name in _named(spec, ("fact", "no_fact", "answer", "unless_later")):
            if name in derives and name not in facts:
                facts[name] = None
                waiting.append(derives[name])
    return [Word(n, terms[n]) for n in asked], [Word(n, derives[n]) for n in facts]


def pack_of(book: Book, rule: Rule) -> Pack:
    """The pack that a rule comes from."""
    return next(pack for pack in book.packs if pack.name == rule.instrument.pack)


def _named(spec: Any, keys: tuple[str, ...]) -> Iterator[str]:
    """Every name that stands under one of ``keys``, however deep."""
    if isinstance(spec, Mapping):
        for key, each in spec.items():
            if key in keys:
                yield from _names(each)
            yield from _named(each, keys)
    elif isinstance(spec, list):
        for each in spec:
            yield from _named(each, keys)


def _names(spec: Any) -> Iterator[str]:
    for each in spec if isinstance(spec, list) else [spec]:
        if isinstance(each, str):
            yield each


# ── for programs ──


def as_json(book: Book, rules: Iterable[Rule]) -> dict[str, Any]:
    """Rules as values that ``json.dumps`` takes, with the table of each as it is written."""
    return {
        "schema": SCHEMA,
        "rules": [rule_json(rule) for rule in rules],
        "packs": dict(book.hashes),
    }


def rule_json(rule: Rule) -> dict[str, Any]:
    """One rule; ``until`` is the first day without it."""
    lifted = rule.exceptions
    return {
        "rule": rule.id,
        "pack": rule.instrument.pack,
        "instrument": rule.instrument.id,
        "clause": rule.clause,
        "level": str(rule.level),
        "effect": str(rule.effect),
        "confidence": str(rule.confidence),
        "since": as_date(rule.since).isoformat(),
        "until": None if rule.until is None else as_date(rule.until).isoformat(),
        "says": {"zh": rule.says.zh, "en": rule.says.en},
        "except": None if lifted is None else {"zh": lifted.zh, "en": lifted.en},
        "table": plain(rule.table),
    }

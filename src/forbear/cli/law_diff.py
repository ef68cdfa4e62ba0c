"""``forbear law diff``: what changes between two packs, or between two dates of one."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from forbear.base.clock import as_date
from forbear.base.errors import ForbearError
from forbear.cli.law_cases import Question, language_of, parsed_rows, question
from forbear.cli.law_page import Page, joined, plain, toml
from forbear.cli.law_show import words_of
from forbear.evidence.voice import cut
from forbear.law.book import Book, load
from forbear.law.deciding import verdict
from forbear.law.packs import jurisdictions
from forbear.law.rule import Rule

SCHEMA: Final = "forbear.diff/1"
_SHOWN_MAX: Final = 20
_VALUE_MAX: Final = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A rule that both have and that is not the same in both: each key, before and after."""

    rule: str
    clause: str
    keys: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """A case that the two answer differently; clauses that only one of them names."""

    id: str
    note: str
    before: str
    after: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(slots=True)
class Asked:
    """What came of asking both."""

    asked: int = 0
    left: int = 0
    differ: list[Differs] = field(default_factory=list)
    failed: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """All that changes between two books."""

    added: tuple[Rule, ...]
    removed: tuple[Rule, ...]
    changed: tuple[Changed, ...]
    words: tuple[str, ...]
    labels: bool
    cases: Asked


def diff(args: argparse.Namespace) -> int:
    """Print what changes from A to B. 1: some cases could not be read."""
    before, after = load([args.before]), load([args.after])
    found = difference(before, after, args.cases)
    if args.format == "json":
        print(json.dumps(as_json(before, after, found), ensure_ascii=False))
    else:
        page = Page(args.lang or language_of(after))
        page.add(page.say("diff.title", before=args.before, after=args.after))
        _rules(page, found)
        _cases(page, found.cases)
        page.packs(before, after)
        sys.stdout.write(page.text())
        for row in found.cases.failed:
            print(f"forbear: {row['file']} line {row['line']}: {row['error']}", file=sys.stderr)
    return 1 if found.cases.failed else 0


def difference(before: Book, after: Book, cases: list[str]) -> Difference:
    """Compare two books rule by rule, and by the answers that they give."""
    old, new = rules_of(before), rules_of(after)
    changed = []
    for name in old.keys() & new.keys():
        keys = _changed_keys(_said(old[name]), _said(new[name]))
        if keys:
            changed.append(Changed(rule=name, clause=new[name].clause, keys=keys))
    return Difference(
        added=tuple(new[name] for name in new if name not in old),
        removed=tuple(old[name] for name in old if name not in new),
        changed=tuple(sorted(changed, key=lambda each: list(new).index(each.rule))),
        words=tuple(_changed_words(before, after)),
        labels=_other_labels(before, after),
        cases=_ask(before, after, cases),
    )


def rules_of(book: Book) -> dict[str, Rule]:
    """The rules of a book by id: those in force on its day, or where it has none their last."""
    found: dict[str, Rule] = {}
    for rule in book.rules:
        if rule.frozen is not None and not rule.in_force(rule.frozen):
            continue
        if rule.id not in found or found[rule.id].since < rule.since:
            found[rule.id] = rule
    return found


def _said(rule: Rule) -> dict[str, Any]:
    """Everything that decides what a rule does, with what it inherits."""
    applies = rule.instrument.applies
    return {
        **{key: value for key, value in rule.table.items() if key != "id"},
        "clause": rule.clause,
        "level": str(rule.level),
        "effect": str(rule.effect),
        "confidence": str(rule.confidence),
        "since": as_date(rule.since),
        "until": None if rule.until is None else as_date(rule.until),
        "applies": None if applies is None else dict(applies),
        "region": list(rule.instrument.regions),
    }


def _changed_keys(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    keys = [*old, *(key for key in new if key not in old)]
    return {k: (old.get(k), new.get(k)) for k in keys if old.get(k) != new.get(k)}


def _changed_words(before: Book, after: Book) -> Iterator[str]:
    """Terms and derived facts that both have and define differently."""
    for kind in (0, 1):
        old, new = (
            {name: table for pack in book.packs for name, table in words_of(pack)[kind].items()}
            for book in (before, after)
        )
        for name in old:
            if name in new and plain(old[name]) != plain(new[name]):
                yield name


def _other_labels(before: Book, after: Book) -> bool:
    """Whether a pack of one name has other labels in the two."""
    old = {pack.name: pack.folder / "labels.toml" for pack in before.packs}
    new = {pack.name: pack.folder / "labels.toml" for pack in after.packs}
    return any(_bytes(old[name]) != _bytes(new[name]) for name in old if name in new)


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


# ── the cases ──


def _ask(before: Book, after: Book, cases: list[str]) -> Asked:
    found = Asked()
    own = {pack.name: pack for book in (before, after) for pack in book.packs}
    paths = [str(path) for p in own.values() for path in sorted(p.folder.glob("*/cases.jsonl"))]
    foreign = jurisdictions().keys() - {pack.jurisdiction for pack in own.values()}
    seen: set[str] = set()
    for row, file, line in parsed_rows([*dict.fromkeys(paths), *cases]):
        if isinstance(row, ForbearError):
            found.failed.append({"id": None, "error": str(row), "file": file, "line": line})
            continue
        try:
            old = question(row, (), file=file, line=line, book=before)
            if old.case.jurisdiction in foreign:
                found.left += 1
                continue
            new = question(row, (), file=file, line=line, book=after)
            differs = _compared(old, new, str(row.get("note", "")))
        except (ForbearError, RecursionError) as error:
            found.failed.append({"id": None, "error": str(error), "file": file, "line": line})
            continue
        key = json.dumps(row, sort_keys=True)
        if key in seen:
            continue
        seen.add(key)
        found.asked += 1
        if differs is not None:
            found.differ.append(differs)
    return found


def _compared(old: Question, new: Question, note: str) -> Differs | None:
    one = verdict(old.standing, old.case.proposed, lenient=old.lenient)
    other = verdict(new.standing, new.case.proposed, lenient=new.lenient)
    before = list(dict.fromkeys(b.clause for b in one.because))
    after = list(dict.fromkeys(b.clause for b in other.because))
    if one.decision is other.decision and set(before) == set(after):
        return None
    return Differs(
        id=new.case.id,
        note=note,
        before=str(one.decision),
        after=str(other.decision),
        gained=tuple(clause for clause in after if clause not in before),
        lost=tuple(clause for clause in before if clause not in after),
    )


# ── as text ──


def _rules(page: Page, found: Difference) -> None:
    if not (found.added or found.removed or found.changed or found.words or found.labels):
        page.add(page.say("diff.same"))
    for key, rules in (("diff.added", found.added), ("diff.removed", found.removed)):
        if rules:
            page.add()
            page.add(page.say(key, n=len(rules)))
        for rule in rules:
            page.add(f"{rule.id}  {page.voice.tidy(rule.clause)}", indent=2, hang=4)
            page.add(page.voice.sentence(rule.says), indent=6)
    if found.changed:
        page.add()
        page.add(page.say("diff.changed", n=len(found.changed)))
    for each in found.changed:
        page.add(f"{each.rule}  {page.voice.tidy(each.clause)}", indent=2, hang=4)
        for key, (old, new) in each.keys.items():
            page.add(f"{key}: {_value(old)} → {_value(new)}", indent=6, hang=2)
    if found.words:
        page.add()
        colon = page.voice.colon()
        page.add(f"{page.say('diff.terms')}{colon}{joined(found.words, page.voice)}", hang=2)
    if found.labels:
        page.add()
        page.add(page.say("diff.labels"))


def _value(value: Any) -> str:
    return "–" if value is None else cut(toml(value), _VALUE_MAX)


def _cases(page: Page, found: Asked) -> None:
    stop = page.voice.stop()
    page.add()
    if not found.asked:
        page.add(page.say("diff.no_cases") + stop)
    else:
        page.add(page.say("diff.cases", n=found.asked, differ=len(found.differ)) + stop)
    turns = Counter((each.before, each.after) for each in found.differ)
    for (before, after), n in turns.most_common():
        old, new = page.say(f"decision.{before}"), page.say(f"decision.{after}")
        key = "diff.turn.same" if before == after else "diff.turn"
        page.add(page.say(key, old=old, new=new, n=n), indent=2)
    # What is decided otherwise matters more than what is decided alike for another reason.
    for each in sorted(found.differ, key=lambda d: d.before == d.after)[:_SHOWN_MAX]:
        old, new = page.say(f"decision.{each.before}"), page.say(f"decision.{each.after}")
        page.add(f"{each.id}  {old} → {new}", indent=2, hang=4)
        if each.note:
            page.add(each.note, indent=6)
        for key, clauses in (("diff.now", each.gained), ("diff.gone", each.lost)):
            if clauses:
                shown = page.voice.tidy(joined(clauses, page.voice))
                page.add(f"{page.say(key)}{page.voice.colon()}{shown}", indent=6, hang=2)
    if len(found.differ) > _SHOWN_MAX:
        page.add(page.say("diff.more", n=len(found.differ) - _SHOWN_MAX) + stop, indent=2)
    if found.left:
        page.add(page.say("diff.left", n=found.left) + stop)
    if found.failed:
        page.add(page.say("diff.failed", n=len(found.failed)) + stop)


# ── for programs ──


def as_json(before: Book, after: Book, found: Difference) -> dict[str, Any]:
    """The same as values that ``json.dumps`` takes, with every case that differs."""
    return {
        "schema": SCHEMA,
        "added": [rule.id for rule in found.added],
        "removed": [rule.id for rule in found.removed],
        "changed": [
            {
                "rule": each.rule,
                "keys": {key: plain([old, new]) for key, (old, new) in each.keys.items()},
            }
            for each in found.changed
        ],
        "words": list(found.words),
        "labels": found.labels,
        "cases": found.cases.asked,
        "other_jurisdictions": found.cases.left,
        "differ": [
            {
                "id": each.id,
                "before": each.before,
                "after": each.after,
                "gained": list(each.gained),
                "lost": list(each.lost),
            }
            for each in found.cases.differ
        ],
        "failed": found.cases.failed,
        "packs": {"before": dict(before.hashes), "after": dict(after.hashes)},
    }

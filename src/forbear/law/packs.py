"""Reading packs from their folders: bytes in, checked tables out. Nothing is compiled here."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any, Final

from forbear.base.calendars import calendar_names
from forbear.base.clock import clock
from forbear.base.errors import CaseError, PackError
from forbear.base.reasons import Sentence
from forbear.base.words import Confidence, FactKind, Level
from forbear.law.case import read_contact, read_fact
from forbear.law.rule import Instrument, sentence

_PACK_KEYS: Final = frozenset(
    {
        "name", "title", "clock", "calendar", "zone", "zones", "house", "extends", "requires",
        "jurisdiction",
    }
)  # fmt: skip
# What stands in place of a date for the law as of the last change that a pack knows.
NEXT: Final = "next"
_TOP_KEYS: Final = frozenset({"pack", "case_defaults", "audit_defaults", "term", "derive"})
_NAME_MAX: Final = 100
_DEFAULT_KEYS: Final = frozenset({"unsaid", "contact", "facts"})
_HEAD_KEYS: Final = frozenset(
    {"id", "title", "level", "confidence", "since", "until", "applies", "region"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """What a pack says of itself. ``case_defaults`` and ``audit_defaults`` fill what is unsaid.

    ``requires`` are the kinds of fact without which its rules cannot tell whom they bind, so that a
    contact about whose debtor none is known is refused. ``jurisdiction`` is what cases call the
    place whose law it is. ``zones`` are the zones of regions, such as AU-WA, where the country has
    several.
    """

    name: str
    title: Sentence
    jurisdiction: str
    clock: str | None
    calendar: str | None
    zone: str | None
    house: bool
    extends: str | None
    sha256: str
    folder: Path
    requires: tuple[str, ...] = ()
    zones: Mapping[str, str] = field(default_factory=dict)
    case_defaults: Mapping[str, Any] = field(default_factory=dict)
    audit_defaults: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFiles:
    """A pack and its tables, not compiled yet.

    ``labels`` are the texts of its label files, each after the one that it extends.
    """

    pack: Pack
    where: str
    terms: tuple[Mapping[str, Any], ...]
    derives: tuple[Mapping[str, Any], ...]
    labels: tuple[str, ...]
    instruments: tuple[tuple[Instrument, tuple[Mapping[str, Any], ...], str], ...]


def shipped() -> Path:
    """The folder of the packs that come with Forbear."""
    return Path(str(package_files("forbear.law"))) / "packs"


def shipped_names() -> tuple[str, ...]:
    """The names of the packs that come with Forbear."""
    return tuple(sorted(p.name for p in shipped().iterdir() if (p / "pack.toml").is_file()))


@cache
def jurisdictions() -> Mapping[str, tuple[str, ...]]:
    """Every jurisdiction of which public law comes with Forbear, and the packs that hold it."""
    found: dict[str, tuple[str, ...]] = {}
    for name in shipped_names():
        pack = _read(shipped() / name).pack
        if not pack.house:
            found[pack.jurisdiction] = (*found.get(pack.jurisdiction, ()), name)
    return found


def requested(name: str) -> tuple[str, date | None]:
    """``cn@2024-06-01`` as a name and a date; raises PackError where the date is none.

    ``cn@next`` is the law as of the last change that the pack knows, so that what was enacted and
    binds nobody yet can be asked about.
    """
    plain, at, day = name.rpartition("@")
    if not at or _is_file(Path(name) / "pack.toml"):
        return name, None
    if day == NEXT:
        return plain, _last_change(plain)
    try:
        return plain, date.fromisoformat(day)
    except ValueError as error:
        said = f"pack {name[:_NAME_MAX]!r}: {day[:_NAME_MAX]!r} is no date"
        message = f"{said}; write one such as cn@2024-06-01, or cn@{NEXT}"
        raise PackError(message) from error


def _last_change(name: str) -> date:
    """The last day on which a rule of the pack, or of the one it extends, begins or is gone."""
    found = [
        day
        for files in read_pack(name)
        for instrument, rules, _ in files.instruments
        for own in ({"since": instrument.since, "until": instrument.until}, *rules)
        for day in (own.get("since"), own.get("until"))
        # Whatever else stands there is refused, with its place, once the rule is compiled.
        if type(day) is date
    ]
    if not found:
        message = (
            f"pack {name[:_NAME_MAX]!r} has no rules, so nothing in it changes; ask for a date"
        )
        raise PackError(message)
    return max(found)


def read_pack(name: str) -> list[PackFiles]:
    """A pack, after the public pack that it extends; raises PackError."""
    own = _read(_folder(name))
    if own.pack.extends is None:
        return [own]
    below = _read(_folder(own.pack.extends, beside=own.pack.folder))
    if below.pack.extends is not None:
        message = (
            f"{own.where}/pack.toml: it extends {own.pack.extends}, which extends another pack or "
            "itself; extend a public pack"
        )
        raise PackError(message)
    # Whatever the way to it was, from here on it goes by its name.
    return [below, replace(own, pack=replace(own.pack, extends=below.pack.name))]


def _folder(name: str, *, beside: Path | None = None) -> Path:
    """The folder of a pack by its name or path; one that another names may lie beside it."""
    folder = shipped() / name if name in shipped_names() else Path(name)
    if beside is not None and _is_file(beside / folder / "pack.toml"):
        folder = beside / folder
    if not _is_file(folder / "pack.toml"):
        known = ", ".join(shipped_names())
        message = (
            f"pack {name[:_NAME_MAX]!r} is unknown; name one of {known}, or a folder with a "
            "pack.toml"
        )
        raise PackError(message)
    return folder


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        # A name that no file can have, such as one of thousands of letters.
        return False


def _read(folder: Path) -> PackFiles:
    where = folder.name
    top = _toml(folder / "pack.toml", f"{where}/pack.toml")
    if unknown := set(top) - _TOP_KEYS:
        message = f"{where}/pack.toml: unknown key {sorted(unknown)[0]!r}; known are "
        raise PackError(message + ", ".join(sorted(_TOP_KEYS)))
    head = _table(top.get("pack", {}), f"{where}/pack.toml: pack")
    if unknown := set(head) - _PACK_KEYS:
        message = f"{where}/pack.toml: unknown key {sorted(unknown)[0]!r} in [pack]; known are "
        raise PackError(message + ", ".join(sorted(_PACK_KEYS)))
    if "name" not in head or "title" not in head:
        message = f"{where}/pack.toml: [pack] needs name and title"
        raise PackError(message)
    _check_head(head, f"{where}/pack.toml")
    labels = _labels(folder, where)
    pack = Pack(
        name=head["name"],
        title=sentence(head["title"], where=f"{where}/pack.toml"),
        jurisdiction=head.get("jurisdiction", head["name"]),
        clock=head.get("clock"),
        calendar=head.get("calendar"),
        zone=head.get("zone"),
        house=head.get("house", False),
        extends=head.get("extends"),
        sha256=_hash(folder, labels[:-1]),
        folder=folder,
        requires=_requires(head, where),
        zones=_zones(head, where),
        case_defaults=_defaults(top, "case_defaults", where),
        audit_defaults=_defaults(top, "audit_defaults", where),
    )
    return PackFiles(
        pack=pack,
        where=where,
        terms=_tables(top.get("term", []), f"{where}/pack.toml: term"),
        derives=_tables(top.get("derive", []), f"{where}/pack.toml: derive"),
        labels=labels,
        instruments=tuple(_instrument(path, pack) for path in sorted(folder.glob("*/rules.toml"))),
    )


def _labels(folder: Path, where: str, above: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The words of a pack, after those of the public pack whose words they extend, and so on."""
    path = folder / "labels.toml"
    if not path.is_file():
        return ()
    below = _toml(path, f"{where}/labels.toml").get("extends")
    text = path.read_text(encoding="utf-8")
    if below is None:
        return (text,)
    known = [name for name in shipped_names() if (shipped() / name / "labels.toml").is_file()]
    if below not in known or below in (where, *above):
        message = f"{where}/labels.toml: extends {below!r}, which has no words or extends these; "
        raise PackError(message + f"known are {', '.join(known)}")
    return (*_labels(shipped() / below, below, (where, *above)), text)


def _check_head(head: Mapping[str, Any], where: str) -> None:
    """Raise PackError where ``[pack]`` says something that nobody could follow."""
    for key in ("name", "clock", "calendar", "zone", "extends", "jurisdiction"):
        if key in head and not (isinstance(head[key], str) and head[key]):
            message = f"{where}: {key} {head[key]!r} is no name; write one in quotation marks"
            raise PackError(message)
    if not isinstance(head.get("house", False), bool):
        message = f"{where}: house {head['house']!r} is no yes or no; write true or false, unquoted"
        raise PackError(message)
    if "calendar" in head and head["calendar"] not in calendar_names():
        known = ", ".join(sorted(calendar_names()))
        message = f"{where}: calendar {head['calendar']!r} is unknown; known are {known}"
        raise PackError(message)
    for key in ("clock", "zone"):
        if key in head:
            try:
                clock(head[key])
            except CaseError as error:
                message = f"{where}: {key}: {error}"
                raise PackError(message) from error


def _defaults(top: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    """What a pack takes for said, read once now so that no case finds it wrong later."""
    place = f"{where}/pack.toml: {key}"
    table = _table(top.get(key, {}), place)
    if unknown := sorted(set(table) - _DEFAULT_KEYS):
        message = f"{place}: unknown key {unknown[0]!r}; known are contact, facts, unsaid"
        raise PackError(message)
    if table.get("unsaid", "lawful") != "lawful":
        message = f'{place}: unsaid {table["unsaid"]!r} is unknown; write "lawful" or nothing'
        raise PackError(message)
    contact = _table(table.get("contact", {}), f"{place}.contact")
    try:
        read_contact(
            {"at": "2000-01-01T00:00:00Z", "channel": "call", **contact},
            where=f"{place}.contact", ident="",
        )  # fmt: skip
        for each in _tables(table.get("facts", []), f"{place}.facts"):
            read_fact(each, where=f"{place}.facts", ident="")
    except CaseError as error:
        raise PackError(str(error)) from error
    return table


def _table(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        message = f"{where} is no table; write it in brackets, such as [pack]"
        raise PackError(message)
    return value


def _tables(value: Any, where: str) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        message = f"{where} is no list of tables; write each below its own [[…]]"
        raise PackError(message)
    return tuple(value)


def _zones(head: Mapping[str, Any], where: str) -> Mapping[str, str]:
    """The zones of regions, each one that is known."""
    zones = _table(head.get("zones", {}), f"{where}/pack.toml: zones")
    for region, name in zones.items():
        try:
            clock(name)
        except (CaseError, TypeError) as error:
            message = f"{where}/pack.toml: zones.{region}: {error}"
            raise PackError(message) from error
    return zones


def _instrument(path: Path, pack: Pack) -> tuple[Instrument, tuple[Mapping[str, Any], ...], str]:
    where = f"{path.parent.parent.name}/{path.parent.name}/rules.toml"
    top = _toml(path, where)
    head = _table(top.get("instrument", {}), f"{where}: instrument")
    bad = set(top) - {"instrument", "rule"} or set(head) - _HEAD_KEYS
    if bad or not {"title", "level", "since"} <= set(head):
        said = f"unknown key {sorted(bad)[0]!r}" if bad else "title, level or since is missing"
        message = f"{where}: {said}; [instrument] knows {', '.join(sorted(_HEAD_KEYS))}"
        raise PackError(message)
    for key, words in (("level", Level), ("confidence", Confidence)):
        if key in head and head[key] not in list(words):
            message = f"{where}: {key} {head[key]!r} is unknown; known are {', '.join(words)}"
            raise PackError(message)
    for key in ("since", "until"):
        if key in head and (isinstance(head[key], datetime) or not isinstance(head[key], date)):
            message = f"{where}: {key} {head[key]!r} is no date; write one such as 2025-02-28"
            raise PackError(message)
    region = head.get("region", "all")
    regions = region if isinstance(region, list) else [region]
    if not regions or not all(isinstance(each, str) and each for each in regions):
        message = f"{where}: region {region!r} is no name; write one such as US-NY, or a list"
        raise PackError(message)
    if "applies" in head:
        _table(head["applies"], f"{where}: applies")
    instrument = Instrument(
        pack=pack.name,
        id=head.get("id", path.parent.name),
        title=sentence(head["title"], where=where),
        level=Level(head["level"]),
        confidence=Confidence(head.get("confidence", "text")),
        since=head["since"],
        until=head.get("until"),
        applies=head.get("applies"),
        regions=tuple(regions) if "region" in head else (),
    )
    return instrument, _tables(top.get("rule", []), f"{where}: rule"), where


def _toml(path: Path, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        message = f"{where}: it cannot be read ({error}); mend the file"
        raise PackError(message) from error


def _requires(head: Mapping[str, Any], where: str) -> tuple[str, ...]:
    kinds = head.get("requires", [])
    if not isinstance(kinds, list) or not set(kinds) <= set(FactKind):
        message = f"{where}/pack.toml: requires lists kinds of recorded fact, found {kinds!r}"
        raise PackError(message)
    return tuple(kinds)


def _hash(folder: Path, words: Sequence[str]) -> str:
    """SHA-256 over the names and bytes of everything that decides: the TOML files of the pack.

    ``words`` are the label files of other packs that it takes in.
    """
    digest = hashlib.sha256()
    for text in words:
        digest.update(hashlib.sha256(text.encode()).digest())
    for path in sorted(folder.rglob("*.toml")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()

"""Reading packs from their folders: bytes in, checked tables out. Nothing is compiled here."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any, Final

from forbear.base.errors import PackError
from forbear.base.reasons import Sentence
from forbear.base.words import Confidence, Level
from forbear.law.rule import Instrument, sentence

_PACK_KEYS: Final = frozenset(
    {"name", "title", "clock", "calendar", "zone", "house", "extends", "jurisdiction"}
)
_TOP_KEYS: Final = frozenset({"pack", "case_defaults", "audit_defaults", "term", "derive"})
_HEAD_KEYS: Final = frozenset(
    {"id", "title", "level", "confidence", "since", "until", "applies", "region"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """What a pack says of itself. ``case_defaults`` and ``audit_defaults`` fill what is unsaid."""

    name: str
    title: Sentence
    clock: str | None
    calendar: str | None
    zone: str | None
    house: bool
    extends: str | None
    sha256: str
    folder: Path
    case_defaults: Mapping[str, Any] = field(default_factory=dict)
    audit_defaults: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFiles:
    """A pack and its tables, not compiled yet."""

    pack: Pack
    where: str
    terms: tuple[Mapping[str, Any], ...]
    derives: tuple[Mapping[str, Any], ...]
    labels: str | None
    instruments: tuple[tuple[Instrument, tuple[Mapping[str, Any], ...], str], ...]


def shipped() -> Path:
    """The folder of the packs that come with Forbear."""
    return Path(str(package_files("forbear.law"))) / "packs"


def shipped_names() -> tuple[str, ...]:
    """The names of the packs that come with Forbear."""
    return tuple(sorted(p.name for p in shipped().iterdir() if (p / "pack.toml").is_file()))


def requested(name: str) -> tuple[str, date | None]:
    """``cn@2024-06-01`` as a name and a date; raises PackError where the date is none."""
    plain, at, day = name.rpartition("@")
    if not at or Path(name).exists():
        return name, None
    try:
        return plain, date.fromisoformat(day)
    except ValueError as error:
        message = f"pack {name!r}: {day!r} is no date; write one such as {plain}@2024-06-01"
        raise PackError(message) from error


def read_pack(name: str) -> list[PackFiles]:
    """A pack, after the public pack that it extends; raises PackError."""
    folder = shipped() / name if name in shipped_names() else Path(name)
    if not (folder / "pack.toml").is_file():
        known = ", ".join(shipped_names())
        message = f"pack {name!r} is unknown; name one of {known}, or a folder with a pack.toml"
        raise PackError(message)
    own = _read(folder)
    if own.pack.extends is None:
        return [own]
    return [*read_pack(own.pack.extends), own]


def _read(folder: Path) -> PackFiles:
    where = folder.name
    top = _toml(folder / "pack.toml", where)
    if unknown := set(top) - _TOP_KEYS:
        message = f"{where}/pack.toml: unknown key {sorted(unknown)[0]!r}; known are "
        raise PackError(message + ", ".join(sorted(_TOP_KEYS)))
    head = top.get("pack", {})
    if unknown := set(head) - _PACK_KEYS:
        message = f"{where}/pack.toml: unknown key {sorted(unknown)[0]!r} in [pack]; known are "
        raise PackError(message + ", ".join(sorted(_PACK_KEYS)))
    if "name" not in head or "title" not in head:
        message = f"{where}/pack.toml: [pack] needs name and title"
        raise PackError(message)
    pack = Pack(
        name=head["name"],
        title=sentence(head["title"], where=f"{where}/pack.toml"),
        clock=head.get("clock"),
        calendar=head.get("calendar"),
        zone=head.get("zone"),
        house=bool(head.get("house", False)),
        extends=head.get("extends"),
        sha256=_hash(folder),
        folder=folder,
        case_defaults=top.get("case_defaults", {}),
        audit_defaults=top.get("audit_defaults", {}),
    )
    labels = folder / "labels.toml"
    return PackFiles(
        pack=pack,
        where=where,
        terms=tuple(top.get("term", ())),
        derives=tuple(top.get("derive", ())),
        labels=labels.read_text(encoding="utf-8") if labels.is_file() else None,
        instruments=tuple(_instrument(path, pack) for path in sorted(folder.glob("*/rules.toml"))),
    )


def _instrument(path: Path, pack: Pack) -> tuple[Instrument, tuple[Mapping[str, Any], ...], str]:
    where = f"{path.parent.parent.name}/{path.parent.name}/rules.toml"
    top = _toml(path, where)
    head = top.get("instrument", {})
    bad = set(top) - {"instrument", "rule"} or set(head) - _HEAD_KEYS
    if bad or not {"title", "level", "since"} <= set(head):
        said = f"unknown key {sorted(bad)[0]!r}" if bad else "title, level or since is missing"
        message = f"{where}: {said}; [instrument] knows {', '.join(sorted(_HEAD_KEYS))}"
        raise PackError(message)
    if head["level"] not in list(Level):
        message = f"{where}: level {head['level']!r} is unknown; known are {', '.join(Level)}"
        raise PackError(message)
    instrument = Instrument(
        pack=pack.name,
        id=head.get("id", path.parent.name),
        title=sentence(head["title"], where=where),
        level=Level(head["level"]),
        confidence=Confidence(head.get("confidence", "text")),
        since=head["since"],
        until=head.get("until"),
        applies=head.get("applies"),
        region=head.get("region"),
    )
    return instrument, tuple(top.get("rule", ())), where


def _toml(path: Path, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        message = f"{where}: it cannot be read ({error}); mend the file"
        raise PackError(message) from error


def _hash(folder: Path) -> str:
    """SHA-256 over the names and bytes of everything that decides: the TOML files of the pack."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.toml")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()

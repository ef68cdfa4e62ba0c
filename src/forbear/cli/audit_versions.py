"""What several ``--pack`` mean: one body of law, or versions of it to be compared.

Packs that differ are judged together. Where the same pack is named more than once, each time is a
version: ``--pack cn@2024-01-01 --pack cn@next``, or ``--pack cn --pack cn+cn-humane``, where ``+``
joins what belongs together. Packs that are named beside versions go along with each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from forbear.base.errors import PackError
from forbear.law.packs import read_pack, requested

_JOINT: Final = "+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A body of law by the names of its packs, and what it is called beside another."""

    called: str
    packs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Named:
    """One ``--pack`` as it was written; ``own`` are the names of its packs."""

    written: str
    packs: tuple[str, ...]
    own: frozenset[str]


def versions(asked: Sequence[str]) -> tuple[Version, ...]:
    """The bodies of law that ``--pack`` asks for, in its order: one, or several to be compared.

    Raises PackError for a pack that is unknown, and where it is not plain which packs go together.
    """
    different = tuple(dict.fromkeys(asked))
    if len(different) == 1 and _JOINT not in different[0]:
        return (Version(called=different[0], packs=different),)
    named = [_named(written) for written in different]
    alike = [n for n in named if any(n.own & other.own for other in named if other is not n)]
    if not alike:
        packs = tuple(pack for n in named for pack in n.packs)
        return (Version(called=_JOINT.join(packs), packs=_dated(packs)),)
    if not frozenset.intersection(*(n.own for n in alike)):
        first = alike[0]
        other = next(n for n in alike if not n.own & first.own)
        message = (
            f"--pack: {first.written} and {other.written} are each compared with another version; "
            f"join what belongs together, such as --pack {first.written}{_JOINT}{other.written}"
        )
        raise PackError(message)
    along = tuple(pack for n in named if n not in alike for pack in n.packs)
    return tuple(Version(called=n.written, packs=_dated((*n.packs, *along))) for n in alike)


def _named(written: str) -> _Named:
    packs = (written,) if _is_folder(written) else tuple(written.split(_JOINT))
    return _Named(written, packs, frozenset(_own_name(pack) for pack in packs))


def _is_folder(written: str) -> bool:
    """Whether it is the folder of one pack, with or without a date; such a folder may hold a +."""
    try:
        return any(
            (Path(name) / "pack.toml").is_file() for name in (written, written.rpartition("@")[0])
        )
    except (OSError, ValueError):
        # A name that no file can have.
        return False


def _own_name(pack: str) -> str:
    return read_pack(requested(pack)[0])[-1].pack.name


def _dated(packs: tuple[str, ...]) -> tuple[str, ...]:
    """The same, where a house pack without a date goes by that of the law that it extends.

    One day then holds for the law and for the promises that stand on top of it.
    """
    days = {_own_name(pack): requested(pack)[1] for pack in packs}
    found = []
    for pack in packs:
        name, own = requested(pack)
        law = read_pack(name)[-1].pack.extends
        day = None if law is None else days.get(law)
        found.append(pack if own or day is None else f"{pack}@{day}")
    return tuple(found)

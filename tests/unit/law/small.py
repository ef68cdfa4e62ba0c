"""Packs of one or two rules and cases of a few lines, written where a test needs them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from forbear.law.answers import Earliest, Verdict
from forbear.law.book import Book, load
from forbear.law.case import Case, read_case
from forbear.law.deciding import decide, when

SHANGHAI = "Asia/Shanghai"
NEW_YORK = "America/New_York"


def rule(body: str = "", ident: str = "r") -> str:
    """A ``[[rule]]`` table with what every rule needs and ``body``."""
    head = f'[[rule]]\nid = "{ident}"\nclause = "Act {ident}"\n'
    says = "" if "says = " in body else 'says = { zh = "不得。", en = "Not so." }\n'
    return f"{head}{says}{body}\n"


def make(
    folder: Path,
    *rules: str,
    pack: str = "",
    top: str = "",
    head: str = "",
    level: str = "law",
    since: str = "2020-01-01",
    labels: str | None = None,
) -> Path:
    """A pack in ``folder`` with one instrument, ``act``."""
    (folder / "act").mkdir(parents=True, exist_ok=True)
    title = 'title = { zh = "法", en = "Act" }\n'
    whole = f'[pack]\nname = "{folder.name}"\n{title}{pack}\n{top}\n'
    (folder / "pack.toml").write_text(whole, encoding="utf-8")
    instrument = f'[instrument]\n{title}level = "{level}"\nsince = {since}\n{head}\n'
    text = instrument + "\n".join(rules)
    (folder / "act" / "rules.toml").write_text(text, encoding="utf-8")
    if labels is not None:
        (folder / "labels.toml").write_text(labels, encoding="utf-8")
    return folder


def tiny(tmp_path: Path, *rules: str, **keys: str) -> Book:
    """The book of a pack called ``tiny``."""
    return load([str(make(tmp_path / "tiny", *rules, **keys))])


def call(at: str, **more: Any) -> dict[str, Any]:
    """A telephone call at a time, as a case writes it."""
    return {"at": at, "channel": "call", **more}


def case(
    proposed: dict[str, Any],
    history: Iterable[dict[str, Any]] = (),
    facts: Iterable[dict[str, Any]] = (),
    *,
    zone: str | None = SHANGHAI,
    region: str | None = None,
) -> Case:
    """A case of one debtor."""
    debtor = {"timezone": zone, "region": region, "facts": list(facts)}
    return read_case({"id": "c", "debtor": debtor, "history": list(history), "proposed": proposed})


def ask(
    book: Book,
    proposed: dict[str, Any],
    history: Iterable[dict[str, Any]] = (),
    facts: Iterable[dict[str, Any]] = (),
    **keys: Any,
) -> Verdict:
    """What the book says of a contact, nothing assumed."""
    now = keys.pop("now", None)
    return decide(book, case(proposed, history, facts, **keys), now)


def broken(book: Book, proposed: dict[str, Any], *args: Any, **keys: Any) -> list[str]:
    """The rules that it breaks."""
    return [each.rule for each in ask(book, proposed, *args, **keys).because]


def first(book: Book, proposed: dict[str, Any], *args: Any, **keys: Any) -> Earliest:
    """The earliest lawful moment."""
    return when(book, case(proposed, *args, **keys))


def at(zone: str, day: str, time: str, fold: int = 0) -> str:
    """A wall time of a zone as RFC 3339; ``fold`` 1 is the second of two equal ones."""
    moment = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=ZoneInfo(zone), fold=fold)
    return moment.isoformat()


def china(day: str, time: str) -> str:
    """A time in China."""
    return f"{day}T{time}+08:00"

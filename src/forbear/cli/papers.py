"""``forbear audit --papers``: the papers of one audited log, as a page, as text, as PDF."""

from __future__ import annotations

import argparse
import json
import re
import shlex
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from forbear.base.clock import clock, instant_of
from forbear.base.errors import InputError
from forbear.evidence.given import ReportInput
from forbear.evidence.papers import COUNTRIES, Paper, Told, as_data, papers, to_html, to_text
from forbear.evidence.papers import told_from as read_told

SCHEMA: Final = "forbear.papers/1"
_FONTS: Final = ("Noto Serif CJK SC", "Noto Sans CJK SC")
_INSTALL: Final = "pip install 'forbear[letters]'"
# Read by a screen reader from beginning to end; it asks that every sign has a glyph.
_ACCESSIBLE: Final = "ua-1"


def add_to(one: argparse.ArgumentParser) -> None:
    """Add what the papers need to the options of ``audit``."""
    one.add_argument(
        "--papers", metavar="DIR", type=Path,
        help="write the borrower's papers into a folder: complaints, letters, time line, exhibit",
    )  # fmt: skip
    one.add_argument(
        "--about", metavar="TOLD.toml", type=Path,
        help="what you say of yourself and of what you want, for the papers",
    )  # fmt: skip
    one.add_argument("--pdf", action="store_true", help="write each paper as a PDF as well")
    one.add_argument(
        "--about-template", action="store_true", help="write an empty form for --about"
    )


def told(args: argparse.Namespace) -> Told | None:
    """What was told, read before any log so that a slip is known at once; None without papers.

    Raises InputError where the form cannot be read, where a PDF cannot be made, and where options
    make no sense together.
    """
    if args.papers is None:
        for option in ("about", "pdf"):
            if getattr(args, option):
                raise InputError(f"--{option}: it is about papers; add --papers DIR")
        return None
    if args.papers.exists() and not args.papers.is_dir():
        raise InputError(f"{args.papers}: it is no folder; name one for the papers")
    table = {} if args.about is None else _form(args.about)
    table.setdefault("lender_type", args.lender_type)
    table.setdefault("product", args.product)
    table.setdefault("country", _country([args.region or "", *args.pack]))
    try:
        said = read_told(table)
    except InputError as error:
        raise InputError(f"{args.about}: {error}") from error
    _settle(args, said)
    if args.pdf:
        _Typesetter()
    return said


def _settle(args: argparse.Namespace, said: Told) -> None:
    """The kind of lender that was told decides which rules apply as well, as the option does.

    What reproduces the findings anywhere is the command without the papers, since nobody else has
    the form that they were made from.
    """
    words = shlex.split(args.command_line)
    kept: list[str] = []
    skip = False
    for word in words:
        name = word.partition("=")[0]
        if skip:
            skip = False
        elif name in ("--papers", "--about"):
            skip = "=" not in word
        elif name != "--pdf":
            kept.append(word)
    if said.lender_type and args.lender_type is None:
        args.lender_type = said.lender_type
        kept += ["--lender-type", said.lender_type]
    if said.lender_type and said.lender_type != args.lender_type:
        message = f"--lender-type {args.lender_type}: {args.about} says {said.lender_type}; "
        raise InputError(message + "say the same in both")
    args.command_line = shlex.join(kept)


def _form(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        message = f"{path}: it cannot be read ({error.strerror}); --about-template writes a form"
        raise InputError(message) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: it is no TOML: {error}") from error


def _country(named: Sequence[str]) -> str:
    """The country of the first region or pack that names one."""
    names = {"in": "india", "gb": "uk"} | {each: each for each in COUNTRIES}
    found = (names.get(re.split(r"[-@]", each)[0].lower()) for each in named)
    return next((name for name in found if name), "cn")


def write(
    given: ReportInput, said: Told, args: argparse.Namespace, tell: Callable[[str], None]
) -> list[str]:
    """Write the papers into their folder; returns what to say on the terminal.

    Raises InputError where a file is there already, which a person may have changed, and where the
    folder cannot be written.
    """
    made = papers(given, said)
    named = {f"{n:02d}-{p.id}": p for n, p in enumerate(p for p in made if not p.not_made)}
    ready: dict[str, bytes] = {
        "papers.html": to_html(made, given.language).encode(),
        "papers.json": _json(given, made),
        **{f"{name}.txt": to_text(paper).encode() for name, paper in named.items()},
    }
    if args.pdf:
        typeset = _Typesetter()
        for name, paper in named.items():
            tell(f"{name}.pdf")
            ready[f"{name}.pdf"] = typeset(paper, _noon(given, said))
    _save(args.papers, ready)
    return _said(made, args, chinese=given.language == "zh")


def _json(given: ReportInput, made: Sequence[Paper]) -> bytes:
    data = {
        "schema": SCHEMA,
        "papers": [as_data(paper) for paper in made],
        "packs": dict(given.audit.packs),
        "version": given.version,
    }
    return (json.dumps(data, ensure_ascii=False) + "\n").encode()


def _save(folder: Path, ready: Mapping[str, bytes]) -> None:
    there = [name for name in ready if (folder / name).exists()]
    if there:
        message = f"{folder / there[0]}: it is there already and may have been changed by hand; "
        raise InputError(message + "name another folder after --papers")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in ready.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        message = f"{folder}: it cannot be written ({error.strerror}); name another folder"
        raise InputError(message) from error


def _said(made: Sequence[Paper], args: argparse.Namespace, *, chinese: bool) -> list[str]:
    page = args.papers / "papers.html"
    count = sum(not paper.not_made for paper in made)
    if chinese:
        lines = [f"{count} 份文书已写入 {args.papers}，没有发送给任何人。先读 {page}"]
    else:
        lines = [f"{count} papers are in {args.papers}; nothing was sent. Read first: {page}"]
    colon = "：" if chinese else ": "
    lines += [f"- {p.title}{colon}{p.not_made}" for p in made if p.not_made]
    return lines


def _noon(given: ReportInput, said: Told) -> datetime:
    """A moment that depends on the paper's date alone, so that two runs give the same bytes."""
    day = said.dated or clock(given.zone).moment(instant_of(given.made_at)).date()
    return datetime.combine(day, time(12), tzinfo=UTC)


class _Typesetter:
    """Typst with the template and the fonts; an extra, so it is looked for only when asked for."""

    def __init__(self) -> None:
        """Raises InputError that says how to get what is missing."""
        try:
            self._typst = import_module("typst")
        except ImportError as error:
            raise InputError(f"--pdf: the typesetter is missing; {_INSTALL}") from error
        fonts = self._typst.Fonts()
        if not set(_FONTS) & set(fonts.families()):
            message = f"--pdf: no font for Chinese; install {' or '.join(_FONTS)}, "
            raise InputError(message + "on Debian: apt-get install fonts-noto-cjk")
        self._compiler = self._typst.Compiler(font_paths=fonts)
        self._source = files("forbear.evidence.papers").joinpath("paper.typ").read_bytes()

    def __call__(self, paper: Paper, at: datetime) -> bytes:
        """One paper as PDF, dated ``at``; the same paper and date give the same bytes."""
        data = json.dumps(as_data(paper), ensure_ascii=False)
        try:
            return self._compiled(data, at, [_ACCESSIBLE])
        except self._typst.TypstError:
            # A sign that no font has, such as a picture in a message, is no reason to lose it.
            return self._compiled(data, at, [])

    def _compiled(self, data: str, at: datetime, standards: list[str]) -> bytes:
        made = self._compiler.compile(
            self._source, format="pdf", sys_inputs={"paper": data}, timestamp=at,
            pdf_standards=standards,
        )  # fmt: skip
        assert isinstance(made, bytes)
        return made

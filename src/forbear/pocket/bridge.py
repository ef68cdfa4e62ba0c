"""What the page asks of the engine, as text in and text out.

The page runs this module in the browser; the tests run it as it stands. A request is a JSON object
with ``do`` and what that needs; the answer is one with the result, or with ``refused`` where the
person gave something that cannot be used. Files lie in a folder of their own, as they were given.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from forbear import __version__
from forbear.audit import Asked, Examined, examine
from forbear.audit.examine import suggested
from forbear.base.errors import ForbearError, InputError
from forbear.evidence.given import ReportInput
from forbear.evidence.machine import as_json
from forbear.evidence.papers import as_data, papers, told_from
from forbear.evidence.report import html
from forbear.evidence.told import as_told
from forbear.evidence.voice import Voice
from forbear.intake import Whose, parse_collector, read_logs, template
from forbear.law.answers import Audit
from forbear.law.book import load
from forbear.pocket.lands import LANDS, looks_like

SCHEMA: Final = "forbear.pocket/1"
_NUMBERS_MAX: Final = 200


class Bridge:
    """The engine behind one page; it remembers the last log, so that papers follow from it."""

    def __init__(self, folder: Path, *, clock: Callable[[], datetime] | None = None) -> None:
        """Read files from ``folder``; ``clock`` gives the moment of each request, aware."""
        self._folder = folder
        self._clock = clock or (lambda: datetime.now(UTC))
        self._last: Examined | None = None
        self._doing: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
            "look": self._look,
            "audit": self._audit,
            "data": self._data,
            "report": self._report,
            "papers": self._papers,
            "template": self._template,
            "version": self._version,
            "forget": self._forget,
        }

    def answer(self, request: str) -> str:
        """One request, one answer; a failure of the engine's own is raised, as a bug should be."""
        asked = json.loads(request)
        assert asked.get("do") in self._doing, f"nothing is known of {asked.get('do')!r}"
        try:
            made = self._doing[asked["do"]](asked)
        except ForbearError as error:
            about = error.about if isinstance(error, InputError) else ""
            made = {"refused": {"about": about or "other", "what": str(error)}}
        return json.dumps(made, ensure_ascii=False)

    def _paths(self, asked: Mapping[str, Any]) -> list[Path]:
        return [self._folder / name for name in asked["files"]]

    def _look(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What the files hold, before anybody says whose calls to judge."""
        zone = _zone(asked)
        log = read_logs(self._paths(asked), now=self._clock(), zone=zone)
        if log.unreadable and not log.rows:
            message = f"no row could be read; {log.unreadable[0]}"
            raise InputError(message, about="no_rows")
        voice = Voice(asked["language"])
        counts: dict[str, list[Any]] = {}
        for row in log.rows:
            if row.number is not None and row.incoming:
                known = counts.setdefault(row.number, [0, row.name])
                known[0] += 1
        most = sorted(counts.items(), key=lambda item: -item[1][0])[:_NUMBERS_MAX]
        return {
            "rows": len(log.rows),
            "unreadable": len(log.unreadable),
            "first": log.rows[0].at.isoformat() if log.rows else None,
            "last": log.rows[-1].at.isoformat() if log.rows else None,
            "suggestions": [
                {
                    "number": maybe.number,
                    "name": maybe.name or "",
                    "likelihood": maybe.likelihood,
                    "says": voice.say_if_known(f"likelihood.{maybe.likelihood}"),
                    "count": maybe.count,
                    "reasons": [voice.sentence(reason) for reason in maybe.reasons],
                }
                for maybe in suggested(log, ())
                if _can_be_named(maybe.number)
            ],
            "numbers": [
                {"number": number, "name": name or "", "count": count}
                for number, (count, name) in most
                if _can_be_named(number)
            ],
            "looks_like": looks_like(log, asked["country"]),
        }

    def _audit(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The findings as sentences for a person; ``data`` has them all, for programs."""
        self._last = None
        land = LANDS[asked["country"]]
        collectors = tuple(
            one["number"] + (f"={one['name']}" if one.get("name") else "")
            for one in asked["collectors"]
        )
        question = Asked(
            packs=land.packs,
            collectors=collectors,
            whose=Whose(asked["whose"]),
            lender_type=land.lender_type(asked.get("lender_type")),
            region=asked.get("region") or land.region,
            language=asked["language"],
        )
        question = _with_command(question, asked["files"])
        self._last = examine(self._paths(asked), question, now=self._clock())
        given = self._last.given
        return {
            "told": as_told(given),
            "command": question.command,
            "version": given.version,
            "hashes": {**given.inputs, **given.audit.packs},
        }

    def _data(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Every finding, exactly as the command writes it; many megabytes for a long log."""
        assert self._last is not None, f"no log was audited before {asked['do']}"
        return as_json(self._last.given)

    def _report(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The whole report as the command writes it, to be kept or printed."""
        assert self._last is not None, f"no log was audited before {asked['do']}"
        return {"html": html(self._last.given)}

    def _papers(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The papers that fit.

        A notice can be written without any log, so where none was audited there is just nothing
        for the papers to rest on. ``on_log`` is false where its files were removed since.
        """
        last = self._last if asked.get("on_log", True) else None
        given = last.given if last is not None else self._nothing(asked)
        made = papers(given, told_from(asked["told"]))
        return {"papers": [as_data(paper) for paper in made]}

    def _nothing(self, asked: Mapping[str, Any]) -> ReportInput:
        book = load(LANDS[asked["country"]].packs)
        return ReportInput(
            audit=Audit(contacts=0, findings=(), not_shown=(), packs=book.hashes),
            contacts=(),
            zone=_zone(asked),
            language=asked["language"],
            whose=asked["whose"],
            made_at=self._clock(),
            version=__version__,
            command="",
        )

    def _template(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The list for calls typed by hand, which the page fills in."""
        return {"csv": template(asked["language"])}

    def _forget(self, _: Mapping[str, Any]) -> dict[str, Any]:
        """Let go of the last log, as of everything else that is erased."""
        self._last = None
        return {}

    def _version(self, _: Mapping[str, Any]) -> dict[str, Any]:
        """Which engine this is, and which law it holds."""
        return {
            "schema": SCHEMA,
            "version": __version__,
            "packs": {
                name: pack.sha256
                for land in LANDS.values()
                for name in land.packs
                for pack in load([name]).packs
            },
        }


def _zone(asked: Mapping[str, Any]) -> str:
    """The clock of the place that the person named, or of the country."""
    land = LANDS[asked["country"]]
    return load(land.packs).zone_of(asked.get("region") or land.region)


def _with_command(asked: Asked, files: list[str]) -> Asked:
    """The same question with the command that asks it anywhere else."""
    # A file whose name begins like an option is still a file.
    words = ["forbear", "audit", *(f"./{name}" if name.startswith("-") else name for name in files)]
    for pack in asked.packs:
        words += ["--pack", pack]
    for collector in asked.collectors:
        words += ["--collector", collector]
    words += ["--whose", str(asked.whose)]
    if asked.lender_type:
        words += ["--lender-type", asked.lender_type]
    if asked.region:
        words += ["--region", asked.region]
    words += ["--lang", asked.language or "en", "--format", "json"]
    return replace(asked, command=shlex.join(words))


def _can_be_named(number: str) -> bool:
    """Whether a number can be asked about; a sender that is a word cannot."""
    try:
        parse_collector(number)
    except InputError:
        return False
    return True

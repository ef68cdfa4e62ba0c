"""``forbear audit LOG… --pack cn@2024-01-01 --pack cn@next``: one log, versions of the law."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pyarrow as pa

from forbear.audit import Asked, Examined, examine
from forbear.base.contact import UNSAID, Contact
from forbear.base.errors import InputError
from forbear.batch.compare import COMPARED, Tally, changes
from forbear.batch.plain import agency_of
from forbear.batch.schema import Table
from forbear.cli.audit_compared import Compared, compared_data, compared_page
from forbear.cli.audit_versions import Version
from forbear.cli.law_page import Page

_ENDINGS: Final = {".json": "json", ".html": "html", ".htm": "html"}


def run(
    args: argparse.Namespace,
    asked: Asked,
    versions: Sequence[Version],
    *,
    tell: Callable[[str], None],
    write: Callable[..., None],
) -> Examined:
    """Judge the logs by each version and write what changes; gives back the first examination.

    ``write`` takes a path, a text and its ``encoding``.
    """
    form = form_of(args)
    now = datetime.now(UTC)
    examined = [
        examine(args.logs, replace(asked, packs=version.packs), now=now, tell=tell)
        for version in versions
    ]
    tell("")
    first, *others = [_findings(each) for each in examined]
    compared = Compared(
        versions=versions,
        books=[each.book for each in examined],
        contacts=examined[0].given.audit.contacts,
        tallies=[_tally(changes(first, other)) for other in others],
    )
    if form == "json":
        made = json.dumps(compared_data(compared), ensure_ascii=False) + "\n"
    else:
        page = Page(examined[0].given.language)
        compared_page(page, compared)
        page.packs(*compared.books)
        made = page.text()
    if args.output is None:
        sys.stdout.write(made)
    else:
        write(args.output, made, encoding="utf-8")
        print(args.output)
    return examined[0]


def form_of(args: argparse.Namespace) -> str:
    """Text or json; raises InputError for what cannot be asked of a comparison."""
    for option, given in (
        ("--against", args.against),
        ("--papers", args.papers),
        ("--joint", args.joint),
        ("--template", args.template),
    ):
        if given:
            message = f"{option}: versions of a pack cannot be compared with it; name one version"
            raise InputError(message)
    ending = None if args.output is None else _ENDINGS.get(args.output.suffix.lower())
    form: str = args.format or ending or "text"
    if form not in ("text", "json"):
        message = f"--format {form}: a comparison is written as text or json; choose one of them"
        raise InputError(message)
    return form


def _tally(found: Table) -> Tally:
    tally = Tally()
    tally.take(found)
    return tally


def _findings(examined: Examined) -> Table:
    """The findings as a table, each with the place of its contact among those of the log."""
    places = {_key(contact): place for place, contact in enumerate(examined.given.contacts)}
    rows = [
        {
            "position": places[_key(finding.contact)],
            "id": finding.contact.id,
            "lender": finding.contact.lender,
            "at": finding.contact.instant,
            "agent": None if finding.contact.agent is UNSAID else finding.contact.agent,
            "agency": agency_of(finding.contact.more),
            "clause": finding.clause,
            "effect": finding.effect,
        }
        for finding in examined.given.audit.findings
    ]
    return pa.Table.from_pylist(rows, schema=COMPARED)


def _key(contact: Contact) -> tuple[object, ...]:
    # A lender may give two contacts one id, and a backup may stand on one line.
    return contact.id, contact.source

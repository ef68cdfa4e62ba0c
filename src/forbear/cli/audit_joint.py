"""``forbear audit FOLDER --joint``: many complainants' logs in, one table without names out."""

from __future__ import annotations

import argparse
import json
import secrets
import shlex
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from forbear.audit import Asked
from forbear.audit.joint import KEY_BYTES_MIN, joint
from forbear.base.errors import InputError
from forbear.evidence.joint import joint_csv, joint_data, joint_html, joint_text
from forbear.evidence.joint_given import Joint

_ENDINGS: Final = {".html": "html", ".htm": "html", ".json": "json", ".csv": "csv"}
_KEY_BYTES_MAX: Final = 4096


def add_options(one: argparse.ArgumentParser) -> None:
    """Add the options of a joint table."""
    one.add_argument(
        "--joint", action="store_true",
        help="LOG is a folder with a sub-folder or file for each complainant; one table of all",
    )  # fmt: skip
    one.add_argument(
        "--joint-key", metavar="FILE", type=Path,
        help="a secret of 16 bytes or more that keeps the pseudonyms the same from run to run",
    )  # fmt: skip


def run(args: argparse.Namespace, asked: Asked, write: Callable[..., None]) -> int:
    """Judge every complainant's logs and write the table. 1: some could not be read.

    ``write`` takes a path, a text and its ``encoding``. What is wrong with whose file is said on
    standard error alone, since the table names nobody.
    """
    folder, form = _folder(args), _form(args)
    key = secrets.token_bytes(32) if args.joint_key is None else _key(args.joint_key, folder)
    made, trouble = joint(
        folder,
        asked,
        key=key,
        key_given=args.joint_key is not None,
        now=datetime.now(UTC),
        tell=_progress if sys.stderr.isatty() else lambda _: None,
    )
    written = _made(made, form)
    if args.output is None:
        sys.stdout.write(written)
    else:
        # Without the mark at its beginning a spreadsheet shows Chinese as signs.
        write(args.output, written, encoding="utf-8-sig" if form == "csv" else "utf-8")
        print(joint_text(made).partition("\n\n")[0])
        print(args.output)
    for each in trouble:
        what = each.what.removeprefix(f"{each.path.name}: ")
        print(f"forbear: {each.pseudonym} is {each.path}: {what}", file=sys.stderr)
    return 1 if trouble else 0


def command(args: argparse.Namespace) -> str:
    """The command as the table shows it: without paths, which may name people."""
    shown: str = args.command_line
    paths = [(path, "FOLDER") for path in args.logs]
    paths += [(args.joint_key, "KEY")] if args.joint_key is not None else []
    paths += [(args.output, "OUT")] if args.output is not None else []
    words = {shlex.quote(str(path)): word for path, word in paths}
    return " ".join(
        words.get(shlex.quote(part), words.get(part.rstrip("/"), shlex.quote(part)))
        for part in shlex.split(shown)
    )


def _progress(what: str) -> None:
    sys.stderr.write(f"\r\x1b[Kforbear: {what} …\r")
    sys.stderr.flush()


def _folder(args: argparse.Namespace) -> Path:
    if len(args.logs) != 1:
        message = "--joint: name one folder, with a sub-folder or a file for each complainant"
        raise InputError(message)
    for option, given in (
        ("--against", args.against),
        ("--papers", args.papers),
        ("--template", args.template),
    ):
        if given:
            message = f"--joint: it cannot be asked for with {option}; run them one after the other"
            raise InputError(message)
    folder: Path = args.logs[0]
    if args.output is not None and folder.is_dir() and _inside(args.output, folder):
        message = f"{args.output}: it lies among the logs and would be read as one; write elsewhere"
        raise InputError(message)
    return folder


def _form(args: argparse.Namespace) -> str:
    out: Path | None = args.output
    form: str = args.format or (_ENDINGS.get(out.suffix.lower()) if out else None) or "text"
    if form == "html" and out is None:
        message = "--format html: a page needs a file; add -o joint.html"
        raise InputError(message)
    return form


def _key(path: Path, folder: Path) -> bytes:
    if folder.is_dir() and _inside(path, folder):
        message = f"--joint-key {path}: it lies among the logs; keep the key elsewhere"
        raise InputError(message)
    try:
        with path.open("rb") as file:
            key = file.read(_KEY_BYTES_MAX + 1)
    except OSError as error:
        message = f"--joint-key {path}: it cannot be read ({error.strerror}); name a file"
        raise InputError(message) from error
    if not KEY_BYTES_MIN <= len(key) <= _KEY_BYTES_MAX:
        message = (
            f"--joint-key {path}: a key has {KEY_BYTES_MIN} to {_KEY_BYTES_MAX} bytes; make one "
            "with: head -c 32 /dev/urandom > FILE"
        )
        raise InputError(message)
    return key


def _inside(path: Path, folder: Path) -> bool:
    return folder.resolve() in path.resolve().parents


def _made(made: Joint, form: str) -> str:
    match form:
        case "html":
            return joint_html(made)
        case "json":
            return json.dumps(joint_data(made), ensure_ascii=False) + "\n"
        case "csv":
            return joint_csv(made)
        case _:
            return joint_text(made)

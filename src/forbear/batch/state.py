"""What a job keeps on disk so that it can go on: its lock, its manifest, and whole files only."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path
from typing import Any, Final

from forbear.base.errors import InputError

WORK: Final = ".work"
_LOCK: Final = ".lock"
_FULL: Final = frozenset({ENOSPC, EDQUOT, EFBIG})
MANIFEST: Final = "manifest.json"


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold a folder for one run; raises InputError where another one has it.

    The system lets go of the lock when a run ends, however it ends.
    """
    out.mkdir(parents=True, exist_ok=True)
    with (out / _LOCK).open("ab") as file:
        if not _taken(file.fileno()):
            raise InputError(f"{out}: another run writes to it; wait for it or name another folder")
        yield


if sys.platform == "win32":

    def _taken(number: int) -> bool:
        import msvcrt  # noqa: PLC0415 - there is none elsewhere

        try:
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:

    def _taken(number: int) -> bool:
        import fcntl  # noqa: PLC0415 - there is none on Windows

        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def writing_to(out: Path) -> Iterator[None]:
    """Say in one line why a folder cannot be written to; raises InputError."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            message = (
                f"{out}: there is no space left on the disk; make some and run the same command, "
                "which goes on from here, or name a folder on another disk"
            )
        else:
            message = f"{out}: it cannot be written ({error.strerror or error})"
        raise InputError(message) from error


def write_whole(path: Path, write: Callable[[Path], None]) -> int:
    """Have ``write`` fill a file that appears under ``path`` only when it is whole and on disk.

    Returns its size in bytes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    write(part)
    with part.open("rb") as file:
        os.fsync(file.fileno())
        size = os.fstat(file.fileno()).st_size
    part.replace(path)
    _sync_folder(path.parent)
    return size


def _sync_folder(folder: Path) -> None:
    if sys.platform != "win32":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def write_json(path: Path, told: Mapping[str, Any]) -> None:
    """Write an object, with its keys in order, so that equal ones are equal byte for byte."""
    text = json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    write_whole(path, lambda part: _write_text(part, text))


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def read_json(path: Path) -> dict[str, Any] | None:
    """The object that was written, None where there is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found if isinstance(found, dict) else None


_FOLDERS: Final = ("findings", "summary")
_FILES: Final = ("summary.json", "errors.parquet")


def foreign(out: Path) -> str | None:
    """What bears the name of something that a job writes, in a folder where no job has begun."""
    return next((name for name in (*_FOLDERS, *_FILES) if (out / name).exists()), None)


def clear(out: Path) -> None:
    """Remove what a job leaves in its folder, and nothing else; its manifest goes first."""
    (out / MANIFEST).unlink(missing_ok=True)
    for name in _FILES:
        (out / name).unlink(missing_ok=True)
    for name in (WORK, *_FOLDERS):
        shutil.rmtree(out / name, ignore_errors=True)


def changed(kept: Mapping[str, Any], own: Mapping[str, Any]) -> str | None:
    """How a job differs from the one that its folder was begun for; None where it does not."""
    if kept.get("forbear") != own["forbear"]:
        return f"it was begun by version {kept.get('forbear')} of Forbear"
    if kept.get("books") != own["books"]:
        return "it was begun with other packs"
    before = {(each["kind"], each["name"]): each["mark"] for each in kept.get("inputs", ())}
    now = {(each["kind"], each["name"]): each["mark"] for each in own["inputs"]}
    if list(before) != list(now):
        return "it was begun for other files"
    for (_, name), mark in now.items():
        if not mark:
            return f"it was begun with {name}, which comes once only"
        if before[_, name] != mark:
            return f"{name} has changed since"
    return None

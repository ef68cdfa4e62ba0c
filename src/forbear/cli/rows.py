"""Files of JSON objects, one a line: reading them, and answering each with a line of its own.

Numbers with a point are read as decimals, never as binary fractions, so that an amount or a rate
stays what was written. A line that cannot be read becomes an error row, and the others go on.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NoReturn

from forbear.base.errors import CaseError, ForbearError, InputError

_MARK = b"\xef\xbb\xbf"
_OTHER_MARKS = (b"\xff\xfe", b"\xfe\xff")


def answer_each(paths: Iterable[str], say: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> int:
    """Print what ``say`` makes of each object, or an error row: its id, what is wrong, and where.

    0 where all were answered, 1 where some became error rows, 2 where none was answered. Raises
    InputError for a file that cannot be read.
    """
    failed = answered = 0
    for path in paths:
        for line, told in _objects(path):
            name = None
            try:
                row = json_object(told)
                name = row["id"] if isinstance(row.get("id"), str) else None
                shown = {"id": name, **say(row)}
                answered += 1
            except (ForbearError, RecursionError) as error:
                wrong = "it is nested too deeply" if isinstance(error, RecursionError) else error
                shown = {"id": name, "error": str(wrong), "file": path, "line": line}
                failed += 1
            print(json.dumps(shown, ensure_ascii=False))
    if failed and not answered:
        return 2
    return 1 if failed else 0


def _objects(path: str) -> Iterator[tuple[int, bytes]]:
    """One object a line; a file that begins with a lone brace holds one object over many lines."""
    lines = lines_of(path)
    for number, line in lines:
        if number == 1 and line.strip() == b"{":
            yield number, line + b"".join(more for _, more in lines)
        else:
            yield number, line


def lines_of(path: str) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that hold something, with their numbers; ``-`` is standard input."""
    try:
        with sys.stdin.buffer if path == "-" else Path(path).open("rb") as file:
            # Only a line feed ends a line of JSON; a text may hold other breaks.
            for number, line in enumerate(file, start=1):
                if number == 1 and line.startswith(_OTHER_MARKS):
                    raise InputError(f"{path}: it is UTF-16; save it as UTF-8")
                told = line.removeprefix(_MARK) if number == 1 else line
                if told.strip():
                    yield number, told
    except OSError as error:
        raise InputError(
            f"{path}: it cannot be opened ({error.strerror}); check its name"
        ) from error
    except ValueError as error:
        raise InputError(f"{path!r}: it is no name of a file; check it") from error


def json_file(path: str) -> dict[str, Any]:
    """The one object of JSON that a file holds, over as many lines as it likes.

    Raises InputError, which names the file, for one that cannot be read or holds something else.
    """
    content = b"".join(line for _, line in lines_of(path))
    if not content:
        raise InputError(f"{path}: it holds nothing; write one object of JSON, in braces")
    try:
        return json_object(content)
    except CaseError as error:
        raise InputError(f"{path}: {error}") from error
    except RecursionError:
        raise InputError(f"{path}: it is nested too deeply; write one object") from None


def json_object(line: bytes) -> dict[str, Any]:
    """One object of JSON, its fractions as decimals. Raises CaseError with what is wrong."""
    try:
        row = json.loads(
            line.decode(),
            parse_float=Decimal,
            parse_constant=_no_number,
            object_pairs_hook=_each_once,
        )
    except UnicodeDecodeError as error:
        raise CaseError("the line is not UTF-8; save the file as UTF-8") from error
    except json.JSONDecodeError as error:
        many = b"\n" in line.strip()
        place = f"line {error.lineno}, column {error.colno}" if many else f"column {error.colno}"
        message = f"{place}: it is no JSON ({error.msg}); write one object a line"
        raise CaseError(message) from error
    except (ValueError, InvalidOperation) as error:
        raise CaseError("it holds a number that is too long; correct it") from error
    if not isinstance(row, dict):
        raise CaseError("the line holds no object; write one object a line, in braces")
    return row


def _no_number(word: str) -> NoReturn:
    raise CaseError(f"{word} is no number; write the amount, or leave the field out")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise CaseError(f"{twice}: it stands twice in one object; keep one")
    return row

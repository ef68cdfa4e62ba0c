"""Reading cases from files, and putting each to the law that it is asked under."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from forbear.base.errors import CaseError, ForbearError
from forbear.cli.rows import lines_of
from forbear.law.book import Book, load
from forbear.law.case import Case, cut, read_case, with_defaults
from forbear.law.deciding import standing_of
from forbear.law.packs import jurisdictions
from forbear.law.standing import Standing

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A case before the book it is asked under. ``lenient``: what it leaves unsaid is lawful."""

    case: Case
    book: Book
    standing: Standing
    lenient: bool
    file: str = "-"
    line: int = 1

    def failed(self, error: BaseException) -> dict[str, Any]:
        """The error row for a case that could be read and not be answered."""
        return _error(self.case.id, error, self.file, self.line)


def language_of(book: Book) -> Language:
    """Chinese where the law is Chinese."""
    return "zh" if any(pack.name.split("-")[0] == "cn" for pack in book.packs) else "en"


def rows_of(paths: Iterable[str], packs: Sequence[str]) -> Iterator[Question | dict[str, Any]]:
    """Every case of the files as a question, or as an error row that says what is wrong.

    Raises InputError for a file that cannot be read, PackError for a pack that cannot.
    """
    if packs:
        load(packs)
    for data, path, number in parsed_rows(paths):
        if isinstance(data, ForbearError):
            yield _error(None, data, path, number)
            continue
        try:
            yield question(data, packs, file=path, line=number)
        except (ForbearError, RecursionError) as error:
            yield _error(_id_of(data), error, path, number)


def parsed_rows(paths: Iterable[str]) -> Iterator[tuple[Any, str, int]]:
    """Every line of the files as a JSON value, or as the error that it is none; its file and line.

    Raises InputError for a file that cannot be read.
    """
    for path in paths:
        for number, line in lines_of(path):
            try:
                yield _parsed(line), path, number
            except CaseError as error:
                yield error, path, number


def question(
    data: Any, packs: Sequence[str], *, file: str = "-", line: int = 1, book: Book | None = None
) -> Question:
    """A case put to the packs asked for and the public pack of its jurisdiction, or to ``book``.

    Raises CaseError where it cannot be read, PackError where the packs cannot.
    """
    case = read_case(data)
    if book is None:
        book = load([*_packs_for(case.jurisdiction, packs), *packs])
    for pack in book.packs:
        case = with_defaults(case, pack.case_defaults)
    return Question(
        case=case,
        book=book,
        standing=standing_of(book, case),
        lenient=any(pack.case_defaults.get("unsaid") == "lawful" for pack in book.packs),
        file=file,
        line=line,
    )


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line.decode())
    except UnicodeDecodeError as error:
        raise CaseError("the line is not UTF-8; save the file as UTF-8") from error
    except RecursionError as error:
        raise CaseError("it is nested too deeply; write one case a line") from error
    except json.JSONDecodeError as error:
        message = f"column {error.colno}: it is no JSON ({error.msg}); write one object a line"
        raise CaseError(message) from error
    except ValueError as error:
        # A number of thousands of digits.
        raise CaseError("it holds a number that is too long; correct it") from error


def _id_of(data: Any) -> str | None:
    name = data.get("id") if isinstance(data, dict) else None
    return name if isinstance(name, str) else None


def _error(name: str | None, error: BaseException, file: str, line: int) -> dict[str, Any]:
    said = str(error)
    if isinstance(error, RecursionError):
        said = "it is nested too deeply; write values as the format says"
    return {"id": name, "error": said, "file": file, "line": line}


def _packs_for(jurisdiction: str, asked: Sequence[str]) -> Sequence[str]:
    """The public packs of a case's jurisdiction, unless what was asked for brings it."""
    if asked and (not jurisdiction or jurisdiction in {p.jurisdiction for p in load(asked).packs}):
        return ()
    if jurisdiction in jurisdictions():
        return jurisdictions()[jurisdiction]
    if asked:
        return ()
    known = ", ".join(sorted(jurisdictions()))
    said = f"{cut(jurisdiction)} has no pack" if jurisdiction else "it is missing"
    raise CaseError(f"jurisdiction: {said}; write one of {known}, or add --pack")

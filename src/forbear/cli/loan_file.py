"""One loan in a file: read whole, checked, and told in the words of the file where it is wrong."""

from __future__ import annotations

from forbear.base.errors import ForbearError, LoanError
from forbear.cli.rows import json_file
from forbear.loans.reading import LoanFile, read_loan


def read_file(path: str) -> LoanFile:
    """The loan of a file of JSON; ``-`` is standard input.

    Raises InputError for a file that cannot be read, LoanError for the first field that is wrong;
    both name the file.
    """
    raw = json_file(path)
    try:
        return read_loan(raw)
    except ForbearError as error:
        raise LoanError(f"{path}: {error}") from error

"""One loan in a file: read whole, checked, and told in the words of the file where it is wrong."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from forbear.base.errors import CaseError, ForbearError, InputError, LoanError
from forbear.cli.rows import json_object
from forbear.loans.reading import LoanFile, read_loan

_MARK: Final = b"\xef\xbb\xbf"


def read_file(path: str) -> LoanFile:
    """The loan of a file of JSON; ``-`` is standard input.

    Raises InputError for a file that cannot be read, LoanError for the first field that is wrong;
    both name the file.
    """
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: it cannot be opened ({why}); check its name") from error
    try:
        return read_loan(json_object(data.removeprefix(_MARK)))
    except CaseError as error:
        raise InputError(f"{path}: {error}") from error
    except RecursionError:
        raise InputError(f"{path}: it is nested too deeply; write one loan") from None
    except ForbearError as error:
        raise LoanError(f"{path}: {error}") from error

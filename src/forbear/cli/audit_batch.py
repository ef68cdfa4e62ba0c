"""``forbear audit LEDGER.parquet… -o FOLDER``: when a log is a whole ledger, and what it needs."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import Any, Final

from forbear.base.errors import InputError

_INSTALL: Final = "pip install 'forbear[batch]'"
_LIBRARIES: Final = ("numba", "numpy", "pyarrow")


def add_options(one: argparse.ArgumentParser) -> None:
    """Add the options of an audit of a whole ledger."""


def loaded(module: str, what: str) -> Any:
    """A module that stands on the extra ``batch``.

    Raises InputError that says what to install for ``what`` where a library is missing.
    """
    try:
        return import_module(f"forbear.cli.{module}")
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in _LIBRARIES:
            raise
        message = f"{what} needs {error.name}, which is not installed; {_INSTALL}"
        raise InputError(message) from error

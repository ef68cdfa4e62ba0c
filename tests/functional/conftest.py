"""The audit as a command, for the tests that look at what it does with a file; one browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.functional.browsers import CHROMIUM
from tests.functional.ledger_runs import rows

from forbear.cli.main import main


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a process: a second one cannot be started beside it."""
    with sync_playwright() as playing:
        found = playing.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """The command's exit status, and what it said on standard output and standard error."""

    def run(*words: object) -> tuple[int, str, str]:
        try:
            status = main(["audit", *map(str, words)])
        except SystemExit as leaving:
            status = int(leaving.code or 0)
        said = capfd.readouterr()
        return status, said.out, said.err

    return run


@pytest.fixture
def judged(run: Callable[..., tuple[int, str, str]]) -> Callable[..., dict[str, Any]]:
    """The findings as data, for a command that reads every row."""

    def judged(*words: object, status: int = 0) -> dict[str, Any]:
        got, out, err = run(*words, "--format", "json")
        assert (got, err) == (status, "")
        found = json.loads(out)
        assert isinstance(found, dict)
        return found

    return judged


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """The made-up ledger of ``examples`` as Parquet."""
    path = tmp_path / "ledger.parquet"
    pq.write_table(pa.Table.from_pylist(rows()), path)
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder that is not there yet."""
    return tmp_path / "out"

"""What the tests on the repository read: the files that belong to it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MADE = {
    ".git", ".venv", "build", "dist", "__pycache__", ".hypothesis", ".mypy_cache", ".pytest_cache",
    ".ruff_cache", ".import_linter_cache", "node_modules",
}  # fmt: skip


def walked() -> list[Path]:
    """Every file of the folder but what tools have made there."""
    return [
        path
        for path in sorted(ROOT.rglob("*"))
        if path.is_file()
        and not any(part in MADE or part.endswith(".egg-info") for part in path.parts)
    ]


def listed() -> list[Path]:
    """The files that git tracks or would track; every file where this is no checkout."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return walked()
    names = done.stdout.decode("utf-8").split("\0")
    # A file that was removed is listed until that is recorded.
    return [ROOT / name for name in sorted(names) if name and (ROOT / name).is_file()]


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def files() -> list[Path]:
    """The files of the repository."""
    found = listed()
    assert len(found) > 50, "the list of files is nearly empty, so nothing would be checked"
    return found


@pytest.fixture(scope="session")
def texts(files: list[Path]) -> dict[str, str]:
    """The text of every file that is text, by its path from the root."""
    found = {}
    for path in files:
        data = path.read_bytes()
        if b"\0" in data:
            continue
        try:
            found[path.relative_to(ROOT).as_posix()] = data.decode("utf-8")
        except UnicodeDecodeError:
            continue  # samples in a carrier's own encoding
    return found

"""A folder holds whole files only, for one run at a time, and tells whether a job is the same."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest

from forbear.base.errors import InputError
from forbear.batch import state


def _whole(part: Path) -> None:
    part.write_text("whole")


def test_a_file_is_whole_or_not_there(tmp_path: Path):
    path = tmp_path / "folder" / "file"

    def torn(part: Path) -> None:
        part.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        state.write_whole(path, torn)
    assert not path.exists()
    assert state.write_whole(path, _whole) == 5
    with pytest.raises(OSError, match="No space left"):
        state.write_whole(path, torn)
    assert path.read_text() == "whole"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG, errno.EDQUOT])
def test_a_full_disk_says_how_to_go_on(number: int, tmp_path: Path):
    says = "no space left on the disk; make some and run the same"
    with pytest.raises(InputError, match=says), state.writing_to(tmp_path):
        raise OSError(number, "said by the system")


def test_other_trouble_is_told_in_the_words_of_the_system(tmp_path: Path):
    says = r"it cannot be written \(Read-only file system\)"
    with pytest.raises(InputError, match=says), state.writing_to(tmp_path):
        raise OSError(errno.EROFS, "Read-only file system")


def test_a_lock_is_held_by_one_and_given_back(tmp_path: Path):
    refused = pytest.raises(InputError, match="another run writes to it")
    with state.locked(tmp_path / "out"), refused, state.locked(tmp_path / "out"):
        pass
    with state.locked(tmp_path / "out"):
        pass


def test_equal_objects_are_equal_files(tmp_path: Path):
    state.write_json(tmp_path / "a", {"b": 1, "a": "字"})
    state.write_json(tmp_path / "b", {"a": "字", "b": 1})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert state.read_json(tmp_path / "a") == {"a": "字", "b": 1}
    assert state.read_json(tmp_path / "none") is None
    (tmp_path / "a").write_text("{")
    assert state.read_json(tmp_path / "a") is None


_JOB: dict[str, Any] = {
    "forbear": "1",
    "books": {"cn": {"cn": "hash"}},
    "inputs": [{"kind": "contacts", "name": "f.csv", "mark": "mark"}],
}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, None),
        ({"forbear": "2"}, "it was begun by version 1 of Forbear"),
        ({"books": {"cn": {"cn": "other"}}}, "it was begun with other packs"),
        ({"inputs": []}, "it was begun for other files"),
        (
            {"inputs": [{"kind": "contacts", "name": "f.csv", "mark": "new"}]},
            "f.csv has changed since",
        ),
        (
            {"inputs": [{"kind": "contacts", "name": "f.csv", "mark": ""}]},
            "it was begun with f.csv, which comes once only",
        ),
    ],
)
def test_what_makes_a_job_another_one_is_told(change: dict[str, Any], why: str | None):
    assert state.changed(_JOB, {**_JOB, **change}) == why


def test_only_what_a_job_wrote_is_removed(tmp_path: Path):
    for name in ("findings", "summary", ".work"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("x")
    for name in ("summary.json", "errors.parquet", "manifest.json", "mine.txt"):
        (tmp_path / name).write_text("x")
    assert state.foreign(tmp_path) == "findings"
    state.clear(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert state.foreign(tmp_path) is None

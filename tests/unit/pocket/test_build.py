from __future__ import annotations

import io
import json
import stat
import zipfile
from pathlib import Path

import pytest

from forbear.base.errors import InputError
from forbear.pocket import build as building
from forbear.pocket.build import build

FETCHED = {
    "pyodide": ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json",
                "python_stdlib.zip"],
    "opencc-js/dist/esm": ["cn2t.js"],
}  # fmt: skip


@pytest.fixture
def npm(tmp_path: Path) -> Path:
    """A client that lays out the folders of the real one; the functional tests run that."""
    lines = ["#!/bin/sh", "set -e", 'test "$1" = ci', "test -f package-lock.json"]
    for package, names in FETCHED.items():
        lines.append(f"mkdir -p node_modules/{package}")
        lines += [f"echo {name} > node_modules/{package}/{name}" for name in names]
    script = tmp_path / "npm"
    script.write_text("\n".join(lines) + "\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return script


def test_a_build_lists_every_file_with_its_hash(tmp_path: Path, npm: Path):
    out = tmp_path / "page"
    hashes = build(out, npm=str(npm))
    there = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}
    assert there == {*hashes, "sw.js", "forbear-pocket.json"}
    kept = json.loads((out / "forbear-pocket.json").read_text(encoding="utf-8"))
    assert kept["files"] == hashes
    worker = (out / "sw.js").read_text(encoding="utf-8")
    assert "__KEPT__" not in worker
    assert all(json.dumps(name) in worker for name in hashes)


def test_two_builds_are_the_same_byte_for_byte(tmp_path: Path, npm: Path):
    assert build(tmp_path / "one", npm=str(npm)) == build(tmp_path / "two", npm=str(npm))


def test_an_older_page_is_replaced_whole(tmp_path: Path, npm: Path):
    out = tmp_path / "page"
    build(out, npm=str(npm))
    (out / "left-over.js").write_text("old")
    build(out, npm=str(npm))
    assert not (out / "left-over.js").exists()


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path, npm: Path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="name an empty or a new folder"):
        build(tmp_path, npm=str(npm))
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
    with pytest.raises(InputError, match="it is a file"):
        build(tmp_path / "thesis.txt", npm=str(npm))


def test_a_missing_npm_is_named_with_the_way_to_mend_it(tmp_path: Path):
    with pytest.raises(InputError, match="apt-get install npm"):
        build(tmp_path / "page", npm="no-such-npm")


def test_a_failing_npm_leaves_the_old_page_where_it_is(tmp_path: Path, npm: Path):
    out = tmp_path / "page"
    build(out, npm=str(npm))
    npm.write_text("#!/bin/sh\necho 'network is down' >&2\nexit 1\n")
    with pytest.raises(InputError, match="network is down"):
        build(out, npm=str(npm))
    assert (out / "index.html").is_file()


def test_the_engine_carries_what_the_command_runs_on_and_no_window():
    names = zipfile.ZipFile(io.BytesIO(building._engine())).namelist()
    assert "forbear/pocket/bridge.py" in names
    assert "forbear/law/packs/cn/pack.toml" in names
    assert any(name.startswith("tzdata/zoneinfo/Asia/Shanghai") for name in names)
    assert not any(name.startswith(("forbear/cli/", "forbear/pocket/page/")) for name in names)
    assert not any(name.endswith((".pyc", ".jsonl")) for name in names)


def test_every_package_that_is_passed_on_has_its_licence_named():
    carried = {*building.CARRIED.values(), "pyodide", "opencc-js"}
    assert carried == set(building._LICENCES)

"""Building the page: a folder of static files that any web server can hand out.

Python for the browser and the table of traditional characters come from npm, each checked against
its hash in ``npm/package-lock.json``. Everything else is this installation: the page carries the
very packages that the command runs on, so both find the same.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files as package_files
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from forbear import __version__
from forbear.base.errors import InputError
from forbear.evidence.report import style_sheet
from forbear.law.book import load
from forbear.law.packs import shipped_names
from forbear.pocket import lands, triage

# Package in site-packages -> its name among the installed distributions.
CARRIED: Final = {
    "chinese_calendar": "chinesecalendar",
    "defusedxml": "defusedxml",
    "et_xmlfile": "et_xmlfile",
    "openpyxl": "openpyxl",
    "tzdata": "tzdata",
}
# The command line and the page itself have no use inside the page.
_LEFT_OUT: Final = (
    "forbear/batch/", "forbear/cli/", "forbear/pocket/npm/", "forbear/pocket/page/",
)  # fmt: skip
_LEFT_OUT_ENDINGS: Final = (".pyc", ".md", ".jsonl", ".typ", ".pyi", ".so")
_PYODIDE: Final = (
    "pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json", "python_stdlib.zip",
)  # fmt: skip
_LICENCES: Final = {
    "pyodide": "MPL-2.0",
    "opencc-js": "MIT AND Apache-2.0",
    "chinesecalendar": "MIT",
    "defusedxml": "PSF-2.0",
    "et_xmlfile": "MIT",
    "openpyxl": "MIT",
    "tzdata": "Apache-2.0",
}
_MARK: Final = "forbear-pocket.json"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def build(out: Path, *, npm: str = "npm") -> dict[str, str]:
    """Write the page into the folder ``out``; give each file's path in it with its SHA-256.

    An older page in ``out`` is replaced whole; a folder that holds anything else is left alone.
    Raises InputError where the folder is in use or npm cannot fetch what is needed.
    """
    _check(out)
    with TemporaryDirectory() as made:
        stage = Path(made) / "pocket"
        _copy_page(stage)
        _fetch(Path(made), stage, npm)
        _write(stage / "engine.zip", _engine())
        _write(stage / "data.json", _json(_data()))
        _write(stage / "report.css", style_sheet().encode())
        _write(stage / "LICENCES.txt", _licences(Path(made)).encode())
        hashes = _hashes(stage)
        _finish(stage, hashes)
        try:
            if out.exists():
                shutil.rmtree(out)
            out.parent.mkdir(parents=True, exist_ok=True)
            shutil.copytree(stage, out)
        except OSError as error:
            message = f"{out}: it cannot be written ({error.strerror}); name another folder"
            raise InputError(message) from error
    return hashes


def _check(out: Path) -> None:
    if out.is_file():
        message = f"{out}: it is a file; name a folder after -o"
        raise InputError(message)
    if out.is_dir() and any(out.iterdir()) and not (out / _MARK).is_file():
        message = f"{out}: it holds something else than a page; name an empty or a new folder"
        raise InputError(message)


def _copy_page(stage: Path) -> None:
    shutil.copytree(
        Path(str(package_files("forbear.pocket"))) / "page",
        stage,
        ignore=shutil.ignore_patterns("__pycache__"),
    )


def _fetch(work: Path, stage: Path, npm: str) -> None:
    """Have npm fetch what the lock names, and take the files that the page needs."""
    folder = work / "npm"
    folder.mkdir()
    locks = Path(str(package_files("forbear.pocket"))) / "npm"
    for name in ("package.json", "package-lock.json"):
        shutil.copy(locks / name, folder / name)
    found = shutil.which(npm)
    if found is None:
        message = f"{npm} is missing; install it (Debian: apt-get install npm) or name it by --npm"
        raise InputError(message)
    command = [
        # Not resolved: on many systems the client is a link that must be called by its own name.
        str(Path(found).absolute()), "ci", "--omit=dev", "--ignore-scripts", "--no-audit",
        "--no-fund", "--prefer-offline",
    ]  # fmt: skip
    done = subprocess.run(  # noqa: S603 - npm by the path that was just found
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        said = lines[0] if lines else f"it ended with {done.returncode}"
        message = f"npm could not fetch what the page needs ({said[:200]}); check the network"
        raise InputError(message)
    modules = folder / "node_modules"
    for name in _PYODIDE:
        _write(stage / "pyodide" / name, (modules / "pyodide" / name).read_bytes())
    table = modules / "opencc-js" / "dist" / "esm" / "cn2t.js"
    _write(stage / "opencc" / "cn2t.js", table.read_bytes())


def _engine() -> bytes:
    """Forbear and what it needs, as one archive that is the same on every build."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, path in sorted(_sources()):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _sources() -> Iterator[tuple[str, Path]]:
    for package in ("forbear", *CARRIED):
        spec = find_spec(package)
        assert spec is not None, f"{package} is not installed"
        root = Path(next(iter(spec.submodule_search_locations or ())))
        for path in root.rglob("*"):
            name = f"{package}/{path.relative_to(root).as_posix()}"
            if not path.is_file() or "__pycache__" in path.parts:
                continue
            if name.endswith(_LEFT_OUT_ENDINGS) or name.startswith(_LEFT_OUT):
                continue
            yield name, path


def _data() -> dict[str, Any]:
    """What the page shows before the engine has started: countries, questions, cards, clauses."""
    return {
        "version": __version__,
        "lands": lands.as_data(),
        "triage": triage.as_data(),
        "clauses": _clauses(),
    }


def _clauses() -> dict[str, dict[str, Any]]:
    """Each clause of the public packs, with the level and the confidence of our reading of it."""
    found: dict[str, dict[str, Any]] = {}
    for name in shipped_names():
        for rule in load([name]).rules:
            says = {"zh": rule.says.zh, "en": rule.says.en}
            found.setdefault(
                rule.clause,
                {"level": str(rule.level), "confidence": str(rule.confidence), "says": says},
            )
    return dict(sorted(found.items()))


def _licences(work: Path) -> str:
    """What in the folder is by others, and under which licence it may be passed on."""
    lock = json.loads((work / "npm" / "package-lock.json").read_text(encoding="utf-8"))
    lines = [f"Forbear {__version__}: Apache-2.0", ""]
    for name in ("pyodide", "opencc-js"):
        found = lock["packages"][f"node_modules/{name}"]["version"]
        lines.append(f"{name} {found}: {_LICENCES[name]} (npm package {name})")
    lines += [
        f"{name} {version(name)}: {_LICENCES[name]} (Python package {name})"
        for name in sorted(CARRIED.values())
    ]
    return "\n".join(lines) + "\n"


def _hashes(stage: Path) -> dict[str, str]:
    return {
        path.relative_to(stage).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(stage.rglob("*"))
        if path.is_file() and path.name != "sw.js"
    }


def _finish(stage: Path, hashes: dict[str, str]) -> None:
    """Tell the service worker what to keep; a changed file changes its name for the whole."""
    whole = hashlib.sha256(_json(hashes)).hexdigest()
    worker = stage / "sw.js"
    text = worker.read_text(encoding="utf-8")
    kept = json.dumps({"version": whole[:16], "files": sorted(hashes)}, separators=(",", ":"))
    assert text.count("__KEPT__") == 1, "the service worker has no place for its list of files"
    worker.write_text(text.replace("__KEPT__", kept), encoding="utf-8")
    _write(stage / _MARK, _json({"version": __version__, "whole": whole, "files": hashes}))


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)

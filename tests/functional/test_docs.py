"""Every example in the documentation runs, and prints what the page says it prints.

A page runs from top to bottom in a folder of its own that holds a copy of ``examples/``. A fenced
block whose head names a file (```toml my-pack/pack.toml) is written there. ``python`` blocks share
one namespace; a ``text`` block right after one is what it prints. In ``console`` blocks a line that
begins with ``$ `` is run and the lines after it are what it prints. ``...`` stands for anything,
and alone on a line for any number of lines.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md"))]
FENCE = "```"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One fenced block: its language, the file it is to be written to, if any, and its place."""

    language: str
    file: str | None
    text: str
    line: int
    printed: str | None = None


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page; a ``text`` block is joined to the ``python`` block before it."""
    found: list[Block] = []
    between = ""
    lines = iter(enumerate(page.read_text(encoding="utf-8").splitlines(), start=1))
    for number, line in lines:
        if not line.startswith(FENCE):
            between += line.strip()
            continue
        language, _, file = line.removeprefix(FENCE).strip().partition(" ")
        text = "".join(f"{inner}\n" for inner in until_fence(lines))
        if language == "text" and not between and found and found[-1].language == "python":
            code = found[-1]
            found[-1] = Block(
                language="python", file=None, text=code.text, line=code.line, printed=text
            )
        else:
            found.append(Block(language=language, file=file or None, text=text, line=number))
        between = ""
    return found


def until_fence(lines: Iterator[tuple[int, str]]) -> Iterator[str]:
    """The lines up to the end of a block."""
    for _, line in lines:
        if line.startswith(FENCE):
            return
        yield line


def matches(printed: str, expected: str) -> bool:
    """Whether output is as expected, ``...`` standing for anything."""
    pattern = ""
    for line in expected.strip("\n").split("\n"):
        if line.strip() == "...":
            pattern += r"(?:.*\n)*"
        else:
            pattern += r".*".join(re.escape(part) for part in line.rstrip().split("...")) + r"\n"
    plain = "".join(f"{line.rstrip()}\n" for line in printed.strip("\n").split("\n"))
    return re.fullmatch(pattern, plain) is not None


def test_the_wildcard_stands_for_anything_and_for_lines():
    assert matches("a 1 b\nc\nd\n", "a ... b\n...\nd")
    assert matches("a\n", "a\n...\n")
    assert not matches("a\nb\n", "a")
    assert not matches("a", "b ...")


def run_page(page: Path, folder: Path) -> Iterator[str]:
    """Run a page's blocks; yields what went otherwise than the page says."""
    names: dict[str, Any] = {"__name__": "example"}
    for block in blocks(page):
        if block.file is not None:
            path = folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            out = io.StringIO()
            code = compile("\n" * block.line + block.text, str(page), "exec")
            with contextlib.redirect_stdout(out), contextlib.chdir(folder):
                exec(code, names)  # noqa: S102 - running the example is what the test is for
            if block.printed is not None and not matches(out.getvalue(), block.printed):
                yield f"line {block.line} prints\n{out.getvalue()}\nnot\n{block.printed}"
        elif block.language == "console":
            yield from run_console(block, folder)


def run_console(block: Block, folder: Path) -> Iterator[str]:
    """Run the commands of a block, each up to the next; yields what went otherwise."""
    bin_folder = str(Path(sys.executable).parent)
    env = {
        **os.environ,
        "PATH": os.pathsep.join([bin_folder, os.environ.get("PATH", "")]),
        "PYTHONUTF8": "1",
        "LC_ALL": "C.UTF-8",
    }
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        # A backslash at its end carries a command on to the next line.
        found = re.match(r"((?:.*\\\n)*.*)\n?", part)
        assert found is not None
        command, expected = found[1], part[found.end() :]
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, encoding="utf-8", timeout=60, check=False,
        )  # fmt: skip
        if not matches(done.stdout, expected):
            yield f"line {block.line}: {command}\nprints\n{done.stdout}\nnot\n{expected}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_example_runs_and_prints_what_the_page_says(page: Path, tmp_path: Path):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    wrong = list(run_page(page, tmp_path))
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_block_of_toml_and_json_is_well_formed(page: Path):
    for block in blocks(page):
        if block.language == "toml":
            tomllib.loads(block.text)
        elif block.language == "json":
            json.loads(block.text)
        elif block.language == "jsonl":
            for line in block.text.splitlines():
                json.loads(line)


def test_the_pages_have_examples():
    """A page renamed, or a fence misspelt, must not leave the examples unchecked."""
    languages = [block.language for page in PAGES for block in blocks(page)]
    assert languages.count("python") >= 5
    assert languages.count("console") >= 5
    known = {"python", "text", "console", "toml", "json", "jsonl", "csv", "sh", "markdown"}
    assert set(languages) <= known

"""How long modules, functions, lines and files may be."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Iterator
from pathlib import Path

MODULE_LINES_MAX = 399
FUNCTION_LINES_MAX = 69
COLUMNS_MAX = 100
FILE_BYTES_MAX = 2 << 20


def columns(line: str) -> int:
    """The width of a line as an editor shows it: Chinese signs take two columns."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in line
    )


def python(texts: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if name.endswith(".py")}


def test_wide_signs_take_two_columns():
    assert columns("催收 abc") == 8


def test_modules_stay_short(texts: dict[str, str]):
    long = {
        name: len(text.splitlines())
        for name, text in python(texts).items()
        if name.startswith("src/") and len(text.splitlines()) > MODULE_LINES_MAX
    }
    assert not long, f"{long}: split the module"


def functions(text: str) -> Iterator[tuple[str, int]]:
    """The functions of a module with the number of their lines."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_functions_fit_on_a_screen(texts: dict[str, str]):
    long = [
        f"{name}: {function} has {lines} lines"
        for name, text in python(texts).items()
        for function, lines in functions(text)
        if lines > FUNCTION_LINES_MAX
    ]
    assert not long, "\n".join(long)


def wrapped(name: str, text: str) -> Iterator[tuple[int, str]]:
    """The lines of a file that can be wrapped: code and prose, but no tables and no patterns."""
    fenced = False
    for number, line in enumerate(text.splitlines(), start=1):
        if name.endswith(".md"):
            fenced ^= line.startswith("```")
            # A table row is one line, and so are an image and what a command prints.
            if fenced or line.startswith(("|", "![", "<", "[!")):
                continue
        yield number, line


def test_lines_stay_within_100_columns(texts: dict[str, str]):
    # An inline table of TOML must stay on one line, and so must a pattern and a sentence.
    wide = [
        f"{name}:{number}: {columns(line)} columns"
        for name, text in texts.items()
        if name.endswith((".py", ".md", ".css", ".js", "Makefile", ".ci/run"))
        # A break in a line of Chinese prose would show as a space, so it is not wrapped.
        and not name.endswith(("source.md", ".zh-CN.md", "words.js"))
        for number, line in wrapped(name, text)
        if columns(line) > COLUMNS_MAX
    ]
    assert not wide, "\n".join(wide)


def test_no_file_is_big(files: list[Path], root: Path):
    big = [p.relative_to(root).as_posix() for p in files if p.stat().st_size > FILE_BYTES_MAX]
    assert not big

"""What may stand in the repository's files, and what may not."""

from __future__ import annotations

import ast
import re

import pytest

# Put together here, so that this file does not hold what it forbids.
FORBIDDEN = {
    "a registry's host": [
        "pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "npmjs" + ".com",
        "crates" + ".io", "anaconda" + ".org", "proxy.golang" + ".org", "--index" + "-url",
    ],
    "a path of one machine": [
        "/" + "work" + "/", "/" + "root" + "/", "/" + "home" + "/", "/" + "Users" + "/",
        "C:" + "\\", ".." + "/shared",
    ],
    "a note to oneself": ["TO" + "DO", "FIX" + "ME", "XX" + "X:", "HA" + "CK:"],
}  # fmt: skip


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str, texts: dict[str, str]):
    found = [
        f"{name}:{number}: {word}"
        for name, text in texts.items()
        for word in FORBIDDEN[what]
        if word in text
        for number, line in enumerate(text.splitlines(), start=1)
        if word in line
    ]
    assert not found, f"{what}:\n" + "\n".join(found)


def test_text_files_end_with_one_newline(texts: dict[str, str]):
    wrong = [
        name
        for name, text in texts.items()
        if "/data/" not in name
        and not name.startswith("examples/")
        and text
        and (not text.endswith("\n") or text.endswith("\n\n") or "\r" in text)
    ]
    assert not wrong


def floats(text: str) -> list[int]:
    """The lines of a module that hold a float literal or name the type."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
    ]


def test_a_float_is_found_as_a_number_and_as_a_type():
    assert floats("def f(a: float) -> int:\n    return a * 0.5\n") == [1, 2]
    assert floats("half = 5\n") == []


def test_base_knows_no_float(texts: dict[str, str]):
    """Money and time are whole numbers on the lowest floor, so that sums stay exact."""
    found = {
        name: lines
        for name, text in texts.items()
        if name.startswith("src/forbear/base/") and (lines := floats(text))
    }
    assert not found


LOCKS = ("base", "dev", "bench")
ENTRY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==\S+(?: ; [^\\]+)?")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_of_a_lock_has_hashes_and_no_address(lock: str, texts: dict[str, str]):
    text = texts[f"requirements/{lock}.txt"]
    assert ":" + "//" not in text
    entries = re.sub(r"\s*\\\n\s*", " ", text).strip().splitlines()
    assert entries
    for entry in entries:
        name, *hashes = entry.split(" --hash=")
        assert ENTRY.fullmatch(name.strip()), f"{name}: write name==version"
        assert hashes, f"{name}: it has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each.strip()) for each in hashes)


def test_larger_locks_hold_the_smaller_ones(texts: dict[str, str]):
    """`make` installs one over the other, so they must agree version for version."""
    pinned = {
        lock: set(re.findall(r"^(\S+==\S+)", texts[f"requirements/{lock}.txt"], re.MULTILINE))
        for lock in LOCKS
    }
    assert pinned["base"] <= pinned["dev"] <= pinned["bench"]

"""The documents: their order, their links, and that none is forgotten."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

# One sentence, what it gives, a picture, two commands, an example, links, limits.
READMES = {
    "README.md": [
        r"\A# Forbear", r"^\*Debt collection .*\*", r"^- \*\*Borrowers\*\*", r"^<img ",
        r"^## Two commands", r"^make run", r"^make test", r"^## An example", r"^```console",
        r"^```python", r"^## Where to go", r"^## What it cannot do", r"not legal advice",
    ],
    "README.zh-CN.md": [
        r"\A# 宽和", r"^\*.*\*", r"^- \*\*借款人\*\*", r"^<img ", r"^## 两条命令", r"^make run",
        r"^make test", r"^## 举个例子", r"^```console", r"^```python", r"^## 接着读",
        r"^## 做不到的", r"不是法律意见",
    ],
}  # fmt: skip
LINK = re.compile(r"""(?:\]\(|\bsrc=")([^)"\s]+)[)"]""")
PICTURE_BYTES_MAX = 200_000


def pages(texts: dict[str, str]) -> dict[str, str]:
    return {
        name: text
        for name, text in texts.items()
        if name.endswith(".md") and not name.endswith("source.md")
    }


def prose(text: str) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(text: str) -> set[str]:
    """The names by which a page's headings are linked."""
    heads = re.findall(r"^#+ (.+)$", prose(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("name", READMES)
def test_a_readme_keeps_its_order(name: str, texts: dict[str, str]):
    at = 0
    for pattern in READMES[name]:
        found = re.compile(pattern, re.MULTILINE).search(texts[name], at)
        assert found, f"{name}: {pattern} is missing, or stands too early"
        at = found.start()


def test_every_link_leads_somewhere(texts: dict[str, str], root: Path):
    dead = []
    for name, text in pages(texts).items():
        for target in LINK.findall(prose(text)):
            if re.match(r"[a-z]+:", target):
                continue
            file, _, anchor = target.partition("#")
            path = (root / name).parent / file if file else root / name
            if not path.exists():
                dead.append(f"{name}: {target}: there is no such file")
            elif anchor and anchor not in anchors(path.read_text(encoding="utf-8")):
                dead.append(f"{name}: {target}: there is no such heading")
    assert not dead, "\n".join(dead)


def test_the_index_names_every_page(texts: dict[str, str]):
    linked = set(LINK.findall(texts["docs/README.md"]))
    missing = [
        name
        for name in texts
        if name.startswith("docs/")
        and name.endswith(".md")
        and name != "docs/README.md"
        and not (name.startswith("docs/decisions/") and name != "docs/decisions/README.md")
        and name.removeprefix("docs/") not in linked
    ]
    assert not missing


def decisions(texts: dict[str, str]) -> dict[str, str]:
    return {
        name.removeprefix("docs/decisions/"): text
        for name, text in texts.items()
        if re.fullmatch(r"docs/decisions/\d{4}-[a-z0-9-]+\.md", name)
    }


def test_decisions_are_numbered_without_gaps_and_listed(texts: dict[str, str]):
    found = sorted(decisions(texts))
    assert [name[:4] for name in found] == [f"{n:04}" for n in range(1, len(found) + 1)]
    listed = LINK.findall(texts["docs/decisions/README.md"])
    assert sorted(set(listed)) == found


def test_a_decision_says_status_context_decision_and_consequences(texts: dict[str, str]):
    for name, text in decisions(texts).items():
        assert text.startswith(f"# {name[:4]}: "), f"{name}: begin with its number"
        heads = re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE)
        assert heads == ["Status", "Context", "Decision", "Consequences"], name


def test_the_changelog_has_a_place_for_what_comes(texts: dict[str, str]):
    heads = re.findall(r"^## (.+)$", texts["CHANGELOG.md"], re.MULTILINE)
    assert heads[0] == "[Unreleased]"


def test_every_target_that_a_page_names_is_in_the_makefile(texts: dict[str, str]):
    known = set(re.findall(r"^([a-z-]+):", texts["Makefile"], re.MULTILINE))
    named = {
        (name, target)
        for name, text in pages(texts).items()
        for target in re.findall(r"(?:`|^)make ([a-z][a-z-]*)", text, re.MULTILINE)
    }
    assert {(name, target) for name, target in named if target not in known} == set()


def test_pictures_stay_small(files: list[Path]):
    heavy = [p.name for p in files if p.suffix == ".png" and p.stat().st_size > PICTURE_BYTES_MAX]
    assert not heavy

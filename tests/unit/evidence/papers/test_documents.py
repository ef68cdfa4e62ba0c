"""The lawyer's checklist is complete: each norm, channel, field and paper stands on its page."""

from __future__ import annotations

import re
from pathlib import Path

from forbear.evidence.papers import COUNTRIES, WANTS, Told
from forbear.evidence.papers.country import country
from forbear.evidence.papers.told import LENDER_TYPES

PAGE = (Path(__file__).parents[4] / "docs" / "reference" / "papers.md").read_text(encoding="utf-8")


def rows(name: str, what: str) -> list[str]:
    section = re.split(r"^### .*\(`" + name + r"`\): " + what + r"$", PAGE, flags=re.MULTILINE)[1]
    return re.findall(r"^\| (?!Clause|Channel|---)(.+) \|$", section.split("\n#")[0], re.MULTILINE)


def test_every_norm_stands_on_the_page_as_it_is():
    for name in COUNTRIES:
        written = [row.split(" | ")[:3] for row in rows(name, "norms")]
        held = [[n.clause, str(n.level), str(n.confidence)] for n in country(name).norms]
        assert written == held, name


def test_every_channel_stands_on_the_page_as_it_is():
    for name in COUNTRIES:
        written = [
            (cells[0].split("`")[1], cells[2], cells[3])
            for row in rows(name, "channels")
            for cells in [row.split(" | ")]
        ]
        held = [(c.id, c.answer_by.en, str(c.confidence)) for c in country(name).channels]
        assert written == held, name


def test_every_field_and_paper_is_explained():
    names = [*Told.__dataclass_fields__, *WANTS, *COUNTRIES, *LENDER_TYPES]
    names += ["guide", "stop", "third", "dispute", "offer", "credit", "data", "timeline", "exhibit"]
    assert [name for name in names if f"`{name}`" not in PAGE] == []

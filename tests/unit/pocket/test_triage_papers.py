"""Every paper that a card leads to is really drafted for who gave such answers."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from forbear.pocket.bridge import Bridge
from forbear.pocket.lands import LANDS
from forbear.pocket.triage import QUESTIONS, cards_for

SAMPLES = Path(__file__).parents[3] / "examples"
FILES = ("sample-calls.xml", "sample-sms.xml")
# The page knows these papers by longer names.
CALLED = {"notice": "stop", "third_person": "third", "complaint": "complaint-institution"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample log, as a person would choose it."""
    here = tmp_path_factory.mktemp("files")
    for name in FILES:
        shutil.copy(SAMPLES / name, here / name)
    return here


@pytest.mark.parametrize("country", sorted(LANDS))
@pytest.mark.parametrize("whose", QUESTIONS["whose"])
def test_a_card_leads_to_a_paper_that_is_drafted(folder: Path, country: str, whose: str):
    bridge = Bridge(folder, clock=lambda: datetime(2026, 3, 20, 12, tzinfo=UTC))
    of = {"country": country, "language": "zh", "whose": whose}
    collectors = [{"number": "95187", "name": "甲小贷"}]
    asked = {"do": "audit", "files": list(FILES), "collectors": collectors, **of}
    assert "refused" not in json.loads(bridge.answer(json.dumps(asked)))
    for want, danger in product(QUESTIONS["want"], ("no", "door")):
        answers = {"danger": (danger,), "whose": (whose,), "log": ("file",), "want": (want,)}
        told = {
            "country": country,
            "wants": [want],
            "hours": ["19:00", "20:00"],
            "acknowledged": True,
            "danger": danger != "no",
        }
        said = json.loads(bridge.answer(json.dumps({"do": "papers", "told": told, **of})))
        drafted = {paper["id"] for paper in said["papers"] if not paper["not_made"]}
        for card in cards_for(answers, country):
            name = CALLED.get(card.paper or "", card.paper)
            # The institution's own complaint needs something that was found against it.
            if card.after == "want" and name not in (None, "complaint-institution"):
                assert name in drafted, f"{card.id}: {name} is none of {drafted}"

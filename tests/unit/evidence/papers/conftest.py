"""One audit of each kind to make papers from: the sample week, as the debtor's and as another's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from forbear.audit import Asked, examine
from forbear.evidence.given import ReportInput
from forbear.evidence.papers import Paper, Told, papers, to_text, told_from
from forbear.intake import Whose

EXAMPLES = Path(__file__).parents[4] / "examples"
LOGS = (EXAMPLES / "sample-calls.xml", EXAMPLES / "sample-sms.xml")
ABOUT: dict[str, Any] = {
    "name": "李静",
    "phone": "13800000012",
    "address": "某市某区某路 1 号",
    "lender_type": "microloan",
    "relation": "母亲",
    "disputed": "利息与合同不符",
    "claimed": "12,345.67",
    "principal": "10000",
    "can_pay": "600",
    "first_date": "2026-03-31",
    "hours": ["18:00", "20:00"],
    "family": ["同事王某"],
}
EVERYTHING = ["stop", "hours", "family", "dispute", "pay", "credit", "leak"]


@cache
def audited(whose: str = "debtor", pack: str = "cn") -> ReportInput:
    """The sample week put before the law of ``pack``."""
    asked = Asked(
        packs=(pack,),
        collectors=("95187=甲小贷", "1069018795187=甲小贷"),
        whose=Whose(whose),
        zone="Asia/Shanghai",
        language="zh",
        command="forbear audit calls.xml --pack cn",
    )
    return examine(LOGS, asked, now=datetime(2026, 3, 16, 1, tzinfo=UTC)).given


@pytest.fixture
def given() -> Callable[..., ReportInput]:
    """An audit of the sample week, with some of it changed."""

    def given(whose: str = "debtor", pack: str = "cn", **more: Any) -> ReportInput:
        return replace(audited(whose, pack), **more)

    return given


@pytest.fixture
def about() -> Callable[..., Told]:
    """What the person says, with some of it changed."""
    return lambda **more: told_from(ABOUT | more)


@pytest.fixture
def made(
    given: Callable[..., ReportInput], about: Callable[..., Told]
) -> Callable[..., dict[str, Paper]]:
    """The papers by their id, for a phone and what was told."""

    def made(whose: str = "debtor", language: str = "zh", **told: Any) -> dict[str, Paper]:
        return {paper.id: paper for paper in papers(given(whose, language=language), about(**told))}

    return made


@pytest.fixture
def text() -> Callable[[Paper], str]:
    """What a paper says, without the thin spaces."""
    return lambda paper: to_text(paper).replace(" ", "")

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from forbear.pocket.bridge import Bridge
from forbear.pocket.lands import LANDS

EXAMPLES = Path(__file__).parents[3] / "examples"
CALLS = "sample-calls.xml"
THEM = [{"number": "95187", "name": "甲小贷"}]


class Page:
    """The bridge, asked as the page asks it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._bridge = Bridge(folder, clock=lambda: datetime(2026, 3, 20, tzinfo=UTC))

    def ask(self, do: str, **more: Any) -> dict[str, Any]:
        said = {"do": do, "files": [CALLS], "country": "cn", "language": "zh", **more}
        made = json.loads(self._bridge.answer(json.dumps(said)))
        assert isinstance(made, dict)
        return made

    def audit(self, **more: Any) -> dict[str, Any]:
        return self.ask("audit", **{"whose": "debtor", "collectors": THEM, **more})


@pytest.fixture
def page(tmp_path: Path) -> Page:
    shutil.copy(EXAMPLES / CALLS, tmp_path)
    return Page(tmp_path)


def test_a_look_says_what_the_files_hold(page: Page):
    seen = page.ask("look")
    assert seen["rows"] > 20
    assert seen["first"] < seen["last"]
    assert "95187" in {maybe["number"] for maybe in seen["suggestions"]}
    counts = [one["count"] for one in seen["numbers"]]
    assert counts == sorted(counts, reverse=True)
    assert seen["looks_like"] is None


def test_the_findings_come_as_data_and_as_sentences(page: Page):
    told = page.audit()["told"]
    data = page.ask("data")
    assert data["schema"] == "forbear.audit/1"
    assert "甲小贷" in told["headline"]
    listed = sum(len(each["findings"]) for group in told["groups"] for each in group["lists"])
    assert listed == len(data["findings"])
    assert "<svg" in told["pictures"]
    assert all(group["level_says"] and group["confidence_says"] for group in told["groups"])


def test_the_command_names_the_law_the_numbers_and_whose_phone_it_is(page: Page):
    command = page.audit(whose="relative", lender_type="bank")["command"]
    assert command.startswith(f"forbear audit {CALLS} --pack cn")
    for part in ("--collector '95187=甲小贷'", "--whose relative", "--lender-type bank"):
        assert part in command


def test_a_file_that_is_no_log_is_a_refusal_and_no_failure(page: Page):
    (page.folder / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n....")
    (page.folder / "empty.xml").write_bytes(b"")
    assert page.ask("look", files=["photo.png"])["refused"]["about"] == "picture"
    assert page.ask("look", files=["empty.xml"])["refused"]["about"] == "empty"


def test_a_file_in_which_no_row_can_be_read_says_why(page: Page):
    (page.folder / "bad.xml").write_text(
        '<calls count="1"><call number="95187" duration="1" date="soon" type="1" /></calls>'
    )
    refused = page.ask("look", files=["bad.xml"])["refused"]
    assert refused["about"] == "no_rows"
    assert "soon" in refused["what"]
    assert page.audit(files=["bad.xml"])["refused"]["about"] == "no_rows"


def test_a_number_that_is_none_is_refused(page: Page):
    made = page.audit(collectors=[{"number": "甲小贷", "name": ""}])
    assert "has no number" in made["refused"]["what"]


def test_a_list_without_zones_is_on_the_clock_of_its_place(page: Page):
    rows = ["date,time,number,incoming/outgoing,answered,minutes,what was said"]
    rows += ["2026-03-10,23:30,+85221110000,incoming,yes,2,"]
    (page.folder / "list.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    them = [{"number": "+85221110000", "name": ""}]
    for country, region, zone in (("hk", None, "+08:00"), ("au", "AU-WA", "+08:00")):
        asked = {"country": country, "region": region, "files": ["list.csv"], "language": "en"}
        assert page.ask("look", **asked)["first"] == f"2026-03-10T23:30:00{zone}"
        page.audit(**asked, collectors=them)
        found = page.ask("data")["findings"]
        assert found[0]["at"] == f"2026-03-10T23:30:00{zone}"


@pytest.mark.parametrize("country", list(LANDS))
def test_every_country_answers(page: Page, country: str):
    language = "zh" if country in {"cn", "hk"} else "en"
    made = page.audit(country=country, language=language)
    assert "refused" not in made
    papers = page.ask("papers", told={"country": country}, whose="debtor", language=language)
    assert papers["papers"]


def test_papers_can_be_written_without_any_log(page: Page):
    made = page.ask("papers", told={"country": "cn", "wants": ["stop"]}, whose="debtor")
    assert {paper["id"] for paper in made["papers"]} >= {"guide", "stop"}


def test_what_is_told_wrongly_is_refused_and_named(page: Page):
    made = page.ask("papers", told={"nobodys_key": 1}, whose="debtor")
    assert "nobodys_key" in made["refused"]["what"]


def test_the_report_is_the_one_of_the_command(page: Page):
    page.audit()
    made = page.ask("report")
    assert made["html"].startswith("<!DOCTYPE html>")
    assert "甲小贷" in made["html"]


def test_the_engine_says_which_law_it_holds(page: Page):
    said = page.ask("version")
    assert set(said["packs"]) == {name for land in LANDS.values() for name in land.packs}
    assert all(len(digest) == 64 for digest in said["packs"].values())


def test_a_request_that_nobody_knows_is_a_bug(page: Page):
    with pytest.raises(AssertionError, match="nothing is known"):
        page.ask("guess")


def test_the_template_is_the_one_that_the_page_fills_in(page: Page):
    # The page writes the header itself; if the template changes, the page must follow.
    header = page.ask("template")["csv"].splitlines()[-1]
    script = Path(__file__).parents[3] / "src/forbear/pocket/page/js/session.js"
    assert f"'{header}'" in script.read_text(encoding="utf-8")
    header = page.ask("template", language="en")["csv"].splitlines()[-1]
    assert f"'{header}'" in script.read_text(encoding="utf-8")


def test_papers_rest_on_no_log_that_was_given_up(page: Page):
    said: dict[str, Any] = {"told": {"country": "cn", "wants": ["stop"]}, "whose": "debtor"}
    page.audit()
    on_log = page.ask("papers", **said, on_log=True)
    assert "95187" in json.dumps(on_log)
    assert "95187" not in json.dumps(page.ask("papers", **said, on_log=False))
    page.ask("forget")
    assert "95187" not in json.dumps(page.ask("papers", **said))


def test_papers_rest_on_no_log_from_before_one_that_was_refused(page: Page):
    page.audit()
    (page.folder / "empty.xml").write_bytes(b"")
    assert "refused" in page.audit(files=["empty.xml"])
    made = page.ask("papers", told={"country": "cn", "wants": ["stop"]}, whose="debtor")
    assert "95187" not in json.dumps(made)


def test_a_file_named_like_an_option_is_still_a_file_in_the_command(page: Page):
    shutil.copy(page.folder / CALLS, page.folder / "-x.xml")
    assert page.audit(files=["-x.xml"])["command"].startswith("forbear audit ./-x.xml --pack cn")

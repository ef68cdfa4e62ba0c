from __future__ import annotations

import json
from collections.abc import Sequence

import pyarrow as pa

from forbear.batch.compare import COMPARED, Tally, changes
from forbear.cli.audit_compared import Compared, called, compared_data, compared_page
from forbear.cli.audit_versions import Version, versions
from forbear.cli.law_page import Page
from forbear.law.book import load

Row = tuple[int, str, str, str | None]


def tally(before: Sequence[Row], after: Sequence[Row]) -> Tally:
    tables = [
        pa.Table.from_pylist(
            [
                {
                    "position": position,
                    "id": f"C-{position}",
                    "at": 1_773_193_680 + position,  # 2026-03-11 09:48:00 in Beijing
                    "agent": agent,
                    "agency": None,
                    "clause": clause,
                    "effect": effect,
                }
                for position, clause, effect, agent in rows
            ],
            schema=COMPARED,
        )
        for rows in (before, after)
    ]
    found = Tally()
    found.take(changes(*tables))
    return found


def compared(found: Tally, *asked: str) -> Compared:
    law = versions(asked or ("cn@2024-01-01", "cn@2025-03-01"))
    return Compared(
        versions=law,
        books=[load(version.packs) for version in law],
        contacts=100,
        tallies=[found] * (len(law) - 1),
    )


def page(found: Compared, language: str = "en", rest: str | None = None) -> str:
    made = Page("zh" if language == "zh" else "en")
    compared_page(made, found, rest=rest)
    return made.text()


def test_a_version_is_called_as_it_was_asked_for_and_next_says_its_day():
    law = versions(["cn@2024-01-01", "cn@next", "cn@next+cn-humane"])
    day = next(iter(load(["cn@next"]).hashes)).partition("@")[2]
    year, month, date = map(int, day.split("-"))
    zh = [called(version, load(version.packs), Page("zh")) for version in law]
    assert zh[0] == "cn@2024-01-01"
    assert zh[1] == f"cn@next（即 {year}年{month}月{date}日）"
    assert zh[2].startswith("cn@next+cn-humane（即 ")


def test_a_folder_called_next_is_no_date():
    one = Version(called="./next", packs=("./next",))
    assert called(one, load(["cn"]), Page("en")) == "./next"


def test_one_clause_in_place_of_another_is_said_before_and_after():
    found = compared(tally([(1, "第一条", "deny", None)], [(1, "第二条", "deny", None)]))
    said = page(found, "zh")
    assert "结论不变、依据不同的联系：1 次" in said
    assert "+ 第二条" in said
    assert "- 第一条" in said
    assert "此前的依据：第一条；此后的依据：第二条" in said
    assert "按催收员" not in said


def test_a_long_list_is_cut_and_says_where_the_rest_is():
    rows = [(n, f"Act {n % 14:02}", "deny", f"L-{n % 9}") for n in range(90)]
    said = page(compared(tally([], rows)), rest="OUT/comparison.json")
    assert said.count("+ Act") == 10
    assert "4 more: see OUT/comparison.json." in said
    assert page(compared(tally([], rows))).count("more.\n") == 2


def test_agents_that_nobody_named_are_said_to_be_so():
    said = page(compared(tally([], [(1, "A", "review", None), (2, "A", "review", "L-1")])))
    assert "Newly for a named person to judge: 2 contacts" in said
    assert "not said" in said
    assert "allow → review" in said


def test_each_later_version_has_a_part_of_its_own():
    found = compared(tally([], [(1, "A", "deny", "L-1")]), "cn", "cn@2025-03-01", "cn@next")
    said = page(found)
    assert said.count("Compared: cn → ") == 2
    data = compared_data(found)
    assert [each["after"]["asked"] for each in data["comparisons"]] == ["cn@2025-03-01", "cn@next"]


def test_data_can_be_written_as_json_and_hold_every_change():
    found = compared(tally([(2, "B", "warn", "L-2")], [(1, "A", "deny", "L-1")]))
    (told,) = json.loads(json.dumps(compared_data(found)))["comparisons"]
    assert told["changed"] == 2
    assert told["turns"] == {"forbidden": 1, "review": 0, "allowed": 0, "clauses": 1}
    (example,) = told["clauses"][0]["examples"]
    assert example["gained"] == [{"clause": "A", "effect": "deny"}]
    assert told["agents"][0] == {"turn": "forbidden", "name": "L-1", "contacts": 1}
    assert told["beyond"] == {"agencies": 0, "agents": 0}


def test_a_name_cannot_move_the_cursor():
    said = page(compared(tally([], [(1, "A\x1b[2J", "deny", "L\r\n1")])))
    assert "\x1b" not in said
    assert "\r" not in said

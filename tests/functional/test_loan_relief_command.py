"""``forbear loan relief`` as a person meets it: a measure, what it would do, and the step."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from forbear.cli.main import main
from forbear.evidence.voice import columns

LOAN: dict[str, Any] = {
    "id": "L-2026-0031",
    "currency": "CNY",
    "product": {
        "annual_rate_percent": "18", "interest_method": "declining_balance",
        "amortization": "equal_installment", "interest_period": "daily",
        "days_in_year": "365", "days_in_month": "actual", "engine": "progressive",
        "interest_recalculation": {},
    },
    "principal": "12000.00",
    "submitted_on": "2026-01-10",
    "n": 12,
    "events": [
        {"id": "out", "kind": "disburse", "on": "2026-01-10", "amount": "12000.00"},
        {"id": "p1", "kind": "repayment", "on": "2026-02-10", "amount": "1100.16"},
        {"id": "c1", "kind": "charge", "on": "2026-04-01", "charge": "penalty", "amount": "30.00"},
    ],
}  # fmt: skip
REAGE = ("--waive", "penalty=all", "--reage", "18", "--first-due", "2026-06-10")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def loan(tmp_path: Path) -> Path:
    path = tmp_path / "loan.json"
    path.write_text(json.dumps(LOAN, indent=2, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture
def relief(capfd: pytest.CaptureFixture[str], loan: Path) -> Run:
    """The command on the loan: its exit status, standard output and standard error."""

    def relief(*words: object, on: str = "2026-05-20", of: object = loan) -> tuple[int, str, str]:
        try:
            status = main(["loan", "relief", str(of), "--on", on, *map(str, words)])
        except SystemExit as leaving:
            status = int(leaving.code or 0)
        out, err = capfd.readouterr()
        return status, out, err

    return relief


def test_the_command_answers_in_a_process_of_its_own(loan: Path) -> None:
    command = [
        sys.executable, "-m", "forbear.cli.main", "loan", "relief", str(loan),
        "--on", "2026-05-20", *REAGE,
    ]  # fmt: skip
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0
    assert "减负预览，2026年5月20日" in run.stdout
    assert run.stderr == ""


def test_the_page_tells_every_figure_in_plain_chinese(relief: Run) -> None:
    status, out, _ = relief(*REAGE, "--surplus", "800")
    assert status == 0
    for said in (
        "减免全部违约金；重新分期", "今天结清要付", "维持现状，共还", "减负后，共还", "少还",
        "免除", "推后", "占每月结余的 ", "逾期天数", "71 → 0", "年化成本",
        "从今天起停息", "这只是预览，没有写入任何东西",
    ):  # fmt: skip
        assert said in out
    assert all(columns(line) <= 100 for line in out.splitlines())
    # Chinese stands without spaces within it, and amounts with one before the unit.
    assert not re.search(r"[一-鿿] [一-鿿]", out.split("\n\n")[-1])


def test_the_page_speaks_english_on_request(relief: Run) -> None:
    status, out, _ = relief(*REAGE, "--lang", "en")
    assert status == 0
    assert out.startswith("Relief, as previewed for 20 May 2026\n")
    assert "waiver of all penalties; re-age: 18 instalments from 10 June 2026" in out
    assert not re.search(r"[一-鿿]", out)


def test_json_and_csv_hold_the_same_schedule(relief: Run) -> None:
    _, out, _ = relief(*REAGE, "--format", "json", "--surplus", "800.00")
    told = json.loads(out)
    assert told["schema"] == "forbear.relief/1"
    assert told["id"] == "L-2026-0031"
    rows = told["after"]["rows"]
    _, out, _ = relief(*REAGE, "--format", "csv")
    table = list(csv.DictReader(io.StringIO(out)))
    assert [row["total"] for row in table] == [row["total"] for row in rows]
    assert len(rows) == 18
    whole = sum(round(float(row["total"]) * 100) for row in rows)
    assert f"{whole // 100}.{whole % 100:02d}" == told["after"]["to_pay"]["total"]
    assert told["forgiven"]["penalty"] == "30.00"
    assert told["saved"] == told["forgiven"]["total"]
    assert told["after"]["days_past_due"] == 0
    assert "entries" not in told


def test_a_request_in_a_file_says_the_same_as_options(relief: Run, tmp_path: Path) -> None:
    path = tmp_path / "request.json"
    measures = [
        {"kind": "waiver", "amounts": {"penalty": "all"}},
        {"kind": "reage", "n": 18, "first_due": "2026-06-10"},
    ]
    path.write_text(json.dumps({"measures": measures}), encoding="utf-8")
    assert relief("--request", path, "--format", "json") == relief(*REAGE, "--format", "json")


@pytest.mark.parametrize(
    "words",
    [
        ("--interest-pause", "2026-06-01..2026-07-31"),
        ("--delinquency-pause", "2026-04-01..2026-05-01"),
        ("--rate", "9"),
        ("--reamortize",),
        ("--move-due", "2026-03-10..2026-06-25"),
        ("--extra-terms", "6"),
        ("--plan", "24", "--first-due", "2026-06-10", "--plan-rate", "3"),
        ("--terminate-by", "2026-06-30"),
        ("--settle", "8000", "--by", "2026-06-30"),
        ("--waive", "interest=50.00", "--waive", "penalty=all"),
        ("--reage", "20", "--first-due", "2026-06-05", "--every", "2 weeks", "--interest", "all"),
    ],
)
def test_every_measure_is_previewed_in_both_languages(relief: Run, words: tuple[str, ...]) -> None:
    for language in ("zh", "en"):
        status, out, err = relief(*words, "--lang", language)
        assert (status, err) == (0, "")
        assert "{" not in out
    _, out, _ = relief(*words, "--format", "json")
    told = json.loads(out)
    still = told["standing_still"]["to_pay"]["total"]
    assert round(float(told["after"]["to_pay"]["total"]) * 100) <= round(float(still) * 100)


def test_a_refusal_is_told_with_its_rule_and_ends_with_one(relief: Run) -> None:
    asked = ("--plan", "61", "--first-due", "2026-06-10", "--product", "credit_card")
    status, out, _ = relief(*asked)
    assert status == 1
    assert out.startswith("这样减负办不了：\n- 要求 61 个月，超过 60 个月。")
    assert "（监管规定：信用卡业务监督管理办法 第 70 条）" in out
    status, out, _ = relief(*asked, "--format", "json")
    (reason,) = json.loads(out)["refused"]
    assert status == 1
    assert (reason["code"], reason["field"]) == ("limit_plan_months", "measures[0].n")
    assert (reason["level"], reason["confidence"]) == ("regulation", "quoted")
    assert reason["says_zh"]
    assert reason["says_en"]
    status, out, err = relief(*asked, "--format", "csv")
    assert (status, out) == (1, "")
    assert "61" in err


def test_a_step_is_granted_written_replayed_and_taken_back(relief: Run, tmp_path: Path) -> None:
    given, taken_back = tmp_path / "granted.json", tmp_path / "back.json"
    _, plain, _ = relief("--delinquency-pause", "2026-05-01..2026-05-01", "--format", "json")
    status, out, _ = relief(*REAGE, "--grant", "R1", "--out", given)
    assert status == 0
    assert f"已写入 {given}" in out
    told = json.loads(given.read_text(encoding="utf-8"))
    assert [each["id"] for each in told["events"][3:]] == ["R1/1", "R1/2"]
    assert told["events"][:3] == LOAN["events"]

    # The loan goes on by the plan that was shown.
    status, out, _ = relief("--waive", "interest=1.00", "--format", "json", of=given)
    assert json.loads(out)["before"]["days_past_due"] == 0
    assert json.loads(out)["before"]["last_day"] == "2027-11-10"

    status, out, _ = relief("--undo", "R1", "--out", taken_back, of=given)
    assert status == 0
    assert out.startswith("已撤销减负步骤 R1，2026年5月20日\n")
    pause = ("--delinquency-pause", "2026-05-01..2026-05-01", "--format", "json")
    _, again, _ = relief(*pause, of=taken_back)
    assert again == plain
    status, _, err = relief("--undo", "R1", of=taken_back)
    assert status == 2
    assert "grant: there is no step «R1» to undo; known are none" in err


def test_without_a_file_the_entries_are_shown_to_be_added(relief: Run) -> None:
    status, out, _ = relief(*REAGE, "--grant", "R1", "--format", "json")
    assert status == 0
    kinds = [each["kind"] for each in json.loads(out)["entries"]]
    assert kinds == ["relief_waiver", "relief_reage"]
    _, out, _ = relief(*REAGE, "--grant", "R1")
    assert json.loads(out.splitlines()[-1])[0]["id"] == "R1/1"
    _, out, _ = relief("--undo", "R1", "--format", "csv")
    assert out == ""


def test_a_refused_step_writes_nothing(relief: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    words = ("--reamortize", "--waive", "fee=all", "--grant", "R1", "--out", out)
    status, _, _ = relief(*words)
    assert status == 1
    assert not out.exists()
    assert list(tmp_path.iterdir()) == [tmp_path / "loan.json"]


def test_the_chart_is_drawn_on_request(relief: Run, tmp_path: Path) -> None:
    drawn = tmp_path / "plan.svg"
    status, out, _ = relief(*REAGE, "--svg", drawn)
    assert status == 0
    assert f"图已写入 {drawn}" in out
    root = ET.fromstring(drawn.read_text(encoding="utf-8"))
    assert root.tag.endswith("svg")
    assert "减负后共还" in drawn.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), r"relief: nothing is asked for; name a measure such as --reage 12"),
        (("--reage", "0", "--first-due", "2026-06-10"), r"--reage.n: 0 is not between 1 and 600"),
        (("--reage", "many", "--first-due", "2026-06-10"), r"--reage: «many» is no whole number"),
        (("--reage", "3"), r"--first-due: it is missing; --reage needs the day of the first one"),
        (("--first-due", "2026-06-10"), r"--first-due: it is that of --reage or --plan"),
        (("--interest", "all"), r"--reage is missing; --every and --interest say more about it"),
        (("--plan-rate", "3"), r"--plan is missing; --plan-rate is the rate of it"),
        (("--by", "2026-06-10"), r"--by: it is the deadline of --settle; add that"),
        (("--settle", "100"), r"--by: it is missing; --settle needs its deadline"),
        (("--settle", "-5", "--by", "2026-06-10"), r"--settle.amount: -5 is not above nothing"),
        (("--waive", "penalty"), r"--waive: «penalty» has no amount; write penalty=all"),
        (("--waive", "fee=-3"), r"--waive.amounts.fee: -3 is not above nothing"),
        (("--waive", "rent=3"), r"--waive.amounts.rent: it is no component; known are principal"),
        (("--waive", "fee=1", "--waive", "fee=2"), r"--waive: «fee» stands twice; add the two up"),
        (("--interest-pause", "2026-06-01"), r"--interest-pause: «2026-06-01» is no span; write"),
        (
            ("--interest-pause", "2026-06-30..2026-06-01"),
            r"--interest-pause.end: 2026-06-01 lies before start 2026-06-30; exchange them",
        ),
        (("--interest-pause", "2026-02-31..2026-06-01"), r"start: '2026-02-31' is no date"),
        (("--rate", "-2"), r"--rate.annual_rate_percent: -2 is not between 0 and 1000"),
        (("--reamortize", "--surplus", "-1"), r"--surplus: -1 is negative; write 0 or more"),
        (("--reamortize", "--surplus", "much"), r"--surplus: «much» is not an amount"),
        (("--reamortize", "--undo", "R1"), r"--undo: it stands alone; take the step back first"),
        (("--undo", "R1"), r"grant: there is no step «R1» to undo; known are none"),
        (("--reamortize", "--grant", "p1"), r"id: «p1» stands in the loan already; choose one"),
        (("--reamortize", "--out", "o.json"), r"--out: a preview enters nothing; add --grant"),
        (("--reamortize", "--request", "r.json"), r"--request: it holds the measures; leave the"),
        (("--request", "no-such.json"), r"no-such.json: it cannot be opened"),
        (("--reamortize", "--svg", "no/such/p.svg"), r"--svg: no/such/p.svg cannot be written"),
    ],
)
def test_a_slip_is_one_clear_line_and_nothing_is_done(
    relief: Run, words: tuple[str, ...], says: str
) -> None:
    status, out, err = relief(*words)
    assert status == 2
    assert out == ""
    assert err.count("\n") == 1
    assert re.search(says, err), err


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"principal": "-5.00"}, r"principal"),
        ({"currency": "XYZ"}, r"XYZ"),
        ({"events": [*LOAN["events"], {**LOAN["events"][1], "id": "out"}]}, r"«out» stands twice"),
        (
            {"events": [*LOAN["events"],
                        {"kind": "relief_magic", "on": "2026-05-01", "grant": "R"}]},
            r"«magic» is no relief; known are reage",
        ),
        (
            {"events": [*LOAN["events"],
                        {"kind": "relief_reage", "on": "2026-05-01", "grant": "R", "n": 0,
                         "first_due": "2026-06-01"}]},
            r"n: 0 is not between 1 and 600",
        ),
    ],
)  # fmt: skip
def test_a_loan_that_is_not_well_formed_is_refused_whole(
    relief: Run, tmp_path: Path, change: dict[str, Any], says: str
) -> None:
    path = tmp_path / "broken.json"
    path.write_text(json.dumps({**LOAN, **change}), encoding="utf-8")
    status, out, err = relief("--reamortize", of=path)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert re.search(says, err), err


def test_a_day_in_no_persons_reach_is_refused(relief: Run) -> None:
    status, out, err = relief("--extra-terms", "6", on="9999-12-31")
    assert (status, out) == (2, "")
    assert "--on: 9999-12-31" in err


def test_a_closed_loan_is_told_so(relief: Run, tmp_path: Path) -> None:
    path = tmp_path / "closed.json"
    events = [*LOAN["events"],
              {"kind": "prepay", "on": "2026-05-19", "amount": "payoff"}]  # fmt: skip
    path.write_text(json.dumps({**LOAN, "events": events}), encoding="utf-8")
    status, out, _ = relief("--reamortize", of=path)
    assert status == 1
    assert "已经没有欠款" in out


def test_the_steps_of_a_loan_are_listed_with_where_they_stand(relief: Run, tmp_path: Path) -> None:
    path = tmp_path / "steps.json"
    status, out, _ = relief("--steps")
    assert (status, out) == (0, "这笔贷款还没有办理过减负。\n")
    assert relief(*REAGE, "--grant", "R1", "--out", path)[0] == 0
    assert relief("--undo", "R1", "--out", path, of=path)[0] == 0
    settle = ("--settle", "8000", "--by", "2026-06-30", "--grant", "S1", "--out", path)
    assert relief(*settle, of=path)[0] == 0
    pause = ("--delinquency-pause", "2026-04-01..2026-05-01", "--grant", "D1", "--out", path)
    assert relief(*pause, of=path)[0] == 0

    def standing(on: str) -> dict[str, str]:
        _, out, _ = relief("--steps", "--format", "json", on=on, of=path)
        return {each["step"]: each["standing"] for each in json.loads(out)["steps"]}

    assert standing("2026-06-30") == {"R1": "undone", "S1": "accepted", "D1": "stands"}
    assert standing("2026-07-01")["S1"] == "broken"
    told = json.loads(path.read_text(encoding="utf-8"))
    told["events"].append({"kind": "repayment", "on": "2026-06-30", "amount": "8000.00"})
    path.write_text(json.dumps(told), encoding="utf-8")
    assert standing("2026-07-01")["S1"] == "met"
    _, out, _ = relief("--steps", on="2026-07-01", of=path)
    assert "已履行" in out
    assert "已撤销" in out
    _, out, _ = relief("--steps", "--format", "csv", of=path)
    assert out.splitlines()[1] == "R1,2026-05-20,undone,waiver reage"
    status, _, err = relief("--steps", "--reamortize", of=path)
    assert status == 2
    assert "--steps: it stands alone" in err


def test_a_file_that_cannot_take_its_place_leaves_nothing_beside_it(
    relief: Run, tmp_path: Path
) -> None:
    (tmp_path / "taken").mkdir()
    status, _, err = relief("--reamortize", "--svg", str(tmp_path / "taken"))
    assert (status, err.count("\n")) == (2, 1)
    assert "taken cannot be written" in err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["loan.json", "taken"]

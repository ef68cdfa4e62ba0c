"""``forbear loan offers`` as a person meets it: circumstances in, plans or a way on out."""

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

import pytest

from forbear.cli.main import main
from forbear.evidence.voice import columns

LOAN: dict[str, Any] = {
    "id": "L-2025-0417",
    "currency": "CNY",
    "product": {
        "annual_rate_percent": "18", "interest_method": "declining_balance",
        "amortization": "equal_installment", "interest_period": "same_as_repayment",
        "days_in_year": "360", "days_in_month": "30", "engine": "progressive",
    },
    "principal": "12000.00",
    "submitted_on": "2025-09-10",
    "n": 12,
    "events": [
        {"kind": "disburse", "on": "2025-09-10", "amount": "12000.00"},
        {"kind": "repayment", "on": "2025-10-10", "amount": "1100.16"},
        {"kind": "repayment", "on": "2025-11-10", "amount": "1100.16"},
        {"kind": "charge", "on": "2026-01-15", "charge": "penalty", "amount": "180.00"},
        {"kind": "charge", "on": "2026-02-15", "charge": "fee", "amount": "60.00"},
    ],
}  # fmt: skip
TOLD = ("--income", "5500", "--spending", "3800", "--other-debts", "300", "--region", "上海")
POOR = ("--income", "3000", "--region", "上海", "--dependants", "1")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def loan(tmp_path: Path) -> Path:
    path = tmp_path / "loan.json"
    path.write_text(json.dumps(LOAN, indent=2, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture
def offers(capfd: pytest.CaptureFixture[str], loan: Path) -> Run:
    """The command on the loan: its exit status, standard output and standard error."""

    def offers(*words: object, on: str = "2026-03-10", of: object = loan) -> tuple[int, str, str]:
        try:
            status = main(["loan", "offers", str(of), "--on", on, *map(str, words)])
        except SystemExit as leaving:
            status = int(leaving.code or 0)
        said = capfd.readouterr()
        return status, said.out, said.err

    return offers


def data(offers: Run, *words: object) -> dict[str, Any]:
    status, out, err = offers(*words, "--format", "json")
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert isinstance(found, dict)
    return found


# ── the answer ──


def test_the_surplus_is_shown_line_by_line_with_its_floor(offers: Run):
    found = data(offers, *TOLD)
    assert found["schema"] == "forbear.offers/1"
    assert [(each["id"], each["amount"]) for each in found["surplus"]["lines"]] == [
        ("income", "5500.00"), ("spending", "3800.00"), ("other_debts", "300.00"),
    ]  # fmt: skip
    assert found["surplus"]["amount"] == "1400.00"
    floor = found["surplus"]["floor"]
    assert (floor["region"], floor["amount"]) == ("CN-SH", "2393.00")
    assert {each["confidence"] for each in floor["sources"]} == {"recalled", "quoted"}


def test_each_offer_has_its_figures_and_its_reasons(offers: Run):
    found = data(offers, *TOLD)
    assert found["count"] == len(found["offers"]) > 5
    still = float(found["standing_still"]["total"])
    for n, each in enumerate(found["offers"], start=1):
        assert each["rank"] == n
        assert float(each["monthly"]) <= 1400
        assert float(each["share"]) <= 1
        assert float(each["total"]) <= still
        assert sum(round(100 * float(one["amount"])) for one in each["payments"]) == round(
            100 * float(each["total"])
        )
        assert len(each["reasons"]) == 4
        assert set(each["signing"]) == {norm["id"] for norm in found["signing"]}
        assert each["request"]["measures"]


def test_what_signing_means_comes_with_clause_level_and_confidence(offers: Run):
    meant = {each["id"]: each for each in data(offers, *TOLD)["signing"]}
    assert (meant["restarts"]["clause"], meant["restarts"]["level"]) == ("民法典 第195条", "law")
    assert meant["restarts"]["confidence"] == "text"
    assert "口头" in meant["asking-counts"]["says_zh"]


def test_a_card_has_its_personalised_plan_of_sixty_instalments_at_most(offers: Run):
    found = data(offers, *TOLD, "--product", "credit_card")
    months = [each["months"] for each in found["offers"] if each["kind"] == "personal_plan"]
    assert max(months) == 60
    assert "card-plan" in {each["id"] for each in found["signing"]}


def test_a_loan_extended_twice_is_not_extended_again(offers: Run, tmp_path: Path):
    twice = [
        {"kind": "reschedule", "on": f"2025-1{n}-01", "extra_terms": 1, "from": f"2025-1{n}-10"}
        for n in (1, 2)
    ]
    path = tmp_path / "extended.json"
    path.write_text(json.dumps({**LOAN, "events": [*LOAN["events"], *twice]}), encoding="utf-8")
    status, out, _ = offers(*TOLD, "--format", "json", of=path)
    assert status == 0
    found = json.loads(out)
    refused = {each["kind"]: each["reasons"][0] for each in found["refused"]}
    assert refused["reage_accrued"]["code"] == "limit_extensions"
    assert "141号" in refused["reage_accrued"]["clause"]
    assert not any(each["kind"].startswith("reage") for each in found["offers"])


def test_money_at_hand_opens_a_settlement_whose_condition_is_named(offers: Run):
    found = data(offers, *TOLD, "--lump-sum", "6000")
    once = next(each for each in found["offers"] if each["kind"] == "settlement")
    assert float(once["at_once"]) <= 6000
    assert once["monthly"] == "0.00"
    assert float(once["conditional"]["principal"]) > 0
    assert "恢复" in once["reasons"][1]["says_zh"]


def test_the_pay_day_becomes_the_due_day(offers: Run):
    found = data(offers, *TOLD, "--pay-day", "25")
    assert {each["first_due"][-2:] for each in found["offers"] if "reage" in each["kind"]} == {"25"}
    assert "due_move" in {each["kind"] for each in (*found["offers"], *found["set_aside"])}


def test_without_a_plan_it_says_so_and_what_follows(offers: Run):
    found = data(offers, *POOR, "--lender-type", "microloan")
    assert found["offers"] == []
    assert found["nearest"]["short"] == found["nearest"]["monthly"]
    assert [each["id"] for each in found["follows"]][:3] == ["nothing-now", "pause", "waiver"]
    assert [each["id"] for each in found["contacts"]] == ["institution", "local-finance"]


def test_the_chances_of_being_kept_are_an_argument(offers: Run):
    sure = data(offers, *TOLD, "--cure", "1", "--discount", "0")
    assert sure["offers"][0]["value"] == sure["offers"][0]["total"]
    half = data(offers, *TOLD, "--cure", "0.5", "--discount", "0")
    assert float(half["offers"][0]["value"]) * 2 == pytest.approx(float(half["offers"][0]["total"]))
    kind = data(offers, *TOLD, "--cure", "0.5", "--cure", "extra_terms=1")
    assert kind["offers"][0]["kind"] == "extra_terms"


def test_the_borrowers_order_puts_the_lowest_total_first(offers: Run):
    found = data(offers, *TOLD, "--first", "borrower")
    easy = [each for each in found["offers"] if each["margin"]]
    assert found["rule"]["first"] == "borrower"
    assert [float(each["total"]) for each in easy] == sorted(float(e["total"]) for e in easy)
    assert {each["id"] for each in found["offers"]} == {
        each["id"] for each in data(offers, *TOLD)["offers"]
    }
    _, out, _ = offers(*TOLD, "--first", "borrower")
    assert "总额最低" in out


# ── the same circumstances ──


def test_a_file_and_options_say_the_same(offers: Run, tmp_path: Path):
    path = tmp_path / "told.json"
    told = {
        "region": "CN-SH", "other_debts": [{"lender": "乙", "monthly": "300.00"}],
        "spending": {"food": "1300", "rent": "2500.00"}, "income": ["5500"],
        "name": "王芳", "gender": "f", "told_at": "23:00",
    }  # fmt: skip
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    one, other = data(offers, *TOLD), data(offers, "--circumstances", path)
    assert one["offers"] == other["offers"]
    assert other["not_read"] == ["name", "gender", "told_at"]


def test_an_option_outranks_the_file(offers: Run, tmp_path: Path):
    path = tmp_path / "told.json"
    path.write_text('{"income": "9000", "region": "上海", "spending": "3800"}', encoding="utf-8")
    found = data(offers, "--circumstances", path, "--income", "5500", "--other-debts", "300")
    assert found["surplus"]["amount"] == "1400.00"


# ── forms ──


def test_the_page_reads_in_both_languages_and_fits_a_terminal(offers: Run):
    for language in ("zh", "en"):
        for words in (TOLD, POOR):
            status, out, err = offers(*words, "--lang", language, "--most", "0")
            assert (status, err) == (0, "")
            assert max(columns(line) for line in out.splitlines()) <= 100
            assert "  \n" not in out
    _, out, _ = offers(*TOLD)
    assert out.startswith("可以承受的还款方案：L-2025-0417，2026年3月10日\n")
    assert "排在第一" in out
    assert "答应之前" in out
    _, out, _ = offers(*POOR, "--lang", "en")
    assert out.startswith("No plan can be carried: L-2025-0417, 10 March 2026\n")
    assert "Whom to turn to" in out


def test_what_the_worth_rests_on_is_said_as_it_was_given(offers: Run):
    _, out, _ = offers(*TOLD, "--discount", "0.075", "--cure", "0.555")
    assert "按年 7.5% 折现、55.5% 的履约可能" in out.replace("\n", "")


def test_text_shows_the_first_of_each_kind_and_names_the_rest(offers: Run):
    _, out, _ = offers(*TOLD, "--lang", "en", "--most", "2")
    heads = re.findall(r"^\d+\. ", out, re.MULTILINE)
    assert len(heads) == 2
    assert "Others of this kind:" in out
    assert "add --most 0" in out.replace("\n", " ")


def test_csv_has_a_row_an_offer(offers: Run):
    status, out, err = offers(*TOLD, "--format", "csv")
    assert (status, err) == (0, "")
    table = list(csv.DictReader(io.StringIO(out)))
    assert [each["rank"] for each in table] == [str(n + 1) for n in range(len(table))]
    assert all(float(each["monthly"]) <= 1400 for each in table)
    _, out, _ = offers(*POOR, "--format", "csv")
    assert out.splitlines()[0].startswith("rank,id,kind,monthly")
    assert len(out.splitlines()) == 1


def test_an_offer_taken_is_the_request_that_relief_previews_to_the_same_figures(
    offers: Run, loan: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    offered = data(offers, *TOLD)["offers"][0]
    status, out, err = offers(*TOLD, "--take", "1")
    assert (status, err) == (0, "")
    request = tmp_path / "request.json"
    request.write_text(out, encoding="utf-8")
    words = ["--request", str(request), "--on", "2026-03-10", "--format", "csv"]
    assert main(["loan", "relief", str(loan), *words]) == 0
    rows = list(csv.DictReader(io.StringIO(capfd.readouterr().out)))
    assert [each["due"] for each in rows] == [each["on"] for each in offered["payments"]]


def test_another_law_is_named_for_another_currency(offers: Run, tmp_path: Path):
    path = tmp_path / "us.json"
    path.write_text(json.dumps(LOAN | {"currency": "USD"}), encoding="utf-8")
    status, out, _ = offers("--income", "3000", "--region", "US", "--format", "json", of=path)
    assert status == 0
    found = json.loads(out)
    assert found["law"] == "us"
    assert found["surplus"]["floor"]["amount"] == "839.00"
    assert found["signing"][0]["id"] == "restarts"


# ── slips ──


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--income", "-5", "--region", "上海"), "income: -5.00 is below nothing"),
        (("--income", "5000", "--region", "Atlantis"), "region: «Atlantis» is not known"),
        (
            ("--income", "1", "--region", "上海", "--dependants", "3.5"),
            "dependants: 3.5 is no whole",
        ),
        (("--income", "1", "--region", "US"), "region: the United States counts in USD"),
        (("--region", "上海"), "income: it is missing"),
        (("--income", "1"), "region: say where the household lives"),
        ((*TOLD, "--cure", "60"), "cure: 60 is not between 0 and 1"),
        ((*TOLD, "--cure", "sale=1"), "--cure: «sale» is no kind of plan; known are"),
        ((*TOLD, "--most", "x"), "--most: «x» is no number of kinds"),
        ((*TOLD, "--take", "99"), "--take: there is no offer 99; write a rank from 1 to"),
        ((*POOR, "--take", "1"), "--take: there is no offer 1; no plan can be carried"),
        ((*TOLD, "--pay-day", "40"), "pay_day: 40 is not between 1 and 31"),
        ((*TOLD, "--product", "yacht"), "argument --product: invalid choice"),
        (("--income", "5,000元", "--region", "上海"), "income: «5,000元» is not an amount"),
    ],
)
def test_a_slip_is_one_line_and_nothing_is_done(offers: Run, words: tuple[str, ...], message: str):
    status, out, err = offers(*words)
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ('{"income": 6000.5, "currency": "USD"}', "currency: USD is not the CNY of the loan"),
        ('{"income": "1", "dependents": 2}', "dependents: it is no circumstance"),
        ('{"income": NaN}', "NaN is no number"),
        ('{"income": "1", "income": "2"}', "income: it stands twice"),
        ("[]", "the line holds no object"),
        ("", "it holds nothing"),
    ],
)
def test_a_slip_in_a_file_names_the_file(offers: Run, tmp_path: Path, told: str, message: str):
    path = tmp_path / "told.json"
    path.write_text(told, encoding="utf-8")
    status, out, err = offers("--circumstances", path)
    assert (status, out) == (2, "")
    assert err.startswith(f"forbear: {path}: ")
    assert message in err


@pytest.mark.parametrize(
    ("change", "on", "message"),
    [
        ({}, "2025-01-01", "nothing has been paid out on this loan yet"),
        ({"currency": "XXX"}, "2026-03-10", "currency «XXX» is not known"),
        ({"principal": "-1"}, "2026-03-10", "principal: -1 is not more than nothing"),
        ({}, "2026-02-30", "--on: "),
    ],
)
def test_a_slip_in_the_loan_or_the_day(
    offers: Run, loan: Path, change: dict[str, str], on: str, message: str
):
    loan.write_text(json.dumps(LOAN | change), encoding="utf-8")
    status, out, err = offers(*TOLD, on=on)
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_a_loan_that_is_paid_needs_no_plan(offers: Run, loan: Path):
    events = [*LOAN["events"], {"kind": "prepay", "on": "2026-03-01", "amount": "payoff"}]
    loan.write_text(json.dumps(LOAN | {"events": events}), encoding="utf-8")
    status, _, err = offers(*TOLD)
    assert status == 2
    assert "nothing is asked for on this loan any more" in err


def test_it_runs_as_an_installed_command_and_reads_standard_input():
    words = ["loan", "offers", "-", "--on", "2026-03-10", *TOLD, "--format", "csv"]
    done = subprocess.run(
        [sys.executable, "-m", "forbear.cli.main", *words], input=json.dumps(LOAN), text=True,
        capture_output=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("rank,")


def test_standard_input_is_read_once(offers: Run):
    status, _, err = offers("--circumstances", "-", of="-")
    assert status == 2
    assert "standard input is the loan already" in err

"""``forbear loan claim`` as a user meets it: a loan file in, what may be claimed out."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from forbear.evidence.voice import columns

# Twenty thousand yuan lent by a private person at 36 %, of which nineteen were handed over.
LOAN: dict[str, Any] = {
    "id": "L-1",
    "currency": "CNY",
    "principal": "20000.00",
    "submitted_on": "2025-01-10",
    "disbursed_on": "2025-01-10",
    "n": 12,
    "product": {
        "annual_rate_percent": "36",
        "interest_method": "declining_balance",
        "amortization": "equal_installment",
        "interest_period": "same_as_repayment",
        "days_in_year": "360",
        "days_in_month": "30",
        "engine": "cumulative",
        "allocation": {"strategy": "mifos-standard"},
        "rounding": {"mode": "half_even", "digits": 2},
    },
    "lender_profile": {"lender_type": "private"},
    "contract_date": "2025-01-10",
    "received": "19000.00",
    "events": [
        {"on": "2025-01-10", "kind": "disburse", "amount": "20000.00"},
        {"on": "2025-02-10", "kind": "repayment", "amount": "2009.24"},
        {"on": "2025-03-10", "kind": "repayment", "amount": "2009.24"},
        {"on": "2025-04-10", "kind": "repayment", "amount": "2009.24"},
        {
            "on": "2025-05-12", "kind": "charge", "charge": "penalty", "amount": "300.00",
            "due": "2025-05-12",
        },
    ],
}  # fmt: skip
AS_OF = ("--as-of", "2025-09-10")
LATER = [
    {"on": "2025-06-01", "kind": "repayment", "amount": "5000.00"},
    {"on": "2025-06-02", "kind": "charge", "charge": "fee", "amount": "77.00"},
]


def forbear(*words: str, given: Any = LOAN) -> subprocess.CompletedProcess[str]:
    text = given if isinstance(given, str) else json.dumps(given)
    return subprocess.run(
        [sys.executable, "-m", "forbear.cli.main", "loan", "claim", "-", *words],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


def answered(*words: str, given: Any = LOAN) -> dict[str, Any]:
    done = forbear(*words, "--format", "json", given=given)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def changed(**more: Any) -> dict[str, Any]:
    return {**LOAN, **more}


def test_the_answer_has_everything_that_scripts_depend_on():
    found = answered(*AS_OF)
    assert found["schema"] == "forbear.claim/1"
    assert set(found) == {
        "schema", "id", "as_of", "currency", "country", "lender_type", "product", "contract",
        "claimed", "claimable", "refused", "owed_back", "deducted_in_advance", "parts",
        "questions", "set_off", "rooms", "lpr", "ceilings",
    }  # fmt: skip
    assert (found["country"], found["lender_type"]) == ("cn", "private")
    assert re.fullmatch("[0-9a-f]{64}", found["ceilings"]["sha256"])
    assert found["lpr"][0]["percent"] == "3.10"
    assert found["rooms"][-1]["percent_a_year"] == ["12.4%"]
    parts = {part["part"]: part for part in found["parts"]}
    assert list(parts) == ["principal", "interest", "overdue_interest", "penalty", "fee"]
    for part in parts.values():
        claimed, claimable, refused = (
            Decimal(part[key]) for key in ("claimed", "claimable", "refused")
        )
        assert claimed == claimable + refused
        assert refused == sum(Decimal(reason["amount"]) for reason in part["because"])
    sums = [sum(Decimal(p[key]) for p in parts.values()) for key in ("claimed", "claimable")]
    assert sums == [Decimal(found["claimed"]), Decimal(found["claimable"])]
    clauses = [reason["clause"] for reason in parts["principal"]["because"]]
    assert clauses == [
        "民间借贷规定(2020修正) 第26条",
        "民间借贷规定(2020修正) 第25条、第28条、第29条",
    ]


def test_the_figures_are_those_of_the_books_and_of_the_ceiling():
    """Worked by hand: 4 × 3.10 % on what was really lent, a month at a time, as the contract."""
    found = answered(*AS_OF)
    balance, set_off, room = Decimal("19000.00"), Decimal(0), Decimal(0)
    interest = [Decimal("600.00"), Decimal("557.72"), Decimal("514.18")]
    for charged in interest:
        room += balance * Decimal("0.124") / 12
        kept = min(charged, room.quantize(Decimal("0.01"), rounding="ROUND_FLOOR"))
        room -= kept
        set_off += charged - kept
        balance -= Decimal("2009.24") - kept
    assert set_off > 0
    assert sum(Decimal(each["amount"]) for each in found["set_off"]) == set_off
    room += 5 * balance * Decimal("0.124") / 12
    parts = {part["part"]: Decimal(part["claimable"]) for part in found["parts"]}
    assert parts["interest"] == room.quantize(Decimal("0.01"), rounding="ROUND_FLOOR")
    assert parts["penalty"] == 0
    due = next(part for part in found["parts"] if part["part"] == "principal")
    assert parts["principal"] == Decimal(due["claimed"]) - 1000 - set_off


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_is_told_in_one_language_and_fits_a_terminal(language: str):
    done = forbear(*AS_OF, "--lang", language)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert max(columns(line) for line in lines) <= 100
    title = {"zh": "2025年9月10日可以主张多少", "en": "What may be claimed on 10 September 2025"}
    assert lines[0] == title[language]
    words = {"zh": ("不得主张", "预先扣除", "法律规定"), "en": ("Not claimable", "law, text")}
    for word in words[language]:
        assert word in done.stdout
    if language == "en":
        assert "利息" not in done.stdout.replace("出处", "")


def test_the_language_is_that_of_the_currency():
    assert forbear(*AS_OF).stdout.startswith("2025年")


def test_a_table_for_a_spreadsheet():
    done = forbear(*AS_OF, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["part"] for row in rows] == [
        "principal", "interest", "overdue_interest", "penalty", "fee"
    ]  # fmt: skip
    assert set(rows[0]) == {"part", "claimed", "claimable", "refused", "to_judge", "because"}


def test_an_option_speaks_before_the_file():
    found = answered(*AS_OF, "--lender-type", "bank", "--received", "20000", "--product", "x")
    assert (found["lender_type"], found["product"]) == ("bank", "x")
    assert found["deducted_in_advance"] == "0.00"
    assert Decimal(found["claimable"]) > Decimal(answered(*AS_OF)["claimable"])


def test_what_is_not_told_is_read_strictly_and_said():
    told = ("lender_profile", "contract_date", "submitted_on")
    bare = {key: value for key, value in LOAN.items() if key not in told}
    found = answered(*AS_OF, given=bare)
    assert Decimal(found["claimable"]) <= Decimal(answered(*AS_OF)["claimable"])
    asked = {question["id"] for question in found["questions"]}
    assert {"lender-unknown", "contract-day-unknown"} <= asked


def test_the_whole_loan_can_be_called_in():
    due, whole = answered(*AS_OF), answered(*AS_OF, "--whole")
    assert Decimal(whole["claimed"]) > Decimal(due["claimed"])
    assert Decimal(whole["claimable"]) > Decimal(due["claimable"])


def test_a_claim_of_its_own_is_held_against_the_books():
    found = answered(*AS_OF, given=changed(claim={"principal": "20000.00", "fee": "88.00"}))
    fee = next(part for part in found["parts"] if part["part"] == "fee")
    assert (fee["claimed"], fee["claimable"]) == ("88.00", "0.00")
    assert fee["because"][0]["id"] == "not-in-the-books"


def test_time_is_counted_as_asked():
    months, days = answered(*AS_OF), answered(*AS_OF, "--day-count", "actual/365")
    assert months["claimable"] != days["claimable"]
    same = answered(*AS_OF, "--day-count", "months")
    assert same["claimable"] == months["claimable"]


def test_a_file_is_read_by_its_name(tmp_path: Path):
    path = tmp_path / "loan.json"
    path.write_text(json.dumps(LOAN, indent=2), encoding="utf-8-sig")
    done = subprocess.run(
        [sys.executable, "-m", "forbear.cli.main", "loan", "claim", str(path), *AS_OF],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0
    assert done.stdout == forbear(*AS_OF).stdout


WRONG = [
    ("{", (), "it is no JSON"),
    ("[]", (), "holds no object"),
    (changed(events=[]), (), "events: nothing was paid out"),
    (LOAN, ("--as-of", "2025-02-31"), "--as-of: "),
    (LOAN, ("--as-of", "2024-12-31"), "lies before the first payout on 2025-01-10"),
    (LOAN, ("--lender-type", "shark"), "lender_type: «shark» is not known; known are bank"),
    (LOAN, ("--country", "fr"), "country: no ceilings are held for «fr»; known are au, cn"),
    (LOAN, ("--contract-date", "2025-02-01..2025-01-01"), "write the earlier day first"),
    (LOAN, ("--received", "20001"), "received: it is more than was paid out"),
    (LOAN, ("--received", "-1"), "received: -1 is negative"),
    (LOAN, ("--lpr", "1001"), "lpr: "),
    (LOAN, ("--filed-on", "soon"), "filed_on: «soon» is not a da"),
    (changed(lender_profile="bank"), (), "lender_profile: it is no object"),
    (changed(lender_profile={"lender_type": 3}), (), "lender_type: 3 is no word"),
    (changed(claim={"intrest": "1.00"}), (), "claim: unknown part «intrest»; known are principal"),
    (changed(claim={"fee": "-1.00"}), (), "claim.fee: -1.00 is negative"),
    (changed(claim={"fee": "1.005"}), (), "claim.fee: 1.005 has more digits"),
    (changed(claim=[]), (), "claim: it is no object"),
    (changed(currency="XYZ"), (), "currency «XYZ» is not known"),
    (changed(currency="EUR"), (), "country: no ceilings are held for «EUR»"),
    (changed(principal="-5.00"), (), "principal: -5.00 is not more than nothing"),
]


@pytest.mark.parametrize(("given", "words", "says"), WRONG, ids=[each[2] for each in WRONG])
def test_a_wrong_file_or_option_is_one_line_with_the_field_and_the_mend(
    given: Any, words: tuple[str, ...], says: str
):
    done = forbear(*(words or AS_OF), given=given)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr, done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_said_to_be_so():
    done = subprocess.run(
        [sys.executable, "-m", "forbear.cli.main", "loan", "claim", "nowhere.json"],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 2
    assert "nowhere.json: it cannot be opened" in done.stderr


def test_what_happened_after_the_day_of_the_claim_is_not_in_it():
    later = {**LOAN, "events": [*LOAN["events"], *LATER]}
    assert answered("--as-of", "2025-05-20", given=later) == answered("--as-of", "2025-05-20")


def test_interest_on_what_is_overdue_runs_to_the_day_of_the_claim():
    """Two instalments are overdue; nothing was entered since the first one was missed."""
    product = {
        "annual_rate_percent": "14.4", "interest_period": "same_as_repayment",
        "days_in_year": "360", "days_in_month": "30",
    }  # fmt: skip
    given = {
        "currency": "CNY", "principal": "12000.00", "submitted_on": "2026-01-10", "n": 6,
        "product": product,
        "events": [
            {"on": "2026-01-10", "kind": "disburse", "amount": "12000.00"},
            {"on": "2026-02-10", "kind": "repayment", "amount": "2084.83"},
            {"on": "2026-03-10", "kind": "repayment", "amount": "2084.83"},
        ],
    }  # fmt: skip
    parts = {each["part"]: each for each in answered("--as-of", "2026-05-20", given=given)["parts"]}
    # All 8,095.05 that are out have borne 1.2 % for each of the two months.
    assert parts["interest"]["claimed"] == "194.28"
    assert parts["principal"]["claimed"] == "3975.38"

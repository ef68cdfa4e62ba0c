"""Products from their files: what is read, and one clear line for each slip."""

from __future__ import annotations

import copy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from forbear.base.errors import ForbearError, LoanError
from forbear.base.money import Rounding
from forbear.loans.products.product import DAY_COUNTS, find, load, read, shipped, step

GOOD: dict[str, Any] = {
    "product": {
        "lender": {"zh": "示例", "en": "Example"},
        "name": {"zh": "贷款", "en": "Loan"},
        "currency": "CNY",
    },
    "limits": {
        "amount": {"from": "500.00", "to": "20000.00"},
        "instalments": {"from": 3, "to": 24},
        "annual_rate_percent": {"from": "0", "to": "15.5"},
        "every": ["1 months", "2 weeks"],
        "amortization": ["equal_installment"],
    },
    "terms": {
        "interest_method": "declining_balance",
        "day_count": "30/360",
        "rounding": "half_up",
    },
}
FEE = {"id": "a", "name": {"zh": "费", "en": "fee"}, "at_most": "5.00"}


def with_(path: str, value: object) -> dict[str, Any]:
    table = copy.deepcopy(GOOD)
    *folders, key = path.split(".")
    inner = table
    for folder in folders:
        inner = inner[folder]
    if value is None:
        del inner[key]
    else:
        inner[key] = value
    return table


def test_every_product_that_ships_is_well_formed_and_plainly_made_up() -> None:
    products = shipped()
    assert set(products) >= {
        "equal-instalments", "interest-first", "bullet", "weekly-flat", "in-parts"
    }  # fmt: skip
    for product in products.values():
        assert "虚构" in product.lender.zh
        assert "fictional" in product.lender.en
        # Nobody is shown an offer above what licensed lenders here may ask.
        assert product.all_in_percent is not None
        assert product.all_in_percent <= 24


def test_a_product_is_read_as_it_is_written() -> None:
    product = read(GOOD, "mine")
    assert (product.id, product.currency, product.name.en) == ("mine", "CNY", "Loan")
    assert product.amount == (50_000, 2_000_000)
    assert product.annual_rate_percent == (Decimal(0), Decimal("15.5"))
    assert product.every == ((1, "months"), (2, "weeks"))
    assert (product.all_in_percent, product.multiple_of) == (None, None)
    assert (product.disbursements, product.down_payment_percent) == (1, (Decimal(0), Decimal(0)))
    assert product.rounding is Rounding.HALF_UP


def test_a_fee_has_the_lesser_of_its_ceilings() -> None:
    fee = read({**GOOD, "fee": [{**FEE, "percent_of_principal": "1.5"}]}, "mine").fees[0]
    # 1.5 % of 100.33 is 1.50495, so 1.50; of a thousand it would be 15.00.
    assert fee.ceiling(10_033) == 150
    assert fee.ceiling(100_000) == 500
    assert read({**GOOD, "fee": [FEE]}, "mine").fees[0].ceiling(1) == 500


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("product", None, r"\[product\] is missing"),
        ("limits", [], r"\[limits\] is missing"),
        ("price", {}, "the file: «price» is not a word here; known are fee, limits"),
        ("product.colour", "red", "product: «colour» is not a word here"),
        ("product.currency", "yuan", "currency «yuan» is not known"),
        ("product.currency", None, "product.currency is missing; write it as text"),
        ("product.name", "Loan", "product.name: write it in both languages"),
        ("product.name", {"zh": "", "en": "x"}, "product.name.zh is missing"),
        ("limits.amount", {"from": 500, "to": 20000.5}, "limits.amount: 20000.5 is not an amount"),
        ("limits.amount", {"from": "-1", "to": "5"}, "limits.amount: -1 is not more than 0"),
        ("limits.amount", {"from": "9", "to": "5"}, "limits.amount: from is more than to"),
        ("limits.amount", {"from": "1.001", "to": "5"}, "more digits than CNY has"),
        ("limits.amount", {"from": "1"}, "limits.amount: write both ends"),
        ("limits.instalments", {"from": 0, "to": 3}, "limits.instalments: they lie between 1"),
        ("limits.instalments", {"from": 1, "to": 601}, "limits.instalments: they lie between 1"),
        ("limits.instalments", {"from": -1, "to": 3}, "«-1» is not a whole number"),
        ("limits.annual_rate_percent", {"from": "0", "to": "1200"}, "between 0 and 1000"),
        ("limits.annual_rate_percent", {"from": "0", "to": 7.5}, "«7.5» is not a rate"),
        ("limits.down_payment_percent", {"from": "0", "to": "100"}, "between 0 and 99"),
        ("limits.every", [], "limits.every: write the steps"),
        ("limits.every", ["0 months"], "limits.every: «0 months» is not a step"),
        ("limits.every", ["1 fortnights"], "«1 fortnights» is not a step; write one such as"),
        ("limits.amortization", ["annuity"], "limits.amortization: «annuity» is not known"),
        ("limits.amortization", "bullet", "limits.amortization: write a list of words"),
        ("limits.all_in_percent", "lots", "limits.all_in_percent: «lots» is not a rate"),
        ("limits.disbursements", "many", "limits.disbursements: «many» is not a whole"),
        ("terms.day_count", "act/act", "terms.day_count: «act/act» is not known; known are"),
        ("terms.rounding", None, "terms.rounding: «None» is not known; known are half_up"),
        ("terms.multiple_of", "0", "multiple_of: 0 is not more than 0"),
        ("fee", {}, "fee: write each fee as a table of its own"),
        ("fee", [{**FEE, "at_most": None}], "fee a: write percent_of_principal or at_most"),
        ("fee", [{**FEE, "at_most": "-1"}], "fee a: a ceiling is not negative"),
        ("fee", [{**FEE, "most": "1"}], "fee: «most» is not a word here"),
    ],
)
def test_a_slip_in_a_product_is_named(path: str, value: object, message: str) -> None:
    with pytest.raises(ForbearError, match=message) as told:
        read(with_(path, value), "mine")
    assert "\n" not in str(told.value)


def test_a_step_is_a_number_and_a_unit() -> None:
    assert step("2 weeks", "every") == (2, "weeks")
    assert step(" 1  month ", "every") == (1, "months")
    for wrong in ("weekly", "2", "-1 weeks", "１ weeks", "", "1.5 months"):
        with pytest.raises(LoanError, match=r"every: «.*» is not a step"):
            step(wrong, "every")


def test_products_are_found_by_name_or_file(tmp_path: Path) -> None:
    assert find("bullet").amortization == ("bullet",)
    with pytest.raises(LoanError, match=r"product «gold» is not known; .* known are bullet, "):
        find("gold")
    with pytest.raises(LoanError, match=r"gold\.toml: cannot be read"):
        find(str(tmp_path / "gold.toml"))
    file = tmp_path / "gold.toml"
    file.write_text("[product", encoding="utf-8")
    with pytest.raises(LoanError, match=r"gold\.toml: is not TOML"):
        find(str(file))
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(LoanError, match=r"gold\.toml: is not TOML"):
        load(file)
    file.write_text("[limits]\n", encoding="utf-8")
    with pytest.raises(LoanError, match=r"^gold\.toml: \[product\] is missing"):
        load(file)


def test_day_counts_have_the_names_that_contracts_use() -> None:
    assert list(DAY_COUNTS) == ["actual/365", "actual/actual", "actual/360", "30/360"]

"""``forbear loan replay``: loans played again from their entries, with what each day amounts to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from forbear.base.errors import LoanError
from forbear.base.money import text
from forbear.cli.rows import answer_each
from forbear.loans.ageing import Ageing
from forbear.loans.ledger import fold
from forbear.loans.reading import LoanFile, read_day, read_loan
from forbear.loans.state import Posting, Row, State

SCHEMA: Final = "forbear.replay/1"


def add_to(below: Any) -> None:
    """Add ``replay`` and its options."""
    one = below.add_parser(
        "replay",
        help="play loans again from their entries; one JSON line a loan",
        description="Each loan of the files is played again from its entries, in the order of "
        "their value dates. For each of its checkpoints the plan, the sums, the movements and the "
        "delinquency are written; without checkpoints, for the day of its last entry.",
    )
    one.add_argument(
        "loans", metavar="LOANS.jsonl", nargs="+",
        help="one loan a line, with its product and events; - is standard input",
    )  # fmt: skip
    one.set_defaults(run=run)


def run(args: Any) -> int:
    """Answer every loan; one that cannot be read becomes a line that says why."""
    return answer_each(args.loans, answer)


def answer(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The checkpoints of one loan. Raises LoanError or MoneyError."""
    loan = read_loan(raw)
    asked = raw.get("checkpoints")
    if not asked:
        last = max((max(e.on, e.recorded_on) for e in loan.entries), default=loan.terms.starts_on)
        asked = [{"after_event": len(loan.entries), "as_of": last.isoformat()}]
    if not isinstance(asked, Sequence) or isinstance(asked, str):
        raise LoanError("checkpoints: is not a list; write after_event and as_of of each")
    places = [_place(point, index, loan) for index, point in enumerate(asked)]
    ages = _ages(loan, {after for after, _ in places})
    shown = [checkpoint(loan, after, day, ages[after]) for after, day in places]
    return {"schema": SCHEMA, "checkpoints": shown}


def _place(point: object, index: int, loan: LoanFile) -> tuple[int, Any]:
    where = f"checkpoints[{index}]"
    if not isinstance(point, Mapping):
        raise LoanError(f"{where}: is not an object; write after_event and as_of")
    after = point.get("after_event")
    if not isinstance(after, int) or not 0 <= after <= len(loan.entries):
        raise LoanError(
            f"{where}.after_event: «{after}» is not a number from 0 to {len(loan.entries)}, "
            "the events of this loan"
        )
    return after, read_day(point.get("as_of"), f"{where}.as_of")


def _ages(loan: LoanFile, wanted: set[int]) -> dict[int, Ageing]:
    """The ageing after each number of entries that is asked for."""
    ageing = Ageing.of(loan.terms)
    found = {0: ageing}
    for count, entry in enumerate(loan.entries[: max(wanted, default=0)], 1):
        day = max(entry.on, entry.recorded_on)
        ageing = ageing.see(entry, fold(loan.terms, loan.entries[:count], day))
        found[count] = ageing
    return found


def checkpoint(loan: LoanFile, after: int, day: Any, ageing: Ageing) -> dict[str, Any]:
    """What the loan amounts to after ``after`` entries, on ``day``."""
    state = fold(loan.terms, loan.entries[:after], day)
    totals = totals_of(state)
    return {
        "after_event": after,
        "as_of": day.isoformat(),
        "schedule": [shown_row(row, state.currency) for row in state.rows],
        "totals": totals,
        "transactions": [shown_posting(p, state.currency) for p in state.postings],
        "outstanding": totals["outstanding"],
        "overpaid": text(state.overpaid, state.currency),
        "status": state.status,
        "delinquency": ageing.on(day, state),
    }


def shown_row(row: Row, currency: str) -> dict[str, Any]:
    """One row as JSON: amounts as text, days as ISO."""
    amounts = {
        "balance": row.balance,
        "principal": row.owed.principal,
        "interest": row.owed.interest,
        "fees": row.owed.fee,
        "penalties": row.owed.penalty,
        "due_total": row.owed.total,
        "paid": row.paid.total,
        "in_advance": row.in_advance,
        "late": row.late,
        "outstanding": row.outstanding.total,
    }
    return {
        "n": row.number,
        "due": row.due.isoformat(),
        "paid_on": row.paid_on.isoformat() if row.paid_on else None,
        **{name: text(amount, currency) for name, amount in amounts.items()},
    }


def totals_of(state: State) -> dict[str, str]:
    """The sums over all rows."""
    sums = {
        "principal": sum(row.owed.principal for row in state.rows),
        "interest": sum(row.owed.interest for row in state.rows),
        "fees": sum(row.owed.fee for row in state.rows),
        "penalties": sum(row.owed.penalty for row in state.rows),
        "due_total": sum(row.owed.total for row in state.rows),
        "paid": sum(row.paid.total for row in state.rows),
        "in_advance": sum(row.in_advance for row in state.rows),
        "late": sum(row.late for row in state.rows),
        "outstanding": sum(row.outstanding.total for row in state.rows),
    }
    return {name: text(amount, state.currency) for name, amount in sums.items()}


def shown_posting(posting: Posting, currency: str) -> dict[str, str]:
    """One movement as JSON."""
    amounts = {
        "amount": posting.amount,
        "principal": posting.parts.principal,
        "interest": posting.parts.interest,
        "fees": posting.parts.fee,
        "penalties": posting.parts.penalty,
        "balance": posting.balance,
    }
    return {
        "on": posting.on.isoformat(),
        "type": posting.kind,
        **{name: text(amount, currency) for name, amount in amounts.items()},
    }

"""Interest given back with a refund: what would never have been borne."""

from __future__ import annotations

from forbear.loans.entries import Entry
from forbear.loans.progressive.loan import Loan


def refund_interest(loan: Loan, entry: Entry) -> None:
    """With a refund of what was bought, the interest on it is refunded too."""

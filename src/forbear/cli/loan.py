"""``forbear loan``: what is owed and why, plans that can be carried, and what a loan costs a year.

Each subcommand is a module of its own, ``forbear.cli.loan_<what>``, with ``add_to(below)``, which
adds the subcommand with its options and sets ``run`` to what it does. Only the one that is asked
for is loaded, so that each starts at once; help loads them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final

# The subcommands in the order of help, one a line; each has its module.
_WHAT: Final[tuple[str, ...]] = (
    "schedule",
    "show",
    "replay",
    "annuity",
    "apr",
    "close",
    "offers",
    "claim",
    "relief",
    "reconcile",
)  # fmt: skip


def add_to(commands: Any, rest: Sequence[str] = ()) -> None:
    """Add ``loan`` and what stands below it: all, or only what the words after it begin with."""
    loan = commands.add_parser(
        "loan",
        help="schedules, balances, relief, offers and the annual cost of loans",
        description="Amounts that can be trusted: to the cent, by dated rules, and explained.",
        epilog="Exit status: 0 all answered, 1 some rows are error rows or something does not fit, "
        "2 nothing was done.",
    )
    below = loan.add_subparsers(dest="what", required=True, metavar="WHAT")
    for what in rest[:1] if rest and rest[0] in _WHAT else _WHAT:
        import_module(f"forbear.cli.loan_{what}").add_to(below)

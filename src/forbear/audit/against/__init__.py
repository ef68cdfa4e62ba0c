"""A person's log against a lender's record: what each shows that the other lacks."""

from forbear.audit.against.held import hold_against
from forbear.evidence.compared import Compared

__all__ = ["Compared", "hold_against"]

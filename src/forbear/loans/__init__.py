"""Loans: what is owed and why, the plan of a loan, relief, annual cost and ceilings. Pure."""

"""Whole ledgers before the law: typed columns, compiled machines, debtors by the million."""

"""Loans with a fixed plan, made from the terms and made anew only when the terms change."""

from __future__ import annotations

from forbear.loans.cumulative.fold import fold, payoff, undone_postings

__all__ = ["fold", "payoff", "undone_postings"]

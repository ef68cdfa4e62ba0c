"""The progressive engine: a plan that follows what happens, interest counted day by day.

Semantics: the published expectations of Apache Fineract 1.14.1's progressive loans; the design and
the words are our own. Amounts are minor units, rate factors are decimals of nineteen digits.
"""

from forbear.loans.progressive.replay import fold
from forbear.loans.progressive.replay import payoff_on as payoff

__all__ = ["fold", "payoff"]

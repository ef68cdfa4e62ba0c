"""Whom a household can turn to: the channels that the papers know, with their sources."""

from __future__ import annotations

from typing import Final

from forbear.evidence.papers.country import Channel, country
from forbear.evidence.papers.told import COUNTRIES

# What the papers call a country whose law is named by two letters here.
_PAPERS: Final = {"in": "india"}


def contacts(law: str, lender_type: str) -> tuple[Channel, ...]:
    """The institution's own desk, and those who hear every wish about this kind of lender.

    Nothing is added to what the papers hold; a law that they do not know gives none.
    """
    name = _PAPERS.get(law, law)
    if name not in COUNTRIES:
        return ()
    return tuple(
        each
        for each in country(name).channels
        if each.own
        or (each.wishes and (not lender_type or not each.lenders or lender_type in each.lenders))
    )

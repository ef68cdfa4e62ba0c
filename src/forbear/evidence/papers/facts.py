"""What the log shows that a paper may say: which findings it cites, numbered once for all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Final

from forbear.base.words import Effect, Level
from forbear.evidence.figures import ClauseGroup, Figures, figures, identity
from forbear.evidence.given import ReportInput
from forbear.evidence.papers.country import topic_of
from forbear.law.answers import Finding

# A rule is named for its country first; the Union's rules are read for Ireland.
_COUNTRY: Final = {
    "cn": "cn", "humane": "cn", "us": "us", "uk": "uk", "in": "india", "au": "au", "hk": "hk",
    "ie": "ie", "eu": "ie",
}  # fmt: skip
_CRIMES: Final = "cn-criminal-"
_HAN: Final = re.compile("[\u3400-\u9fff]|GB/T")
# A rule says itself in its first sentence; what follows is about the one contact.
_FIRST: Final = {"zh": re.compile(r"^.*?。"), "en": re.compile(r"^.*?\.(?= [A-Z]|$)")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """The findings of one rule under the number by which all papers name it."""

    mark: int
    group: ClauseGroup
    topic: str
    cited: bool

    def manner(self) -> str:
        """How a paper speaks of it: whether a crime was committed is for others to examine."""
        manner = self.group.manner()
        crime = self.group.rule.startswith(_CRIMES)
        return "review" if crime and manner == "deny" else manner


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The log counted, and its findings: all of them, and those that a complaint may cite."""

    fig: Figures
    every: tuple[Marked, ...]
    by_contact: Mapping[Hashable, tuple[tuple[Marked, Finding], ...]] = field(repr=False)

    def cited(self, topics: frozenset[str] | None = None) -> tuple[Marked, ...]:
        """The findings to complain of, where given only those about one of ``topics``."""
        return tuple(m for m in self.every if m.cited and (topics is None or m.topic in topics))

    def topics(self) -> frozenset[str]:
        """What there is to complain about."""
        return frozenset(m.topic for m in self.cited())


def facts(given: ReportInput, country: str) -> Facts:
    """Count ``given`` and number its findings for the papers of ``country``.

    A promise of the institution's own is no rule that others must know of, and a remark is no
    breach, so neither is cited; nor is the law of another country.
    """
    fig = figures(given)
    foreign = _has_foreign_packs(given, country)
    every = tuple(
        Marked(
            mark=number,
            group=group,
            topic=topic_of(group.rule),
            cited=group.level is not Level.HOUSE
            and group.effect is not Effect.WARN
            and _of_country(group, country, foreign=foreign),
        )
        for number, group in enumerate(fig.groups, start=1)
    )
    found: defaultdict[Hashable, list[tuple[Marked, Finding]]] = defaultdict(list)
    for marked in every:
        for finding in marked.group.findings:
            found[identity(finding.contact)].append((marked, finding))
    return Facts(fig=fig, every=every, by_contact={key: tuple(v) for key, v in found.items()})


def _has_foreign_packs(given: ReportInput, country: str) -> bool:
    names = {re.split(r"[-@]", name)[0] for name in given.audit.packs}
    return bool(names & {"us", "uk", "gb", "in", "india", "au", "hk", "ie"} - {country})


def _of_country(group: ClauseGroup, country: str, *, foreign: bool) -> bool:
    """Whether a rule is of the country: by its name, or in a pack of one's own by its clause.

    A clause of mainland China is named in Chinese, one of anywhere else is not.
    """
    named = _COUNTRY.get(group.rule.partition("-")[0])
    if named is not None:
        return named == country
    if _HAN.search(group.clause):
        return country == "cn"
    return country != "cn" or not foreign


def what_it_asks(group: ClauseGroup, language: str) -> str:
    """What the rule of a group says of itself, without what is about one contact."""
    said = group.findings[0].says.in_language(language)
    found = _FIRST["zh" if language == "zh" else "en"].match(said)
    return found[0] if found else said

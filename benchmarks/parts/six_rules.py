"""Six rules of the Chinese pack as a pack of their own, to see what the other rules cost.

They are the pack's nearest to the six of rule set R: hours, two limits, third persons, and two that
a fact wakes. Everything that the pack's rules share stays as it is.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from forbear.law.packs import shipped
from parts.measure import refuse

RULES: Final = (
    "cn-cba-hours",
    "cn-cba-unanswered-calls",
    "cn-gbt-interactive-calls",
    "cn-cba-third-persons",
    "cn-security-no-contact-order",
    "cn-card-disputes",
)
_RULE: Final = re.compile(r"^(?=\[\[rule\]\])", re.MULTILINE)
_ID: Final = re.compile(r'^id = "(.+)"$', re.MULTILINE)


def written(folder: Path) -> Path:
    """Write the pack into a folder; its instruments keep their heads, and lose all other rules."""
    source, target = shipped() / "cn", folder / "cn-six"
    target.mkdir()
    found = []
    for path in sorted(source.rglob("*.toml")):
        text = path.read_text(encoding="utf-8")
        if path.name == "rules.toml":
            head, *rules = _RULE.split(text)
            kept = [rule for rule in rules if (known := _ID.search(rule)) and known[1] in RULES]
            if not kept:
                continue
            found += kept
            text = "".join([head, *kept])
        place = target / path.relative_to(source)
        place.parent.mkdir(exist_ok=True)
        place.write_text(text.replace('name = "cn"', 'name = "cn-six"', 1), encoding="utf-8")
    if len(found) != len(RULES):
        refuse(f"the pack cn has {len(found)} of the {len(RULES)} rules that are taken from it")
    return target

"""Rule set R for other engines, where they are installed.

Neither can count over a history the way the rules need, so both are given the counts, the local
second and the answers about facts, worked out before the clock runs. That is a gift to them: this
engine works all of it out itself, and says on what each refusal rests and when it clears.
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from typing import Any, Final

from parts.measure import Ask, Engine

_CEDAR: Final = """
permit (principal, action, resource);
forbid (principal, action, resource) when { context.second >= 79200 || context.second < 28800 };
forbid (principal, action, resource) when { context.debtor_call && context.calls >= 7 };
forbid (principal, action, resource) when { context.debtor_call && context.talks >= 1 };
forbid (principal, action, resource) when { context.third_call && context.thirds >= 1 };
forbid (principal, action, resource) when { context.opted_out };
forbid (principal, action, resource) when { context.stopped };
"""
_ZEN_RULES: Final = (
    ("second >= 79200 or second < 28800", 1),
    ("debtor_call and calls >= 7", 2),
    ("debtor_call and talks >= 1", 4),
    ("third_call and thirds >= 1", 8),
    ("opted_out", 16),
    ("stopped", 32),
)
_PACKAGES: Final = {"cedarpy": "cedarpy", "zen": "zen-engine"}


def missing() -> list[str]:
    """The peers that are not installed."""
    return [name for module, name in _PACKAGES.items() if find_spec(module) is None]


def engines(given: list[dict[str, Any]]) -> list[Engine]:
    """An engine for each peer that is installed; two for zen-engine."""
    found = []
    if find_spec("cedarpy"):
        found.append(_cedar(given))
    if find_spec("zen"):
        found += [_zen_expression(given), _zen_table(given)]
    return found


def _cedar(given: list[dict[str, Any]]) -> Engine:
    import cedarpy  # noqa: PLC0415 - it is optional

    policies = cedarpy.PolicySet.from_str(_CEDAR)
    entities = cedarpy.Entities.from_json_str("[]")
    asked = [
        {
            "principal": 'Lender::"a"',
            "action": 'Action::"contact"',
            "resource": 'Debtor::"b"',
            "context": context,
        }
        for context in given
    ]

    def prepare() -> Ask:
        return lambda n: cedarpy.is_authorized(asked[n], policies, entities)

    def read(answer: Any) -> int:
        # The policies are numbered as they are written; number 0 is the one that permits.
        broken = {int(name.removeprefix("policy")) for name in answer.diagnostics.reasons}
        return sum(1 << (number - 1) for number in broken if number)

    return Engine(name="cedarpy, policies parsed before, counts given", prepare=prepare, read=read)


def _zen_expression(given: list[dict[str, Any]]) -> Engine:
    import zen  # noqa: PLC0415 - it is optional

    written = " + ".join(f"({rule} ? {bit} : 0)" for rule, bit in _ZEN_RULES)
    compiled = zen.compile_expression(written)
    return Engine(
        name="zen-engine, one compiled expression, counts given",
        prepare=lambda: lambda n: compiled.evaluate(given[n]),
        read=int,
    )


def _zen_table(given: list[dict[str, Any]]) -> Engine:
    import zen  # noqa: PLC0415 - it is optional

    rules = [{"_id": str(bit), "when": rule, "then": str(bit)} for rule, bit in _ZEN_RULES]
    content = {
        "hitPolicy": "collect",
        "inputs": [{"id": "when", "name": "when"}],
        "outputs": [{"id": "then", "field": "bit", "name": "bit"}],
        "rules": rules,
    }
    nodes: list[dict[str, Any]] = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "rules", "type": "decisionTableNode", "name": "rules", "content": content},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    for node in nodes:
        node["position"] = {"x": 0, "y": 0}
    edges = [
        {"id": f"{a}-{b}", "sourceId": a, "targetId": b, "type": "edge"}
        for a, b in (("in", "rules"), ("rules", "out"))
    ]
    graph = {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}
    decision = zen.ZenEngine().create_decision(json.dumps(graph))

    def read(answer: Any) -> int:
        return sum(row["bit"] for row in answer["result"])

    return Engine(
        name="zen-engine, decision table, counts given",
        prepare=lambda: lambda n: decision.evaluate(given[n]),
        read=read,
    )

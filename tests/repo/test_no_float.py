"""No amount is ever a binary fraction: nothing in ``base`` and ``loans`` has the type ``float``.

Two readers look. Python's own grammar finds what is written: literals, the name ``float``, complex
numbers. The type checker finds what only comes about: ``a / b`` of whole numbers, ``2 ** -1``, a
library call that answers with a float. A division whose type nobody knows is refused as well.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from mypy import build
from mypy.modulefinder import BuildSource
from mypy.nodes import CallExpr, OpExpr
from mypy.options import Options
from mypy.types import AnyType, Instance, Type, UnionType, get_proper_type

# Where a float is no money: the module, the function, and why.
ALLOWED: Final = {
    ("forbear.base.clock", "offset"): "the seconds between a zone and UTC, no money",
    (
        "forbear.loans.reading",
        "_no_slips",
    ): "how alike two words are, to name the one meant",
}
_BINARY: Final = {"builtins.float", "builtins.complex"}


class Found(NamedTuple):
    """A binary fraction, and where."""

    module: str
    line: int
    what: str


def written(module: str, text: str) -> Iterator[Found]:
    """The binary fractions that a module's text writes out.

    To ask whether something *is* a float, in order to refuse it, is right and stays allowed.
    """
    tree = ast.parse(text)
    asked = {
        id(name)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "isinstance"
        for kinds in call.args[1:]
        for name in ast.walk(kinds)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield Found(module, node.lineno, f"the literal {node.value}")
        elif (
            isinstance(node, ast.Name) and node.id in {"float", "complex"} and id(node) not in asked
        ):
            yield Found(module, node.lineno, f"the name {node.id}")


def _binary(kind: Type) -> bool:
    kind = get_proper_type(kind)
    if isinstance(kind, UnionType):
        return any(_binary(each) for each in kind.items)
    return isinstance(kind, Instance) and kind.type.fullname in _BINARY


def _unknown(kind: Type) -> bool:
    return isinstance(get_proper_type(kind), AnyType)


def made(texts: Mapping[str, str], source: Path) -> Iterator[Found]:
    """The binary fractions that come about in modules, by the types of their expressions.

    The checker keeps types by place but not by module, so that its places are laid over each
    module's own operations and calls.
    """
    options = Options()
    options.export_types = True
    options.incremental = False
    options.mypy_path = [str(source)]
    options.python_version = (3, 11)
    sources = [BuildSource(f"{name}.py", name, text) for name, text in texts.items()]
    places: dict[tuple[int, int, int | None, int | None], str] = {}
    for node, kind in build.build(sources, options).types.items():
        place = (node.line, node.column, node.end_line, node.end_column)
        if isinstance(node, OpExpr | CallExpr) and _binary(kind):
            places[place] = f"an expression of the type {kind}"
        elif isinstance(node, OpExpr) and node.op == "/" and _unknown(kind):
            places[place] = "a division of unknown types"
    for name, text in texts.items():
        for each in ast.walk(ast.parse(text)):
            if isinstance(each, ast.BinOp | ast.Call):
                place = (each.lineno, each.col_offset, each.end_lineno, each.end_col_offset)
                if place in places:
                    yield Found(name, each.lineno, places[place])


def function_at(text: str, line: int) -> str:
    """The name of the innermost function around a line; empty outside of any."""
    around = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return max(around, key=lambda node: node.lineno).name if around else ""


@pytest.fixture(scope="module")
def modules(root: Path) -> dict[str, str]:
    """The text of every module of ``base`` and ``loans``, by its name."""
    found = {}
    for floor in ("base", "loans"):
        for path in sorted((root / "src" / "forbear" / floor).rglob("*.py")):
            parts = path.relative_to(root / "src").with_suffix("").parts
            name = ".".join(parts).removesuffix(".__init__")
            found[name] = path.read_text(encoding="utf-8")
    assert "forbear.base.money" in found
    assert "forbear.loans.parts" in found
    return found


@pytest.fixture(scope="module")
def found(root: Path, modules: dict[str, str]) -> list[Found]:
    """Every binary fraction in them."""
    by_name = [each for name, text in modules.items() for each in written(name, text)]
    return [*by_name, *made(modules, root / "src")]


def test_no_amount_is_a_binary_fraction(modules: dict[str, str], found: list[Found]):
    wrong = [
        f"{each.module}, line {each.line}: {each.what}"
        for each in found
        if (each.module, function_at(modules[each.module], each.line)) not in ALLOWED
    ]
    assert not wrong, "\n".join([*wrong, "use int, Decimal or Fraction; see base/money.py"])


def test_every_exception_is_still_needed(modules: dict[str, str], found: list[Found]):
    used = {(each.module, function_at(modules[each.module], each.line)) for each in found}
    assert set(ALLOWED) <= used, "an exception that nothing needs hides the next mistake"


@pytest.mark.parametrize(
    ("planted", "what"),
    [
        ("RATE = 0.24\n", "the literal 0.24"),
        ("def f(rate: float) -> None: ...\n", "the name float"),
        ("def f(given: str) -> object:\n    return float(given)\n", "the name float"),
        ("def f(a: 'int', b: int) -> object:\n    return round(a / b)\n", "of the type float"),
        ("def f(total: int, n: int) -> int:\n    total //= 1\n    return int(total / n)\n",
         "of the type float"),
        ("HALF = 2 ** -1\n", "of the type float"),
        ("import math\ndef f(a: int) -> int:\n    return int(math.sqrt(a))\n", "of the type float"),
        ("from typing import Any\ndef f(a: Any) -> object:\n    return a / 12\n", "unknown types"),
        ("def f(a: list[int]) -> int:\n    return int(sum(x / 2 for x in a))\n",
         "of the type float"),
    ],
)  # fmt: skip
def test_a_planted_binary_fraction_is_found(root: Path, planted: str, what: str):
    found = [*written("planted", planted), *made({"planted": planted}, root / "src")]
    assert any(what in each.what for each in found), found


@pytest.mark.parametrize(
    "right",
    [
        "from decimal import Decimal\nRATE = Decimal('0.24') / 12\n",
        "from fractions import Fraction\ndef f(a: int) -> Fraction:\n    return a / Fraction(3)\n",
        "def f(given: object) -> bool:\n    return isinstance(given, bool | float)\n",
        "from pathlib import Path\nNEXT = Path('a') / 'b'\n",
        "def f(a: int, b: int) -> int:\n    return a // b\n",
    ],
)
def test_what_is_exact_is_let_pass(root: Path, right: str):
    assert [*written("right", right), *made({"right": right}, root / "src")] == []

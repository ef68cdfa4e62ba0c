"""Timing engines in turn, comparing what they answer, and saying how noisy the machine is."""

from __future__ import annotations

import gc
import json
import os
import platform
import resource
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, perf_counter_ns, process_time
from typing import Any, NoReturn

Ask = Callable[[int], Any]

_SPIN_STEPS = 100_000


@dataclass(frozen=True, kw_only=True)
class Engine:
    """One way to answer the same questions.

    ``prepare`` makes fresh state, outside what is timed, and gives the function that is then asked
    number 0, 1, 2 and so on. ``read`` turns an answer into what must be the same for all engines.
    """

    name: str
    prepare: Callable[[], Ask]
    read: Callable[[Any], object]


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Medians over the rounds: microseconds a question, and questions per core-second."""

    name: str
    p50: float
    p99: float
    cpu: float
    answers: tuple[object, ...]

    @property
    def rate(self) -> float:
        """Questions answered in one second of one core."""
        return 1e6 / self.cpu


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number of the report, beside a peer where there is one."""

    name: str
    value: float
    unit: str
    peer: str | None = None
    ratio: float | None = None


@dataclass
class Noise:
    """How long one fixed loop took, again and again, while everything else was measured."""

    loads: list[float] = field(default_factory=list)
    spins: list[float] = field(default_factory=list)

    def feel(self) -> None:
        """Run the loop once and look at the load of the machine."""
        start = perf_counter()
        for _ in range(_SPIN_STEPS):
            pass
        self.spins.append((perf_counter() - start) * 1e3)
        self.loads.append(os.getloadavg()[0])

    def told(self) -> str:
        """The noise in one sentence."""
        cuts = quantiles(self.spins, n=20)
        return (
            f"One fixed loop, {len(self.spins)} times in between: median {median(self.spins):.2f} "
            f"ms, 5 to 95 % {cuts[0]:.2f} to {cuts[-1]:.2f} ms, longest {max(self.spins):.2f} ms; "
            f"load {min(self.loads):.1f} to {max(self.loads):.1f}."
        )


NOISE = Noise()


def refuse(message: str) -> NoReturn:
    """Stop: numbers that do not mean the same are not put side by side."""
    sys.exit(f"benchmarks: {message}")


def in_turn(engines: Sequence[Engine], count: int, rounds: int) -> list[Timing]:
    """Ask every engine ``count`` questions in each round, one engine after the other.

    Each round asks twice from fresh state: once for the processor time of all, once for the wall
    time of each. Refuses to go on where two engines answer differently.
    """
    cpu: list[list[float]] = [[] for _ in engines]
    wall: list[list[list[int]]] = [[] for _ in engines]
    answers: list[tuple[object, ...]] = [() for _ in engines]
    for number in range(rounds):
        for place, engine in enumerate(engines):
            NOISE.feel()
            if number == 0:
                ask = engine.prepare()
                answers[place] = tuple(engine.read(ask(n)) for n in range(count))
            cpu[place].append(_processor(engine.prepare(), count))
            wall[place].append(_each(engine.prepare(), count))
    _compare(engines, answers)
    return [
        Timing(
            name=engine.name,
            p50=median(median(taken) for taken in wall[place]) / 1e3,
            p99=median(_p99(taken) for taken in wall[place]) / 1e3,
            cpu=median(cpu[place]),
            answers=answers[place],
        )
        for place, engine in enumerate(engines)
    ]


def _processor(ask: Ask, count: int) -> float:
    """Processor microseconds a question."""
    gc.collect()
    start = process_time()
    for number in range(count):
        ask(number)
    return (process_time() - start) / count * 1e6


def _each(ask: Ask, count: int) -> list[int]:
    """Wall nanoseconds of each question."""
    gc.collect()
    taken = []
    for number in range(count):
        start = perf_counter_ns()
        ask(number)
        taken.append(perf_counter_ns() - start)
    return taken


def _p99(taken: list[int]) -> int:
    return sorted(taken)[len(taken) * 99 // 100]


def _compare(engines: Sequence[Engine], answers: Sequence[tuple[object, ...]]) -> None:
    sums = [sha256(repr(found).encode()).hexdigest() for found in answers]
    for place, engine in enumerate(engines):
        if sums[place] == sums[0]:
            continue
        pairs = zip(answers[0], answers[place], strict=True)
        number = next(n for n, (one, other) in enumerate(pairs) if one != other)
        refuse(
            f"{engine.name} and {engines[0].name} answer question {number} differently: "
            f"{answers[place][number]!r}, {answers[0][number]!r}"
        )


def peak_mib() -> float:
    """The most memory this process has held, in MiB; its peers are loaded into it as well."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def machine() -> str:
    """The processor and the Python, as the machine says them."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.machine()
    return f"{os.cpu_count()} × {name}, {platform.system()}, Python {platform.python_version()}"


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table that is Markdown as well, so that it can be kept in the README."""
    print(f"\n### {title}\n")
    print("| " + " | ".join(heads) + " |")
    print("|---|" + "---:|" * (len(heads) - 1))
    for row in rows:
        print("| " + " | ".join(row) + " |")


def number(value: float) -> str:
    """Three figures, with a blank in thousands."""
    digits = 0 if value >= 100 else (1 if value >= 10 else 2)
    return f"{value:,.{digits}f}".replace(",", " ")


def tally(value: float) -> str:
    """A count, with a blank in thousands."""
    return f"{value:,.0f}".replace(",", " ")


def goal(name: str, value: float, at_most: float, unit: str) -> None:
    """Say whether a goal was met; it is no test, for machines differ."""
    verdict = "met" if value <= at_most else "MISSED"
    print(f"- goal {verdict}: {name} {number(value)} {unit}, at most {number(at_most)} {unit}")


def at_least(name: str, value: float, least: float) -> None:
    """Say whether a goal was reached that is better the larger the number."""
    verdict = "met" if value >= least else "MISSED"
    print(f"- goal {verdict}: {number(value)} {name}, at least {number(least)}")


def at_most(name: str, value: float, most: float) -> None:
    """Say whether a goal was reached that is better the smaller the number."""
    verdict = "met" if value <= most else "MISSED"
    print(f"- goal {verdict}: {number(value)} {name}, at most {number(most)}")


def write_figures(file: Path | None, figures: Sequence[Figure]) -> None:
    """Write the figures where asked to, in the one form of all benchmarks."""
    if file is not None:
        told = {"figures": [asdict(figure) for figure in figures]}
        file.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

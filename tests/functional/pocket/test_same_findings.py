"""The page finds what the command finds, on the same files, word for word."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.functional.pocket.conftest import Visit
from tests.functional.pocket.logs import Given, given

from forbear.cli.main import main

ROOT = Path(__file__).parents[3]
SAMPLES = sorted(
    path
    for path in (
        *(ROOT / "examples").glob("*.*"),
        *(ROOT / "tests/functional/data/audit").glob("*"),
    )
    if path.suffix in {".xml", ".csv"}
)
FEW, MANY = range(8), range(200)


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[[str, dict[str, bytes]], tuple[int, str, str]]:
    """The command that the page shows, run beside the same files."""

    def run(line: str, files: dict[str, bytes]) -> tuple[int, str, str]:
        monkeypatch.chdir(tmp_path)
        for name, content in files.items():
            (tmp_path / name).write_bytes(content)
        capfd.readouterr()
        status = main(shlex.split(line)[1:])
        said = capfd.readouterr()
        return status, said.out, said.err

    return run


def on_page(visitor: Visit, one: Given) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the page's engine says of a log: for a person, and every finding as data."""
    request = {
        "do": "audit",
        "files": list(one.files),
        "country": one.country,
        "language": "zh" if one.country in {"cn", "hk"} else "en",
        "whose": one.whose,
        "lender_type": one.lender_type,
        "region": None,
        "collectors": [{"number": number, "name": name} for number, name in one.collectors],
    }
    made = visitor.ask(request, **one.files)
    return made, {} if "refused" in made else visitor.ask({"do": "data"})


def same(visitor: Visit, one: Given, command: Callable[..., tuple[int, str, str]]) -> int:
    """Compare the two and give the number of findings."""
    made, data = on_page(visitor, one)
    if "refused" in made:
        line = "forbear audit " + shlex.join([*one.files, "--collector", "95187"])
        status, _, err = command(line, one.files)
        assert status == 2
        assert made["refused"]["what"] in err
        return 0
    status, out, _ = command(made["command"], one.files)
    assert status in (0, 1)
    assert data == json.loads(out)
    return len(data["findings"])


def test_every_sample_gives_the_findings_of_the_command(
    visit: Callable[..., Visit], command: Callable[..., tuple[int, str, str]]
):
    visitor, found, refused = visit(), 0, 0
    for path in SAMPLES:
        for whose in ("debtor", "relative"):
            one = Given(
                files={path.name: path.read_bytes()},
                country="cn",
                whose=whose,
                lender_type=None,
                collectors=(("95187", "甲小贷"), ("1069018795187", "甲小贷")),
            )
            n = same(visitor, one, command)
            found, refused = found + n, refused + (n == 0)
    # The samples hold findings, and files that no tool should take for a log.
    assert found > 100
    assert refused >= 2


def test_random_logs_give_the_findings_of_the_command(
    visit: Callable[..., Visit], command: Callable[..., tuple[int, str, str]]
):
    visitor = visit()
    assert sum(same(visitor, given(seed), command) for seed in FEW) > 0


@pytest.mark.slow
def test_two_hundred_random_logs_give_the_findings_of_the_command(
    visit: Callable[..., Visit], command: Callable[..., tuple[int, str, str]]
):
    visitor = visit()
    found = [same(visitor, given(seed), command) for seed in MANY]
    assert sum(n > 0 for n in found) > len(MANY) // 2

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from forbear.cli.audit_joint import command


def asked(line: str, *logs: str, output: str | None = None, key: str | None = None) -> Namespace:
    return Namespace(
        command_line=line,
        logs=[Path(log) for log in logs],
        output=None if output is None else Path(output),
        joint_key=None if key is None else Path(key),
    )


def test_the_command_is_shown_without_paths():
    line = "forbear audit '/cases/赵 安娜' --joint -o /out/赵.html --joint-key /safe/key"
    shown = command(asked(line, "/cases/赵 安娜", output="/out/赵.html", key="/safe/key"))
    assert shown == "forbear audit FOLDER --joint -o OUT --joint-key KEY"


def test_a_folder_with_a_stroke_at_its_end_is_the_same_folder():
    assert (
        command(asked("forbear audit cases/ --joint", "cases/")) == "forbear audit FOLDER --joint"
    )


def test_the_rest_of_the_command_stays_as_it_was():
    line = "forbear audit cases --joint --collector '95187=甲 小贷'"
    assert command(asked(line, "cases")) == (
        "forbear audit FOLDER --joint --collector '95187=甲 小贷'"
    )

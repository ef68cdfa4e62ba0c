"""The ``forbear`` command and its subcommands."""

from __future__ import annotations

import argparse
import errno
import io
import os
import re
import shlex
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final, NoReturn

from forbear import __version__
from forbear.base.errors import ForbearError

NOTHING_DONE: Final = 2
_STOPPED: Final = 130
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_ENDLESS: Final = re.compile(r"[^\s«»]{400,}")
_COMMANDS: Final = ("audit", "law", "loan", "pocket")
# Commands of many modules, which load only the one that the next word names.
_OF_MANY: Final = frozenset({"loan"})


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line, as every other failure does."""

    def error(self, message: str) -> NoReturn:
        """Say it on standard error and leave; nothing was done."""
        self.exit(NOTHING_DONE, f"{self.prog}: {message}; see {self.prog} --help\n")


def parser(argv: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The command line: whole, or as much of it as ``argv`` is about."""
    top = _Parser(
        prog="forbear", description="Debt collection that can prove it was lawful, and kind."
    )
    top.add_argument("--version", action="version", version=f"forbear {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    # Each command is loaded only where it is asked for, so that the others start without waiting.
    for name in _asked(argv):
        command = import_module(f"forbear.cli.{name}")
        if name in _OF_MANY:
            command.add_to(commands, argv[1:])
        else:
            command.add_to(commands)
    return top


def _asked(argv: Sequence[str]) -> Sequence[str]:
    if argv and argv[0] in _COMMANDS:
        return argv[:1]
    return () if "--version" in argv[:1] else _COMMANDS


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. 0: all answered; 1: some rows are error rows; 2: nothing done."""
    given = sys.argv[1:] if argv is None else list(argv)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a sign shows its number; that is no reason to stop.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    args = parser(given).parse_args(given)
    args.command_line = shlex.join(["forbear", *given])
    try:
        status: int = args.run(args)
        if sys.stdout:  # there is none where a shell closed it
            sys.stdout.flush()
    except ForbearError as error:
        print(f"forbear: {_one_line(str(error))}", file=sys.stderr)
        return NOTHING_DONE
    except KeyboardInterrupt:
        print("forbear: stopped; nothing more was written", file=sys.stderr)
        return _STOPPED
    except BrokenPipeError:
        # The reader went away, as `head` does; that is no failure of ours.
        sys.stderr.close()
        return 0
    except OSError as error:
        if error.errno not in _FULL:
            raise
        print(f"forbear: the answer cannot be written ({error.strerror})", file=sys.stderr)
        # What is still held back could not be written either, and would be complained of again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOTHING_DONE
    return status


def _one_line(message: str) -> str:
    """A message as one line, though it may quote what a file says.

    Signs that would move a terminal's cursor become spaces, and a word without end is cut.
    """
    plain = "".join(sign if sign.isprintable() else " " for sign in message)
    return _ENDLESS.sub(lambda word: word[0][:60] + "…", " ".join(plain.split()))


if __name__ == "__main__":
    sys.exit(main())

"""The ``forbear`` command and its subcommands."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from forbear import __version__
from forbear.base.errors import ForbearError
from forbear.cli import law

NOTHING_DONE = 2


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="forbear", description="Debt collection that can prove it was lawful, and kind."
    )
    top.add_argument("--version", action="version", version=f"forbear {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    law.add_to(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. 0: all answered; 1: some rows are error rows; 2: nothing done."""
    args = parser().parse_args(argv)
    try:
        status: int = args.run(args)
    except ForbearError as error:
        print(f"forbear: {error}", file=sys.stderr)
        return NOTHING_DONE
    except BrokenPipeError:
        # The reader went away, as `head` does; that is no failure of ours.
        sys.stderr.close()
        return 0
    return status


if __name__ == "__main__":
    sys.exit(main())

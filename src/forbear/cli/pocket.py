"""``forbear pocket``: the borrower's page as a folder of static files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from forbear.pocket.build import build


def add_to(commands: Any) -> None:
    """Add ``pocket`` and its options."""
    top = commands.add_parser("pocket", help="the borrower's page, for any web server")
    doing = top.add_subparsers(dest="doing", required=True, metavar="WHAT")
    one = doing.add_parser("build", help="write the page as a folder of static files")
    one.add_argument(
        "-o", "--output", metavar="DIR", type=Path, required=True, help="the folder to write"
    )
    one.add_argument(
        "--npm", metavar="PROGRAM", default="npm", help="the npm client that fetches two packages"
    )
    one.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Build the page; 0 where it is whole."""
    hashes = build(args.output, npm=args.npm)
    size = sum((args.output / name).stat().st_size for name in hashes) / 1_000_000
    print(f"{args.output}: the page, {len(hashes)} files, {size:.1f} MB, for any web server")
    return 0

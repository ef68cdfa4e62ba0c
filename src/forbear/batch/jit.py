"""Compiling functions once for all runs: what numba made is kept by what it was made from.

Numba tells a kept function by the date of its own file alone. A function that another file's tables
or functions went into would stay as it was after that file changed, and read memory that is not its
own. So what is kept lies in a folder named by the text of all files that are compiled.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from numba import config, njit

Compiled = Callable[[Callable[..., Any]], Any]


@cache
def _folder() -> str:
    """Where compiled functions are kept: beside the user's other caches, or where numba is told."""
    texts = sorted(
        (place.name, place.read_bytes())
        for place in files("forbear.batch").iterdir()
        if place.name.endswith(".py")
    )
    digest = hashlib.sha256()
    for name, text in texts:
        digest.update(f"{name} {len(text)}\n".encode() + text)
    told = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    place = (Path(told) if told else Path("~/.cache").expanduser()) / "forbear"
    place /= digest.hexdigest()[:16]
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return ""
    return str(place)


def compiled(*, inline: bool = False, counted: bool = True) -> Compiled:
    """A decorator that compiles a function without holding the interpreter.

    ``inline`` puts it into those that call it. Without ``counted`` no array has its references
    counted, which costs more than a step of the kernel; such a function must make no array.
    """
    settings: Any = config
    make: Any = njit

    def decorate(function: Callable[..., Any]) -> Any:
        before, folder = settings.CACHE_DIR, _folder()
        settings.CACHE_DIR = folder
        try:
            # Without a folder of its own nothing is kept, and each process compiles anew.
            keep = bool(folder)
            return make(cache=keep, nogil=True, forceinline=inline, _nrt=counted)(function)
        finally:
            settings.CACHE_DIR = before

    return decorate

"""How far a long audit has come: one line on a terminal, with the speed and the time left."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Final

from forbear.batch.job import Progress
from forbear.cli.audit_batch_words import WORDS
from forbear.evidence.voice import Voice

_BAR: Final = 20
_EVERY_SECONDS: Final = 0.2
_CLEAR: Final = "\r\x1b[K"


class Bar:
    """Shows what a job tells, a few times a second; nothing where standard error is no terminal."""

    def __init__(self, voice: Voice, now: Callable[[], float] = time.monotonic) -> None:
        self._voice = voice
        self._now = now
        self._shown = sys.stderr.isatty()
        self._stage = ""
        self._next = 0.0

    def __call__(self, told: Progress) -> None:
        """Show how far it is, unless that was shown just now."""
        now = self._now()
        if not self._shown or (told.stage == self._stage and now < self._next):
            return
        self._stage, self._next = told.stage, now + _EVERY_SECONDS
        sys.stderr.write(_CLEAR + line(told, self._voice))
        sys.stderr.flush()

    def end(self) -> None:
        """Wipe the line, so that nothing of it stands before the result."""
        if self._shown:
            sys.stderr.write(_CLEAR)
            sys.stderr.flush()


def line(told: Progress, voice: Voice) -> str:
    """A bar where the end is known, how many contacts are through, the speed, and the time left."""
    parts = [voice.put(WORDS[f"progress.{told.stage}"])]
    whole = told.of
    if whole:
        done = min(told.contacts, whole)
        full = done * _BAR // whole
        parts.append(f"[{'#' * full}{'.' * (_BAR - full)}] {done * 100 // whole:>3}%")
        parts.append(f"{done:,} / {whole:,}")
    else:
        parts.append(f"{told.contacts:,}")
    own = told.contacts - told.before
    if told.seconds > 0 and own > 0:
        speed = own / told.seconds
        parts.append(voice.put(WORDS["progress.speed"], speed=int(speed)))
        if whole:
            left = max(0, whole - told.contacts) / speed
            parts.append(voice.put(WORDS["progress.left"], time=clock_time(left)))
    return "forbear: " + "  ".join(parts)


def clock_time(seconds: float) -> str:
    """A length of time as 1:05 or 2:03:04."""
    whole = round(seconds)
    minutes, hours = whole // 60 % 60, whole // 3600
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"

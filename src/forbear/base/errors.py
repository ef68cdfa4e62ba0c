"""The one tree of failures. A message says what is wrong, where, and how to mend it."""

from __future__ import annotations


class ForbearError(Exception):
    """Anything that Forbear cannot do; the message is one line, fit to be shown to a person."""


class PackError(ForbearError):
    """A pack of rules is not well formed, so none of it is used."""


class CaseError(ForbearError):
    """A contact, a fact or a whole case cannot be read; the other cases go on."""


class InputError(ForbearError):
    """A file given by a person cannot be read at all."""


class CalendarError(ForbearError):
    """A calendar was asked about something that it does not hold."""

"""The one tree of failures. A message says what is wrong, where, and how to mend it."""

from __future__ import annotations


class ForbearError(Exception):
    """Anything that Forbear cannot do; the message is one line, fit to be shown to a person."""


class PackError(ForbearError):
    """A pack of rules is not well formed, so none of it is used."""


class CaseError(ForbearError):
    """A contact, a fact or a whole case cannot be read; the other cases go on."""


class InputError(ForbearError):
    """A file given by a person cannot be read at all.

    ``about`` names the kind of trouble in one word, such as ``picture``, for a window that has
    words of its own for it; it is empty where there is no such word.
    """

    def __init__(self, message: str, *, about: str = "") -> None:
        super().__init__(message)
        self.about = about


class CalendarError(ForbearError):
    """A calendar was asked about something that it does not hold."""


class MoneyError(ForbearError):
    """An amount, a currency or a rate cannot be read, or two currencies met in one sum."""


class LoanError(ForbearError):
    """A product, a loan or an entry is not well formed, so nothing of it is applied."""

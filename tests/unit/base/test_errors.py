"""The one tree of failures."""

from __future__ import annotations

import pytest

from forbear.base import errors
from forbear.base.errors import ForbearError

ALL = [each for each in vars(errors).values() if isinstance(each, type)]


@pytest.mark.parametrize("failure", ALL, ids=lambda each: each.__name__)
def test_one_except_catches_every_failure_and_shows_its_line(failure: type[Exception]) -> None:
    with pytest.raises(ForbearError, match=r"^cn/act: mend it$"):
        raise failure("cn/act: mend it")


def test_a_failure_is_no_bug() -> None:
    assert len(ALL) == 7
    assert not any(issubclass(failure, ValueError | TypeError | AssertionError) for failure in ALL)

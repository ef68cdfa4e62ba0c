"""Forbear 宽和: lending and debt collection that can prove it was lawful."""

from typing import Final

__version__: Final = "0.1.0"

"""A sentence in Chinese and English, written once and shown everywhere."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence in both languages of the first users."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """The sentence in ``zh`` or ``en``; any other tag gets English."""
        return self.zh if language.startswith("zh") else self.en

    def __add__(self, other: Sentence) -> Sentence:
        """Both sentences, one after the other."""
        return Sentence(zh=self.zh + other.zh, en=f"{self.en} {other.en}".strip())

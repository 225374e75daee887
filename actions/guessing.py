"""In which of our languages a text seems to be."""

from __future__ import annotations


def language_of(text: str) -> str | None:
    """The language that a text is clearly in, or None."""
    return None

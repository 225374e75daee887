"""Finding a promise in what staff are about to send, whatever language they write in."""

from __future__ import annotations

from actions.promises import promises


def found(text: str) -> list[str]:
    """The promises in a text, as they stand in the lists."""
    return promises(text)

"""What the operator asked for cannot be done as it stands; the sentence says why and what to do."""

from __future__ import annotations


class Refused(Exception):
    """A sentence for the operator; it quotes nothing that is secret."""

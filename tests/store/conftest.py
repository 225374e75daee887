"""The same claims hold on SQLite and on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, home: Path) -> str:
    """A database with our tables, one of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{home / 'amana.db'}"
    server, tables = request.getfixturevalue("postgresql"), request.getfixturevalue("tables")
    new: str = server.new(tables)
    return new


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, home: Path) -> str:
    """A database without tables, one of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{home / 'empty.db'}"
    new: str = request.getfixturevalue("postgresql").new()
    return new

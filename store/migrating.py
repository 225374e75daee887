"""Bringing a database to the tables this version needs (Alembic), and nothing when it has them."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from store.db import Store

HEAD = "0007"
_KNOWN = frozenset({None, "0002", "0003", "0004", "0005", "0006", HEAD})
_FOLDER = Path(__file__).parent / "migrations"


class AnotherVersion(Exception):
    """The tables are those of another version, and are left as they are."""

    def __init__(self, found: str) -> None:
        super().__init__(
            f"This database has the tables of version {found}, and this Amana needs {HEAD}. A trial house of before "
            "0.1.0 cannot be taken over, since its cases are sealed another way: set AMANA_HOME or AMANA_DATABASE_URL "
            "to a new place. For a newer one use the Amana that made it."
        )


def migrate(store: Store) -> None:
    """Run the migrations that are missing; safe when several processes do it at once."""
    version = _version(store)
    if version not in _KNOWN:
        raise AnotherVersion(version or "")
    if version != HEAD:
        # Imported here: it is needed once a release and costs every start a third of a second.
        from alembic import command  # noqa: PLC0415
        from alembic.config import Config  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
        config.attributes["engine"] = store.engine
        command.upgrade(config, HEAD)


def _version(store: Store) -> str | None:
    with store.engine.connect() as conn:
        if not sa.inspect(conn).has_table("alembic_version"):
            return None
        row = conn.execute(sa.text("SELECT version_num FROM alembic_version")).first()
        return row[0] if row else None

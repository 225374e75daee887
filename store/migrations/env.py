"""Where Alembic gets its connection: from the store that is being brought up to date."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

from store.schema import meta

_LOCK = 4_701_201

with context.config.attributes["engine"].connect() as conn, conn.begin():
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    context.configure(connection=conn, target_metadata=meta, render_as_batch=True, transactional_ddl=False)
    context.run_migrations()

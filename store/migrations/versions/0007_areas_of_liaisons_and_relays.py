"""in which areas a liaison works."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the change."""
    op.add_column("staff", sa.Column("areas", sa.Text(), nullable=True))

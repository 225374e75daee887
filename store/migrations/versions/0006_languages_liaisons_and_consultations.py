"""which languages staff read, liaisons, consultations, and which version of the red lines was announced."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the change."""
    op.add_column("staff", sa.Column("languages", sa.Text(), nullable=True))
    op.add_column("staff", sa.Column("liaison", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("invitations", sa.Column("liaison", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "consultations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations")),
    )
    op.create_table(
        "suggestions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
    )
    op.create_index("ix_suggestions_consultation", "suggestions", ["consultation"], unique=False)
    op.create_table(
        "versions",
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_versions")),
    )

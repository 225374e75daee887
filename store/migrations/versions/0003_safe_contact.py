"""letters that are pushed, whom they wait for, and which messages stand in a chat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'


def upgrade() -> None:
    """Make the change."""
    op.add_column('addresses', sa.Column('knocked', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('outbox', sa.Column('pushed', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('outbox', sa.Column('freed', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table('traces',
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('message', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('address', 'message', name=op.f('pk_traces'))
    )
    op.create_index('ix_traces_at', 'traces', ['at'], unique=False)

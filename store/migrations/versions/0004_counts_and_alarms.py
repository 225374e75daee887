"""counts, alarms, tasks of staff, echoes, and whom an announcement is for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'


def upgrade() -> None:
    """Make the change."""
    op.create_table('tallies',
    sa.Column('month', sa.Text(), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('month', 'what', 'value', name=op.f('pk_tallies'))
    )
    op.create_table('alarms',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('area', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('called', sa.Text(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('unanswered', sa.Boolean(), nullable=False),
    sa.Column('acked_by', sa.Text(), nullable=True),
    sa.Column('acked_at', sa.BigInteger(), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alarms'))
    )
    op.create_index('ix_alarms_at', 'alarms', ['at'], unique=False)
    op.create_table('tasks',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('due', sa.BigInteger(), nullable=False),
    sa.Column('done_by', sa.Text(), nullable=True),
    sa.Column('done_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_tasks'))
    )
    op.create_table('echoes',
    sa.Column('mark', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('mark', 'kind', 'at', name=op.f('pk_echoes'))
    )
    op.create_index('ix_echoes_at', 'echoes', ['at'], unique=False)
    op.add_column('subscribers', sa.Column('audience', sa.Text(), server_default='all', nullable=False))
    op.add_column('announcements', sa.Column('audience', sa.Text(), server_default='all', nullable=False))

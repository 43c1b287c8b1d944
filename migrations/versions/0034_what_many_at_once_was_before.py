"""An act for many residents at once may end flags, and knows how the rows were that it changed.

Revision: 0034, after 0033.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("together_acts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_ending", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("before", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("together_acts", schema=None) as batch_op:
        batch_op.drop_column("before")
        batch_op.drop_column("is_ending")

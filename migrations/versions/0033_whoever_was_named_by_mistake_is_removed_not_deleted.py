"""A name of a case conference that was written by mistake is removed and kept.

Revision: 0033, after 0032.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("conference_participants", schema=None) as batch_op:
        batch_op.add_column(sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM conference_participants WHERE removed_at IS NOT NULL")  # as it was done below
    with op.batch_alter_table("conference_participants", schema=None) as batch_op:
        batch_op.drop_column("removed_at")

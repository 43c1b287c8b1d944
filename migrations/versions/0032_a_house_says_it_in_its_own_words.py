"""A house's own words for counsellors, instructors, cycles, wings and itself.

Revision: 0032, after 0031.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("residences", schema=None) as batch_op:
        batch_op.add_column(sa.Column("words", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("residences", schema=None) as batch_op:
        batch_op.drop_column("words")

"""An exit knows until when the stay was to last, and what was decided for the next cycle, before it was approved.

Revision: 0038, after 0037.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("exits", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stay_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("decisions_before", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("exits", schema=None) as batch_op:
        batch_op.drop_column("decisions_before")
        batch_op.drop_column("stay_until")

"""A thing that the house keeps goes along when the resident moves: a line in each house, and both confirm.

Revision: 0053, after 0052.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

_KEYS = (("other_house_id", "residences"), ("other_line_id", "valuables"), ("received_by_id", "users"))


def upgrade() -> None:
    with op.batch_alter_table("valuables", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_from_other", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("other_house", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("other_side_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("received_at", sa.DateTime(timezone=True), nullable=True))
        for name, table in _KEYS:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_valuables_{name}_{table}"), table, [name], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("valuables", schema=None) as batch_op:
        for name, table in _KEYS:
            batch_op.drop_constraint(op.f(f"fk_valuables_{name}_{table}"), type_="foreignkey")
            batch_op.drop_column(name)
        for name in ("received_at", "other_side_at", "other_house", "is_from_other"):
            batch_op.drop_column(name)

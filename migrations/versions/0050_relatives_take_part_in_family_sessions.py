"""Who of the family took part in a conversation.

Revision: 0050, after 0049.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

_T = "counselling_relatives"
_KEYS = (
    ("residence_id", "residences"),
    ("resident_id", "residents"),
    ("attendance_id", "counselling_attendances"),
    ("relative_id", "relatives"),
)


def upgrade() -> None:
    op.create_table(
        _T,
        sa.Column("id", sa.Integer(), nullable=False),
        *[sa.Column(name, sa.Integer(), nullable=False) for name, _table in _KEYS],
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        *[
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_{_T}_{name}_{table}"))
            for name, table in _KEYS
        ],
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_T}")),
        sa.UniqueConstraint("attendance_id", "relative_id", name=op.f(f"uq_{_T}_attendance_id_relative_id")),
    )
    with op.batch_alter_table(_T, schema=None) as batch_op:
        for name in ("residence_id", "resident_id", "relative_id"):
            batch_op.create_index(batch_op.f(f"ix_{_T}_{name}"), [name], unique=False)


def downgrade() -> None:
    op.drop_table(_T)

"""One act for many residents, so that it can be undone as one.

Revision: 0023, after 0022.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "together_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("assign", "flag", name="togetherkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("row_ids", sa.JSON(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_together_acts_made_by_id_users")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_together_acts_residence_id_residences")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_together_acts")),
    )
    with op.batch_alter_table("together_acts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_together_acts_made_by_id"), ["made_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_together_acts_residence_id"), ["residence_id"], unique=False)


def downgrade() -> None:
    op.drop_table("together_acts")

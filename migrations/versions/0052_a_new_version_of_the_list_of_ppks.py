"""A house writes down a new version of the list of kinds of PPKS; a kind that it named keeps that name in files.

Revision: 0052, after 0051.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ppks_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_ppks_lists_made_by_id_users")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_ppks_lists_residence_id_residences")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ppks_lists")),
        sa.UniqueConstraint("residence_id", "from_on", name=op.f("uq_ppks_lists_residence_id_from_on")),
        sa.UniqueConstraint("residence_id", "name", name=op.f("uq_ppks_lists_residence_id_name")),
    )
    op.create_index(op.f("ix_ppks_lists_residence_id"), "ppks_lists", ["residence_id"])
    with op.batch_alter_table("ppks_marks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("ppks_marks", schema=None) as batch_op:
        batch_op.drop_column("name")
    op.drop_table("ppks_lists")

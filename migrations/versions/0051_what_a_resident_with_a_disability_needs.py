"""What a resident with a disability needs to take part, and the house's list of what it offers.

Revision: 0051, after 0050.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("residences", schema=None) as batch_op:
        batch_op.add_column(sa.Column("accommodations", sa.JSON(), server_default="[]", nullable=False))
    op.create_table(
        "accommodations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=True),
        sa.Column("is_for_class", sa.Boolean(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= from_on", name=op.f("ck_accommodations_order")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["users.id"], name=op.f("fk_accommodations_confirmed_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_accommodations_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_accommodations_resident_id_residents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accommodations")),
    )
    op.create_index(op.f("ix_accommodations_residence_id"), "accommodations", ["residence_id"])
    op.create_index(op.f("ix_accommodations_resident_id"), "accommodations", ["resident_id"])


def downgrade() -> None:
    op.drop_table("accommodations")
    with op.batch_alter_table("residences", schema=None) as batch_op:
        batch_op.drop_column("accommodations")

"""Checks of staff: which the house asks for, and what was shown, until when.

Revision: 0042, after 0039.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "check_kinds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=300), server_default="", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_check_kinds_residence_id_residences")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_kinds")),
        sa.UniqueConstraint("residence_id", "name_key", name=op.f("uq_check_kinds_residence_id_name_key")),
    )
    op.create_index(op.f("ix_check_kinds_residence_id"), "check_kinds", ["residence_id"])
    op.create_table(
        "staff_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("kind_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("seen_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name=op.f("ck_staff_checks_withdrawn")
        ),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= issued_on", name=op.f("ck_staff_checks_validity")),
        sa.ForeignKeyConstraint(["kind_id"], ["check_kinds.id"], name=op.f("fk_staff_checks_kind_id_check_kinds")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_staff_checks_recorded_by_id_users")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_staff_checks_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_checks_staff_id_staff")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["users.id"], name=op.f("fk_staff_checks_withdrawn_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_checks")),
    )
    op.create_index(op.f("ix_staff_checks_residence_id"), "staff_checks", ["residence_id"])
    op.create_index(op.f("ix_staff_checks_staff_id"), "staff_checks", ["staff_id"])


def downgrade() -> None:
    op.drop_table("staff_checks")
    op.drop_table("check_kinds")

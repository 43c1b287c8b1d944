"""A second person approves drafts where the house wants it, and who is concerned by a version is told.

Revision: 0012, after 0011.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

STATES = ("open", "approved", "returned", "overtaken")


def upgrade() -> None:
    with op.batch_alter_table("residences", schema=None) as batch_op:
        batch_op.add_column(sa.Column("needs_approval", sa.Boolean(), server_default=sa.false(), nullable=False))
    _create_proposals()
    _create_notices()


def _create_proposals() -> None:
    state = sa.Enum(*STATES, name="proposalstate", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "plan_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name=op.f("ck_plan_proposals_two_people")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_plan_proposals_decided_by_id_users")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_proposals_plan_id_plans")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["users.id"], name=op.f("fk_plan_proposals_proposed_by_id_users")),
        sa.ForeignKeyConstraint(["replaces_id"], ["plans.id"], name=op.f("fk_plan_proposals_replaces_id_plans")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_plan_proposals_residence_id_residences")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_proposals")),
    )
    with op.batch_alter_table("plan_proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_proposals_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_proposals_residence_id"), ["residence_id"], unique=False)
        is_open = sa.text("state = 'open'")
        batch_op.create_index(
            "uq_plan_proposals_plan_id_open", ["plan_id"], unique=True, sqlite_where=is_open, postgresql_where=is_open
        )


def _create_notices() -> None:
    op.create_table(
        "plan_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(enrolment_id IS NULL) <> (staff_id IS NULL)", name=op.f("ck_plan_notices_person")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_plan_notices_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_notices_plan_id_plans")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_plan_notices_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_plan_notices_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_notices")),
        sa.UniqueConstraint("plan_id", "enrolment_id", name=op.f("uq_plan_notices_plan_id_enrolment_id")),
        sa.UniqueConstraint("plan_id", "staff_id", name=op.f("uq_plan_notices_plan_id_staff_id")),
    )
    with op.batch_alter_table("plan_notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_notices_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_notices_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_notices_staff_id"), ["staff_id"], unique=False)


def downgrade() -> None:
    op.drop_table("plan_notices")
    op.drop_table("plan_proposals")
    with op.batch_alter_table("residences", schema=None) as batch_op:
        batch_op.drop_column("needs_approval")

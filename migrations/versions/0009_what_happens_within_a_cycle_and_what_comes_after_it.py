"""Who or what is not to be had from a day on, and what each resident does when a cycle ends.

Revision: 0009, after 0008.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "interruptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "staff",
                "resident",
                "venue",
                "group",
                name="interruptionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("stay_id", sa.Integer(), nullable=True),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.Column("instead_staff_id", sa.Integer(), nullable=True),
        sa.Column("instead_venue_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind = 'group') = (group_id IS NOT NULL)", name=op.f("ck_interruptions_group")),
        sa.CheckConstraint("(kind = 'resident') = (stay_id IS NOT NULL)", name=op.f("ck_interruptions_resident")),
        sa.CheckConstraint("(kind = 'staff') = (staff_id IS NOT NULL)", name=op.f("ck_interruptions_staff")),
        sa.CheckConstraint("(kind = 'venue') = (venue_id IS NOT NULL)", name=op.f("ck_interruptions_venue")),
        sa.CheckConstraint("start_minute < end_minute", name=op.f("ck_interruptions_hours")),
        sa.CheckConstraint("until_on IS NULL OR from_on < until_on", name=op.f("ck_interruptions_order")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["teaching_groups.id"], name=op.f("fk_interruptions_group_id_teaching_groups")
        ),
        sa.ForeignKeyConstraint(
            ["instead_staff_id"], ["staff.id"], name=op.f("fk_interruptions_instead_staff_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["instead_venue_id"], ["venues.id"], name=op.f("fk_interruptions_instead_venue_id_venues")
        ),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_interruptions_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_interruptions_staff_id_staff")),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_interruptions_stay_id_stays")),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.id"], name=op.f("fk_interruptions_venue_id_venues")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interruptions")),
    )
    with op.batch_alter_table("interruptions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interruptions_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column(
            "next_step",
            sa.Enum(
                "continues",
                "changes_trade",
                "extends",
                "graduates",
                "leaves",
                name="nextstep",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("trade_id", sa.Integer(), nullable=True),
        sa.Column("leaves_on", sa.Date(), nullable=True),
        sa.Column(
            "destination",
            sa.Enum(
                "family",
                "work",
                "school",
                "other_house",
                "on_their_own",
                "unknown",
                name="destination",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "next_step NOT IN ('extends', 'leaves') OR leaves_on IS NOT NULL", name=op.f("ck_decisions_day")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_decisions_decided_by_id_users")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_decisions_enrolment_id_enrolments")),
        sa.ForeignKeyConstraint(["residence_id"], ["residences.id"], name=op.f("fk_decisions_residence_id_residences")),
        sa.ForeignKeyConstraint(["trade_id"], ["trades.id"], name=op.f("fk_decisions_trade_id_trades")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_decisions_enrolment_id")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decisions_residence_id"), ["residence_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decisions_residence_id"))

    op.drop_table("decisions")
    with op.batch_alter_table("interruptions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interruptions_residence_id"))

    op.drop_table("interruptions")

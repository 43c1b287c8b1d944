"""Whose resident is whose beside the plan, the stages of service, and restricted files.

Revision: 0014, after 0013.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STAGES = ("approach", "understanding", "planning", "service", "after")


def upgrade() -> None:
    _create_assignments()
    _create_covers()
    _create_supervisions()
    _create_stage_steps()
    with op.batch_alter_table("residents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_restricted", sa.Boolean(), server_default=sa.false(), nullable=False))


def _create_assignments() -> None:
    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_assignments_order")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_assignments_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_assignments_resident_id_residents")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_assignments_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sa.UniqueConstraint(
            "resident_id", "staff_id", "from_on", name=op.f("uq_assignments_resident_id_staff_id_from_on")
        ),
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignments_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignments_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignments_staff_id"), ["staff_id"], unique=False)


def _create_covers() -> None:
    op.create_table(
        "covers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("covered_by_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_covers_order")),
        sa.CheckConstraint("staff_id <> covered_by_id", name=op.f("ck_covers_two_people")),
        sa.ForeignKeyConstraint(["covered_by_id"], ["staff.id"], name=op.f("fk_covers_covered_by_id_staff")),
        sa.ForeignKeyConstraint(["residence_id"], ["residences.id"], name=op.f("fk_covers_residence_id_residences")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_covers_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covers")),
    )
    with op.batch_alter_table("covers", schema=None) as batch_op:
        batch_op.create_index("ix_covers_covered_by_id_from_on", ["covered_by_id", "from_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_covers_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_covers_staff_id"), ["staff_id"], unique=False)


def _create_supervisions() -> None:
    op.create_table(
        "supervisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_supervisions_order")),
        sa.CheckConstraint("staff_id <> supervisor_id", name=op.f("ck_supervisions_two_people")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_supervisions_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_supervisions_staff_id_staff")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["staff.id"], name=op.f("fk_supervisions_supervisor_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisions")),
    )
    with op.batch_alter_table("supervisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supervisions_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_supervisions_staff_id"), ["staff_id"], unique=False)
        batch_op.create_index("ix_supervisions_supervisor_id_from_on", ["supervisor_id", "from_on"], unique=False)


def _create_stage_steps() -> None:
    op.create_table(
        "stage_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=True),
        sa.Column(
            "stage",
            sa.Enum(*STAGES, name="servicestage", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("reached_on", sa.Date(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_stage_steps_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_stage_steps_resident_id_residents")),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_stage_steps_stay_id_stays")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_steps")),
    )
    with op.batch_alter_table("stage_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stage_steps_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stage_steps_resident_id"), ["resident_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("residents", schema=None) as batch_op:
        batch_op.drop_column("is_restricted")

    with op.batch_alter_table("stage_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stage_steps_resident_id"))
        batch_op.drop_index(batch_op.f("ix_stage_steps_residence_id"))

    op.drop_table("stage_steps")
    with op.batch_alter_table("supervisions", schema=None) as batch_op:
        batch_op.drop_index("ix_supervisions_supervisor_id_from_on")
        batch_op.drop_index(batch_op.f("ix_supervisions_staff_id"))
        batch_op.drop_index(batch_op.f("ix_supervisions_residence_id"))

    op.drop_table("supervisions")
    with op.batch_alter_table("covers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_covers_staff_id"))
        batch_op.drop_index(batch_op.f("ix_covers_residence_id"))
        batch_op.drop_index("ix_covers_covered_by_id_from_on")

    op.drop_table("covers")
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignments_staff_id"))
        batch_op.drop_index(batch_op.f("ix_assignments_resident_id"))
        batch_op.drop_index(batch_op.f("ix_assignments_residence_id"))

    op.drop_table("assignments")

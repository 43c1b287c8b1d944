"""Other hours on some dates, qualifications that end, places and trades out of use, more rules of classes.

Revision: 0011, after 0010.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "day_variants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", _choice("variantkind", "ramadan", "exams", "other"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("omits", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_day_variants_order")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_day_variants_residence_id_residences")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_variants")),
    )
    with op.batch_alter_table("day_variants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_day_variants_residence_id"), ["residence_id"], unique=False)
    for table in ("venues", "trades"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False))
    with op.batch_alter_table("instructor_trades", schema=None) as batch_op:
        batch_op.add_column(sa.Column("until_on", sa.Date(), nullable=True))
    with op.batch_alter_table("teaching_groups", schema=None) as batch_op:
        batch_op.add_column(sa.Column("minimum_age", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("maximum_age", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("gender", _choice("gender", "female", "male"), nullable=True))
        batch_op.add_column(sa.Column("target", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(batch_op.f("ck_teaching_groups_ages"), "minimum_age <= maximum_age")


def downgrade() -> None:
    with op.batch_alter_table("teaching_groups", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_teaching_groups_ages"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_teaching_groups_gender"), type_="check")
        for name in ("target", "gender", "maximum_age", "minimum_age"):
            batch_op.drop_column(name)
    with op.batch_alter_table("instructor_trades", schema=None) as batch_op:
        batch_op.drop_column("until_on")
    for table in ("venues", "trades"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("is_active")
    op.drop_table("day_variants")

"""A case conference prepares the decision about a referral, before there is a file of a resident.

Revision: 0049, after 0048.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_TABLES = ("case_conferences", "conference_participants", "conference_decisions")


def upgrade() -> None:
    for table in _TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("resident_id", existing_type=sa.Integer(), nullable=True)
    with op.batch_alter_table("case_conferences", schema=None) as batch_op:
        batch_op.add_column(sa.Column("referral_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("advice", sa.Text(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_case_conferences_referral_id_referrals"), "referrals", ["referral_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_case_conferences_referral_id"), ["referral_id"], unique=False)
        batch_op.create_check_constraint(
            batch_op.f("ck_case_conferences_about"), "resident_id IS NOT NULL OR referral_id IS NOT NULL"
        )


def downgrade() -> None:
    """What was prepared about people without a file goes."""
    orphans = "SELECT id FROM case_conferences WHERE resident_id IS NULL"
    for table in ("conference_participants", "conference_decisions"):
        op.execute(f"DELETE FROM {table} WHERE conference_id IN ({orphans})")
    op.execute("DELETE FROM case_conferences WHERE resident_id IS NULL")
    with op.batch_alter_table("case_conferences", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_case_conferences_about"), type_="check")
        batch_op.drop_index(batch_op.f("ix_case_conferences_referral_id"))
        batch_op.drop_constraint(batch_op.f("fk_case_conferences_referral_id_referrals"), type_="foreignkey")
        batch_op.drop_column("advice")
        batch_op.drop_column("referral_id")
    for table in _TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("resident_id", existing_type=sa.Integer(), nullable=False)

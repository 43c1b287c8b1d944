"""One act for many referrals and its undo: what decisions were before, and answers that were taken back.

Revision: 0047, after 0046.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

_BEFORE = ("assign", "flag")
_NOW = (*_BEFORE, "decide", "tell", "hand_over")


def upgrade() -> None:
    with op.batch_alter_table("together_acts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kept", sa.Text(), nullable=True))
    _kinds(_NOW)
    with op.batch_alter_table("referral_answers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_referral_answers_withdrawn_by_id_users"), "users", ["withdrawn_by_id"], ["id"]
        )


def downgrade() -> None:
    """The way back from acts on referrals is lost; what they did stays."""
    op.execute("DELETE FROM together_acts WHERE kind NOT IN ('assign', 'flag')")
    _kinds(_BEFORE)
    with op.batch_alter_table("together_acts", schema=None) as batch_op:
        batch_op.drop_column("kept")
    with op.batch_alter_table("referral_answers", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_referral_answers_withdrawn_by_id_users"), type_="foreignkey")
        batch_op.drop_column("withdrawn_by_id")
        batch_op.drop_column("withdrawn_at")


def _kinds(values: tuple[str, ...]) -> None:
    """Let the column hold these."""
    listed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table("together_acts", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_together_acts_togetherkind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_together_acts_togetherkind"), f"kind IN ({listed})")

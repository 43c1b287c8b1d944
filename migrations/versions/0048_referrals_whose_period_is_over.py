"""What is kept of people who were never taken in has a period of its own, and is destroyed by two people as files are.

Revision: 0048, after 0047.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

_OF_REFERRALS = "uq_destructions_residence_id_referrals"


def upgrade() -> None:
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kept_because", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("destroyed_on", sa.Date(), nullable=True))
    with op.batch_alter_table("leaving_rules", schema=None) as batch_op:
        batch_op.add_column(sa.Column("referral_keep_years", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_leaving_rules_referral_keep_years"), "referral_keep_years BETWEEN 1 AND 100"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_leaving_rules_referral_keep_source"), "referral_keep_years IS NULL OR keep_source <> ''"
        )
    triggers = _put_aside()
    with op.batch_alter_table("destructions", schema=None) as batch_op:
        batch_op.alter_column("resident_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("decided_before", sa.Date(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_destructions_about"), "(resident_id IS NULL) = (decided_before IS NOT NULL)"
        )
    where = sa.text("resident_id IS NULL AND state = 'proposed'")
    op.create_index(
        _OF_REFERRALS, "destructions", ["residence_id"], unique=True, sqlite_where=where, postgresql_where=where
    )
    _put_back(triggers)


def downgrade() -> None:
    """Certificates about referrals are lost with the column that says what they are about."""
    op.drop_index(_OF_REFERRALS, table_name="destructions")
    op.execute("DELETE FROM destructions WHERE resident_id IS NULL")
    triggers = _put_aside()
    with op.batch_alter_table("destructions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_destructions_about"), type_="check")
        batch_op.drop_column("decided_before")
        batch_op.alter_column("resident_id", existing_type=sa.Integer(), nullable=False)
    _put_back(triggers)
    with op.batch_alter_table("leaving_rules", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_leaving_rules_referral_keep_source"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_leaving_rules_referral_keep_years"), type_="check")
        batch_op.drop_column("referral_keep_years")
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.drop_column("destroyed_on")
        batch_op.drop_column("kept_because")


def _put_aside() -> list[str]:
    """SQLite makes a changed table anew, and refuses while a trigger of another table asks for it. The trail's and the
    notes' triggers are away within this one transaction only. Gives how they are made."""
    if op.get_bind().dialect.name != "sqlite":
        return []
    asking = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%destructions%' ORDER BY name"
    found = op.get_bind().execute(sa.text(asking)).all()
    for name, _made in found:
        op.execute(f"DROP TRIGGER {name}")
    return [made for _name, made in found]


def _put_back(triggers: list[str]) -> None:
    for made in triggers:
        op.execute(made)

"""The last conversation is found from an index: attendances carry the day of their session.

Revision: 0025, after 0024.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_OPEN = sa.text("next_on IS NOT NULL AND next_done_on IS NULL")
_OLD_KEY = "fk_counselling_attendances_session_id_counselling_sessions"
_NEW_KEY = "fk_counselling_attendances_session"


def upgrade() -> None:
    op.create_index("uq_counselling_sessions_id_held_on", "counselling_sessions", ["id", "held_on"], unique=True)
    op.add_column("counselling_attendances", sa.Column("held_on", sa.Date(), nullable=True))
    op.execute(
        "UPDATE counselling_attendances SET held_on = (SELECT counselling_sessions.held_on FROM counselling_sessions "
        "WHERE counselling_sessions.id = counselling_attendances.session_id)"
    )
    with op.batch_alter_table("counselling_attendances", schema=None) as batch_op:
        batch_op.alter_column("held_on", existing_type=sa.Date(), nullable=False)
        batch_op.drop_constraint(batch_op.f(_OLD_KEY), type_="foreignkey")
        batch_op.create_foreign_key(
            batch_op.f(_NEW_KEY), "counselling_sessions", ["session_id", "held_on"], ["id", "held_on"]
        )
        batch_op.drop_index("ix_counselling_attendances_next_on")
        batch_op.drop_index(batch_op.f("ix_counselling_attendances_resident_id"))
        batch_op.create_index("ix_counselling_attendances_resident_id_held_on", ["resident_id", "held_on"])
        batch_op.create_index(
            "ix_counselling_attendances_residence_id_next_on",
            ["residence_id", "next_on"],
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        )


def downgrade() -> None:
    with op.batch_alter_table("counselling_attendances", schema=None) as batch_op:
        batch_op.drop_index("ix_counselling_attendances_residence_id_next_on")
        batch_op.drop_index("ix_counselling_attendances_resident_id_held_on")
        batch_op.drop_constraint(batch_op.f(_NEW_KEY), type_="foreignkey")
        batch_op.create_foreign_key(batch_op.f(_OLD_KEY), "counselling_sessions", ["session_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_counselling_attendances_resident_id"), ["resident_id"])
        batch_op.create_index(
            "ix_counselling_attendances_next_on", ["next_on"], sqlite_where=_OPEN, postgresql_where=_OPEN
        )
        batch_op.drop_column("held_on")
    op.drop_index("uq_counselling_sessions_id_held_on", "counselling_sessions")

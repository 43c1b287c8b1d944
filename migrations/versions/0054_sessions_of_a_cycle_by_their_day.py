"""An index by which the conversations of a cycle are found: its report read those of all years.

Revision: 0054, after 0053.
"""

from __future__ import annotations

from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

_T = "counselling_attendances"


def upgrade() -> None:
    op.create_index(f"ix_{_T}_residence_id_held_on", _T, ["residence_id", "held_on"], unique=False)


def downgrade() -> None:
    op.drop_index(f"ix_{_T}_residence_id_held_on", table_name=_T)

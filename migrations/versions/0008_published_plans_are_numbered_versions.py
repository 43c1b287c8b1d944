"""Published plans are versions 1, 2, 3 of their cycle, in the order of publication.

Revision: 0008, after 0007.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.add_column(sa.Column("release", sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_plans_cycle_id_release"), ["cycle_id", "release"])
    _number_those_published()


def _number_those_published() -> None:
    plans = sa.table(
        "plans", *(sa.column(name) for name in ("id", "cycle_id", "state", "number", "published_at", "release"))
    )
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(plans.c.id, plans.c.cycle_id)
        .where(plans.c.state.in_(["published", "replaced"]))
        .order_by(plans.c.cycle_id, plans.c.published_at, plans.c.number)
    ).all()
    counted: dict[int, int] = {}
    for plan_id, cycle_id in rows:
        counted[cycle_id] = counted.get(cycle_id, 0) + 1
        connection.execute(plans.update().where(plans.c.id == plan_id).values(release=counted[cycle_id]))


def downgrade() -> None:
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_plans_cycle_id_release"), type_="unique")
        batch_op.drop_column("release")

"""Residents rank trades in a window of dates; who entered a wish, and when; trades are described.

Revision: 0006, after 0005.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wish_collections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("most_choices", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_wish_collections_order")),
        sa.CheckConstraint("most_choices BETWEEN 1 AND 5", name=op.f("ck_wish_collections_most_choices")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_wish_collections_cycle_id_cycles")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_wish_collections_residence_id_residences")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_collections")),
        sa.UniqueConstraint("cycle_id", name=op.f("uq_wish_collections_cycle_id")),
    )
    with op.batch_alter_table("wish_collections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wish_collections_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "offered_trades",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("trade_id", sa.Integer(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["wish_collections.id"],
            name=op.f("fk_offered_trades_collection_id_wish_collections"),
        ),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_offered_trades_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["trade_id"], ["trades.id"], name=op.f("fk_offered_trades_trade_id_trades")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offered_trades")),
        sa.UniqueConstraint("collection_id", "trade_id", name=op.f("uq_offered_trades_collection_id_trade_id")),
    )
    with op.batch_alter_table("offered_trades", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offered_trades_residence_id"), ["residence_id"], unique=False)

    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wished_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("wished_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("wish_reason", sa.String(length=300), server_default="", nullable=False))
        batch_op.create_foreign_key(batch_op.f("fk_enrolments_wished_by_id_users"), "users", ["wished_by_id"], ["id"])

    with op.batch_alter_table("trades", schema=None) as batch_op:
        batch_op.add_column(sa.Column("description", sa.String(length=400), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("trades", schema=None) as batch_op:
        batch_op.drop_column("description")

    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_enrolments_wished_by_id_users"), type_="foreignkey")
        batch_op.drop_column("wish_reason")
        batch_op.drop_column("wished_by_id")
        batch_op.drop_column("wished_at")

    with op.batch_alter_table("offered_trades", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offered_trades_residence_id"))

    op.drop_table("offered_trades")
    with op.batch_alter_table("wish_collections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wish_collections_residence_id"))

    op.drop_table("wish_collections")

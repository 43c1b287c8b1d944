"""Registers that a house may switch on: visitors, medicines, valuables, actual duty.

Revision: 0045, after 0044.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("residences", schema=None) as batch_op:
        batch_op.add_column(sa.Column("registers", sa.JSON(), server_default="[]", nullable=False))
    _table(
        "visits",
        *_resident("visits"),
        sa.Column("relative_id", sa.Integer(), nullable=True),
        sa.Column("visitor", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=True),
        sa.Column("is_identified", sa.Boolean(), nullable=False),
        sa.Column("is_turned_away", sa.Boolean(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        _key("visits", "relative_id", "relatives"),
        _key("visits", "staff_id", "staff"),
        sa.CheckConstraint("left_at IS NULL OR left_at >= at", name=op.f("ck_visits_order")),
    )
    _table(
        "medicine_doses",
        *_resident("medicine_doses"),
        sa.Column("medicine", sa.Text(), nullable=False),
        sa.Column("dose", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        _key("medicine_doses", "staff_id", "staff"),
    )
    _table(
        "valuables",
        *_resident("valuables"),
        sa.Column("thing", sa.Text(), nullable=False),
        sa.Column("kept_where", sa.Text(), nullable=True),
        sa.Column("in_acknowledged", _acknowledged("in_acknowledged"), nullable=True),
        sa.Column("back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("back_by_id", sa.Integer(), nullable=True),
        sa.Column("back_to", sa.Text(), nullable=True),
        sa.Column("back_acknowledged", _acknowledged("back_acknowledged"), nullable=True),
        _key("valuables", "back_by_id", "users"),
        sa.CheckConstraint("back_at IS NULL OR back_at >= at", name=op.f("ck_valuables_order")),
        sa.CheckConstraint("(back_at IS NULL) = (back_by_id IS NULL)", name=op.f("ck_valuables_back")),
    )
    _table(
        "duties",
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("post", sa.String(length=120), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("planned_id", sa.Integer(), nullable=True),
        _key("duties", "staff_id", "staff"),
        _key("duties", "planned_id", "staff"),
        sa.CheckConstraint("until_at > at", name=op.f("ck_duties_order")),
    )
    op.create_index(op.f("ix_duties_staff_id"), "duties", ["staff_id"])
    for name in ("visits", "medicine_doses", "valuables"):
        op.create_index(op.f(f"ix_{name}_resident_id"), name, ["resident_id"])


def downgrade() -> None:
    for name in ("duties", "valuables", "medicine_doses", "visits"):
        op.drop_table(name)
    with op.batch_alter_table("residences", schema=None) as batch_op:
        batch_op.drop_column("registers")


def _table(name: str, *columns: Any) -> None:
    """A register: what each line has, and these columns."""
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_by_id", sa.Integer(), nullable=True),
        sa.Column("struck_why", sa.Text(), nullable=True),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        *columns,
        _key(name, "residence_id", "residences"),
        _key(name, "struck_by_id", "users"),
        _key(name, "written_by_id", "users"),
        sa.CheckConstraint("(struck_at IS NULL) = (struck_by_id IS NULL)", name=op.f(f"ck_{name}_struck")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_residence_id"), name, ["residence_id"])
    op.create_index(f"ix_{name}_residence_id_at", name, ["residence_id", "at"])


def _resident(table: str) -> list[Any]:
    return [sa.Column("resident_id", sa.Integer(), nullable=False), _key(table, "resident_id", "residents")]


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _acknowledged(name: str) -> sa.Enum:
    return sa.Enum("own", "paper", name=name, native_enum=False, create_constraint=True, length=40)

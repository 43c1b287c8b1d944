"""A house may count a service to another component of ATENSI than usual.

Revision: 0044, after 0043.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_SERVICES = (
    "housing",
    "assessment",
    "plan_review",
    "counselling",
    "group_counselling",
    "family_counselling",
    "trade",
    "education",
    "exit",
    "aftercare",
    "wheelchair",
)
_COMPONENTS = ("living", "care", "family", "therapy", "vocational", "assistance", "access")


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "service_components",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service", _choice("atensiservice", _SERVICES), nullable=False),
        sa.Column("component", _choice("atensicomponent", _COMPONENTS), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_service_components_residence_id_residences")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_components")),
        sa.UniqueConstraint("residence_id", "service", name=op.f("uq_service_components_residence_id_service")),
    )
    with op.batch_alter_table("service_components", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_components_residence_id"), ["residence_id"], unique=False)


def downgrade() -> None:
    op.drop_table("service_components")

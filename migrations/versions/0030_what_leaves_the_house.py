"""What leaves the house about a resident: to whom, and on which consent or other ground.

Revision: 0030, after 0029.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_BASES = ("health", "partners", "legal_duty", "public_duty", "vital_interest", "in_house")
_KEYS = (
    ("resident_id", "residents"),
    ("paper_id", "issued_papers"),
    ("consent_id", "consents"),
    ("made_by_id", "users"),
    ("residence_id", "residences"),
)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "disclosures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("told", _choice("told", "letter", "copy"), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=True),
        sa.Column("basis", _choice("basis", *_BASES), nullable=False),
        sa.Column("consent_id", sa.Integer(), nullable=True),
        sa.Column("receiver", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_disclosures_{column}_{table}"))
            for column, table in _KEYS
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosures")),
    )
    with op.batch_alter_table("disclosures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disclosures_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_disclosures_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index("ix_disclosures_resident_id_made_at", ["resident_id", "made_at"], unique=False)


def downgrade() -> None:
    op.drop_table("disclosures")

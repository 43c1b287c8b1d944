"""The satisfaction survey of a cycle, as sums, and the suggestion box.

Revision: 0027, after 0026.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_ELEMENTS = "requirements procedure time cost result competence conduct complaints facilities".split()


def _house(table: str) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    name = op.f(f"fk_{table}_residence_id_residences")
    return (
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["residence_id"], ["residences.id"], name=name),
    )


def upgrade() -> None:
    op.create_table(
        "surveys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        *_house("surveys"),
        sa.CheckConstraint("opens_on <= closes_on", name=op.f("ck_surveys_order")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_surveys_cycle_id_cycles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
        sa.UniqueConstraint("cycle_id", name=op.f("uq_surveys_cycle_id")),
    )
    op.create_table(
        "survey_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column(
            "element",
            sa.Enum(*_ELEMENTS, name="element", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        *_house("survey_counts"),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name=op.f("ck_survey_counts_level")),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f("fk_survey_counts_survey_id_surveys")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_counts")),
        sa.UniqueConstraint("survey_id", "element", "level", name=op.f("uq_survey_counts_survey_id_element_level")),
    )
    op.create_table(
        "surveys_taken",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        *_house("surveys_taken"),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f("fk_surveys_taken_survey_id_surveys")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_surveys_taken_user_id_users")),
        sa.PrimaryKeyConstraint("survey_id", "user_id", name=op.f("pk_surveys_taken")),
    )
    op.create_table(
        "suggestions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("week_of", sa.Date(), nullable=False),
        sa.Column("is_from_paper", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("shown_words", sa.Text(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        *_house("suggestions"),
        sa.CheckConstraint("(published_on IS NULL) OR (reply IS NOT NULL)", name=op.f("ck_suggestions_reply")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
    )
    for table in ("surveys", "survey_counts", "surveys_taken", "suggestions"):
        op.create_index(op.f(f"ix_{table}_residence_id"), table, ["residence_id"])


def downgrade() -> None:
    for table in ("suggestions", "surveys_taken", "survey_counts", "surveys"):
        op.drop_table(table)

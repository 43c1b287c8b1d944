"""Issued documents, the house's own templates and letterhead; what is typed is kept until it is sent.

Revision: 0019, after 0018.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KINDS = ("social_report", "progress", "referral", "leave", "certificate")


def _kind() -> sa.Enum:
    return sa.Enum(*KINDS, name="paperkind", native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _create_settings()
    _create_templates()
    _create_issued()
    op.create_table(
        "unsent_forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_unsent_forms_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsent_forms")),
        sa.UniqueConstraint("user_id", "address", name=op.f("uq_unsent_forms_user_id_address")),
    )


def _create_settings() -> None:
    op.create_table(
        "paper_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("signer_name", sa.String(length=200), nullable=False),
        sa.Column("signer_title", sa.String(length=120), nullable=False),
        sa.Column("signer_number", sa.String(length=40), nullable=False),
        sa.Column("number_pattern", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_paper_settings_residence_id_residences")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_settings")),
        sa.UniqueConstraint("residence_id", name=op.f("uq_paper_settings_residence_id")),
    )
    with op.batch_alter_table("paper_settings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_settings_residence_id"), ["residence_id"], unique=False)


def _create_templates() -> None:
    op.create_table(
        "paper_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", _kind(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_paper_templates_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["users.id"], name=op.f("fk_paper_templates_uploaded_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_templates")),
        sa.UniqueConstraint("residence_id", "kind", "number", name=op.f("uq_paper_templates_residence_id_kind_number")),
    )
    with op.batch_alter_table("paper_templates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_templates_residence_id"), ["residence_id"], unique=False)


def _create_issued() -> None:
    op.create_table(
        "issued_papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=True),
        sa.Column("kind", _kind(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("number_text", sa.String(length=120), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signer", sa.String(length=200), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=True),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("has_full_name", sa.Boolean(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=True),
        sa.Column("docx", sa.LargeBinary(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_issued_papers_sequence")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["users.id"], name=op.f("fk_issued_papers_issued_by_id_users")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_issued_papers_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_issued_papers_resident_id_residents")),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_issued_papers_stay_id_stays")),
        sa.ForeignKeyConstraint(
            ["template_id"], ["paper_templates.id"], name=op.f("fk_issued_papers_template_id_paper_templates")
        ),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["users.id"], name=op.f("fk_issued_papers_withdrawn_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_papers")),
        sa.UniqueConstraint(
            "residence_id", "year", "sequence", name=op.f("uq_issued_papers_residence_id_year_sequence")
        ),
    )
    with op.batch_alter_table("issued_papers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issued_papers_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_issued_papers_resident_id"), ["resident_id"], unique=False)


def downgrade() -> None:
    op.drop_table("unsent_forms")
    op.drop_table("issued_papers")
    op.drop_table("paper_templates")
    op.drop_table("paper_settings")

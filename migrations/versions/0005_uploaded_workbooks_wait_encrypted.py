"""Uploaded workbooks wait encrypted, and what their sheets and columns mean is remembered.

Revision: 0005, after 0004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workbook_mappings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "about",
            sa.Enum("sheet", "column", name="mappingabout", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("signature", sa.String(length=500), nullable=False),
        sa.Column("meaning", sa.String(length=60), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_workbook_mappings_residence_id_residences")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workbook_mappings")),
        sa.UniqueConstraint(
            "residence_id", "about", "signature", name=op.f("uq_workbook_mappings_residence_id_about_signature")
        ),
    )
    with op.batch_alter_table("workbook_mappings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workbook_mappings_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "workbook_uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("corrections", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "imported", name="uploadstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("weeks BETWEEN 1 AND 53", name=op.f("ck_workbook_uploads_weeks")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_workbook_uploads_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["users.id"], name=op.f("fk_workbook_uploads_uploaded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workbook_uploads")),
    )
    with op.batch_alter_table("workbook_uploads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workbook_uploads_residence_id"), ["residence_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("workbook_uploads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workbook_uploads_residence_id"))

    op.drop_table("workbook_uploads")
    with op.batch_alter_table("workbook_mappings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workbook_mappings_residence_id"))

    op.drop_table("workbook_mappings")

"""An agreement to an individual plan knows the document that was signed.

Revision: 0039, after 0038.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rpi_agreements", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proof_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_rpi_agreements_proof_id_attachments"), "attachments", ["proof_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("rpi_agreements", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_rpi_agreements_proof_id_attachments"), type_="foreignkey")
        batch_op.drop_column("proof_id")

"""A house says who answers for its data and how fast it answers; residents object to a use, not only to a word.

Revision: 0037, after 0036.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_TEXTS = (("responsible", 200), ("privacy_officer", 200), ("privacy_contact", 300))


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    with op.batch_alter_table("residences", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answer_hours", sa.Integer(), server_default="72", nullable=False))
        batch_op.add_column(
            sa.Column("answer_source", sa.String(length=200), server_default="UU 27/2022", nullable=False)
        )
        for name, length in _TEXTS:
            batch_op.add_column(sa.Column(name, sa.String(length=length), server_default="", nullable=False))
    with op.batch_alter_table("correction_requests", schema=None) as batch_op:
        kinds = _choice("requestkind", "correction", "objection", "restriction")
        batch_op.add_column(sa.Column("kind", kinds, server_default="correction", nullable=False))
        uses = _choice("processing", "planning", "sharing", "keeping", "other")
        batch_op.add_column(sa.Column("about", uses, nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_correction_requests_about"), "(kind = 'correction') = (about IS NULL)"
        )


def downgrade() -> None:
    """Objections become what they were before: requests about the file."""
    with op.batch_alter_table("correction_requests", schema=None) as batch_op:
        for name in ("about", "processing", "requestkind"):
            batch_op.drop_constraint(batch_op.f(f"ck_correction_requests_{name}"), type_="check")
        batch_op.drop_column("about")
        batch_op.drop_column("kind")
    with op.batch_alter_table("residences", schema=None) as batch_op:
        for name, _length in reversed(_TEXTS):
            batch_op.drop_column(name)
        batch_op.drop_column("answer_source")
        batch_op.drop_column("answer_hours")

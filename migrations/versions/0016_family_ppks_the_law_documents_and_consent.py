"""The person's file: family and guardians, kinds of PPKS, cases at law, documents with a photo, consent by purpose.

Revision: 0016, after 0015.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

RELATIONS = (
    "father",
    "mother",
    "step_parent",
    "grandparent",
    "sibling",
    "aunt_or_uncle",
    "foster_parent",
    "institution",
    "other",
)
SAFETY = ("safe", "ask_first", "not_safe")
KINDS = (
    "photo",
    "birth_certificate",
    "identity_card",
    "family_card",
    "school",
    "health",
    "consent",
    "referral",
    "court",
    "other",
)
PURPOSES = ("care", "health", "partners", "photo", "publicity", "survey", "donors")
GROUNDS = ("consent", "public_duty", "legal_duty", "vital_interest")


def upgrade() -> None:
    with op.batch_alter_table("residences", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawal_hours", sa.Integer(), server_default="72", nullable=False))
        batch_op.add_column(
            sa.Column("withdrawal_source", sa.String(length=200), server_default="UU 27/2022", nullable=False)
        )
    with op.batch_alter_table("residents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("called", sa.String(length=60), server_default="", nullable=False))
        for name in ("restriction_reason", "identity_card", "family_card", "home_address", "dtsen"):
            batch_op.add_column(sa.Column(name, sa.Text(), nullable=True))
    _create_relatives()
    _create_ppks_marks()
    _create_legal_cases()
    _create_attachments()
    _create_consents()


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _create(table: str, *parts: sa.schema.SchemaItem) -> None:
    """A table of the house about a resident, that people edit."""
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        *parts,
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        _to(table, "residence_id", "residences"),
        _to(table, "resident_id", "residents"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.create_index(batch_op.f(f"ix_{table}_residence_id"), ["residence_id"], unique=False)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text(), nullable=True) for name in names]


def _by_resident(table: str) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.create_index(batch_op.f(f"ix_{table}_resident_id"), ["resident_id"], unique=False)


def _create_relatives() -> None:
    _create(
        "relatives",
        sa.Column("relation", _choice("relation", RELATIONS), nullable=False),
        sa.Column("is_guardian", sa.Boolean(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        *_texts("phone", "address", "note"),
        sa.Column("safety", _choice("contactsafety", SAFETY), nullable=False),
        *_texts("safety_reason"),
        sa.Column("ended_on", sa.Date(), nullable=True),
        *_texts("end_reason"),
    )
    _by_resident("relatives")


def _create_ppks_marks() -> None:
    _create(
        "ppks_marks",
        sa.Column("list_name", sa.String(length=20), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", _choice("ppksstate", ("proposed", "verified", "ended")), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("verified_by_id", sa.Integer(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        *_texts("verified_source"),
        sa.Column("ended_on", sa.Date(), nullable=True),
        *_texts("end_reason"),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= from_on", name=op.f("ck_ppks_marks_order")),
        sa.CheckConstraint(
            "verified_by_id IS NULL OR verified_by_id <> proposed_by_id", name=op.f("ck_ppks_marks_two_people")
        ),
        _to("ppks_marks", "proposed_by_id", "users"),
        _to("ppks_marks", "verified_by_id", "users"),
    )
    _by_resident("ppks_marks")


def _create_legal_cases() -> None:
    _create(
        "legal_cases",
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        *_texts("officer", "officer_phone", "office", "reference", "terms", "note"),
        sa.Column("closed_on", sa.Date(), nullable=True),
        *_texts("outcome"),
    )
    _by_resident("legal_cases")


def _create_attachments() -> None:
    _create(
        "attachments",
        sa.Column("stay_id", sa.Integer(), nullable=True),
        sa.Column("kind", _choice("attachmentkind", KINDS), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("preview", sa.LargeBinary(), nullable=True),
        sa.Column("has_preview", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        *_texts("withdraw_reason"),
        _to("attachments", "added_by_id", "users"),
        _to("attachments", "stay_id", "stays"),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index("ix_attachments_resident_id_kind", ["resident_id", "kind"], unique=False)


def _create_consents() -> None:
    _create(
        "consents",
        sa.Column("purpose", _choice("purpose", PURPOSES), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("ground", _choice("ground", GROUNDS), nullable=False),
        *_texts("ground_reason"),
        sa.Column("given_by", _choice("givenby", ("guardian", "resident", "nobody")), nullable=False),
        sa.Column("relative_id", sa.Integer(), nullable=True),
        *_texts("giver_name"),
        sa.Column("relation", _choice("relation", RELATIONS), nullable=True),
        sa.Column("way", _choice("consentway", ("signed", "message", "spoken")), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("assents", sa.Boolean(), nullable=True),
        sa.Column("proof_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        *_texts("withdrawn_by", "withdraw_note"),
        sa.Column("stop_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_by_id", sa.Integer(), nullable=True),
        *_texts("stop_note"),
        sa.CheckConstraint("(ground = 'consent') = (given_by <> 'nobody')", name=op.f("ck_consents_somebody")),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (stop_by IS NULL)", name=op.f("ck_consents_withdrawal")),
        sa.CheckConstraint("until_on IS NULL OR until_on >= given_on", name=op.f("ck_consents_order")),
        _to("consents", "proof_id", "attachments"),
        _to("consents", "recorded_by_id", "users"),
        _to("consents", "relative_id", "relatives"),
        _to("consents", "stopped_by_id", "users"),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index("ix_consents_resident_id_purpose", ["resident_id", "purpose"], unique=False)


def downgrade() -> None:
    for table in ("consents", "attachments", "legal_cases", "ppks_marks", "relatives"):
        op.drop_table(table)
    with op.batch_alter_table("residents", schema=None) as batch_op:
        for name in ("dtsen", "home_address", "family_card", "identity_card", "restriction_reason", "called"):
            batch_op.drop_column(name)
    with op.batch_alter_table("residences", schema=None) as batch_op:
        batch_op.drop_column("withdrawal_source")
        batch_op.drop_column("withdrawal_hours")

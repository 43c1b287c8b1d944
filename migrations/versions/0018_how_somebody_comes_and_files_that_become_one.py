"""Referrals, outreach, agencies, and two files of one person that become one.

Revision: 0018, after 0017.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agencies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("name_key", sa.String(length=160), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "social",
                "village",
                "education",
                "health",
                "police",
                "corrections",
                "registry",
                "labour",
                "care_home",
                "community",
                "family",
                "own",
                "other",
                name="agencykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["residence_id"], ["residences.id"], name=op.f("fk_agencies_residence_id_residences")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
        sa.UniqueConstraint("residence_id", "name_key", name=op.f("uq_agencies_residence_id_name_key")),
    )
    with op.batch_alter_table("agencies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agencies_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "distinct_pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("resident_id < other_id", name=op.f("ck_distinct_pairs_order")),
        sa.ForeignKeyConstraint(["other_id"], ["residents.id"], name=op.f("fk_distinct_pairs_other_id_residents")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_distinct_pairs_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_distinct_pairs_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(["said_by_id"], ["users.id"], name=op.f("fk_distinct_pairs_said_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distinct_pairs")),
        sa.UniqueConstraint("resident_id", "other_id", name=op.f("uq_distinct_pairs_resident_id_other_id")),
    )
    with op.batch_alter_table("distinct_pairs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_distinct_pairs_other_id"), ["other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_distinct_pairs_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("moved", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("resident_id <> gone_id", name=op.f("ck_merges_two_files")),
        sa.ForeignKeyConstraint(["gone_id"], ["residents.id"], name=op.f("fk_merges_gone_id_residents")),
        sa.ForeignKeyConstraint(["merged_by_id"], ["users.id"], name=op.f("fk_merges_merged_by_id_users")),
        sa.ForeignKeyConstraint(["residence_id"], ["residences.id"], name=op.f("fk_merges_residence_id_residences")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_merges_resident_id_residents")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["users.id"], name=op.f("fk_merges_undone_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    with op.batch_alter_table("merges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_merges_gone_id"), ["gone_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_merges_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_merges_resident_id"), ["resident_id"], unique=False)

    op.create_table(
        "referrals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.Column("stay_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "accepted",
                "waiting",
                "refused",
                "withdrawn",
                "admitted",
                name="referralstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column(
            "gender",
            sa.Enum("female", "male", name="gender", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("nik", sa.Text(), nullable=True),
        sa.Column("nik_digest", sa.String(length=64), nullable=True),
        sa.Column(
            "education_level",
            sa.Enum(
                "sd_unfinished",
                "sd",
                "smp",
                "sma_10",
                "sma_11",
                "smk",
                "sma",
                name="educationlevel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("is_restricted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("sender_name", sa.String(length=160), nullable=False),
        sa.Column("sender_reference", sa.String(length=80), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column(
            "level",
            sa.Enum(
                "primary",
                "secondary",
                "tertiary",
                name="servicelevel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "ground",
            sa.Enum(
                "age",
                "full",
                "other_service",
                "not_willing",
                "outside_area",
                "other",
                name="refusalground",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column(
            "waits_for",
            sa.Enum(
                "bed",
                "next_cycle",
                "trade",
                "papers",
                "health",
                "guardian",
                "other",
                name="waitsfor",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("waits_since", sa.Date(), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("is_urgent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'admitted' OR resident_id IS NOT NULL", name=op.f("ck_referrals_admitted")),
        sa.CheckConstraint("state <> 'refused' OR ground IS NOT NULL", name=op.f("ck_referrals_ground")),
        sa.CheckConstraint(
            "state <> 'waiting' OR (waits_for IS NOT NULL AND waits_since IS NOT NULL)",
            name=op.f("ck_referrals_waiting"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_referrals_agency_id_agencies")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_referrals_decided_by_id_users")),
        sa.ForeignKeyConstraint(["residence_id"], ["residences.id"], name=op.f("fk_referrals_residence_id_residences")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_referrals_resident_id_residents")),
        sa.ForeignKeyConstraint(["responsible_id"], ["staff.id"], name=op.f("fk_referrals_responsible_id_staff")),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_referrals_stay_id_stays")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("residence_id", "year", "number", name=op.f("uq_referrals_residence_id_year_number")),
    )
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referrals_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referrals_nik_digest"), ["nik_digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_referrals_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index("ix_referrals_residence_id_name_key", ["residence_id", "name_key"], unique=False)
        batch_op.create_index("ix_referrals_residence_id_state", ["residence_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_referrals_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referrals_responsible_id"), ["responsible_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referrals_stay_id"), ["stay_id"], unique=False)

    op.create_table(
        "outreach_contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=True),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "home",
                "street",
                "school",
                "village_office",
                "meeting",
                "phone",
                "online",
                name="outreachkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("area", sa.String(length=120), nullable=False),
        sa.Column("partners", sa.String(length=200), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("reached >= 0", name=op.f("ck_outreach_contacts_reached")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_outreach_contacts_referral_id_referrals")
        ),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_outreach_contacts_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_outreach_contacts_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_outreach_contacts_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outreach_contacts")),
    )
    with op.batch_alter_table("outreach_contacts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outreach_contacts_referral_id"), ["referral_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outreach_contacts_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index("ix_outreach_contacts_residence_id_met_on", ["residence_id", "met_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_outreach_contacts_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outreach_contacts_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "referral_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "receipt",
                "decision",
                "outcome",
                name="answerkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "way",
            sa.Enum(
                "messenger",
                "email",
                "letter",
                "phone",
                "in_person",
                name="answerway",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_referral_answers_referral_id_referrals")
        ),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_referral_answers_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_referral_answers_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(["sent_by_id"], ["users.id"], name=op.f("fk_referral_answers_sent_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_answers")),
    )
    with op.batch_alter_table("referral_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_answers_referral_id"), ["referral_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_answers_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_answers_resident_id"), ["resident_id"], unique=False)

    with op.batch_alter_table("residents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_residents_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_residents_merged_into_id_residents"), "residents", ["merged_into_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("residents", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_residents_merged_into_id_residents"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_residents_merged_into_id"))
        batch_op.drop_column("merged_into_id")

    with op.batch_alter_table("referral_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_answers_resident_id"))
        batch_op.drop_index(batch_op.f("ix_referral_answers_residence_id"))
        batch_op.drop_index(batch_op.f("ix_referral_answers_referral_id"))

    op.drop_table("referral_answers")
    with op.batch_alter_table("outreach_contacts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outreach_contacts_staff_id"))
        batch_op.drop_index(batch_op.f("ix_outreach_contacts_resident_id"))
        batch_op.drop_index("ix_outreach_contacts_residence_id_met_on")
        batch_op.drop_index(batch_op.f("ix_outreach_contacts_residence_id"))
        batch_op.drop_index(batch_op.f("ix_outreach_contacts_referral_id"))

    op.drop_table("outreach_contacts")
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referrals_stay_id"))
        batch_op.drop_index(batch_op.f("ix_referrals_responsible_id"))
        batch_op.drop_index(batch_op.f("ix_referrals_resident_id"))
        batch_op.drop_index("ix_referrals_residence_id_state")
        batch_op.drop_index("ix_referrals_residence_id_name_key")
        batch_op.drop_index(batch_op.f("ix_referrals_residence_id"))
        batch_op.drop_index(batch_op.f("ix_referrals_nik_digest"))
        batch_op.drop_index(batch_op.f("ix_referrals_agency_id"))

    op.drop_table("referrals")
    with op.batch_alter_table("merges", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_merges_resident_id"))
        batch_op.drop_index(batch_op.f("ix_merges_residence_id"))
        batch_op.drop_index(batch_op.f("ix_merges_gone_id"))

    op.drop_table("merges")
    with op.batch_alter_table("distinct_pairs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_distinct_pairs_residence_id"))
        batch_op.drop_index(batch_op.f("ix_distinct_pairs_other_id"))

    op.drop_table("distinct_pairs")
    with op.batch_alter_table("agencies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agencies_residence_id"))

    op.drop_table("agencies")

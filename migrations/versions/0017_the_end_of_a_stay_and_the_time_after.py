"""The end of a stay and the time after: exits, aftercare, warning signs, returns, transfers, keeping of files.

Revision: 0017, after 0016.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_leaving_rules()
    _create_legal_holds()
    _create_exits()
    _create_reentries()
    _create_transfer_offers()
    _create_aftercare_contacts()
    _create_exit_items()
    _create_transfer_arrivals()
    _create_aftercare_tries()
    _create_rapid_responses()
    _create_response_steps()
    with op.batch_alter_table("stays", schema=None) as batch_op:
        batch_op.add_column(sa.Column("elsewhere", sa.String(length=200), nullable=True))


def _create_leaving_rules() -> None:
    op.create_table(
        "leaving_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_months", sa.JSON(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("answer_hours", sa.Integer(), nullable=False),
        sa.Column("urgent_hours", sa.Integer(), nullable=False),
        sa.Column("keep_years", sa.Integer(), nullable=True),
        sa.Column(
            "keep_from",
            sa.Enum("exit", "birth", name="countsfrom", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("keep_source", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("keep_years IS NULL OR keep_source <> ''", name=op.f("ck_leaving_rules_keep_source")),
        sa.CheckConstraint("answer_hours BETWEEN 1 AND 336", name=op.f("ck_leaving_rules_answer_hours")),
        sa.CheckConstraint("keep_years BETWEEN 1 AND 100", name=op.f("ck_leaving_rules_keep_years")),
        sa.CheckConstraint("tries BETWEEN 1 AND 20", name=op.f("ck_leaving_rules_tries")),
        sa.CheckConstraint("urgent_hours BETWEEN 1 AND 72", name=op.f("ck_leaving_rules_urgent_hours")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_leaving_rules_residence_id_residences")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaving_rules")),
        sa.UniqueConstraint("residence_id", name=op.f("uq_leaving_rules_residence_id")),
    )
    with op.batch_alter_table("leaving_rules", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leaving_rules_residence_id"), ["residence_id"], unique=False)


def _create_legal_holds() -> None:
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_on", sa.Date(), nullable=False),
        sa.Column("placed_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("lifted_on IS NULL OR placed_on <= lifted_on", name=op.f("ck_legal_holds_order")),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["users.id"], name=op.f("fk_legal_holds_lifted_by_id_users")),
        sa.ForeignKeyConstraint(["placed_by_id"], ["users.id"], name=op.f("fk_legal_holds_placed_by_id_users")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_legal_holds_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_legal_holds_resident_id_residents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    with op.batch_alter_table("legal_holds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_legal_holds_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_legal_holds_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(
            "uq_legal_holds_resident_id_standing",
            ["resident_id"],
            unique=True,
            sqlite_where=sa.text("lifted_on IS NULL"),
            postgresql_where=sa.text("lifted_on IS NULL"),
        )


def _create_exits() -> None:
    op.create_table(
        "exits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("leaves_on", sa.Date(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "completed",
                "work",
                "school",
                "family_asked",
                "own_wish",
                "age",
                "transfer",
                "without_word",
                "died",
                "other",
                name="exitreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "destination",
            sa.Enum(
                "family",
                "work",
                "school",
                "other_house",
                "on_their_own",
                "unknown",
                name="destination",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("destination_words", sa.Text(), nullable=True),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("gaps", sa.Text(), nullable=True),
        sa.Column("aftercare_staff_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "preparing",
                "proposed",
                "approved",
                "withdrawn",
                name="exitstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decision_words", sa.Text(), nullable=True),
        sa.Column("toolkit", sa.String(length=300), nullable=False),
        sa.Column("toolkit_on", sa.Date(), nullable=True),
        sa.Column("toolkit_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'approved' OR (proposed_by_id IS NOT NULL AND decided_by_id IS NOT NULL"
            " AND proposed_by_id <> decided_by_id)",
            name=op.f("ck_exits_second_person"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('proposed', 'approved') OR proposed_at IS NOT NULL", name=op.f("ck_exits_proposed")
        ),
        sa.ForeignKeyConstraint(["aftercare_staff_id"], ["staff.id"], name=op.f("fk_exits_aftercare_staff_id_staff")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_exits_decided_by_id_users")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["users.id"], name=op.f("fk_exits_proposed_by_id_users")),
        sa.ForeignKeyConstraint(["residence_id"], ["residences.id"], name=op.f("fk_exits_residence_id_residences")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_exits_resident_id_residents")),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_exits_stay_id_stays")),
        sa.ForeignKeyConstraint(["toolkit_by_id"], ["users.id"], name=op.f("fk_exits_toolkit_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exits")),
    )
    with op.batch_alter_table("exits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exits_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index("ix_exits_residence_id_state", ["residence_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_exits_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exits_stay_id"), ["stay_id"], unique=False)
        batch_op.create_index(
            "uq_exits_stay_id_standing",
            ["stay_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'withdrawn'"),
            postgresql_where=sa.text("state <> 'withdrawn'"),
        )


def _create_reentries() -> None:
    op.create_table(
        "reentries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("previous_stay_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("counsellor_id", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["counsellor_id"], ["staff.id"], name=op.f("fk_reentries_counsellor_id_staff")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_reentries_decided_by_id_users")),
        sa.ForeignKeyConstraint(["previous_stay_id"], ["stays.id"], name=op.f("fk_reentries_previous_stay_id_stays")),
        sa.ForeignKeyConstraint(["residence_id"], ["residences.id"], name=op.f("fk_reentries_residence_id_residences")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_reentries_resident_id_residents")),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_reentries_stay_id_stays")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reentries")),
        sa.UniqueConstraint("stay_id", name=op.f("uq_reentries_stay_id")),
    )
    with op.batch_alter_table("reentries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reentries_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reentries_resident_id"), ["resident_id"], unique=False)


def _create_transfer_offers() -> None:
    op.create_table(
        "transfer_offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("to_residence_id", sa.Integer(), nullable=False),
        sa.Column("to_name", sa.String(length=200), nullable=False),
        sa.Column("moves_on", sa.Date(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "offered",
                "agreed",
                "accepted",
                "refused",
                "withdrawn",
                name="transferstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("travelled", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["offered_by_id"], ["users.id"], name=op.f("fk_transfer_offers_offered_by_id_users")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_transfer_offers_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_transfer_offers_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_transfer_offers_stay_id_stays")),
        sa.ForeignKeyConstraint(
            ["to_residence_id"], ["residences.id"], name=op.f("fk_transfer_offers_to_residence_id_residences")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_offers")),
    )
    with op.batch_alter_table("transfer_offers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfer_offers_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transfer_offers_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(
            "uq_transfer_offers_stay_id_standing",
            ["stay_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('offered', 'agreed', 'accepted')"),
            postgresql_where=sa.text("state IN ('offered', 'agreed', 'accepted')"),
        )


def _create_aftercare_contacts() -> None:
    op.create_table(
        "aftercare_contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exit_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "due",
                "held",
                "unreachable",
                "dropped",
                name="contactstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "visit", "call", "family", name="contactkind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'held' OR (held_on IS NOT NULL AND kind IS NOT NULL)", name=op.f("ck_aftercare_contacts_held")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_aftercare_contacts_by_id_users")),
        sa.ForeignKeyConstraint(["exit_id"], ["exits.id"], name=op.f("fk_aftercare_contacts_exit_id_exits")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_aftercare_contacts_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_aftercare_contacts_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_aftercare_contacts_stay_id_stays")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aftercare_contacts")),
        sa.UniqueConstraint("exit_id", "months", name=op.f("uq_aftercare_contacts_exit_id_months")),
    )
    with op.batch_alter_table("aftercare_contacts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aftercare_contacts_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(
            "ix_aftercare_contacts_residence_id_state_due_on", ["residence_id", "state", "due_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_aftercare_contacts_resident_id"), ["resident_id"], unique=False)


def _create_exit_items() -> None:
    op.create_table(
        "exit_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exit_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "identity_card",
                "family_card",
                "school_papers",
                "certificates",
                "health_cover",
                "home",
                "trusted_person",
                "occupation",
                "savings",
                "journey",
                "belongings",
                "goodbye",
                name="exititemkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open", "ready", "not_needed", name="itemstate", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by_id"], ["users.id"], name=op.f("fk_exit_items_answered_by_id_users")),
        sa.ForeignKeyConstraint(["exit_id"], ["exits.id"], name=op.f("fk_exit_items_exit_id_exits")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_exit_items_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_exit_items_resident_id_residents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exit_items")),
        sa.UniqueConstraint("exit_id", "kind", name=op.f("uq_exit_items_exit_id_kind")),
    )
    with op.batch_alter_table("exit_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exit_items_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exit_items_resident_id"), ["resident_id"], unique=False)


def _create_transfer_arrivals() -> None:
    op.create_table(
        "transfer_arrivals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("from_residence_id", sa.Integer(), nullable=False),
        sa.Column("from_name", sa.String(length=200), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column(
            "gender",
            sa.Enum("female", "male", name="gender", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("moves_on", sa.Date(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "offered",
                "agreed",
                "accepted",
                "refused",
                "withdrawn",
                name="transferstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'accepted') = (resident_id IS NOT NULL)", name=op.f("ck_transfer_arrivals_accepted")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["users.id"], name=op.f("fk_transfer_arrivals_answered_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["from_residence_id"], ["residences.id"], name=op.f("fk_transfer_arrivals_from_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["transfer_offers.id"], name=op.f("fk_transfer_arrivals_offer_id_transfer_offers")
        ),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_transfer_arrivals_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_transfer_arrivals_resident_id_residents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_arrivals")),
        sa.UniqueConstraint("offer_id", name=op.f("uq_transfer_arrivals_offer_id")),
    )
    with op.batch_alter_table("transfer_arrivals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfer_arrivals_residence_id"), ["residence_id"], unique=False)


def _create_aftercare_tries() -> None:
    op.create_table(
        "aftercare_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("tried_on", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "visit", "call", "family", name="contactkind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_aftercare_tries_by_id_users")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["aftercare_contacts.id"], name=op.f("fk_aftercare_tries_contact_id_aftercare_contacts")
        ),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_aftercare_tries_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_aftercare_tries_resident_id_residents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aftercare_tries")),
    )
    with op.batch_alter_table("aftercare_tries", schema=None) as batch_op:
        batch_op.create_index("ix_aftercare_tries_contact_id", ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_aftercare_tries_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_aftercare_tries_resident_id"), ["resident_id"], unique=False)


def _create_rapid_responses() -> None:
    op.create_table(
        "rapid_responses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("signs", sa.JSON(), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "safe",
                "help_arranged",
                "referred",
                "came_back",
                "not_found",
                name="responseoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_rapid_responses_closed")),
        sa.CheckConstraint("opened_at < due_at", name=op.f("ck_rapid_responses_clock")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["aftercare_contacts.id"], name=op.f("fk_rapid_responses_contact_id_aftercare_contacts")
        ),
        sa.ForeignKeyConstraint(["opened_by_id"], ["users.id"], name=op.f("fk_rapid_responses_opened_by_id_users")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_rapid_responses_owner_id_staff")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_rapid_responses_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_rapid_responses_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_rapid_responses_stay_id_stays")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rapid_responses")),
    )
    with op.batch_alter_table("rapid_responses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rapid_responses_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rapid_responses_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index("ix_rapid_responses_residence_id_closed_at", ["residence_id", "closed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_rapid_responses_resident_id"), ["resident_id"], unique=False)


def _create_response_steps() -> None:
    op.create_table(
        "response_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "opened",
                "tried",
                "reached",
                "handed_over",
                "escalated",
                "closed",
                name="stepkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_response_steps_by_id_users")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_response_steps_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_response_steps_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["rapid_responses.id"], name=op.f("fk_response_steps_response_id_rapid_responses")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_response_steps_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_steps")),
    )
    with op.batch_alter_table("response_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_response_steps_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_response_steps_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index("ix_response_steps_response_id", ["response_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("stays", schema=None) as batch_op:
        batch_op.drop_column("elsewhere")

    with op.batch_alter_table("response_steps", schema=None) as batch_op:
        batch_op.drop_index("ix_response_steps_response_id")
        batch_op.drop_index(batch_op.f("ix_response_steps_resident_id"))
        batch_op.drop_index(batch_op.f("ix_response_steps_residence_id"))

    op.drop_table("response_steps")
    with op.batch_alter_table("rapid_responses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rapid_responses_resident_id"))
        batch_op.drop_index("ix_rapid_responses_residence_id_closed_at")
        batch_op.drop_index(batch_op.f("ix_rapid_responses_residence_id"))
        batch_op.drop_index(batch_op.f("ix_rapid_responses_owner_id"))

    op.drop_table("rapid_responses")
    with op.batch_alter_table("aftercare_tries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aftercare_tries_resident_id"))
        batch_op.drop_index(batch_op.f("ix_aftercare_tries_residence_id"))
        batch_op.drop_index("ix_aftercare_tries_contact_id")

    op.drop_table("aftercare_tries")
    with op.batch_alter_table("transfer_arrivals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_transfer_arrivals_residence_id"))

    op.drop_table("transfer_arrivals")
    with op.batch_alter_table("exit_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exit_items_resident_id"))
        batch_op.drop_index(batch_op.f("ix_exit_items_residence_id"))

    op.drop_table("exit_items")
    with op.batch_alter_table("aftercare_contacts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aftercare_contacts_resident_id"))
        batch_op.drop_index("ix_aftercare_contacts_residence_id_state_due_on")
        batch_op.drop_index(batch_op.f("ix_aftercare_contacts_residence_id"))

    op.drop_table("aftercare_contacts")
    with op.batch_alter_table("transfer_offers", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_transfer_offers_stay_id_standing",
            sqlite_where=sa.text("state IN ('offered', 'agreed', 'accepted')"),
            postgresql_where=sa.text("state IN ('offered', 'agreed', 'accepted')"),
        )
        batch_op.drop_index(batch_op.f("ix_transfer_offers_resident_id"))
        batch_op.drop_index(batch_op.f("ix_transfer_offers_residence_id"))

    op.drop_table("transfer_offers")
    with op.batch_alter_table("reentries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reentries_resident_id"))
        batch_op.drop_index(batch_op.f("ix_reentries_residence_id"))

    op.drop_table("reentries")
    with op.batch_alter_table("exits", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_exits_stay_id_standing",
            sqlite_where=sa.text("state <> 'withdrawn'"),
            postgresql_where=sa.text("state <> 'withdrawn'"),
        )
        batch_op.drop_index(batch_op.f("ix_exits_stay_id"))
        batch_op.drop_index(batch_op.f("ix_exits_resident_id"))
        batch_op.drop_index("ix_exits_residence_id_state")
        batch_op.drop_index(batch_op.f("ix_exits_residence_id"))

    op.drop_table("exits")
    with op.batch_alter_table("legal_holds", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_legal_holds_resident_id_standing",
            sqlite_where=sa.text("lifted_on IS NULL"),
            postgresql_where=sa.text("lifted_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_legal_holds_resident_id"))
        batch_op.drop_index(batch_op.f("ix_legal_holds_residence_id"))

    op.drop_table("legal_holds")
    with op.batch_alter_table("leaving_rules", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leaving_rules_residence_id"))

    op.drop_table("leaving_rules")

"""Incidents with who was involved, clocks, measures and steps.

Revision: 0024, after 0023.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incident_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guardian_hours", sa.Integer(), nullable=False),
        sa.Column("guardian_source", sa.String(length=300), nullable=False),
        sa.Column("office_hours", sa.Integer(), nullable=False),
        sa.Column("office_source", sa.String(length=300), nullable=False),
        sa.Column("data_hours", sa.Integer(), nullable=False),
        sa.Column("data_source", sa.String(length=300), nullable=False),
        sa.Column("warn_hours", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("data_hours BETWEEN 1 AND 72", name=op.f("ck_incident_rules_data_hours")),
        sa.CheckConstraint("guardian_hours BETWEEN 1 AND 168", name=op.f("ck_incident_rules_guardian_hours")),
        sa.CheckConstraint("office_hours BETWEEN 1 AND 168", name=op.f("ck_incident_rules_office_hours")),
        sa.CheckConstraint("warn_hours BETWEEN 1 AND 48", name=op.f("ck_incident_rules_warn_hours")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_incident_rules_residence_id_residences")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_rules")),
        sa.UniqueConstraint("residence_id", name=op.f("uq_incident_rules_residence_id")),
    )
    with op.batch_alter_table("incident_rules", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_rules_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "incidents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "injury",
                "missing",
                "violence",
                "self_harm",
                "property",
                "house_rules",
                "outside",
                "data",
                name="incidentkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "seriousness",
            sa.Enum(
                "minor", "moderate", "serious", name="seriousness", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("done_at_once", sa.Text(), nullable=True),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "reported",
                "examined",
                "proposed",
                "closed",
                name="incidentstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'closed' OR (closed_at IS NOT NULL AND closed_by_id IS NOT NULL"
            " AND closed_by_id <> proposed_by_id)",
            name=op.f("ck_incidents_second_person"),
        ),
        sa.CheckConstraint("state = 'reported' OR owner_id IS NOT NULL", name=op.f("ck_incidents_owner")),
        sa.CheckConstraint(
            "state NOT IN ('proposed', 'closed') OR proposed_by_id IS NOT NULL", name=op.f("ck_incidents_proposed")
        ),
        sa.ForeignKeyConstraint(["closed_by_id"], ["users.id"], name=op.f("fk_incidents_closed_by_id_users")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_incidents_owner_id_staff")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["users.id"], name=op.f("fk_incidents_proposed_by_id_users")),
        sa.ForeignKeyConstraint(["reported_by_id"], ["users.id"], name=op.f("fk_incidents_reported_by_id_users")),
        sa.ForeignKeyConstraint(["residence_id"], ["residences.id"], name=op.f("fk_incidents_residence_id_residences")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_incidents_room_id_rooms")),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.id"], name=op.f("fk_incidents_venue_id_venues")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incidents_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incidents_reported_by_id"), ["reported_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incidents_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index("ix_incidents_residence_id_happened_at", ["residence_id", "happened_at"], unique=False)
        batch_op.create_index("ix_incidents_residence_id_state", ["residence_id", "state"], unique=False)

    op.create_table(
        "incident_clocks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column(
            "party",
            sa.Enum(
                "guardian",
                "office",
                "data_subjects",
                "data_authority",
                name="clockfor",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("runs_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("was_told", sa.Boolean(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("stopped_by_id", sa.Integer(), nullable=True),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(stopped_at IS NULL) = (was_told IS NULL)", name=op.f("ck_incident_clocks_stopped")),
        sa.CheckConstraint("runs_from < due_at", name=op.f("ck_incident_clocks_clock")),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_incident_clocks_incident_id_incidents")
        ),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_incident_clocks_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["responsible_id"], ["staff.id"], name=op.f("fk_incident_clocks_responsible_id_staff")),
        sa.ForeignKeyConstraint(["stopped_by_id"], ["users.id"], name=op.f("fk_incident_clocks_stopped_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_clocks")),
        sa.UniqueConstraint("incident_id", "party", name=op.f("uq_incident_clocks_incident_id_party")),
    )
    with op.batch_alter_table("incident_clocks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_clocks_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(
            "ix_incident_clocks_residence_id_stopped_at", ["residence_id", "stopped_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_incident_clocks_responsible_id"), ["responsible_id"], unique=False)

    op.create_table(
        "incident_measures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_words", sa.Text(), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name=op.f("ck_incident_measures_done")),
        sa.ForeignKeyConstraint(["done_by_id"], ["users.id"], name=op.f("fk_incident_measures_done_by_id_users")),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_incident_measures_incident_id_incidents")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_incident_measures_owner_id_staff")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_incident_measures_residence_id_residences")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_measures")),
    )
    with op.batch_alter_table("incident_measures", schema=None) as batch_op:
        batch_op.create_index("ix_incident_measures_incident_id", ["incident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_measures_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_measures_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "incident_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "affected", "acted", "witness", name="involvedas", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_incident_people_incident_id_incidents")
        ),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_incident_people_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_incident_people_resident_id_residents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_people")),
        sa.UniqueConstraint("incident_id", "resident_id", name=op.f("uq_incident_people_incident_id_resident_id")),
    )
    with op.batch_alter_table("incident_people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_people_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_people_resident_id"), ["resident_id"], unique=False)

    op.create_table(
        "incident_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reported",
                "assigned",
                "amended",
                "measure",
                "measure_done",
                "told",
                "not_told",
                "proposed",
                "returned",
                "closed",
                "reopened",
                name="incidentstepkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("was", sa.String(length=80), nullable=False),
        sa.Column("became", sa.String(length=80), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_incident_steps_by_id_users")),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_incident_steps_incident_id_incidents")
        ),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_incident_steps_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_incident_steps_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_steps")),
    )
    with op.batch_alter_table("incident_steps", schema=None) as batch_op:
        batch_op.create_index("ix_incident_steps_incident_id", ["incident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_steps_residence_id"), ["residence_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("incident_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_steps_residence_id"))
        batch_op.drop_index("ix_incident_steps_incident_id")

    op.drop_table("incident_steps")
    with op.batch_alter_table("incident_people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_people_resident_id"))
        batch_op.drop_index(batch_op.f("ix_incident_people_residence_id"))

    op.drop_table("incident_people")
    with op.batch_alter_table("incident_measures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_measures_residence_id"))
        batch_op.drop_index(batch_op.f("ix_incident_measures_owner_id"))
        batch_op.drop_index("ix_incident_measures_incident_id")

    op.drop_table("incident_measures")
    with op.batch_alter_table("incident_clocks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_clocks_responsible_id"))
        batch_op.drop_index("ix_incident_clocks_residence_id_stopped_at")
        batch_op.drop_index(batch_op.f("ix_incident_clocks_residence_id"))

    op.drop_table("incident_clocks")
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.drop_index("ix_incidents_residence_id_state")
        batch_op.drop_index("ix_incidents_residence_id_happened_at")
        batch_op.drop_index(batch_op.f("ix_incidents_residence_id"))
        batch_op.drop_index(batch_op.f("ix_incidents_reported_by_id"))
        batch_op.drop_index(batch_op.f("ix_incidents_owner_id"))

    op.drop_table("incidents")
    with op.batch_alter_table("incident_rules", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_rules_residence_id"))

    op.drop_table("incident_rules")

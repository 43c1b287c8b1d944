"""The house, its residents, cycles, plans, accounts and the audit trail.

Revision: 0001, the first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


_REFUSAL = "the audit trail is append-only"


def _make_trail_append_only() -> None:
    """The database itself refuses to change or delete an act."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_entries_no_{verb.lower()} BEFORE {verb} ON audit_entries "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entries_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
    )


def _let_trail_go() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER audit_entries_no_{verb}")
        return
    op.execute("DROP TRIGGER audit_entries_no_change ON audit_entries")
    op.execute("DROP FUNCTION refuse_audit_change()")


def upgrade() -> None:
    op.create_table(
        "residences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column(
            "resident_word",
            sa.Enum(
                "warga_binaan",
                "penerima_manfaat",
                "penghuni",
                name="residentword",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("youngest_age", sa.Integer(), nullable=False),
        sa.Column("oldest_age", sa.Integer(), nullable=False),
        sa.Column("appointment_minutes", sa.Integer(), nullable=False),
        sa.Column("appointment_every_weeks", sa.Integer(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residences")),
        sa.UniqueConstraint("code", name=op.f("uq_residences_code")),
    )
    op.create_table(
        "cycles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "preparing",
                "published",
                "closed",
                name="cyclestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("weeks BETWEEN 1 AND 53", name=op.f("ck_cycles_weeks")),
        sa.ForeignKeyConstraint(["residence_id"], ["residences.id"], name=op.f("fk_cycles_residence_id_residences")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycles")),
        sa.UniqueConstraint("residence_id", "starts_on", name=op.f("uq_cycles_residence_id_starts_on")),
        sa.UniqueConstraint("residence_id", "year", "number", name=op.f("uq_cycles_residence_id_year_number")),
    )
    with op.batch_alter_table("cycles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cycles_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "grid_blocks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "activity",
                "protected",
                name="blockkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "start_minute >= 0 AND start_minute < end_minute AND end_minute <= 1440",
            name=op.f("ck_grid_blocks_order"),
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_grid_blocks_weekday")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_grid_blocks_residence_id_residences")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_blocks")),
        sa.UniqueConstraint(
            "residence_id",
            "weekday",
            "start_minute",
            name=op.f("uq_grid_blocks_residence_id_weekday_start_minute"),
        ),
    )
    with op.batch_alter_table("grid_blocks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grid_blocks_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "holidays",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["residence_id"], ["residences.id"], name=op.f("fk_holidays_residence_id_residences")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holidays")),
        sa.UniqueConstraint("residence_id", "on", name=op.f("uq_holidays_residence_id_on")),
    )
    with op.batch_alter_table("holidays", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_holidays_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "rooms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("wing", sa.String(length=80), nullable=False),
        sa.Column("beds", sa.Integer(), nullable=False),
        sa.Column(
            "policy",
            sa.Enum(
                "female",
                "male",
                "same",
                name="roompolicy",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("minimum_stage", sa.Integer(), nullable=False),
        sa.Column("is_accessible", sa.Boolean(), nullable=False),
        sa.Column("is_reserve", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("beds BETWEEN 1 AND 60", name=op.f("ck_rooms_beds")),
        sa.CheckConstraint("minimum_stage BETWEEN 1 AND 4", name=op.f("ck_rooms_minimum_stage")),
        sa.ForeignKeyConstraint(["residence_id"], ["residences.id"], name=op.f("fk_rooms_residence_id_residences")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
        sa.UniqueConstraint("residence_id", "code", name=op.f("uq_rooms_residence_id_code")),
    )
    with op.batch_alter_table("rooms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rooms_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "trades",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=120), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["residence_id"], ["residences.id"], name=op.f("fk_trades_residence_id_residences")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trades")),
        sa.UniqueConstraint("residence_id", "name_key", name=op.f("uq_trades_residence_id_name_key")),
    )
    with op.batch_alter_table("trades", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trades_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "manager",
                "counsellor",
                "instructor",
                "resident",
                "administrator",
                "office",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(length=300), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=True),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("session_stamp", sa.String(length=32), nullable=False),
        sa.Column("calendar_token_digest", sa.String(length=64), nullable=True),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["residence_id"], ["residences.id"], name=op.f("fk_users_residence_id_residences")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("calendar_token_digest", name=op.f("uq_users_calendar_token_digest")),
        sa.UniqueConstraint("username", name=op.f("uq_users_username")),
    )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_users_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "venues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=120), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["residence_id"], ["residences.id"], name=op.f("fk_venues_residence_id_residences")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venues")),
        sa.UniqueConstraint("residence_id", "name_key", name=op.f("uq_venues_residence_id_name_key")),
    )
    with op.batch_alter_table("venues", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_venues_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("subject_type", sa.String(length=60), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_audit_entries_actor_id_users")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_audit_entries_residence_id_residences")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index("ix_audit_entries_resident_id_at", ["resident_id", "at"], unique=False)
        batch_op.create_index("ix_audit_entries_subject", ["subject_type", "subject_id"], unique=False)

    op.create_table(
        "office_residences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_office_residences_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_office_residences_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_residences")),
        sa.UniqueConstraint("user_id", "residence_id", name=op.f("uq_office_residences_user_id_residence_id")),
    )
    op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "replaced",
                name="planstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("bound", sa.Double(), nullable=True),
        sa.Column("stages", sa.JSON(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("unmet", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_plans_created_by_id_users")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_plans_cycle_id_cycles")),
        sa.ForeignKeyConstraint(["published_by_id"], ["users.id"], name=op.f("fk_plans_published_by_id_users")),
        sa.ForeignKeyConstraint(["residence_id"], ["residences.id"], name=op.f("fk_plans_residence_id_residences")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("cycle_id", "number", name=op.f("uq_plans_cycle_id_number")),
    )
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plans_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(
            "uq_plans_cycle_id_published",
            ["cycle_id"],
            unique=True,
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        )

    op.create_table(
        "residents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column(
            "gender",
            sa.Enum("female", "male", name="gender", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("birth_place", sa.String(length=120), nullable=False),
        sa.Column("religion", sa.String(length=60), nullable=False),
        sa.Column("nik", sa.Text(), nullable=True),
        sa.Column("nik_digest", sa.String(length=64), nullable=True),
        sa.Column(
            "nik_state",
            sa.Enum("given", "none_yet", name="nikstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["residence_id"], ["residences.id"], name=op.f("fk_residents_residence_id_residences")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_residents_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residents")),
        sa.UniqueConstraint("residence_id", "nik_digest", name=op.f("uq_residents_residence_id_nik_digest")),
        sa.UniqueConstraint("user_id", name=op.f("uq_residents_user_id")),
    )
    with op.batch_alter_table("residents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_residents_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index("ix_residents_residence_id_name_key", ["residence_id", "name_key"], unique=False)

    op.create_table(
        "room_outages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "until_on IS NULL OR from_on IS NULL OR from_on < until_on", name=op.f("ck_room_outages_order")
        ),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_room_outages_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_room_outages_room_id_rooms")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_outages")),
    )
    with op.batch_alter_table("room_outages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_outages_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "sign_in_slips",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_in_slips_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_slips")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_sign_in_slips_code_digest")),
    )
    with op.batch_alter_table("sign_in_slips", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_slips_user_id", ["user_id"], unique=False)

    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "manager",
                "counsellor",
                "instructor",
                "tutor",
                "carer",
                "other",
                name="staffkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "gender",
            sa.Enum("female", "male", name="gender", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("most_residents", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["residence_id"], ["residences.id"], name=op.f("fk_staff_residence_id_residences")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_staff_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("residence_id", "kind", "name_key", name=op.f("uq_staff_residence_id_kind_name_key")),
        sa.UniqueConstraint("user_id", name=op.f("uq_staff_user_id")),
    )
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "instructor_trades",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("trade_id", sa.Integer(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_instructor_trades_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_instructor_trades_staff_id_staff")),
        sa.ForeignKeyConstraint(["trade_id"], ["trades.id"], name=op.f("fk_instructor_trades_trade_id_trades")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instructor_trades")),
        sa.UniqueConstraint("staff_id", "trade_id", name=op.f("uq_instructor_trades_staff_id_trade_id")),
    )
    with op.batch_alter_table("instructor_trades", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instructor_trades_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "keep_apart_pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_a_id", sa.Integer(), nullable=False),
        sa.Column("resident_b_id", sa.Integer(), nullable=False),
        sa.Column("in_room", sa.Boolean(), nullable=False),
        sa.Column("in_class", sa.Boolean(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("resident_a_id < resident_b_id", name=op.f("ck_keep_apart_pairs_order")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_keep_apart_pairs_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_a_id"], ["residents.id"], name=op.f("fk_keep_apart_pairs_resident_a_id_residents")
        ),
        sa.ForeignKeyConstraint(
            ["resident_b_id"], ["residents.id"], name=op.f("fk_keep_apart_pairs_resident_b_id_residents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keep_apart_pairs")),
        sa.UniqueConstraint(
            "resident_a_id", "resident_b_id", name=op.f("uq_keep_apart_pairs_resident_a_id_resident_b_id")
        ),
    )
    with op.batch_alter_table("keep_apart_pairs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_keep_apart_pairs_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "occupancies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "enrolment",
                "staff",
                "venue",
                name="occupantkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("occupant_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_occupancies_plan_id_plans")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_occupancies_residence_id_residences")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occupancies")),
        sa.UniqueConstraint(
            "plan_id",
            "kind",
            "occupant_id",
            "week",
            "weekday",
            "start_minute",
            name=op.f("uq_occupancies_plan_id_kind_occupant_id_week_weekday_start_minute"),
        ),
    )
    with op.batch_alter_table("occupancies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_occupancies_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "staff_unavailabilities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("start_minute < end_minute", name=op.f("ck_staff_unavailabilities_order")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_staff_unavailabilities_weekday")),
        sa.ForeignKeyConstraint(
            ["residence_id"],
            ["residences.id"],
            name=op.f("fk_staff_unavailabilities_residence_id_residences"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_unavailabilities_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_unavailabilities")),
        sa.UniqueConstraint(
            "staff_id",
            "weekday",
            "start_minute",
            name=op.f("uq_staff_unavailabilities_staff_id_weekday_start_minute"),
        ),
    )
    with op.batch_alter_table("staff_unavailabilities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_unavailabilities_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "stays",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("arrives_on", sa.Date(), nullable=False),
        sa.Column("leaves_on", sa.Date(), nullable=False),
        sa.Column("independence_stage", sa.Integer(), nullable=False),
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
            nullable=False,
        ),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("outside_hours", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("arrives_on < leaves_on", name=op.f("ck_stays_order")),
        sa.CheckConstraint("independence_stage BETWEEN 1 AND 4", name=op.f("ck_stays_independence_stage")),
        sa.ForeignKeyConstraint(["residence_id"], ["residences.id"], name=op.f("fk_stays_residence_id_residences")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_stays_resident_id_residents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stays")),
        sa.UniqueConstraint("resident_id", "arrives_on", name=op.f("uq_stays_resident_id_arrives_on")),
    )
    with op.batch_alter_table("stays", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stays_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stays_resident_id"), ["resident_id"], unique=False)

    op.create_table(
        "teaching_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "vocational",
                "education",
                name="groupkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("trade_id", sa.Integer(), nullable=True),
        sa.Column("programme", sa.String(length=120), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("maximum", sa.Integer(), nullable=False),
        sa.Column("is_mandatory", sa.Boolean(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("instructor_id", sa.Integer(), nullable=True),
        sa.Column("meetings", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column(
            "minimum_level",
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
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind = 'vocational') = (trade_id IS NOT NULL)", name=op.f("ck_teaching_groups_trade")),
        sa.CheckConstraint("minimum >= 0 AND minimum <= maximum", name=op.f("ck_teaching_groups_sizes")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_teaching_groups_cycle_id_cycles")),
        sa.ForeignKeyConstraint(["instructor_id"], ["staff.id"], name=op.f("fk_teaching_groups_instructor_id_staff")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_teaching_groups_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["trade_id"], ["trades.id"], name=op.f("fk_teaching_groups_trade_id_trades")),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.id"], name=op.f("fk_teaching_groups_venue_id_venues")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teaching_groups")),
        sa.UniqueConstraint("cycle_id", "code", name=op.f("uq_teaching_groups_cycle_id_code")),
    )
    with op.batch_alter_table("teaching_groups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_teaching_groups_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_teaching_groups_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "bed_nights",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("bed", sa.Integer(), nullable=False),
        sa.Column("night_on", sa.Date(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_bed_nights_plan_id_plans")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_bed_nights_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_bed_nights_room_id_rooms")),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_bed_nights_stay_id_stays")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bed_nights")),
        sa.UniqueConstraint("room_id", "bed", "night_on", name=op.f("uq_bed_nights_room_id_bed_night_on")),
        sa.UniqueConstraint("stay_id", "night_on", name=op.f("uq_bed_nights_stay_id_night_on")),
    )
    with op.batch_alter_table("bed_nights", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bed_nights_night_on"), ["night_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_bed_nights_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bed_nights_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "enrolments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("previous_counsellor_id", sa.Integer(), nullable=True),
        sa.Column("wants_same_gender_counsellor", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_enrolments_cycle_id_cycles")),
        sa.ForeignKeyConstraint(
            ["previous_counsellor_id"], ["staff.id"], name=op.f("fk_enrolments_previous_counsellor_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_enrolments_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_enrolments_stay_id_stays")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolments")),
        sa.UniqueConstraint("cycle_id", "stay_id", name=op.f("uq_enrolments_cycle_id_stay_id")),
    )
    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolments_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrolments_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrolments_stay_id"), ["stay_id"], unique=False)

    op.create_table(
        "plan_meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("instructor_id", sa.Integer(), nullable=True),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["teaching_groups.id"], name=op.f("fk_plan_meetings_group_id_teaching_groups")
        ),
        sa.ForeignKeyConstraint(["instructor_id"], ["staff.id"], name=op.f("fk_plan_meetings_instructor_id_staff")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_meetings_plan_id_plans")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_plan_meetings_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.id"], name=op.f("fk_plan_meetings_venue_id_venues")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_meetings")),
    )
    with op.batch_alter_table("plan_meetings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_meetings_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_meetings_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_meetings_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("trade_id", sa.Integer(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("rank >= 1", name=op.f("ck_choices_rank")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_choices_enrolment_id_enrolments")),
        sa.ForeignKeyConstraint(["residence_id"], ["residences.id"], name=op.f("fk_choices_residence_id_residences")),
        sa.ForeignKeyConstraint(["trade_id"], ["trades.id"], name=op.f("fk_choices_trade_id_trades")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choices")),
        sa.UniqueConstraint("enrolment_id", "rank", name=op.f("uq_choices_enrolment_id_rank")),
        sa.UniqueConstraint("enrolment_id", "trade_id", name=op.f("uq_choices_enrolment_id_trade_id")),
    )
    with op.batch_alter_table("choices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_choices_residence_id"), ["residence_id"], unique=False)

    op.create_table(
        "plan_appointments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_plan_appointments_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_appointments_plan_id_plans")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_plan_appointments_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_plan_appointments_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_appointments")),
        sa.UniqueConstraint(
            "plan_id",
            "staff_id",
            "week",
            "weekday",
            "start_minute",
            name=op.f("uq_plan_appointments_plan_id_staff_id_week_weekday_start_minute"),
        ),
    )
    with op.batch_alter_table("plan_appointments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_appointments_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_appointments_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_appointments_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "plan_caseloads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_plan_caseloads_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_caseloads_plan_id_plans")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_plan_caseloads_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_plan_caseloads_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_caseloads")),
        sa.UniqueConstraint("plan_id", "enrolment_id", name=op.f("uq_plan_caseloads_plan_id_enrolment_id")),
    )
    with op.batch_alter_table("plan_caseloads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_caseloads_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_caseloads_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_caseloads_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "plan_lodgings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("bed", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_on < until_on", name=op.f("ck_plan_lodgings_order")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_plan_lodgings_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_lodgings_plan_id_plans")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_plan_lodgings_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_plan_lodgings_room_id_rooms")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_lodgings")),
        sa.UniqueConstraint(
            "plan_id", "enrolment_id", "from_on", name=op.f("uq_plan_lodgings_plan_id_enrolment_id_from_on")
        ),
    )
    with op.batch_alter_table("plan_lodgings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_lodgings_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_lodgings_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_lodgings_room_id"), ["room_id"], unique=False)

    op.create_table(
        "plan_seats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("choice_rank", sa.Integer(), nullable=True),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_plan_seats_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["teaching_groups.id"], name=op.f("fk_plan_seats_group_id_teaching_groups")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_seats_plan_id_plans")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_plan_seats_residence_id_residences")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_seats")),
        sa.UniqueConstraint(
            "plan_id", "enrolment_id", "group_id", name=op.f("uq_plan_seats_plan_id_enrolment_id_group_id")
        ),
    )
    with op.batch_alter_table("plan_seats", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_seats_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_seats_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_seats_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_seats_residence_id"), ["residence_id"], unique=False)
    _make_trail_append_only()


def downgrade() -> None:
    _let_trail_go()
    with op.batch_alter_table("plan_seats", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_seats_residence_id"))
        batch_op.drop_index(batch_op.f("ix_plan_seats_plan_id"))
        batch_op.drop_index(batch_op.f("ix_plan_seats_group_id"))
        batch_op.drop_index(batch_op.f("ix_plan_seats_enrolment_id"))

    op.drop_table("plan_seats")
    with op.batch_alter_table("plan_lodgings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_lodgings_room_id"))
        batch_op.drop_index(batch_op.f("ix_plan_lodgings_residence_id"))
        batch_op.drop_index(batch_op.f("ix_plan_lodgings_enrolment_id"))

    op.drop_table("plan_lodgings")
    with op.batch_alter_table("plan_caseloads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_caseloads_staff_id"))
        batch_op.drop_index(batch_op.f("ix_plan_caseloads_residence_id"))
        batch_op.drop_index(batch_op.f("ix_plan_caseloads_enrolment_id"))

    op.drop_table("plan_caseloads")
    with op.batch_alter_table("plan_appointments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_appointments_staff_id"))
        batch_op.drop_index(batch_op.f("ix_plan_appointments_residence_id"))
        batch_op.drop_index(batch_op.f("ix_plan_appointments_enrolment_id"))

    op.drop_table("plan_appointments")
    with op.batch_alter_table("choices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_choices_residence_id"))

    op.drop_table("choices")
    with op.batch_alter_table("plan_meetings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_meetings_residence_id"))
        batch_op.drop_index(batch_op.f("ix_plan_meetings_plan_id"))
        batch_op.drop_index(batch_op.f("ix_plan_meetings_group_id"))

    op.drop_table("plan_meetings")
    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enrolments_stay_id"))
        batch_op.drop_index(batch_op.f("ix_enrolments_residence_id"))
        batch_op.drop_index(batch_op.f("ix_enrolments_cycle_id"))

    op.drop_table("enrolments")
    with op.batch_alter_table("bed_nights", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bed_nights_residence_id"))
        batch_op.drop_index(batch_op.f("ix_bed_nights_plan_id"))
        batch_op.drop_index(batch_op.f("ix_bed_nights_night_on"))

    op.drop_table("bed_nights")
    with op.batch_alter_table("teaching_groups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_teaching_groups_residence_id"))
        batch_op.drop_index(batch_op.f("ix_teaching_groups_cycle_id"))

    op.drop_table("teaching_groups")
    with op.batch_alter_table("stays", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stays_resident_id"))
        batch_op.drop_index(batch_op.f("ix_stays_residence_id"))

    op.drop_table("stays")
    with op.batch_alter_table("staff_unavailabilities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_unavailabilities_residence_id"))

    op.drop_table("staff_unavailabilities")
    with op.batch_alter_table("occupancies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_occupancies_residence_id"))

    op.drop_table("occupancies")
    with op.batch_alter_table("keep_apart_pairs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_keep_apart_pairs_residence_id"))

    op.drop_table("keep_apart_pairs")
    with op.batch_alter_table("instructor_trades", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instructor_trades_residence_id"))

    op.drop_table("instructor_trades")
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_residence_id"))

    op.drop_table("staff")
    with op.batch_alter_table("sign_in_slips", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_slips_user_id")

    op.drop_table("sign_in_slips")
    with op.batch_alter_table("room_outages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_room_outages_residence_id"))

    op.drop_table("room_outages")
    with op.batch_alter_table("residents", schema=None) as batch_op:
        batch_op.drop_index("ix_residents_residence_id_name_key")
        batch_op.drop_index(batch_op.f("ix_residents_residence_id"))

    op.drop_table("residents")
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_plans_cycle_id_published",
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        )
        batch_op.drop_index(batch_op.f("ix_plans_residence_id"))

    op.drop_table("plans")
    op.drop_table("office_residences")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entries_subject")
        batch_op.drop_index("ix_audit_entries_resident_id_at")
        batch_op.drop_index(batch_op.f("ix_audit_entries_residence_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_actor_id"))

    op.drop_table("audit_entries")
    with op.batch_alter_table("venues", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_venues_residence_id"))

    op.drop_table("venues")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_users_residence_id"))

    op.drop_table("users")
    with op.batch_alter_table("trades", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trades_residence_id"))

    op.drop_table("trades")
    with op.batch_alter_table("rooms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rooms_residence_id"))

    op.drop_table("rooms")
    with op.batch_alter_table("holidays", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_holidays_residence_id"))

    op.drop_table("holidays")
    with op.batch_alter_table("grid_blocks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grid_blocks_residence_id"))

    op.drop_table("grid_blocks")
    with op.batch_alter_table("cycles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cycles_residence_id"))

    op.drop_table("cycles")
    op.drop_table("residences")

"""Counselling: sessions, notes that nobody overwrites, questions to read them, flags, and notices to staff.

Revision: 0020, after 0019.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = (
    "staff_notices",
    "counselling_sessions",
    "counselling_attendances",
    "counselling_notes",
    "note_openings",
    "resident_flags",
)
_REFUSAL = "what is written about counselling is append-only"
_WORDS = "session_id, author_id, amends_id, written_at, body"  # whose file a note lies in may change: files are merged


def upgrade() -> None:
    _create_staff_notices()
    _create_counselling_sessions()
    _create_counselling_attendances()
    _create_counselling_notes()
    _create_note_openings()
    _create_resident_flags()
    _make_notes_append_only()


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _create_staff_notices() -> None:
    op.create_table(
        "staff_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_staff_notices_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_staff_notices_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_notices")),
    )
    with op.batch_alter_table("staff_notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_notices_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index("ix_staff_notices_user_id_unseen", ["user_id"], unique=False, **_where("seen_at IS NULL"))


def _create_counselling_sessions() -> None:
    op.create_table(
        "counselling_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("kind", _choice("sessionkind", "individual", "group", "family"), nullable=False),
        sa.Column("mode", _choice("sessionmode", "in_person", "online", "phone", "visit"), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.Column("from_timetable", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("start_minute < end_minute", name=op.f("ck_counselling_sessions_order")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_counselling_sessions_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_counselling_sessions_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counselling_sessions")),
    )
    with op.batch_alter_table("counselling_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_counselling_sessions_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index("ix_counselling_sessions_staff_id_held_on", ["staff_id", "held_on"], unique=False)
        batch_op.create_index(
            "uq_counselling_sessions_staff_id_held_on_start_minute",
            ["staff_id", "held_on", "start_minute"],
            unique=True,
            **_where("withdrawn_at IS NULL"),
        )


def _create_counselling_attendances() -> None:
    op.create_table(
        "counselling_attendances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=True),
        sa.Column(
            "presence",
            _choice("presence", "present", "late", "sick", "excused", "not_come", "declined"),
            nullable=False,
        ),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("next_done_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_counselling_attendances_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_counselling_attendances_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["counselling_sessions.id"],
            name=op.f("fk_counselling_attendances_session_id_counselling_sessions"),
        ),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_counselling_attendances_stay_id_stays")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counselling_attendances")),
        sa.UniqueConstraint(
            "session_id", "resident_id", name=op.f("uq_counselling_attendances_session_id_resident_id")
        ),
    )
    with op.batch_alter_table("counselling_attendances", schema=None) as batch_op:
        batch_op.create_index(
            "ix_counselling_attendances_next_on",
            ["next_on"],
            unique=False,
            **_where("next_on IS NOT NULL AND next_done_on IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_counselling_attendances_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_counselling_attendances_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_counselling_attendances_stay_id"), ["stay_id"], unique=False)


def _create_counselling_notes() -> None:
    op.create_table(
        "counselling_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.Column("stay_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("amends_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["amends_id"], ["counselling_notes.id"], name=op.f("fk_counselling_notes_amends_id_counselling_notes")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_counselling_notes_author_id_users")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_counselling_notes_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_counselling_notes_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["counselling_sessions.id"],
            name=op.f("fk_counselling_notes_session_id_counselling_sessions"),
        ),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_counselling_notes_stay_id_stays")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counselling_notes")),
    )
    with op.batch_alter_table("counselling_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_counselling_notes_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_counselling_notes_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index("ix_counselling_notes_resident_id_author_id", ["resident_id", "author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_counselling_notes_session_id"), ["session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_counselling_notes_stay_id"), ["stay_id"], unique=False)


def _create_note_openings() -> None:
    op.create_table(
        "note_openings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> asked_by_id", name=op.f("ck_note_openings_two_people")
        ),
        sa.CheckConstraint("hours BETWEEN 1 AND 24", name=op.f("ck_note_openings_hours")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_note_openings_asked_by_id_users")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_note_openings_decided_by_id_users")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_note_openings_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_note_openings_resident_id_residents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_openings")),
    )
    with op.batch_alter_table("note_openings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_openings_asked_by_id"), ["asked_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_note_openings_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_note_openings_resident_id"), ["resident_id"], unique=False)


def _create_resident_flags() -> None:
    op.create_table(
        "resident_flags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind", _choice("flagkind", "safety", "health", "close", "family", "papers", "other"), nullable=False
        ),
        sa.Column("priority", _choice("flagpriority", "high", "normal", "low"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_resident_flags_order")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["users.id"], name=op.f("fk_resident_flags_ended_by_id_users")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_resident_flags_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_resident_flags_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(["set_by_id"], ["users.id"], name=op.f("fk_resident_flags_set_by_id_users")),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_resident_flags_stay_id_stays")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_flags")),
    )
    with op.batch_alter_table("resident_flags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resident_flags_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index("ix_resident_flags_resident_id_until_on", ["resident_id", "until_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_resident_flags_stay_id"), ["stay_id"], unique=False)


def _make_notes_append_only() -> None:
    """The database itself refuses to change what was written, by whom and when, and to delete it. A migration that
    makes the table anew on SQLite must make these triggers anew."""
    if op.get_bind().dialect.name == "sqlite":
        for verb, name in ((f"UPDATE OF {_WORDS}", "update"), ("DELETE", "delete")):
            op.execute(
                f"CREATE TRIGGER counselling_notes_no_{name} BEFORE {verb} ON counselling_notes "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_note_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER counselling_notes_no_change BEFORE UPDATE OF {_WORDS} OR DELETE OR TRUNCATE "
        "ON counselling_notes FOR EACH STATEMENT EXECUTE FUNCTION refuse_note_change()"
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_note_change()")

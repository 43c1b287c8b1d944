"""Registers of classes, and what residents learn: competencies, school, certificates, conduct, independence.

Revision: 0015, after 0014.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PRESENCE = ("present", "late", "ill", "excused", "absent", "refused", "internship")
SCHOOL_STATES = ("enrolled", "studying", "exam", "passed", "stopped")


def upgrade() -> None:
    _create_stage_items()
    _create_competencies()
    _create_class_registers()
    _create_competency_checks()
    _create_conduct_notes()
    _create_earned_certificates()
    _create_schoolings()
    _create_stage_reviews()
    _create_attendance_marks()
    _create_school_steps()
    _create_attendance_corrections()


def _create_stage_items() -> None:
    op.create_table(
        "stage_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "criterion", "privilege", name="stageitemkind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("stage BETWEEN 1 AND 4", name=op.f("ck_stage_items_stage")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_stage_items_residence_id_residences")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_items")),
        sa.UniqueConstraint(
            "residence_id", "stage", "kind", "title", name=op.f("uq_stage_items_residence_id_stage_kind_title")
        ),
    )
    with op.batch_alter_table("stage_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stage_items_residence_id"), ["residence_id"], unique=False)


def _create_competencies() -> None:
    op.create_table(
        "competencies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trade_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_competencies_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["trade_id"], ["trades.id"], name=op.f("fk_competencies_trade_id_trades")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competencies")),
        sa.UniqueConstraint("trade_id", "title", name=op.f("uq_competencies_trade_id_title")),
    )
    with op.batch_alter_table("competencies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_competencies_residence_id"), ["residence_id"], unique=False)


def _create_class_registers() -> None:
    op.create_table(
        "class_registers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("instructor_id", sa.Integer(), nullable=True),
        sa.Column("is_held", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("not_held_reason", sa.Text(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_by_id", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("is_held OR not_held_reason IS NOT NULL", name=op.f("ck_class_registers_reason")),
        sa.CheckConstraint("start_minute >= 0 AND start_minute < end_minute", name=op.f("ck_class_registers_order")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["teaching_groups.id"], name=op.f("fk_class_registers_group_id_teaching_groups")
        ),
        sa.ForeignKeyConstraint(["instructor_id"], ["staff.id"], name=op.f("fk_class_registers_instructor_id_staff")),
        sa.ForeignKeyConstraint(["kept_by_id"], ["users.id"], name=op.f("fk_class_registers_kept_by_id_users")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_class_registers_plan_id_plans")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_class_registers_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["saved_by_id"], ["users.id"], name=op.f("fk_class_registers_saved_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_registers")),
        sa.UniqueConstraint(
            "group_id", "held_on", "start_minute", name=op.f("uq_class_registers_group_id_held_on_start_minute")
        ),
    )
    with op.batch_alter_table("class_registers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_class_registers_held_on"), ["held_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_class_registers_residence_id"), ["residence_id"], unique=False)


def _create_competency_checks() -> None:
    op.create_table(
        "competency_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_competency_checks_competency_id_competencies")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_competency_checks_recorded_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_competency_checks_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_competency_checks_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_competency_checks_stay_id_stays")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["users.id"], name=op.f("fk_competency_checks_withdrawn_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competency_checks")),
    )
    with op.batch_alter_table("competency_checks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_competency_checks_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_competency_checks_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_competency_checks_stay_id"), ["stay_id"], unique=False)
        batch_op.create_index(
            "uq_competency_checks_competency_id_standing",
            ["competency_id", "resident_id"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )


def _create_conduct_notes() -> None:
    op.create_table(
        "conduct_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "tone",
            sa.Enum("praise", "concern", name="tone", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "area",
            sa.Enum(
                "effort",
                "punctuality",
                "cooperation",
                "responsibility",
                "respect",
                "initiative",
                "self_care",
                name="conductarea",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("tone = 'concern' OR is_shared", name=op.f("ck_conduct_notes_praise_is_shared")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_conduct_notes_recorded_by_id_users")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_conduct_notes_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_conduct_notes_resident_id_residents")),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_conduct_notes_stay_id_stays")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["users.id"], name=op.f("fk_conduct_notes_withdrawn_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conduct_notes")),
    )
    with op.batch_alter_table("conduct_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conduct_notes_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conduct_notes_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conduct_notes_stay_id"), ["stay_id"], unique=False)


def _create_earned_certificates() -> None:
    op.create_table(
        "earned_certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("issuer", sa.String(length=160), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("earned_on", sa.Date(), nullable=False),
        sa.Column("trade_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_earned_certificates_recorded_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_earned_certificates_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_earned_certificates_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_earned_certificates_stay_id_stays")),
        sa.ForeignKeyConstraint(["trade_id"], ["trades.id"], name=op.f("fk_earned_certificates_trade_id_trades")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["users.id"], name=op.f("fk_earned_certificates_withdrawn_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earned_certificates")),
    )
    with op.batch_alter_table("earned_certificates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_earned_certificates_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_earned_certificates_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_earned_certificates_stay_id"), ["stay_id"], unique=False)


def _create_schoolings() -> None:
    op.create_table(
        "schoolings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "programme",
            sa.Enum(
                "paket_a",
                "paket_b",
                "paket_c",
                "school",
                "course",
                name="programme",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("provider", sa.String(length=160), nullable=False),
        sa.Column("grade", sa.String(length=60), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*SCHOOL_STATES, name="schoolstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_schoolings_recorded_by_id_users")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_schoolings_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_schoolings_resident_id_residents")),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_schoolings_stay_id_stays")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["users.id"], name=op.f("fk_schoolings_withdrawn_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schoolings")),
    )
    with op.batch_alter_table("schoolings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_schoolings_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_schoolings_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_schoolings_stay_id"), ["stay_id"], unique=False)


def _create_stage_reviews() -> None:
    op.create_table(
        "stage_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("stage_before", sa.Integer(), nullable=False),
        sa.Column("stage_after", sa.Integer(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("own_words", sa.Text(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("review_on > held_on", name=op.f("ck_stage_reviews_order")),
        sa.CheckConstraint("stage_after - stage_before BETWEEN -1 AND 1", name=op.f("ck_stage_reviews_one_step")),
        sa.CheckConstraint(
            "stage_before BETWEEN 1 AND 4 AND stage_after BETWEEN 1 AND 4", name=op.f("ck_stage_reviews_stages")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_stage_reviews_recorded_by_id_users")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_stage_reviews_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_stage_reviews_resident_id_residents")),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_stage_reviews_stay_id_stays")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["users.id"], name=op.f("fk_stage_reviews_withdrawn_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_reviews")),
    )
    with op.batch_alter_table("stage_reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stage_reviews_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stage_reviews_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stage_reviews_stay_id"), ["stay_id"], unique=False)


def _create_attendance_marks() -> None:
    op.create_table(
        "attendance_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column(
            "presence",
            sa.Enum(*PRESENCE, name="presence", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["register_id"], ["class_registers.id"], name=op.f("fk_attendance_marks_register_id_class_registers")
        ),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_attendance_marks_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_attendance_marks_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_attendance_marks_stay_id_stays")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_marks")),
        sa.UniqueConstraint("register_id", "resident_id", name=op.f("uq_attendance_marks_register_id_resident_id")),
    )
    with op.batch_alter_table("attendance_marks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendance_marks_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attendance_marks_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attendance_marks_stay_id"), ["stay_id"], unique=False)


def _create_school_steps() -> None:
    op.create_table(
        "school_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("schooling_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*SCHOOL_STATES, name="schoolstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("grade", sa.String(length=60), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_school_steps_made_by_id_users")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_school_steps_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_school_steps_resident_id_residents")),
        sa.ForeignKeyConstraint(
            ["schooling_id"], ["schoolings.id"], name=op.f("fk_school_steps_schooling_id_schoolings")
        ),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_school_steps_stay_id_stays")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_steps")),
    )
    with op.batch_alter_table("school_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_steps_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_school_steps_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_school_steps_schooling_id"), ["schooling_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_school_steps_stay_id"), ["stay_id"], unique=False)


def _create_attendance_corrections() -> None:
    op.create_table(
        "attendance_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column(
            "was", sa.Enum(*PRESENCE, name="was", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column(
            "became",
            sa.Enum(*PRESENCE, name="became", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_attendance_corrections_made_by_id_users")),
        sa.ForeignKeyConstraint(
            ["mark_id"], ["attendance_marks.id"], name=op.f("fk_attendance_corrections_mark_id_attendance_marks")
        ),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_attendance_corrections_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_attendance_corrections_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_attendance_corrections_stay_id_stays")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_corrections")),
    )
    with op.batch_alter_table("attendance_corrections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendance_corrections_mark_id"), ["mark_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attendance_corrections_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attendance_corrections_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attendance_corrections_stay_id"), ["stay_id"], unique=False)


def downgrade() -> None:
    for table in (
        "attendance_corrections",
        "school_steps",
        "attendance_marks",
        "stage_reviews",
        "schoolings",
        "earned_certificates",
        "conduct_notes",
        "competency_checks",
        "class_registers",
        "competencies",
        "stage_items",
    ):
        op.drop_table(table)

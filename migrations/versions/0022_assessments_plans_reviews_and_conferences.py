"""Assessments, individual plans with their reviews, case conferences, and what the planner counts with.

Revision: 0022, after 0021.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLES = (  # in the order of their making
    "care_rules",
    "aptitudes",
    "assessments",
    "case_conferences",
    "fact_confirmations",
    "service_plans",
    "assessment_scores",
    "conference_decisions",
    "conference_participants",
    "own_answers",
    "plan_reviews",
    "rpi_agreements",
    "service_goals",
    "service_steps",
)


def upgrade() -> None:
    _create_care_rules()
    _create_aptitudes()
    _create_assessments()
    _create_case_conferences()
    _create_fact_confirmations()
    _create_service_plans()
    _create_assessment_scores()
    _create_conference_decisions()
    _create_conference_participants()
    _create_own_answers()
    _create_plan_reviews()
    _create_rpi_agreements()
    _create_service_goals()
    _create_service_steps()


def _create_care_rules() -> None:
    op.create_table(
        "care_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_days", sa.Integer(), nullable=False),
        sa.Column("middle_days", sa.Integer(), nullable=False),
        sa.Column("exit_days", sa.Integer(), nullable=False),
        sa.Column("plan_days", sa.Integer(), nullable=False),
        sa.Column("review_days", sa.Integer(), nullable=False),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("review_days BETWEEN 7 AND 366", name=op.f("ck_care_rules_review_days")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_care_rules_residence_id_residences")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_rules")),
        sa.UniqueConstraint("residence_id", name=op.f("uq_care_rules_residence_id")),
    )
    with op.batch_alter_table("care_rules", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_care_rules_residence_id"), ["residence_id"], unique=False)


def _create_aptitudes() -> None:
    op.create_table(
        "aptitudes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("trade_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name=op.f("ck_aptitudes_level")),
        sa.ForeignKeyConstraint(["residence_id"], ["residences.id"], name=op.f("fk_aptitudes_residence_id_residences")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_aptitudes_resident_id_residents")),
        sa.ForeignKeyConstraint(["trade_id"], ["trades.id"], name=op.f("fk_aptitudes_trade_id_trades")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aptitudes")),
        sa.UniqueConstraint("resident_id", "trade_id", name=op.f("uq_aptitudes_resident_id_trade_id")),
    )
    with op.batch_alter_table("aptitudes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aptitudes_residence_id"), ["residence_id"], unique=False)


def _create_assessments() -> None:
    op.create_table(
        "assessments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=True),
        sa.Column(
            "point",
            sa.Enum("entry", "middle", "exit", name="point", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("assessed_by_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assessed_by_id"], ["users.id"], name=op.f("fk_assessments_assessed_by_id_users")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_assessments_cycle_id_cycles")),
        sa.ForeignKeyConstraint(["finished_by_id"], ["users.id"], name=op.f("fk_assessments_finished_by_id_users")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_assessments_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_assessments_resident_id_residents")),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_assessments_stay_id_stays")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
        sa.UniqueConstraint("stay_id", "cycle_id", "point", name=op.f("uq_assessments_stay_id_cycle_id_point")),
    )
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessments_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessments_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessments_resident_id"), ["resident_id"], unique=False)


def _create_case_conferences() -> None:
    op.create_table(
        "case_conferences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("resident_took_part", sa.Boolean(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_case_conferences_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_case_conferences_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_case_conferences_stay_id_stays")),
        sa.ForeignKeyConstraint(["written_by_id"], ["users.id"], name=op.f("fk_case_conferences_written_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_conferences")),
    )
    with op.batch_alter_table("case_conferences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_conferences_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_conferences_resident_id"), ["resident_id"], unique=False)


def _create_fact_confirmations() -> None:
    op.create_table(
        "fact_confirmations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column(
            "fact",
            sa.Enum(
                "aptitude",
                "needs",
                "stage",
                "education",
                "apart",
                name="plannerfact",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["users.id"], name=op.f("fk_fact_confirmations_confirmed_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_fact_confirmations_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_fact_confirmations_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_fact_confirmations_stay_id_stays")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_confirmations")),
    )
    with op.batch_alter_table("fact_confirmations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fact_confirmations_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_fact_confirmations_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index("ix_fact_confirmations_stay_id_fact", ["stay_id", "fact"], unique=False)


def _create_service_plans() -> None:
    op.create_table(
        "service_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "agreed",
                "replaced",
                "ended",
                name="rpistate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("strengths", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_service_plans_made_by_id_users")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_service_plans_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_service_plans_resident_id_residents")),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_service_plans_stay_id_stays")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_plans")),
        sa.UniqueConstraint("stay_id", "number", name=op.f("uq_service_plans_stay_id_number")),
    )
    with op.batch_alter_table("service_plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_plans_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_service_plans_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(
            "uq_service_plans_stay_id_agreed",
            ["stay_id"],
            unique=True,
            sqlite_where=sa.text("state = 'agreed'"),
            postgresql_where=sa.text("state = 'agreed'"),
        )
        batch_op.create_index(
            "uq_service_plans_stay_id_draft",
            ["stay_id"],
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )


def _create_assessment_scores() -> None:
    op.create_table(
        "assessment_scores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("worker", "resident", name="side", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "domain",
            sa.Enum(
                "physical",
                "psychosocial",
                "mental_spiritual",
                "social",
                "education",
                "vocational",
                "independence",
                name="domain",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name=op.f("ck_assessment_scores_level")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_assessment_scores_assessment_id_assessments")
        ),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_assessment_scores_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_assessment_scores_resident_id_residents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_scores")),
        sa.UniqueConstraint(
            "assessment_id", "side", "domain", name=op.f("uq_assessment_scores_assessment_id_side_domain")
        ),
    )
    with op.batch_alter_table("assessment_scores", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_scores_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_scores_resident_id"), ["resident_id"], unique=False)


def _create_conference_decisions() -> None:
    op.create_table(
        "conference_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conference_id"],
            ["case_conferences.id"],
            name=op.f("fk_conference_decisions_conference_id_case_conferences"),
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_conference_decisions_owner_id_staff")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_conference_decisions_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_conference_decisions_resident_id_residents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference_decisions")),
    )
    with op.batch_alter_table("conference_decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conference_decisions_conference_id"), ["conference_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conference_decisions_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conference_decisions_resident_id"), ["resident_id"], unique=False)


def _create_conference_participants() -> None:
    op.create_table(
        "conference_participants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("guest", sa.Text(), nullable=True),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(staff_id IS NULL) <> (guest IS NULL)", name=op.f("ck_conference_participants_staff_or_guest")
        ),
        sa.ForeignKeyConstraint(
            ["conference_id"],
            ["case_conferences.id"],
            name=op.f("fk_conference_participants_conference_id_case_conferences"),
        ),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_conference_participants_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_conference_participants_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_conference_participants_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference_participants")),
    )
    with op.batch_alter_table("conference_participants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conference_participants_conference_id"), ["conference_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conference_participants_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conference_participants_resident_id"), ["resident_id"], unique=False)


def _create_own_answers() -> None:
    op.create_table(
        "own_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_own_answers_assessment_id_assessments")
        ),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_own_answers_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_own_answers_resident_id_residents")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["users.id"], name=op.f("fk_own_answers_sent_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_answers")),
        sa.UniqueConstraint("assessment_id", name=op.f("uq_own_answers_assessment_id")),
    )
    with op.batch_alter_table("own_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_own_answers_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_own_answers_resident_id"), ["resident_id"], unique=False)


def _create_plan_reviews() -> None:
    op.create_table(
        "plan_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column(
            "result",
            sa.Enum(
                "continue", "change", "end", name="reviewresult", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("put_off_to", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(held_on IS NULL) <> (put_off_to IS NULL)", name=op.f("ck_plan_reviews_held_or_put_off")),
        sa.CheckConstraint("(held_on IS NULL) = (result IS NULL)", name=op.f("ck_plan_reviews_result")),
        sa.CheckConstraint("put_off_to > due_on", name=op.f("ck_plan_reviews_order")),
        sa.ForeignKeyConstraint(["plan_id"], ["service_plans.id"], name=op.f("fk_plan_reviews_plan_id_service_plans")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_plan_reviews_recorded_by_id_users")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_plan_reviews_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_plan_reviews_resident_id_residents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_reviews")),
    )
    with op.batch_alter_table("plan_reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_reviews_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_reviews_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_reviews_resident_id"), ["resident_id"], unique=False)


def _create_rpi_agreements() -> None:
    op.create_table(
        "rpi_agreements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column(
            "party",
            sa.Enum(
                "resident", "counsellor", "guardian", name="party", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "method",
            sa.Enum(
                "signed_in",
                "on_paper",
                "spoken",
                name="agreementmethod",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["service_plans.id"], name=op.f("fk_rpi_agreements_plan_id_service_plans")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_rpi_agreements_recorded_by_id_users")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_rpi_agreements_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_rpi_agreements_resident_id_residents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rpi_agreements")),
    )
    with op.batch_alter_table("rpi_agreements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rpi_agreements_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rpi_agreements_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(
            "uq_rpi_agreements_plan_id_party",
            ["plan_id", "party"],
            unique=True,
            sqlite_where=sa.text("withdrawn_on IS NULL"),
            postgresql_where=sa.text("withdrawn_on IS NULL"),
        )


def _create_service_goals() -> None:
    op.create_table(
        "service_goals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "domain",
            sa.Enum(
                "physical",
                "psychosocial",
                "mental_spiritual",
                "social",
                "education",
                "vocational",
                "independence",
                name="domain",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=True),
        sa.Column("target_level", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "reached", "dropped", name="goalstate", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closing", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("target_level BETWEEN 1 AND 5", name=op.f("ck_service_goals_target_level")),
        sa.ForeignKeyConstraint(["plan_id"], ["service_plans.id"], name=op.f("fk_service_goals_plan_id_service_plans")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_service_goals_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_service_goals_resident_id_residents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_goals")),
    )
    with op.batch_alter_table("service_goals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_goals_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_service_goals_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_service_goals_resident_id"), ["resident_id"], unique=False)


def _create_service_steps() -> None:
    op.create_table(
        "service_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column(
            "doer",
            sa.Enum(
                "resident",
                "staff",
                "family",
                "partner",
                name="doer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        sa.Column("closing", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(doer = 'staff') = (staff_id IS NOT NULL)", name=op.f("ck_service_steps_doer_named")),
        sa.ForeignKeyConstraint(["done_by_id"], ["users.id"], name=op.f("fk_service_steps_done_by_id_users")),
        sa.ForeignKeyConstraint(["goal_id"], ["service_goals.id"], name=op.f("fk_service_steps_goal_id_service_goals")),
        sa.ForeignKeyConstraint(
            ["residence_id"], ["residences.id"], name=op.f("fk_service_steps_residence_id_residences")
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_service_steps_resident_id_residents")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_service_steps_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_steps")),
    )
    with op.batch_alter_table("service_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_steps_goal_id"), ["goal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_service_steps_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index("ix_service_steps_resident_id_due_on", ["resident_id", "due_on"], unique=False)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)

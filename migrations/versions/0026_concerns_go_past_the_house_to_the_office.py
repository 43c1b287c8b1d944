"""Safeguarding concerns belong to the office above the house; the office can suspend an account.

Revision: 0026, after 0025.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLES = ("safeguarding_concerns", "concern_steps", "concern_entries")
_VERBS = (
    "reported opened taken handed clock_started police step_set step_done told wrote held let_go closed reopened"
).split()
_REPORTED = "kind, about, about_key, about_name, words, reporter, reporter_role, reported_at, receipt_digest"
_REFUSAL = "concerns are append-only"


def _time(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _user(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["users.id"], name=op.f(f"fk_{table}_{column}_users"))


def _house(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["residence_id"], ["residences.id"], name=op.f(f"fk_{table}_residence_id_residences")
    )


def _concern(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_concern_id_safeguarding_concerns")
    return sa.ForeignKeyConstraint(["concern_id"], ["safeguarding_concerns.id"], name=name)


def upgrade() -> None:
    op.add_column("users", sa.Column("is_held", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "safeguarding_concerns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("receipt_digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("about_key", sa.Text(), nullable=True),
        sa.Column("about_name", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reporter", sa.Text(), nullable=True),
        sa.Column("reporter_role", sa.Text(), nullable=True),
        _time("reported_at", nullable=False),
        _time("clock_started_at"),
        sa.Column("police_reference", sa.Text(), nullable=True),
        _time("police_reported_at"),
        sa.Column("handler_id", sa.Integer(), nullable=True),
        sa.Column("held_key", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        _time("closed_at"),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        _user("safeguarding_concerns", "handler_id"),
        _house("safeguarding_concerns"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safeguarding_concerns")),
        sa.UniqueConstraint("receipt_digest", name=op.f("uq_safeguarding_concerns_receipt_digest")),
    )
    op.create_table(
        "concern_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        _time("done_at"),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        _concern("concern_steps"),
        _user("concern_steps", "owner_id"),
        _house("concern_steps"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_steps")),
    )
    op.create_table(
        "concern_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        _time("at", nullable=False),
        sa.Column(
            "verb",
            sa.Enum(*_VERBS, name="concernverb", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        _concern("concern_entries"),
        _user("concern_entries", "actor_id"),
        _house("concern_entries"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_entries")),
    )
    for table in TABLES:
        op.create_index(op.f(f"ix_{table}_residence_id"), table, ["residence_id"])
    for table in TABLES[1:]:
        op.create_index(op.f(f"ix_{table}_concern_id"), table, ["concern_id"])
    op.create_index(op.f("ix_concern_steps_owner_id"), "concern_steps", ["owner_id"])
    _keep_what_was_reported()


def _keep_what_was_reported() -> None:
    """The database itself refuses to delete a concern, to change what was reported or a line of its trail, and to set a
    clock anew that runs. A migration that makes these tables anew on SQLite must make the triggers anew."""
    concerns, steps, entries = TABLES
    if op.get_bind().dialect.name == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        op.execute(f"CREATE TRIGGER {concerns}_no_update BEFORE UPDATE OF {_REPORTED} ON {concerns} {refuse}")
        op.execute(
            f"CREATE TRIGGER {concerns}_no_reset BEFORE UPDATE OF clock_started_at ON {concerns} "
            f"WHEN OLD.clock_started_at IS NOT NULL {refuse}"
        )
        op.execute(f"CREATE TRIGGER {entries}_no_update BEFORE UPDATE ON {entries} {refuse}")
        for table in TABLES:
            op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
        return
    op.execute(
        "CREATE FUNCTION refuse_concern_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
    )
    refuse = "EXECUTE FUNCTION refuse_concern_change()"
    for table, verbs in (
        (concerns, f"UPDATE OF {_REPORTED} OR DELETE OR TRUNCATE"),
        (steps, "DELETE OR TRUNCATE"),
        (entries, "UPDATE OR DELETE OR TRUNCATE"),
    ):
        op.execute(f"CREATE TRIGGER {table}_no_change BEFORE {verbs} ON {table} FOR EACH STATEMENT {refuse}")
    op.execute(
        f"CREATE TRIGGER {concerns}_no_reset BEFORE UPDATE OF clock_started_at ON {concerns} "
        f"FOR EACH ROW WHEN (OLD.clock_started_at IS NOT NULL) {refuse}"
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_concern_change()")
    op.drop_column("users", "is_held")

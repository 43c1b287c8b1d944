"""Files whose period is over are destroyed by two people; the trail and notes let go of words then, and only then.

A destruction that stands at ``erasing`` exists within one transaction only. While it does, the trail lets the words of
an act be emptied (never an act itself), and counselling notes their body.

Revision: 0035, after 0034.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_STATES = ("proposed", "withdrawn", "erasing", "done")
_KEYS = (
    ("resident_id", "residents"),
    ("proposed_by_id", "users"),
    ("confirmed_by_id", "users"),
    ("residence_id", "residences"),
)
_TRAIL, _NOTES = "the audit trail is append-only", "what is written about counselling is append-only"
_ACT = ("id", "at", "residence_id", "actor_id", "verb", "subject_type", "subject_id", "resident_id")
_NOTE = ("session_id", "author_id", "amends_id", "written_at")


def _same(columns: tuple[str, ...], same: str) -> str:
    return " AND ".join(f"NEW.{name} {same} OLD.{name}" for name in columns)


def _erasing(which: str) -> str:
    return f"EXISTS (SELECT 1 FROM destructions WHERE destructions.state = 'erasing' AND {which})"


def _allowed(same: str, changes: str) -> tuple[str, str]:
    """What an act of the trail and a note may become while a file is erased."""
    of_house = _erasing(f"destructions.residence_id {same} OLD.residence_id")
    return f"{changes} = '{{}}' AND {_same(_ACT, same)} AND {of_house}", f"{_same(_NOTE, same)} AND {of_house}"


def upgrade() -> None:
    op.add_column("residents", sa.Column("destroyed_on", sa.Date(), nullable=True))
    op.create_table(
        "destructions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*_STATES, name="destructionstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("due_since", sa.Date(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("rule", sa.String(length=400), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("erased", sa.JSON(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'done') = (sequence IS NOT NULL)", name=op.f("ck_destructions_number")),
        sa.CheckConstraint(
            "state NOT IN ('done', 'erasing') OR (confirmed_by_id IS NOT NULL AND confirmed_by_id <> proposed_by_id)",
            name=op.f("ck_destructions_second_person"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_destructions_{column}_{table}"))
            for column, table in _KEYS
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destructions")),
        sa.UniqueConstraint(
            "residence_id", "year", "sequence", name=op.f("uq_destructions_residence_id_year_sequence")
        ),
    )
    with op.batch_alter_table("destructions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_destructions_residence_id"), ["residence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_destructions_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(
            "uq_destructions_resident_id_standing",
            ["resident_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'withdrawn'"),
            postgresql_where=sa.text("state <> 'withdrawn'"),
        )
    if op.get_bind().dialect.name == "sqlite":
        _on_sqlite()
    else:
        _on_postgresql()


def _on_sqlite() -> None:
    act, note = _allowed("IS", "NEW.changes")
    op.execute("DROP TRIGGER audit_entries_no_update")
    op.execute(
        "CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries "
        f"WHEN NOT ({act}) BEGIN SELECT RAISE(ABORT, '{_TRAIL}'); END"
    )
    op.execute("DROP TRIGGER counselling_notes_no_update")
    op.execute(
        f"CREATE TRIGGER counselling_notes_no_update BEFORE UPDATE OF {', '.join(_NOTE)}, body ON counselling_notes "
        f"WHEN NOT ({note}) BEGIN SELECT RAISE(ABORT, '{_NOTES}'); END"
    )


def _on_postgresql() -> None:
    act, note = _allowed("IS NOT DISTINCT FROM", "NEW.changes::text")
    for table, name, columns, allowed, refusal, old in (
        ("audit_entries", "act", "", act, _TRAIL, "refuse_audit_change"),
        ("counselling_notes", "note", f" OF {', '.join(_NOTE)}, body", note, _NOTES, "refuse_note_change"),
    ):
        op.execute(f"DROP TRIGGER {table}_no_change ON {table}")
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {old}()"
        )
        op.execute(
            f"CREATE FUNCTION refuse_{name}_but_erasing() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {allowed} THEN RETURN NEW; END IF; RAISE EXCEPTION '{refusal}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{columns} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_{name}_but_erasing()"
        )


def downgrade() -> None:
    note = f"{', '.join(_NOTE)}, body"
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_entries_no_update")
        op.execute(
            "CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries "
            f"BEGIN SELECT RAISE(ABORT, '{_TRAIL}'); END"
        )
        op.execute("DROP TRIGGER counselling_notes_no_update")
        op.execute(
            f"CREATE TRIGGER counselling_notes_no_update BEFORE UPDATE OF {note} ON counselling_notes "
            f"BEGIN SELECT RAISE(ABORT, '{_NOTES}'); END"
        )
    else:
        for table, name, columns, old in (
            ("audit_entries", "act", "", "refuse_audit_change"),
            ("counselling_notes", "note", f" OF {note}", "refuse_note_change"),
        ):
            op.execute(f"DROP TRIGGER {table}_no_update ON {table}")
            op.execute(f"DROP FUNCTION refuse_{name}_but_erasing()")
            op.execute(f"DROP TRIGGER {table}_no_change ON {table}")
            op.execute(
                f"CREATE TRIGGER {table}_no_change BEFORE UPDATE{columns} OR DELETE OR TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {old}()"
            )
    op.drop_table("destructions")
    with op.batch_alter_table("residents", schema=None) as batch_op:
        batch_op.drop_column("destroyed_on")

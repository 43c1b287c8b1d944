"""What somebody needs, answers and shows is encrypted: needs, warning signs, answers in aftercare, criteria of a stage,
levels of an assessment, religion, and the planner's problem, which names needs (UU 27/2022 art. 4).

The old values do not stay behind: the old column is blanked before it goes, SQLite overwrites what it frees, and
PostgreSQL's next VACUUM takes the old rows.

Revision: 0031, after 0030.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from foyer.database import field_cipher

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

LISTS = (  # table, column, what the old column is blanked with
    ("stays", "needs", []),
    ("referrals", "needs", []),
    ("rapid_responses", "signs", []),
    ("aftercare_contacts", "answers", {}),
    ("stage_reviews", "criteria", []),
)
_BLOCK = 64
_AT_ONCE = 200


def upgrade() -> None:
    _overwrite()
    for table, column, blank in LISTS:
        _rewrite(table, column, (sa.JSON(), sa.Text()), _sealed_list, blank)
    with op.batch_alter_table("assessment_scores", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_assessment_scores_level"), type_="check")
    _rewrite("assessment_scores", "level", (sa.Integer(), sa.Text()), _sealed_list, 1)
    _rewrite("residents", "religion", (sa.String(60), sa.Text()), _sealed, "")
    _rewrite("plans", "problem", (sa.Text(), sa.Text()), _sealed, "")


def downgrade() -> None:
    _overwrite()
    for table, column, _blank in LISTS:
        _rewrite(table, column, (sa.Text(), sa.JSON()), _opened_list, "")
    _rewrite("assessment_scores", "level", (sa.Text(), sa.Integer()), _opened_list, "")
    with op.batch_alter_table("assessment_scores", schema=None) as batch_op:
        batch_op.create_check_constraint(batch_op.f("ck_assessment_scores_level"), "level BETWEEN 1 AND 5")
    _rewrite("residents", "religion", (sa.Text(), sa.String(60)), _opened, "")
    _rewrite("plans", "problem", (sa.Text(), sa.Text()), _opened, "")


def _overwrite() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA secure_delete = ON")


def _rewrite(table: str, column: str, types: tuple[Any, Any], convert: Callable[[Any], Any], blank: Any) -> None:
    """Convert every value into a second column, which then takes the name of the first."""
    spare, (was, new) = f"{column}_anew", types
    op.add_column(table, sa.Column(spare, new, nullable=True))
    rows = sa.table(table, sa.column("id", sa.Integer), sa.column(column, was), sa.column(spare, new))
    anew = sa.update(rows).where(rows.c.id == sa.bindparam("row_id"))
    anew = anew.values({spare: sa.bindparam("value", type_=new), column: sa.literal(blank, was)})
    for batch in _batches(rows, column):
        op.get_bind().execute(anew, [{"row_id": row_id, "value": convert(value)} for row_id, value in batch])
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_column(column)
        batch_op.alter_column(spare, new_column_name=column, existing_type=new, nullable=False)


def _batches(rows: Any, column: str) -> Iterator[list[tuple[int, Any]]]:
    last = 0
    query = sa.select(rows.c.id, rows.c[column]).order_by(rows.c.id).limit(_AT_ONCE)
    while batch := [(row.id, row[1]) for row in op.get_bind().execute(query.where(rows.c.id > last))]:
        yield batch
        last = batch[-1][0]


def _sealed(text: str) -> str:
    return field_cipher().encrypt(text.encode()).decode()


def _sealed_list(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return field_cipher().encrypt(text.ljust(-(-len(text) // _BLOCK) * _BLOCK)).decode()


def _opened(token: str) -> str:
    return field_cipher().decrypt(token.encode()).decode()


def _opened_list(token: str) -> Any:
    return json.loads(_opened(token))

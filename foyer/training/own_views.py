"""/my-progress: what a resident has learned, in kind words, from the own record only."""

from __future__ import annotations

from flask import render_template
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.caseload.desk import desk_here
from foyer.caseload.sections import stay_that_counts
from foyer.cycles.weeks import group_title
from foyer.database import db
from foyer.paging import asked_page
from foyer.residents.models import Resident
from foyer.training import competencies, conduct, independence, registers, schooling
from foyer.training.blueprint import training
from foyer.training.models import HERE
from foyer.training.progress_views import trades_of


@training.get("/my-progress")
@allow(Role.RESIDENT)
def own_progress() -> str:
    """Everything that the house wrote down about one's learning and may be shared. No comparison, no score."""
    desk = desk_here()
    resident = db.session.scalar(
        select(Resident).where(Resident.user_id == current_user.id).options(selectinload(Resident.stays))
    )
    if resident is None:
        return render_template("training/own.html", resident=None)
    stay = stay_that_counts(resident, desk)
    items = independence.list_items()
    stage = stay.independence_stage if stay else 1
    return render_template(
        "training/own.html",
        desk=desk,
        resident=resident,
        skills=competencies.skills_of(resident.id, trades_of(desk, resident.id)),
        taken_part=[
            (group_title(group), sum(count for kind, count in counts.items() if kind in HERE), sum(counts.values()))
            for _cycle, group, counts in registers.attendance_of(resident.id)
        ],
        schoolings=schooling.schoolings_of(resident.id),
        certificates=conduct.certificates_of(resident.id),
        notes=conduct.shared_notes(resident.id, asked_page("notes")),
        stage=stage,
        next_stage=independence.looked_at(stage),
        asked=independence.criteria_for(items, independence.looked_at(stage)),
        allowed=independence.privileges_up_to(items, stage),
        review=next(iter(independence.reviews_of(resident.id)), None),
    )

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foyer.audit.trail import Audited
from foyer.database import HouseRow, Model, Versioned, choice_column


class Component(StrEnum):
    """The seven components of ATENSI, in the order of Permensos 7/2021 (amended by 7/2022)."""

    LIVING = "living"  # dukungan pemenuhan kebutuhan hidup layak
    CARE = "care"  # perawatan sosial dan/atau pengasuhan anak
    FAMILY = "family"  # dukungan keluarga
    THERAPY = "therapy"  # terapi fisik, psikososial, mental spiritual
    VOCATIONAL = "vocational"  # pelatihan vokasional dan pembinaan kewirausahaan
    ASSISTANCE = "assistance"  # bantuan sosial dan asistensi sosial
    ACCESS = "access"  # dukungan aksesibilitas


class Service(StrEnum):
    """Kinds of service that the house's records tell apart; each belongs to one component."""

    HOUSING = "housing"
    ASSESSMENT = "assessment"
    PLAN_REVIEW = "plan_review"
    COUNSELLING = "counselling"
    GROUP_COUNSELLING = "group_counselling"
    FAMILY_COUNSELLING = "family_counselling"
    TRADE = "trade"
    EDUCATION = "education"
    EXIT = "exit"
    AFTERCARE = "aftercare"
    WHEELCHAIR = "wheelchair"


# Ours, until the house says otherwise: the regulation names the components and leaves to the house which act is which.
USUAL = {
    Service.HOUSING: Component.LIVING,
    Service.ASSESSMENT: Component.CARE,
    Service.PLAN_REVIEW: Component.CARE,
    Service.COUNSELLING: Component.THERAPY,
    Service.GROUP_COUNSELLING: Component.THERAPY,
    Service.FAMILY_COUNSELLING: Component.FAMILY,
    Service.TRADE: Component.VOCATIONAL,
    Service.EDUCATION: Component.CARE,
    Service.EXIT: Component.ASSISTANCE,
    Service.AFTERCARE: Component.ASSISTANCE,
    Service.WHEELCHAIR: Component.ACCESS,
}


class ServiceComponent(Versioned, Audited, HouseRow, Model):
    """That this house counts a service to another component than usual."""

    __tablename__ = "service_components"
    __table_args__ = (UniqueConstraint("residence_id", "service"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    service: Mapped[Service] = mapped_column(choice_column(Service, "atensiservice"))
    component: Mapped[Component] = mapped_column(choice_column(Component, "atensicomponent"))

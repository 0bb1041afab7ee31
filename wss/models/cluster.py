"""Weekly counts of complaints, the clusters among them, and what an EE has reported of them to the circle."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base, BigKey

IS_ANNOUNCED = text("announced_at IS NOT NULL")


class Cluster(Base):
    """The complaints of an office, a reason and a bill basis in a week, which begins on a Monday.

    `registered` counts those that were not withdrawn, `open_requests` those that have not ended; the worker keeps
    both. A row is a cluster once it has `announced_at`, with the usual number of that moment in tenths.
    """

    __tablename__ = "cluster"
    __table_args__ = (
        UniqueConstraint("week", "office_code", "reason", "basis"),
        Index(
            "ix_cluster_announced",
            "week",
            "office_code",
            sqlite_where=IS_ANNOUNCED,
            postgresql_where=IS_ANNOUNCED,
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    week: Mapped[date]
    office_code: Mapped[str] = mapped_column(ForeignKey("office.code"))
    reason: Mapped[str] = mapped_column(String(40))
    basis: Mapped[str] = mapped_column(String(4))
    registered: Mapped[int]
    open_requests: Mapped[int]
    usual_tenths: Mapped[int | None]
    announced_at: Mapped[datetime | None]


class ClusterReport(Base):
    """What an EE has reported of a cluster to the post above: at most one report for each cluster."""

    __tablename__ = "cluster_report"
    __table_args__ = (Index("ix_cluster_report_post", "office_code", "role"),)

    cluster_id: Mapped[int] = mapped_column(ForeignKey("cluster.id"), primary_key=True)
    office_code: Mapped[str] = mapped_column(ForeignKey("office.code"))
    role: Mapped[str] = mapped_column(String(24))
    sentence: Mapped[str] = mapped_column(String(500))
    reported_by: Mapped[str] = mapped_column(ForeignKey("staff.employee_id"))
    reported_at: Mapped[datetime]
    seen_by: Mapped[str | None] = mapped_column(ForeignKey("staff.employee_id"))
    seen_at: Mapped[datetime | None]

"""Offices: the tree from the discom down to sub-divisions."""

from sqlalchemy import BigInteger, Boolean, ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base


class Office(Base):
    """An office. `path` is the chain of codes from the discom down, separated by slashes, for queries of a
    subtree.

    In a `pooled` office the queue assigns the most urgent request and employees do not choose. `close_on_silence`
    of a discom says whether a resolved request is closed when its consumer does not answer; NULL means the site's
    setting. `payment_rule` of a discom explains paying a disputed bill to consumers; empty means a neutral sentence.
    `payment_rule_source` says where the rule is from.

    `interim_rule` (with its months, and its source in both languages) computes the sum that a discom accepts while a
    complaint about a bill is open; it is used only with `interim_on`.

    `batch_approval` of a discom: small proposals can be approved together, by the rules in the columns that follow
    it (domain/batch_approval.py).
    """

    __tablename__ = "office"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("office.code"))
    level: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(200))
    name_hi: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    path: Mapped[str] = mapped_column(String(220), index=True)
    pooled: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    close_on_silence: Mapped[bool | None] = mapped_column(Boolean)
    payment_rule: Mapped[str] = mapped_column(String(500), default="", server_default="")
    payment_rule_hi: Mapped[str] = mapped_column(String(500), default="", server_default="")
    payment_rule_source: Mapped[str] = mapped_column(String(200), default="", server_default="")
    interim_rule: Mapped[str] = mapped_column(String(20), default="", server_default="")
    interim_months: Mapped[int | None]
    interim_source: Mapped[str] = mapped_column(String(200), default="", server_default="")
    interim_source_hi: Mapped[str] = mapped_column(String(200), default="", server_default="")
    interim_on: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    batch_approval: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    batch_each_paise: Mapped[int | None] = mapped_column(BigInteger)
    batch_day_paise: Mapped[int | None] = mapped_column(BigInteger)
    batch_maker_paise: Mapped[int | None] = mapped_column(BigInteger)
    batch_sample_percent: Mapped[int | None]
    batch_source: Mapped[str] = mapped_column(String(200), default="", server_default="")

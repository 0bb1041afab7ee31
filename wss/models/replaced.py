"""Former addresses of a consumer's recovery, kept while the change can be undone."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base, BigKey


class Replaced(Base):
    """One change: `what` was changed and its `former` value: an e-mail address, a mobile, or the account number
    that was added. A former password is not kept."""

    __tablename__ = "replaced"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"), index=True)
    what: Mapped[str] = mapped_column(String(20))
    former: Mapped[str | None] = mapped_column(String(200))
    was_confirmed: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(index=True)

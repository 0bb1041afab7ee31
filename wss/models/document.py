"""Documents: photos and papers of a draft or a request, and photos of meters."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base


class Document(Base):
    """A stored document (re-encoded, without metadata).

    `scan`: not_scanned, pending, clean or infected. `pages` is the number of pages of a PDF that can be shown as
    pictures; `digest` is that of the file as uploaded.
    """

    __tablename__ = "document"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    consumer_id: Mapped[int | None] = mapped_column(ForeignKey("consumer.id"), index=True)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("draft.id"), index=True)
    service_request_id: Mapped[int | None] = mapped_column(ForeignKey("service_request.id"), index=True)
    generated_bill_id: Mapped[int | None] = mapped_column(ForeignKey("generated_bill.id"), index=True)
    label: Mapped[str] = mapped_column(String(100))
    media_type: Mapped[str] = mapped_column(String(20))
    size: Mapped[int]
    pages: Mapped[int | None]
    digest: Mapped[str | None] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(80))
    scan: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime]

"""Facts about the installation: its id, whether it has demo data, and some of its documents."""

from datetime import datetime, timedelta

from sqlalchemy import select

from wss.db import insert, session
from wss.models import Document, InstallationFact

_ID, _DEMO, _CLOCK = "id", "demo", "clock_ahead"


def installation_id() -> str:
    """Return the id of this installation: 32 hex digits."""
    statement = select(InstallationFact.value).where(InstallationFact.name == _ID)
    return session().execute(statement).scalar_one()


def note_demo_data(at: datetime) -> None:
    """Record that demo data were loaded."""
    statement = insert(InstallationFact.__table__).values(name=_DEMO, value=at.isoformat())
    session().execute(statement.on_conflict_do_nothing())


def has_demo_data() -> bool:
    """Return whether demo data were ever loaded."""
    statement = select(InstallationFact.name).where(InstallationFact.name == _DEMO)
    return session().execute(statement).first() is not None


def clock_ahead() -> timedelta:
    """Return by how much the clock of the demo is ahead of the real one."""
    statement = select(InstallationFact.value).where(InstallationFact.name == _CLOCK)
    return timedelta(seconds=int(session().execute(statement).scalar() or 0))


def set_clock_ahead(span: timedelta) -> None:
    """Store by how much the clock of the demo is ahead of the real one."""
    value = str(int(span.total_seconds()))
    statement = insert(InstallationFact.__table__).values(name=_CLOCK, value=value)
    session().execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def lock_demo_data() -> bool:
    """Lock the note that demo data were loaded; return whether there is one."""
    statement = select(InstallationFact.name).where(InstallationFact.name == _DEMO).with_for_update()
    return session().execute(statement).first() is not None


def some_document_keys(how_many: int) -> list[str]:
    """Return the keys of some stored documents; empty if there are none."""
    return list(session().execute(select(Document.storage_key).limit(how_many)).scalars())

"""The installation: its mark in the folder of documents, and the note that it has demo data."""

from enum import StrEnum

from wss.clock import now
from wss.db import reading, transaction
from wss.gateways import document_mark
from wss.gateways.documents import DocumentStore
from wss.queries import installation

# One that is found shows whose documents they are; not all of them have to be.
_LOOKED_FOR = 20


class StoreState(StrEnum):
    """Whose documents a folder has."""

    OURS = "ours"
    # Without a mark, but it has documents of this installation, or there are none yet.
    UNMARKED = "unmarked"
    # It has the mark of another installation.
    FOREIGN = "foreign"
    # Without a mark and without a single document of this installation.
    LOST = "lost"


def store_state(store: DocumentStore) -> StoreState:
    """Return whose documents a store has. Raises OSError if it cannot be read."""
    folder = document_mark.folder_of(store)
    if folder is None:
        return StoreState.OURS
    mark = document_mark.read_mark(folder)
    with reading():
        if mark is not None:
            is_ours = mark == installation.installation_id()
            return StoreState.OURS if is_ours else StoreState.FOREIGN
        keys = installation.some_document_keys(_LOOKED_FOR)
    return StoreState.UNMARKED if not keys or document_mark.has_any(store, keys) else StoreState.LOST


def claim_store(store: DocumentStore) -> StoreState:
    """Return whose documents a store has. One of this installation is marked, and used only while it has the mark.

    Raises OSError.
    """
    state, folder = store_state(store), document_mark.folder_of(store)
    if state is StoreState.UNMARKED and folder is not None:
        with reading():
            own = installation.installation_id()
        document_mark.write_mark(folder, own)
        state = StoreState.OURS
    if state is StoreState.OURS:
        document_mark.require_mark(store)
    return state


def note_demo_data() -> None:
    """Record that this installation has demo data, with which production does not start."""
    with transaction():
        installation.note_demo_data(now())

"""The checks before a program uses the data of the site, the same for web, worker and every command.

Each refusal is a sentence that says what to do.
"""

from collections.abc import Iterator
from contextlib import suppress
from enum import Enum
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from wss import schema, vault
from wss.db import reading
from wss.domain.site_secrets import SecretCheck, SecretFault
from wss.gateways.document_mark import FILE, folder_of
from wss.gateways.message_texts import sms_templates
from wss.queries.installation import has_demo_data, installation_id
from wss.queries.reference import reference
from wss.services.operations.installation import StoreState, claim_store, store_state
from wss.services.operations.site_secret import accept_secret, check_secret

_HAS_DEMO_DATA = "the database has demo data, whose passwords are public: use a new database in production"
_NO_TEMPLATE_IDS = (
    "no SMS text has the id under which it is registered (TRAI DLT), so operators would drop every SMS: "
    "`flask --app app texts --csv` lists what to register; fill the ids into what `flask --app app texts "
    "--for-import` prints, and store that with `flask --app app import texts FILE`"
)


_SECRET_WORDS = {
    SecretFault.MISSING: (
        "this database was written with another secret ({names}), and WSS_SECRET_KEY is {own}. Set the secret of this "
        "database; to change the secret, put the former one into WSS_SECRET_KEY_OLD and run "
        "`flask --app app secret rotate`; if it is lost: `flask --app app secret accept`"
    ),
    SecretFault.FOREIGN: (
        "WSS_SECRET_KEY ({own}) opens no authenticator key of this database. Set the secret with which it was written; "
        "if it is lost: `flask --app app secret accept`"
    ),
}


class DataUse(Enum):
    """What a program does with the data of the site. Each use has the checks of those before it."""

    # It makes or repairs the tables.
    SET_UP = 1
    # It reads or writes the tables.
    TABLES = 2
    # It serves pages or sends messages.
    SERVICE = 3


def refusals(components: Any, use: DataUse) -> list[str]:
    """Return why a program must not use the data; empty if it may. A serving program marks the folder of documents."""
    reasons: list[str] = list(components.config.refusals())
    if reasons or use is DataUse.SET_UP:
        return reasons
    is_development = components.config.is_development
    try:
        refusal = schema.refusal(components.database)
        if refusal:
            # A development site is migrated by its next start.
            return [] if is_development else [refusal]
        refusal = secret_refusal()
        if refusal:
            return [refusal]
        if is_development:
            _mark_documents(components, use)
            return []
        with reading():
            if has_demo_data():
                return [_HAS_DEMO_DATA]
        return list(_service_refusals(components)) if use is DataUse.SERVICE else []
    except SQLAlchemyError as error:
        return [database_fault(error)]


def _mark_documents(components: Any, use: DataUse) -> None:
    """Mark the folder of a development site, which may have any folder: one that was there before its database too."""
    if use is DataUse.SERVICE:
        with suppress(OSError):
            claim_store(components.gateways.documents)


def secret_refusal(*, stores: bool = True) -> str:
    """Return why this process must not use the database with its secrets, or an empty text.

    Unless `stores` is off, the fingerprint of a new secret is stored.
    """
    return _words_of(accept_secret() if stores else check_secret())


def _words_of(found: SecretCheck) -> str:
    if found.fault is None:
        return ""
    return _SECRET_WORDS[found.fault].format(names=", ".join(found.missing), own=vault.fingerprints()[0])


def database_fault(error: SQLAlchemyError) -> str:
    """Return a sentence for an error of the database, without its text, which may contain an address."""
    kind = type(getattr(error, "orig", None) or error).__name__
    return f"the database does not answer ({kind}): check WSS_DATABASE_URL and the server"


def service_warnings(components: Any) -> list[str]:
    """Return what a serving program should be warned about."""
    config = components.config
    missing, total = texts_without_id(components)
    if config.is_development or not config.sms_gateways or not 0 < missing < total:
        return []
    return [
        f"{missing} of {total} SMS texts have no registered id (TRAI DLT), and operators may drop them: "
        "`flask --app app texts` lists them"
    ]


def texts_without_id(components: Any) -> tuple[int, int]:
    """Return how many SMS texts have no registered id, and how many there are."""
    with reading():
        tables = reference()
    templates = list(sms_templates(components.config.public_url, tables.texts))
    missing = sum(not tables.template_ids.get(each.key) for each in templates)
    return missing, len(templates)


def _service_refusals(components: Any) -> Iterator[str]:
    missing, total = texts_without_id(components)
    if components.config.sms_gateways and missing == total:
        yield _NO_TEMPLATE_IDS
    yield from store_refusals(components)


def store_refusals(components: Any, *, marks: bool = True) -> Iterator[str]:
    """Yield why the folder of documents must not be used; mark it if it may, unless it is only looked at."""
    folder = folder_of(components.gateways.documents)
    try:
        state = (claim_store if marks else store_state)(components.gateways.documents)
    except OSError as error:
        yield f"documents cannot be stored in {folder} ({error.strerror}): check WSS_DOCUMENTS_URL and the folder"
        return
    if state not in (StoreState.FOREIGN, StoreState.LOST):
        return
    with reading():
        own = installation_id()
    if state is StoreState.FOREIGN:
        yield (
            f"{folder} has the documents of another installation (see {FILE} in it): check WSS_DOCUMENTS_URL; if they "
            f"are those of this database, whose id is new since a restore or a downgrade, write {own} into that file"
        )
    else:
        yield (
            f"{folder} has none of the documents that are in the database: mount or restore the right folder, or "
            f"check WSS_DOCUMENTS_URL; if they are lost for good, write {own} into {FILE} in that folder"
        )

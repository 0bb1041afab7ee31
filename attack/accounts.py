"""Logins of people of the demo data with what they own: consumers, staff of every kind, and a visitor."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import Flask
from flask_wtf.csrf import generate_csrf
from sqlalchemy import text

from attack.targets import Person
from wss import clock, vault
from wss.db import transaction
from wss.models import Document, SignedIn
from wss.services.requests.draft_documents import storage_of

COOKIE = "wss"
VISITOR, OWNER, STRANGER = "visitor", "consumer", "other consumer"
# Staff roles of the site by their names in this package; an office elsewhere is not above the consumer's.
POSTS = {
    "clerk": "billing_clerk",
    "SDO": "sdo",
    "head office": "head_office",
    "help-desk": "helpdesk",
    "supervisor": "helpdesk_supervisor",
    "administrator": "admin",
}
ELSEWHERE = "EE elsewhere"
_PICTURE = b"\xff\xd8\xff\xd9"
_KEPT = (
    "consumer", "ownership", "consent", "connection", "bill", "document", "revision", "staff", "staff_credential",
    "recovery_code", "office",
)  # fmt: skip
# A session counts as freshly confirmed for five minutes after an OTP.
_FRESH_FOR = timedelta(minutes=3)


class Residents:
    """Everyone who sends requests, each with a browser of their own."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._since: dict[str, Any] = {}
        self._session_owners: dict[str, dict[str, Any]] = {VISITOR: {}}
        clerk = _one(
            "select staff.* from staff join staff_credential using (employee_id) where role = 'billing_clerk'"
        )
        owner = _one(
            "select consumer_id, complaint_no, account_no from service_request where office_code = :office"
            " order by complaint_no desc",
            office=clerk["office_code"],
        )
        self.people = [Person(VISITOR, is_signed_in=False)]
        self._add_consumer(OWNER, owner)
        self._add_consumer(STRANGER, _one_of_another(owner["consumer_id"]))
        for name, role in POSTS.items():
            self._add_staff(
                name,
                _one(
                    "select staff.* from staff join staff_credential using (employee_id) where role = :role",
                    role=role,
                ),
            )
        self._add_staff(ELSEWHERE, _elsewhere(clerk["office_code"]))
        self.personal = personal_data()
        for name in (OWNER, STRANGER):
            self._give_document(self.named(name))
        for name in (VISITOR, *self.staff):
            self.named(name).things = {**self.named(OWNER).things, **self.named(name).things}
        for person in self.people:
            self.sign_in(person)

    @property
    def staff(self) -> frozenset[str]:
        """Return the names of the staff."""
        return frozenset(name for name, owner in self._session_owners.items() if "employee_id" in owner)

    def role_of(self, person: Person) -> str:
        """Return the role of an employee as the site names it; "" for everyone else."""
        return "ee" if person.name == ELSEWHERE else POSTS.get(person.name, "")

    def kept(self) -> set[str]:
        """Return a digest of each table that only people change; two results differ where a table has changed."""
        return {f"{table} {hash(str(_all(f'select * from {table}')))}" for table in _KEPT}  # noqa: S608

    def named(self, name: str) -> Person:
        """Return the person with this name."""
        return next(person for person in self.people if person.name == name)

    def sign_in(self, person: Person) -> None:
        """Give a person a fresh session, and the CSRF token of this browser."""
        session_id, now = secrets.token_urlsafe(32), clock.now()
        owner = self._session_owners[person.name]
        if owner:
            staff = {"second_factor_at": now, "stepped_up_at": now} if "employee_id" in owner else {}
            with transaction() as session:
                session.add(
                    SignedIn(
                        id_hash=vault.keyed_hash("session", session_id),
                        created_at=now,
                        seen_at=now,
                        expires_at=now + timedelta(hours=8),
                        **owner,
                        **staff,
                    )
                )
        person.cookie = f"{COOKIE}={session_id}"
        with self._app.test_request_context(headers={"Cookie": person.cookie}):
            person.token = str(generate_csrf())
        self._since[person.name] = now

    def renew(self, person: Person) -> None:
        """Log in again a person whose session has expired or is no longer fresh."""
        if clock.now() - self._since[person.name] > _FRESH_FOR or not self._is_in(person):
            self.sign_in(person)

    def _is_in(self, person: Person) -> bool:
        if not self._session_owners[person.name]:
            return True
        id_hash = vault.keyed_hash("session", person.cookie.partition("=")[2])
        with transaction() as session:
            return session.get(SignedIn, id_hash) is not None

    def _add_consumer(self, name: str, request: Mapping[str, Any]) -> None:
        account_no = request["account_no"]
        bill = _one("select bill_no from bill where account_no = :no order by bill_no desc", no=account_no)
        mobile = _one("select mobile from consumer where id = :id", id=request["consumer_id"])["mobile"]
        things = {
            "mobile": mobile,
            "mobile_last4": mobile[-4:],
            "q": account_no,
            "account_no": account_no,
            "complaint_no": request["complaint_no"],
            "bill_no": bill["bill_no"],
        }
        self._session_owners[name] = {"consumer_id": request["consumer_id"]}
        self.people.append(Person(name, things=things))

    def _give_document(self, person: Person) -> None:
        """Add a picture to the person's complaint, so that there is a document to request."""
        document_id = secrets.token_hex(16)
        request = _one(
            "select id from service_request where complaint_no = :no", no=person.things["complaint_no"]
        )
        store = storage_of(self._app.extensions["wss"].gateways).store
        with transaction() as session:
            session.add(
                Document(
                    id=document_id,
                    consumer_id=self._session_owners[person.name]["consumer_id"],
                    service_request_id=request["id"],
                    label="meter.jpg",
                    media_type="image/jpeg",
                    size=len(_PICTURE),
                    storage_key=store.put(_PICTURE, "jpg"),
                    scan="clean",
                    created_at=clock.now(),
                )
            )
        person.things["document_id"] = document_id

    def _add_staff(self, name: str, employee: Mapping[str, Any]) -> None:
        self._session_owners[name] = {"employee_id": employee["employee_id"]}
        self.people.append(Person(name, things={"office": employee["office_code"]}))


def personal_data() -> dict[str, str]:
    """Return mobiles, e-mail addresses and names of consumers, with their kinds."""
    rows = _all("select mobile, email from consumer")
    names = _all("select consumer_name from connection limit 400")
    found = {row["mobile"]: "a mobile number" for row in rows if row["mobile"]}
    found |= {row["email"]: "an e-mail address" for row in rows if row["email"]}
    return found | {row["consumer_name"]: "a name" for row in names if len(row["consumer_name"]) > 8}


def _all(statement: str, **values: Any) -> Sequence[Mapping[str, Any]]:
    with transaction() as session:
        return [dict(row) for row in session.execute(text(statement), values).mappings()]


def _one(statement: str, **values: Any) -> Mapping[str, Any]:
    return _all(statement, **values)[0]


def _one_of_another(consumer_id: int) -> Mapping[str, Any]:
    return _one(
        "select consumer_id, complaint_no, account_no from service_request where consumer_id <> :own"
        " order by complaint_no desc",
        own=consumer_id,
    )


def _elsewhere(office: str) -> Mapping[str, Any]:
    """Add a login for an executive engineer of another division; the credential is a copy of the clerk's."""
    division = office.rpartition("-")[0]
    employee = _one("select * from staff where role = 'ee' and office_code <> :own", own=division)
    with transaction() as session:
        session.execute(
            text(
                "insert into staff_credential (employee_id, password_hash, must_change, totp_secret_sealed,"
                " totp_enrolled_at, totp_last_step, created_at) select :employee, password_hash, must_change,"
                " totp_secret_sealed, totp_enrolled_at, totp_last_step, created_at from staff_credential limit 1"
            ),
            {"employee": employee["employee_id"]},
        )
    return employee

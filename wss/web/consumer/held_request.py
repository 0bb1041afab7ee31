"""The form of a request during a hold: it shows nothing of the connection, and goes out by itself at its end."""

from __future__ import annotations

from flask import Response, request, url_for
from flask_babel import gettext as _

from wss import clock
from wss.domain.actor import Actor
from wss.domain.catalogue import RequestField, RequestKind
from wss.domain.errors import NotFound
from wss.domain.rate_limits import LimitResult
from wss.domain.uploads import RefusedDocument
from wss.models import Connection
from wss.queries.consumers import connection_row, holds_of
from wss.queries.drafts import DraftRow, held_drafts
from wss.queries.reference import reference
from wss.services.requests.form_drafts import FilledForm, FormSnapshot, SavedDraft
from wss.services.requests.held_requests import keep_held_form, keep_held_typed
from wss.web.access import current_actor, current_consumer
from wss.web.consumer.blueprint import consumer
from wss.web.draft_handlers import DraftReturn, keeps
from wss.web.pages import redirect_to
from wss.web.request_form.choices import asked_of_any, without_documents
from wss.web.request_form.form_data import form_token, is_typing, typed, typed_at
from wss.web.request_form.form_pages import blank_form, form_sent
from wss.web.request_form.forms import FormContext
from wss.web.request_form.whom import ForWhom


class ForHeldConsumer(ForWhom):
    """Somebody asks for a connection of which they may know nothing yet."""

    choice_page = form_page = check_page = "consumer/held_form.html"
    is_self = True
    is_known = False

    def __init__(self, connection: Connection) -> None:
        me = current_consumer()
        super().__init__(connection, me.id, me.mobile)

    def kinds(self) -> dict[str, RequestKind]:
        """As otherwise, but for documents: these follow once there is a complaint."""
        return {code: without_documents(kind) for code, kind in super().kinds().items()}

    def asked(self, kind: RequestKind) -> FormContext:
        """No bill to choose; whether a typed one is right is seen when the form goes out."""
        return asked_of_any(kind)

    def sends(self) -> str:
        """What the button of the form says."""
        return _("Keep it, and send it when the waiting is over")

    def form_address(self, **wish: str) -> str:
        """The form; `request_type` and `request` say of which kind."""
        return url_for("consumer.held_request", **wish)  # type: ignore[arg-type]

    def check_address(self) -> str:
        """The waiting page says that it goes out."""
        return url_for("auth.held")

    def registered_address(self, complaint_no: str) -> str:
        """There is no number before the hold ends."""
        raise NotFound

    def request_address(self, complaint_no: str) -> str | None:
        """Nor is there anything to look at."""
        return None

    def draft(self) -> DraftRow | None:
        """What has been written so far."""
        wished = request.args.get("request")
        found = held_drafts(self.connection.account_no, current_consumer().id)
        return next((draft for draft in found if wished in (None, draft.kind)), None)

    def keep(self, filled: FilledForm) -> SavedDraft:
        """Keep what is written; a whole form goes out when the hold ends."""
        return keep_held_form(current_actor(), filled)

    def keep_typed(self, typing: FormSnapshot) -> LimitResult:
        """Keep what is being filled in, unless what is kept is newer, or goes out."""
        return keep_held_typed(current_actor(), typing)

    def documents(self, saved: SavedDraft) -> list[RefusedDocument]:
        """None are taken here."""
        return []


@consumer.get("/held/request")
def held_request() -> Response:
    """The form of what is wished, else of what was begun, else of a bill."""
    whom = _waiting()
    if whom is None:
        wished = None if current_consumer().is_held else request.args.get("request")
        return redirect_to("consumer.account", request=wished)
    kinds, draft = whom.kinds(), whom.draft()
    kind = kinds.get(request.args.get("request", "")) or (kinds.get(draft.kind) if draft else None)
    kind = kind or next((each for each in kinds.values() if RequestField.BILL_NO in each.fields), None)
    return blank_form(whom, kind, draft, {}) if kind else redirect_to("auth.held")


@consumer.post("/held/request")
def held_request_sent() -> Response:
    """Keep it; a whole one goes out by itself."""
    whom = _waiting()
    return form_sent(whom) if whom else redirect_to("consumer.account")


@keeps("consumer.held_request_sent")
def keep_form(lapsed: Actor) -> DraftReturn:
    """What is written just after the session has ended."""
    kind = reference().kinds.get(request.form.get("request", ""))
    if kind is None:
        raise NotFound
    filled = FilledForm(form_token(), kind.code, typed(), None)
    if is_typing():
        keep_held_typed(lapsed, FormSnapshot(filled, typed_at()))
    else:
        keep_held_form(lapsed, filled)
    way = url_for("consumer.held_request", request_type=kind.type, request=kind.code)
    return DraftReturn(way, is_whole=True)


def _waiting() -> ForHeldConsumer | None:
    """For whom a form is written, while they are held."""
    held = holds_of(current_consumer().id, clock.now()) if current_consumer().is_held else []
    connection = connection_row(held[0].account_no) if held else None
    return ForHeldConsumer(connection) if connection else None

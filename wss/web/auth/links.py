"""The links that registering sends: to activate, to go on with what the help-desk began, to say that it was not me."""

from flask import Response

from wss.services.activation import End, follow_activation_link, leads_somewhere, say_not_me
from wss.services.mobile_change import object_to_mobile
from wss.services.registration import begin_by_link, begins_by
from wss.web.access import visitor
from wss.web.auth.onward import go_on
from wss.web.auth.views import auth
from wss.web.pages import render


@auth.get("/activate/<token>")
def activate(token: str) -> Response:
    """The link shows a button; mail scanners open links, so only the button acts."""
    begins = begins_by(token)
    opens = begins or leads_somewhere(token, "activate") or leads_somewhere(token, "confirm_email")
    return _link_page("auth/activate.html", token, opens=opens, begins=begins)


@auth.post("/activate/<token>")
def follow_link(token: str) -> Response:
    """Activate the registration, confirm the e-mail address, or go on with what the help-desk began."""
    if begin_by_link(visitor(), token):
        return go_on("auth.register_details")
    ended = follow_activation_link(token)
    if ended.outcome in (End.ACTIVE, End.HELD):
        return go_on("auth.login", activated=1)
    return render("auth/dead_link.html", status=404)


@auth.get("/not-me/<token>")
def not_me(token: str) -> Response:
    """The number on record can say that it was not its owner who registered."""
    is_change = leads_somewhere(token, "not_my_change")
    opens = is_change or leads_somewhere(token, "not_me")
    return _link_page("auth/not_me.html", token, opens=opens, is_change=is_change)


@auth.post("/not-me/<token>")
def was_not_me(token: str) -> Response:
    """End the registration, or the change of number, that the old number disowns."""
    if say_not_me(token):
        return render("auth/not_me_done.html")
    if object_to_mobile(token):
        return render("auth/not_me_done.html", is_change=True)
    return render("auth/dead_link.html", status=404)


def _link_page(page: str, token: str, *, opens: bool, **flags: bool) -> Response:
    """A link's page while it can be used; a dead one says so, whatever it was."""
    if not opens:
        return render("auth/dead_link.html", status=404)
    return render(page, None, token=token, **flags)

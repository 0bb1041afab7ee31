"""Staff sign in and out, and begin where their work is."""

from flask import Response, request

from wss.services.sign_in import sign_out
from wss.web.access import cookie, staff_or_none
from wss.web.next_page import safe_next
from wss.web.office_doors import first_door
from wss.web.pages import redirect_to, redirect_to_address, render
from wss.web.staff.forms import LoginForm
from wss.web.staff.room import staff


@staff.get("/staff/login")
def login() -> Response:
    """The door of the offices."""
    form = LoginForm(formdata=None, next=safe_next(request.args.get("next")) or "")
    return render("staff/login.html", form=form)


@staff.post("/staff/logout")
def logout() -> Response:
    """End the session and forget the cookie's id."""
    someone = staff_or_none()
    if someone is not None:
        sign_out(someone.session_hash)
    cookie().renew()
    return redirect_to("staff.login")


@staff.get("/staff")
def begin() -> Response:
    """Where the work of whoever is signed in begins; a page that says what is open when no other room is."""
    address = first_door()
    return render("staff/begin.html") if address == request.path else redirect_to_address(address)

"""Account security of staff: change of the first password, later changes, recovery codes."""

from flask import Response, request, url_for
from flask_babel import gettext as _

from wss import clock
from wss.domain.second_factor import RECOVERY_GROUP, StaffLoginOutcome, in_groups
from wss.domain.sessions import STEP_UP_LIFE
from wss.queries.staff import unused_recovery_codes
from wss.services.login.staff_credentials import (
    choose_first_password,
    choose_new_password,
    make_recovery_codes,
)
from wss.web.access import current_staff, missing_step, needs_step_up, visitor
from wss.web.next_page import safe_next
from wss.web.pages import redirect_to, render
from wss.web.staff.blueprint import staff
from wss.web.staff.forms import StaffNewPasswordForm, StaffPasswordForm
from wss.web.staff.login_errors import redirect_logged_in, refused, wanted


@staff.get("/staff/password")
def password() -> Response:
    """Show the form that replaces the first password; later redirect to account security.

    The first password is replaced before anything else.
    """
    if _is_elsewhere():
        return redirect_to("staff.security" if current_staff().is_in else missing_step(current_staff()))
    form = StaffPasswordForm(formdata=None, next=safe_next(request.args.get("next")) or "")
    return render("staff/password.html", form=form)


@staff.post("/staff/password")
def try_password() -> Response:
    """Set the employee's own password."""
    if _is_elsewhere():
        return redirect_to("staff.security" if current_staff().is_in else missing_step(current_staff()))
    form = StaffPasswordForm()
    if not form.validate():
        return render("staff/password.html", status=422, form=form)
    answer = choose_first_password(current_staff(), form.password.data or "")
    if answer.outcome is not StaffLoginOutcome.IN:
        words = _("Choose a different password from the first one")
        return refused("staff/password.html", form, form.password, answer, words)
    if current_staff().second_factor_at is None:
        return redirect_logged_in(answer, url_for("staff.totp", next=safe_next(form.next.data)))
    return redirect_logged_in(answer, wanted(form.next.data, url_for("staff.begin")))


@staff.get("/staff/security")
def security() -> Response:
    """Show the forms for another password and new recovery codes."""
    return _page(StaffNewPasswordForm(formdata=None))


@staff.post("/staff/security")
def change_password() -> Response:
    """Change the password; every other session ends."""
    form = StaffNewPasswordForm()
    if not form.validate():
        return _page(form, status=422)
    answer = choose_new_password(
        current_staff(), form.current_password.data or "", form.password.data or "", visitor().address
    )
    if answer.outcome is not StaffLoginOutcome.IN:
        left = unused_recovery_codes(current_staff().employee_id)
        words = _("The current password is incorrect. Enter it again.")
        return refused("staff/security.html", form, form.current_password, answer, words, codes_left=left)
    return redirect_logged_in(answer, url_for("staff.security", changed=1))


@staff.get("/staff/codes")
def codes() -> Response:
    """Offer ten recovery codes."""
    return render("staff/codes.html", codes=None, go_on=_go_on(request.args.get("next")))


@staff.post("/staff/codes")
def make_codes() -> Response:
    """Show ten recovery codes once: the response itself contains them, as only their hashes are stored."""
    given = current_staff().second_factor_at
    if given is None or clock.now() - given >= STEP_UP_LIFE:
        asked = needs_step_up(url_for("staff.codes"))
        if asked is not None:
            return asked
    made = [in_groups(code, RECOVERY_GROUP) for code in make_recovery_codes(current_staff())]
    return render("staff/codes.html", codes=made, go_on=_go_on(request.form.get("next")))


def _is_elsewhere() -> bool:
    """Return whether the first password is already replaced, or the second factor comes first."""
    someone = current_staff()
    return not someone.must_change or missing_step(someone) != "staff.password"


def _page(form: StaffNewPasswordForm, status: int = 200) -> Response:
    left = unused_recovery_codes(current_staff().employee_id)
    return render("staff/security.html", status=status, form=form, codes_left=left)


def _go_on(value: str | None) -> str:
    return wanted(value, url_for("staff.begin"))

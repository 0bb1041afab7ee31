"""The second proof after the right password in an unknown browser, while an account's passwords are being guessed."""

from flask import Response
from flask_babel import gettext as _

from wss import clock
from wss.domain.masking import masked_mobile
from wss.domain.otp import OtpPurpose
from wss.models import Consumer, Proof
from wss.queries.codes import latest_otp
from wss.queries.consumers import consumer
from wss.queries.proofs import proof_of
from wss.services.login.consumer_login import LoginOutcome, finish_log_in, resend_second_code
from wss.services.login.extra_otp import SECOND, ExtraProof, proof_kind_of
from wss.web.access import cookie, visitor
from wss.web.auth.forms import OtpForm
from wss.web.auth.holds import seconds_to_resend
from wss.web.auth.next_links import next_url_for, redirect_onward
from wss.web.auth.proof_forms import BillForm
from wss.web.auth.views import after_sign_in, auth, wait, welcome
from wss.web.fields import add_error
from wss.web.otp_page import code_page, sms_progress_of
from wss.web.pages import render
from wss.web.retry_times import no_more_codes, time_to_wait


@auth.get("/login/code")
def login_code() -> Response:
    """Show the form for the OTP, or for a bill number where there is no address for an OTP."""
    begun = _begun()
    return _page(begun, _form_of(begun[1])(formdata=None)) if begun else redirect_onward("auth.login")


@auth.post("/login/code")
def try_login_code() -> Response:
    """Log in with the right OTP or bill number."""
    begun = _begun()
    if begun is None:
        return redirect_onward("auth.login")
    form = _form_of(begun[1])()
    if not form.validate():
        return _page(begun, form, 422)
    answer = finish_log_in(visitor(), form.typed())
    if answer.outcome is LoginOutcome.IN:
        return welcome(after_sign_in(), answer.session_id, answer.consumer_id)
    if answer.outcome is LoginOutcome.LOST:
        return redirect_onward("auth.login")
    if answer.outcome is LoginOutcome.TOO_OFTEN:
        words = _("Too many attempts. Try again in %(time)s.", time=time_to_wait(answer.retry_after))
        add_error(form.asked(), words)
        return wait(_page(begun, form, 429), answer.retry_after)
    is_bill = isinstance(form, BillForm)
    add_error(
        form.asked(),
        _("This is not one of the last three bills of your connection. Enter the number of one of those.")
        if is_bill
        else _("This OTP is incorrect or has expired. Request a new one."),
    )
    return _page(begun, form, 422)


@auth.post("/login/code/resend")
def login_code_resend() -> Response:
    """Resend the OTP."""
    begun, sent = _begun(), resend_second_code(visitor())
    if begun is None or sent is None:
        return redirect_onward("auth.login")
    if sent.ok:
        return redirect_onward("auth.login_code")
    form = _form_of(begun[1])(formdata=None)
    add_error(form.asked(), no_more_codes(sent.retry_after))
    return wait(_page(begun, form, 429), sent.retry_after)


def _begun() -> tuple[Proof, Consumer] | None:
    """Return the pending login of this browser and its consumer; None if there is none."""
    proof = proof_of(cookie().id_hash, SECOND, clock.now())
    owner = consumer(proof.consumer_id or 0) if proof is not None else None
    return (proof, owner) if proof is not None and owner is not None else None


def _form_of(owner: Consumer) -> type[OtpForm] | type[BillForm]:
    return BillForm if proof_kind_of(owner) is ExtraProof.BILL else OtpForm


def _page(begun: tuple[Proof, Consumer], form: OtpForm | BillForm, status: int = 200) -> Response:
    proof, owner = begun
    way = proof_kind_of(owner)
    if way is ExtraProof.BILL:
        return render("auth/login_code.html", status=status, form=form, way=way)
    otp = latest_otp(OtpPurpose(*proof.unlocks), cookie().id_hash)
    return code_page(
        "auth/login_code.html",
        # A visitor who knows the password may see the progress of this SMS; for an e-mail no progress is known so
        # soon.
        sms_progress_of(otp, may_show=way is ExtraProof.MOBILE) if way is ExtraProof.MOBILE else None,
        status,
        form=form,
        way=way,
        ways=[(_("Log in with a bill and an OTP"), next_url_for("auth.login_otp"))],
        mobile=masked_mobile(owner.mobile),
        reference_no=otp.reference_no if otp else "",
        wait=seconds_to_resend(otp),
    )

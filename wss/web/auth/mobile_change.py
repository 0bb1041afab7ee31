"""Change of the mobile number, and the claim to a connection that another person has registered."""

from flask import Response, request
from flask_babel import gettext as _

from wss import clock
from wss.domain import identifiers
from wss.domain.errors import NotFound
from wss.domain.masking import masked_mobile
from wss.domain.otp import OtpPurpose
from wss.queries.codes import latest_otp
from wss.queries.proofs import has_lodged, proof_of
from wss.services.claims.claims import (
    CLAIM_PURPOSE,
    ClaimOutcome,
    ClaimResult,
    begin_claim,
    prove_claim,
    resend_claim_code,
)
from wss.services.messages.sms_abuse import scarce_until
from wss.services.registration.mobile_change import (
    MOBILE,
    MobileChangeOutcome,
    begin_mobile_change,
    prove_new_mobile,
    resend_codes,
)
from wss.services.registration.recovery import keep_password
from wss.web.access import cookie, visitor
from wss.web.auth.holds import seconds_to_resend
from wss.web.auth.next_links import next_url_for, redirect_onward
from wss.web.auth.proof_forms import ClaimForm, ClaimProofForm, MobileForm, MobileProofForm
from wss.web.auth.recovery import has_password
from wss.web.auth.views import auth, wait
from wss.web.captchas import captcha_if_due, wrong_sum
from wss.web.fields import add_error
from wss.web.otp_page import code_page, sms_progress_of
from wss.web.pages import redirect_to, render
from wss.web.retry_times import no_more_codes, too_many_new_numbers, too_many_wrong, too_often_with_account


@auth.get("/update-mobile")
def update_mobile() -> Response:
    """Show the form for a new mobile number, which takes a bill and the new phone."""
    return _new_mobile_page(MobileForm(formdata=None))


@auth.post("/update-mobile")
def ask_mobile() -> Response:
    """Send OTPs to the new and the old number; the answer is the same for every caller."""
    form = MobileForm()
    if "reload_captcha" in request.form:
        return _new_mobile_page(form)
    if not form.validate():
        return _new_mobile_page(form, 422)
    changed = begin_mobile_change(visitor(), form.facts(), form.mobile.value, form.solved())
    if changed.outcome is MobileChangeOutcome.WRONG_CAPTCHA:
        add_error(form.captcha, wrong_sum(form))
        return _new_mobile_page(form, 422)
    if changed.outcome is MobileChangeOutcome.TOO_OFTEN:
        add_error(form.account_no, too_often_with_account(changed.retry_after, sends_sms=True))
        return wait(_new_mobile_page(form, 429), changed.retry_after)
    return redirect_onward("auth.update_mobile_verify")


@auth.get("/update-mobile/verify")
def update_mobile_verify() -> Response:
    """Show the form for the new number's OTP, and the old one's for an immediate change."""
    return _mobile_page(MobileProofForm(formdata=None))


@auth.post("/update-mobile/verify")
def try_mobile() -> Response:
    """Check the OTPs and change the number, immediately or after a day."""
    form = MobileProofForm()
    if not form.validate():
        return _mobile_page(form, 422)
    changed = prove_new_mobile(visitor(), form.otp.data or "", form.old_otp.data or "")
    if changed.outcome is MobileChangeOutcome.STOPPED:
        add_error(form.otp, too_many_wrong(changed.retry_after))
        return wait(_mobile_page(form, 429), changed.retry_after)
    if changed.outcome is MobileChangeOutcome.TOO_OFTEN:
        add_error(form.old_otp, too_many_new_numbers(changed.retry_after))
        return wait(_mobile_page(form, 429), changed.retry_after)
    if changed.outcome is MobileChangeOutcome.WRONG:
        add_error(form.otp, _("This OTP is incorrect or has expired. Request a new one."))
        return _mobile_page(form, 422)
    if changed.outcome is MobileChangeOutcome.LOST:
        return redirect_onward("auth.update_mobile")
    return redirect_onward("auth.update_mobile_done", how=changed.outcome.value)


@auth.get("/update-mobile/done")
def update_mobile_done() -> Response:
    """Show that the number is changed, or will be tomorrow."""
    return render("auth/update_mobile_done.html", how=request.args.get("how"))


@auth.post("/update-mobile/resend")
def update_mobile_resend() -> Response:
    """Resend both OTPs."""
    sent = resend_codes(visitor())
    if sent is None:
        return redirect_onward("auth.update_mobile")
    if sent.ok:
        return redirect_onward("auth.update_mobile_verify")
    form = MobileProofForm(formdata=None)
    form.otp.errors = (no_more_codes(sent.retry_after),)
    return wait(_mobile_page(form, 429), sent.retry_after)


@auth.get("/register/claim")
def claim() -> Response:
    """Show the form of a claim to a connection that another person has registered."""
    return _claim_page(ClaimForm(formdata=None))


@auth.post("/register/claim")
def ask_for_claim() -> Response:
    """Send the OTP that proves the claim."""
    form = ClaimForm()
    if "reload_captcha" in request.form:
        return _claim_page(form)
    if not form.validate():
        return _claim_page(form, 422)
    claimed = begin_claim(visitor(), form.facts(), form.mobile.value or None, form.solved())
    if claimed.outcome is ClaimOutcome.CODE_SENT:
        return redirect_onward("auth.claim_verify")
    if claimed.outcome is ClaimOutcome.FREE:
        return redirect_onward("auth.register")
    return _claim_refused(form, claimed)


@auth.get("/register/claim/verify")
def claim_verify() -> Response:
    """Show the form for the OTP and a new password."""
    return _claim_code_page(ClaimProofForm(formdata=None))


@auth.post("/register/claim/verify")
def try_claim() -> Response:
    """Check the OTP, and transfer the connection or lodge the claim."""
    form = ClaimProofForm()
    form.has_password = has_password(CLAIM_PURPOSE)
    if not form.validate():
        if form.password_to_keep():
            keep_password(visitor(), CLAIM_PURPOSE, form.password_to_keep())
        return _claim_code_page(form, 422)
    claimed = prove_claim(visitor(), form.otp.data or "", form.password.data or "")
    if claimed.outcome is ClaimOutcome.MOVED:
        return redirect_onward("auth.login", claimed=1)
    if claimed.outcome is ClaimOutcome.LODGED:
        return redirect_to("auth.claim_lodged", complaint_no=claimed.number)
    if claimed.outcome is ClaimOutcome.LOST:
        return redirect_onward("auth.claim")
    if claimed.outcome is ClaimOutcome.STOPPED:
        add_error(form.otp, too_many_wrong(claimed.retry_after))
        return wait(_claim_code_page(form, 429), claimed.retry_after)
    add_error(form.otp, _("This OTP is incorrect or has expired. Request a new one."))
    return _claim_code_page(form, 422)


@auth.post("/register/claim/resend")
def claim_resend() -> Response:
    """Resend the OTP."""
    sent = resend_claim_code(visitor())
    if sent is None:
        return redirect_onward("auth.claim")
    if sent.ok:
        return redirect_onward("auth.claim_verify")
    form = ClaimProofForm(formdata=None)
    form.otp.errors = (no_more_codes(sent.retry_after),)
    return wait(_claim_code_page(form, 429), sent.retry_after)


@auth.get("/register/claim/lodged/<complaint_no>")
def claim_lodged(complaint_no: str) -> Response:
    """Show the complaint number of a claim, only to the browser that lodged it.

    Otherwise a crafted link could make this page show any number.
    """
    number = identifiers.complaint_no(complaint_no)
    if not has_lodged(cookie().id_hash, CLAIM_PURPOSE, number):
        raise NotFound
    return render("auth/claim_lodged.html", complaint_no=number)


def _new_mobile_page(form: MobileForm, status: int = 200) -> Response:
    return render("auth/update_mobile.html", status=status, form=form, captcha_id=captcha_if_due(form))


def _mobile_page(form: MobileProofForm, status: int = 200) -> Response:
    proof = proof_of(cookie().id_hash, MOBILE, clock.now())
    if proof is None:
        return redirect_onward("auth.update_mobile")
    otp = latest_otp(OtpPurpose(*proof.unlocks_new), cookie().id_hash)
    return code_page(
        "auth/update_mobile_verify.html",
        # The visitor has only typed this number, so the state of its SMS must not be revealed.
        sms_progress_of(otp, may_show=False),
        status,
        form=form,
        mobile=masked_mobile(proof.new_mobile),
        scarce_until=scarce_until(proof.new_mobile),
        reference_no=otp.reference_no if otp else "",
        wait=seconds_to_resend(otp),
        change=next_url_for("auth.update_mobile"),
    )


def _claim_page(form: ClaimForm, status: int = 200, *, ask_mobile: bool = False) -> Response:
    return render(
        "auth/claim.html",
        status=status,
        form=form,
        ask_mobile=ask_mobile or bool(form.mobile.data),
        captcha_id=captcha_if_due(form),
    )


def _claim_refused(form: ClaimForm, claimed: ClaimResult) -> Response:
    if claimed.outcome is ClaimOutcome.TOO_OFTEN:
        add_error(form.account_no, too_often_with_account(claimed.retry_after, sends_sms=True))
        return wait(_claim_page(form, 429), claimed.retry_after)
    if claimed.outcome is ClaimOutcome.WRONG_CAPTCHA:
        add_error(form.captcha, wrong_sum(form))
        return _claim_page(form, 422)
    if claimed.outcome is ClaimOutcome.MOBILE_REQUIRED:
        words = _("We have no mobile number for this connection. Enter yours; an officer will then decide.")
        add_error(form.mobile, words)
        return _claim_page(form, 422, ask_mobile=True)
    add_error(
        form.account_no,
        _("These numbers do not match. Use both from the same bill, one of the last three."),
    )
    return _claim_page(form, 422)


def _claim_code_page(form: ClaimProofForm, status: int = 200) -> Response:
    proof = proof_of(cookie().id_hash, CLAIM_PURPOSE, clock.now())
    if proof is None:
        return redirect_onward("auth.claim")
    form.has_password = has_password(CLAIM_PURPOSE)
    otp = latest_otp(OtpPurpose(*proof.unlocks), cookie().id_hash)
    return code_page(
        "auth/claim_verify.html",
        sms_progress_of(otp, may_show=True),
        status,
        form=form,
        account_no=proof.typed_account_no,
        mobile=masked_mobile(proof.mobile),
        scarce_until=scarce_until(proof.new_mobile),
        reference_no=otp.reference_no if otp else "",
        wait=seconds_to_resend(otp),
        change=next_url_for("auth.claim"),
    )

"""The texts of an office's publicity: poster and leaflet, what a loudspeaker says, and a note for the local press."""

from __future__ import annotations

from flask_babel import gettext as _

from wss.gateways.pdf_text import LeafletText
from wss.queries.reference import OfficeEntry
from wss.web.labels.requests import office_name
from wss.web.language import page_language

HELPLINE = "1912"


def leaflet_text(size: str, office: OfficeEntry | None, public_url: str) -> LeafletText:
    """Return the texts of a poster ("a4") or leaflet ("a6"), with the address of the registration as QR code."""
    lines = [office_name(office)] if office else []
    if office and office.phone:
        lines.append(_("Telephone: %(phone)s", phone=office.phone))
    return LeafletText(
        size=size,
        title=_("Electricity bill wrong or too high?"),
        lead=_("Complain from home. It is free, day and night."),
        steps=(
            _("Scan the code with your phone, or open %(site)s.", site=short_address(public_url)),
            _("Register with your account number and a bill number."),
            _("Tell us what is wrong. You get a complaint number by SMS."),
        ),
        ready_heading=_("Keep ready"),
        ready=(
            _("Your last bill: the account number and the bill number are on it"),
            _("Your mobile phone, for the OTP"),
            _("A photo of the meter, if you can take one"),
        ),
        call=(
            _("No smartphone or internet? Call"),
            HELPLINE,
            _("The call, the registration and the complaint are free."),
        ),
        office=tuple(lines),
        qr_url=f"{public_url}/register",
        qr_words=_("Scan to register"),
        language=page_language(),
    )


def loudspeaker_text(office: OfficeEntry | None, public_url: str) -> str:
    """Return what is said from a loudspeaker van."""
    name = office_name(office)
    first = (
        _("Attention please, electricity consumers of %(office)s!", office=name)
        if office
        else _("Attention please, electricity consumers!")
    )
    rest = _(
        "Is your electricity bill wrong or too high? You can now complain from home, free, day and night. Open "
        "%(site)s on a mobile phone, or scan the code on our poster. Keep your bill and your mobile phone ready. You "
        "get your complaint number by SMS. If you have no internet, call 1912. The call is free. Never share your "
        "password with anyone.",
        site=short_address(public_url),
    )
    return f"{first} {rest}"


def press_note(office: OfficeEntry | None, public_url: str) -> list[str]:
    """Return the paragraphs of a note for the local press, its heading first."""
    site = short_address(public_url)
    paragraphs = [
        _("Complaints about electricity bills are now made online"),
        _(
            "Every complaint about an electricity bill is now registered on the website %(site)s. Registering and "
            "complaining are free, and the website is open day and night.",
            site=site,
        ),
        _(
            "To register, consumers need their account number and a bill number, which are both printed on the bill, "
            "and a mobile phone for the OTP. They get a complaint number by SMS. With it they can follow the complaint "
            "on the website until it is decided."
        ),
        _("Consumers without internet can call 1912. The call is free, day and night."),
    ]
    if office:
        issued = _("Issued by: %(office)s.", office=office_name(office))
        phone = _("Telephone: %(phone)s", phone=office.phone) if office.phone else ""
        paragraphs.append(f"{issued} {phone}".strip())
    return paragraphs


def short_address(public_url: str) -> str:
    """Return the site's address as people type it."""
    return public_url.partition("://")[2].rstrip("/")

"""The QR code of an authenticator: it encodes the right text, with the margin that readers need."""

import re

import segno

from wss.gateways.qr_code import qr_code
from wss.services.login.staff_credentials import provisioning_uri

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
URI = provisioning_uri("E10442", SECRET)


def test_every_dark_module_is_drawn_and_no_other():
    meant = segno.make(URI, error="m", micro=False).matrix

    drawn = {
        (x, int(y))
        for left, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", qr_code(URI).path)
        for x in range(int(left), int(left) + int(width))
    }

    assert drawn == {(x + 4, y + 4) for y, row in enumerate(meant) for x, dark in enumerate(row) if dark}


def test_there_is_an_edge_of_four_modules_on_each_side():
    drawn = qr_code(URI)

    rows = re.findall(r"M(\d+) (\d+)h(\d+)", drawn.path)
    places = [place for x, y, width in rows for place in (int(x), int(x) + int(width) - 1, int(y))]

    assert (min(places), max(places)) == (4, drawn.size - 5)


def test_the_number_of_an_employee_is_no_part_of_an_address():
    uri = provisioning_uri("UP/12?a&b", SECRET)

    assert uri.startswith("otpauth://totp/WSS:UP/12%3Fa%26b?secret=JBSW")

"""The forms that consumers send during a drill: a registration each, and a photo where it is asked for."""

import io
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode
from uuid import uuid4

from PIL import Image

from bench.benchmark_data import account_no, bill_no
from bench.databases import configured
from bench.keys import csrf_token, session_id, signed_in
from bench.rendered_pages import KIND, drafts, log_in
from drill.steady_visitors import FormPost

CONSUMERS = 10_000
PHOTO_EACH = 10


def registrations(url: str, consumers: int, *, with_photos: bool) -> Mapping[int, Sequence[FormPost]]:
    """Return what each consumer sends; they are logged in and have filled in the form about their newest bill."""
    numbers = range(1, consumers + 1)
    with configured(url):
        log_in(numbers)
        return {
            number: _posts(number, token, with_photo=with_photos and number % PHOTO_EACH == 0)
            for number, token in zip(numbers, drafts(numbers), strict=True)
        }


def _posts(number: int, form_token: str, *, with_photo: bool) -> list[FormPost]:
    fields = {"csrf_token": csrf_token(session_id(number)), "form_token": form_token}
    check = FormPost(
        f"/account/{account_no(number)}/requests/check",
        {**signed_in(number), "Content-Type": "application/x-www-form-urlencoded"},
        urlencode(fields).encode(),
    )
    return [_photo_post(number, fields), check] if with_photo else [check]


def _photo_post(number: int, fields: Mapping[str, str]) -> FormPost:
    """Return the form with its answers and a photo, as a browser sends it."""
    answers = {
        "request": KIND,
        "request_type": "Billing",
        "bill_no": bill_no(number),
        "reason": "wrong_reading",
        "reading_kwh": "1250",
        "remarks": "The reading is lower.",
    }
    boundary = uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in {**fields, **answers}.items()
    ]
    head = (
        'Content-Disposition: form-data; name="documents"; filename="meter.jpg"\r\nContent-Type: image/jpeg'
    )
    parts.append(
        f"--{boundary}\r\n{head}\r\n\r\n".encode() + _photo(number) + f"\r\n--{boundary}--\r\n".encode()
    )
    headers = {**signed_in(number), "Content-Type": f"multipart/form-data; boundary={boundary}"}
    path = f"/account/{account_no(number)}/requests/new"
    return FormPost(path, headers, b"".join(parts), is_registration=False)


def _photo(number: int) -> bytes:
    """Return a small photo, another for each consumer."""
    photo = io.BytesIO()
    Image.new("RGB", (640, 480), (number % 256, number // 256 % 256, 90)).save(photo, "JPEG")
    return photo.getvalue()

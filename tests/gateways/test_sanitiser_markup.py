"""No bytes of a stored picture can be read as a web page, however its pixels are chosen."""

import random

import pikepdf
import pytest
from PIL import Image

from tests.gateways.hostile_images import a_png
from tests.gateways.hostile_pdfs import a_pdf, written
from wss.gateways import sanitiser_image
from wss.gateways.sanitiser_image import clean_image, small_jpeg
from wss.gateways.sanitiser_markup import reads_as_markup
from wss.gateways.sanitiser_pdf import clean_pdf

SCRIPT = b"<script>MARK</script>"


def a_pdf_whose_pixels_spell() -> bytes:
    """Return a page that is one picture, pixel by pixel as it will be drawn: noise, with a script in each row."""
    noise, (width, height) = random.Random(1), (3500, 21)
    rows = (noise.randbytes(50) + SCRIPT + noise.randbytes(width - 50 - len(SCRIPT)) for _ in range(height))
    document = a_pdf()
    picture = document.make_stream(
        b"".join(rows), Subtype=pikepdf.Name.Image, Width=width, Height=height, BitsPerComponent=8
    )
    picture.ColorSpace = pikepdf.Name.DeviceGray
    page = document.pages[0].obj
    page.MediaBox, page.Resources.XObject = [0, 0, 8420, 50], pikepdf.Dictionary(P=picture)
    page.Contents = document.make_stream(b"8420 0 0 50 0 0 cm /P Do")
    return written(document)


def a_png_whose_filtered_pixels_spell() -> bytes:
    """Return two rows of noise whose difference is a script; PNG stores the second row as this difference."""
    noise, width = random.Random(32), 77
    difference = SCRIPT + bytes(noise.randrange(200, 256) for _ in range(width - len(SCRIPT)))
    above = bytes(noise.randrange(256) for _ in range(width))
    below = bytes((first + second) % 256 for first, second in zip(above, difference, strict=True))
    return a_png(Image.frombytes("L", (width, 2), above + below))


def test_pixels_that_spell_a_script_are_kept_as_a_jpeg():
    kept = [clean_pdf(a_pdf_whose_pixels_spell())[1], clean_image(a_png_whose_filtered_pixels_spell())[1]]

    assert [SCRIPT in each for each in kept] == [False, False]
    assert all(b"\xff\xd8\xff" in each for each in kept)


def test_a_jpeg_that_reads_as_markup_is_encoded_again(monkeypatch):
    asked = iter([True, False])
    monkeypatch.setattr(sanitiser_image, "reads_as_markup", lambda jpeg: next(asked))

    kept = small_jpeg(Image.linear_gradient("L"), 100_000)

    assert kept is not None and next(asked, None) is None


def test_a_picture_that_reads_as_markup_however_it_is_encoded_is_not_kept(monkeypatch):
    monkeypatch.setattr(sanitiser_image, "reads_as_markup", lambda jpeg: True)

    assert small_jpeg(Image.linear_gradient("L"), 100_000) is None


@pytest.mark.parametrize(
    "text",
    [
        "<script>", "<SCRIPT src", "<scr\0ipt>", "<iframe src=x>", "<!DOCTYPE html>", "<?xml version", "<p onclick=x>",
        "<x ONFOCUS\n=x>", "<a href=java&#115;cript:x>", "javascript:x", "<b style=x>", "VBScript", "<meta http-equiv",
    ],
)  # fmt: skip
def test_markup_that_runs_or_loads_something_is_found(text):
    around = random.Random(2).randbytes(20)

    assert all(
        reads_as_markup(around + text.encode(form) + around) for form in ("ascii", "utf-16-le", "utf-16-be")
    )


def test_noise_does_not_read_as_markup():
    assert not reads_as_markup(random.Random(3).randbytes(1_000_000) + b"< on < x on")

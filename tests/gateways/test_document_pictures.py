"""Stored PDFs: readable by every viewer, and their pages can be shown one by one."""

import io
import zlib

import pypdfium2
import pytest
from PIL import Image

from tests.gateways.hostile_images import a_jpeg
from wss.gateways.document_pictures import PagePicture, picture_of_page, thumbnail, write_pdf

A_PDF = "application/pdf"
GREY = Image.linear_gradient("L")
# A photo that contains the bytes with which a picture begins: these must not be taken for a picture.
PHOTO = a_jpeg(
    (256, 256),
    comment=b"/Width 9/Height 9/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/DCTDecode/Length 9>>stream\n",
)
PAGES = [
    PagePicture(PHOTO, (256, 256), (100, 100)),
    PagePicture(zlib.compress(GREY.tobytes()), GREY.size, (100, 100), is_exact=True),
]


def test_pages_come_out_as_they_went_in():
    kept = write_pdf(PAGES)

    assert picture_of_page(kept, A_PDF, 1) == (PHOTO, "image/jpeg")
    picture, media_type = picture_of_page(kept, A_PDF, 2) or (b"", "")
    assert media_type == "image/png" and Image.open(io.BytesIO(picture)).tobytes() == GREY.tobytes()
    assert [picture_of_page(kept, A_PDF, page) for page in (0, 3)] == [None, None]


def test_other_viewers_show_the_same_pages():
    with pypdfium2.PdfDocument(write_pdf(PAGES)) as document:
        assert [page.get_size() for page in document] == [(100, 100), (100, 100)]
        shown = document[1].render(scale=2.56).to_pil().convert("L")

    assert all(abs(shown.getpixel((128, row)) - row) <= 2 for row in (10, 128, 250))


@pytest.mark.parametrize("size", [(1600, 1200), (100, 1600), (40, 30)])
def test_a_thumbnail_has_a_few_kilobytes(size):
    assert len(thumbnail(a_jpeg(size, quality=95))) <= 3_000


def test_a_page_far_behind_the_last_one_is_reported_at_once():
    assert picture_of_page(write_pdf(PAGES), A_PDF, 10**30) is None

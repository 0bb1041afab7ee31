"""Uploaded files are refused or made harmless, within limits of time and memory."""

import signal
import struct
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from tests.gateways import hostile_corners, hostile_more, hostile_pdfs
from tests.gateways.hostile import EITHER, ENDLESS, MADE_HARMLESS, NEVER_TAKEN
from tests.gateways.hostile_images import a_jpeg, a_photo_with_location, a_png, a_screenshot
from tests.gateways.hostile_pdfs import a_pdf, locked_pdf, written
from wss.domain.uploads import IMAGE_BYTES, IMAGE_EDGE, DocumentKind, Refusal, UploadRefused
from wss.gateways import sanitiser
from wss.gateways.sanitiser import sanitise
from wss.gateways.sanitiser_image import clean_image

# The sanitiser's own limit ends what hangs; how soon afterwards depends on the load of the machine.
SECONDS = sanitiser.WALL_SECONDS + 30
NEVER_IN_A_DOCUMENT = [
    b"SECRET", b"<script", b"<?php", b"PK\x03\x04", b"Exif", b"/JavaScript", b"/JS", b"/OpenAction", b"/AA",
    b"/Launch", b"/EmbeddedFile", b"/Filespec", b"/XFA", b"/AcroForm", b"/Annots", b"/Encrypt", b"/Metadata",
    b"/URI", b"/RichMedia", b"/SubmitForm", b"/etc/passwd", b"/Author", b"/PieceInfo",
]  # fmt: skip
PARTS_OF_PICTURES = {
    b"IHDR", b"IDAT", b"IEND", b"\xff\xe0", b"\xff\xdb", b"\xff\xc0", b"\xff\xc4", b"\xff\xda",
}  # fmt: skip


def refused(content: bytes) -> Refusal | None:
    try:
        sanitise(content)
    except UploadRefused as error:
        return error.refusal
    return None


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def laid_open(content: bytes) -> bytes:
    """Return the document with all its streams decompressed, so that no compression hides anything."""
    if not content.startswith(b"%PDF"):
        return content
    made = BytesIO()
    with pikepdf.open(BytesIO(content)) as document:
        level = pikepdf.StreamDecodeLevel.specialized
        document.save(made, compress_streams=False, stream_decode_level=level)
    return made.getvalue()


def carried(content: bytes) -> list[bytes]:
    """Return what the document contains and no document may."""
    clean = laid_open(content)
    return [thing for thing in NEVER_IN_A_DOCUMENT if thing in clean]


def parts_of(picture: bytes) -> set[bytes]:
    """Return the parts of a picture: the chunks of a PNG, the segments of a JPEG before its pixels."""
    parts, place = set(), 8
    if picture.startswith(b"\x89PNG"):
        while place < len(picture):
            length, name = struct.unpack_from("!I4s", picture, place)
            parts.add(name)
            place += length + 12
        return parts
    place = 2
    while b"\xff\xda" not in parts:
        name, length = struct.unpack_from("!2sH", picture, place)
        parts.add(name)
        place += length + 2
    return parts


def test_there_are_150_kinds_of_hostile_files():
    corpora = [NEVER_TAKEN, MADE_HARMLESS, EITHER]
    parts = [
        part
        for module in (hostile_pdfs, hostile_more, hostile_corners)
        for part in (module.NEVER_TAKEN, module.MADE_HARMLESS, module.EITHER)
    ]
    names = [name for corpus in corpora for name in corpus]

    assert len(names) == len(set(names))
    assert all(sum(name in part for part in parts) <= 1 for name in names)
    assert len(names) >= 150


# These have a child process of their own, whose memory is measured.
FLOODS = ["page-flood.pdf", "flood-in-floods.pdf", "object-flood.pdf", "text-flood.png", "brackets.pdf"]
REASONS = {
    "nothing.jpg": Refusal.EMPTY,
    "over-8-MB.jpg": Refusal.TOO_LARGE,
    "page.jpg (HTML)": Refusal.WRONG_KIND,
    "cut-off.jpg": Refusal.DAMAGED,
    "cut-off.pdf": Refusal.DAMAGED,
    "just-over-25-million.png": Refusal.TOO_MANY_PIXELS,
    "locked.pdf": Refusal.ENCRYPTED,
    "51-pages.pdf": Refusal.TOO_MANY_PAGES,
    "flood-in-floods.pdf": Refusal.TOO_COMPLEX,
    "giant-page.pdf": Refusal.TOO_COMPLEX,
    "endless-scans.jpg": Refusal.TOO_COMPLEX,
    "pixel-flood.jpg": Refusal.TOO_MANY_PIXELS,
    **dict.fromkeys(ENDLESS, Refusal.TOO_COMPLEX),
}


@pytest.mark.parametrize("name", [name for name in NEVER_TAKEN if name not in FLOODS])
def test_a_file_that_is_no_decent_document_is_refused_in_time(name, monkeypatch):
    if name in ENDLESS:
        # The limit ends these in any case: the tests need not wait for the whole of it each time.
        monkeypatch.setattr(sanitiser, "WALL_SECONDS", 2)
    content = NEVER_TAKEN[name]()
    began = time.monotonic()

    reason = refused(content)

    assert reason is REASONS.get(name, reason) and reason is not None
    assert time.monotonic() - began < SECONDS


@pytest.mark.parametrize("name", MADE_HARMLESS)
def test_what_a_document_carries_besides_its_pages_is_gone(name):
    made = sanitise(MADE_HARMLESS[name]()).content

    assert carried(made) == []
    # A picture consists of nothing but its dots.
    assert name.endswith(".pdf") or parts_of(made) <= PARTS_OF_PICTURES


@pytest.mark.parametrize("name", [name for name in EITHER if name not in FLOODS])
def test_a_document_that_is_only_slow_ends_in_time(name):
    content = EITHER[name]()
    began = time.monotonic()

    try:
        clean = sanitise(content).content
    except UploadRefused:
        clean = b""

    assert time.monotonic() - began < SECONDS
    assert carried(clean) == []


MEASURE = """
import resource, sys
from wss.gateways.sanitiser import sanitise
from wss.gateways.sanitiser_image import clean_image

from wss.domain.uploads import UploadRefused
content = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
clean, reason = b"", "taken"
try:
    clean = sanitise(content).content
except UploadRefused as refused:
    reason = refused.code
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(child // 1024, own // 1024, reason, file=sys.stderr)
sys.stdout.buffer.write(clean)
"""


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_stays_within_512_megabytes_and_costs_the_site_nothing(name):
    content = (NEVER_TAKEN | EITHER)[name]()
    began = time.monotonic()

    measured = subprocess.run([sys.executable, "-c", MEASURE], input=content, capture_output=True, check=True)
    child_megabytes, own_megabytes, reason = measured.stderr.decode().splitlines()[-1].split()

    assert time.monotonic() - began < SECONDS
    assert int(child_megabytes) <= 512
    assert int(own_megabytes) <= 20
    assert reason == REASONS.get(name, reason) and (name in EITHER or reason != "taken")
    assert carried(measured.stdout) == []


def test_a_child_that_computes_without_end_is_ended(tmp_path):
    script = sanitiser.CHILD.read_text().replace("CPU_SECONDS = 5", "CPU_SECONDS = 1")
    endless = script.replace("    _skip_the_application()\n", "    while True: pass\n")
    assert endless.count("CPU_SECONDS = 1\n") == endless.count("while True") == 1

    ran = subprocess.run([sys.executable, "-I", str(a_child(tmp_path, endless))], timeout=SECONDS)

    assert -ran.returncode in (signal.SIGXCPU, signal.SIGKILL)


def test_a_refusal_discloses_nothing_of_the_password():
    assert "secret" not in repr(refused(locked_pdf("secret")))


def test_a_large_photo_is_kept_small():
    photo = BytesIO()
    Image.effect_noise((3000, 2000), 90).convert("RGB").save(photo, "JPEG", quality=90)

    clean = sanitise(photo.getvalue())

    assert (clean.kind, clean.width, clean.height) == (DocumentKind.JPEG, IMAGE_EDGE, 1067)
    assert len(clean.content) <= IMAGE_BYTES


def test_a_photo_of_many_megapixels_is_read_at_a_fraction():
    clean = sanitise(a_jpeg((12_000, 9_000)))

    assert (clean.width, clean.height) == (1600, 1200)


def test_a_photo_that_has_to_be_held_whole_may_have_fewer():
    assert refused(a_jpeg((9_000, 6_000), progressive=True)) is Refusal.TOO_MANY_PIXELS


def test_pure_noise_is_kept_small_too():
    noise = Image.merge("RGB", [Image.effect_noise((1400, 1400), 255) for _ in range(3)])

    assert len(sanitise(a_png(noise)).content) <= IMAGE_BYTES


def test_a_photo_taken_sideways_is_turned_upright():
    clean = sanitise(a_photo_with_location())

    assert (clean.width, clean.height) == (240, 320)


def _corner_after_turning(orientation: int) -> tuple[str, ...]:
    """Return the colours of the corners of a photo with this orientation."""
    photo = Image.new("RGB", (64, 32), "white")
    for colour, box in (("red", (0, 0, 16, 16)), ("blue", (48, 0, 64, 16)), ("lime", (0, 16, 16, 32))):
        photo.paste(colour, box)
    exif = Image.Exif()
    exif[0x0112] = orientation
    made = BytesIO()
    photo.save(made, "JPEG", quality=100, subsampling=0, exif=exif)
    clean = opened(sanitise(made.getvalue()).content).convert("RGB")
    right, bottom = clean.width - 4, clean.height - 4
    return tuple(_name(clean.getpixel(at)) for at in ((4, 4), (right, 4), (4, bottom), (right, bottom)))


def _name(dot: tuple[int, int, int]) -> str:
    strong = tuple(part > 128 for part in dot)
    return {(True, False, False): "red", (False, False, True): "blue", (False, True, False): "lime"}.get(
        strong, "white"
    )


@pytest.mark.parametrize(
    ("orientation", "corners"),
    [
        (1, ("red", "blue", "lime", "white")),
        (2, ("blue", "red", "white", "lime")),
        (3, ("white", "lime", "blue", "red")),
        (4, ("lime", "white", "red", "blue")),
        (5, ("red", "lime", "blue", "white")),
        (6, ("lime", "red", "white", "blue")),
        (7, ("white", "blue", "lime", "red")),
        (8, ("blue", "white", "red", "lime")),
    ],
)
def test_every_way_of_holding_the_camera_is_undone(orientation, corners):
    assert _corner_after_turning(orientation) == corners


def test_a_photo_with_an_unreadable_camera_note_is_taken():
    assert sanitise(a_jpeg(exif=b"Exif\0\0" + b"\xff" * 40)).kind is DocumentKind.JPEG


def test_a_screenshot_stays_a_png():
    assert sanitise(a_screenshot()).kind is DocumentKind.PNG


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_png_is_taken(mode):
    clean = opened(sanitise(a_png(Image.new(mode, (300, 200)))).content)

    assert clean.size == (300, 200)


def test_what_is_transparent_becomes_white():
    clean = opened(sanitise(a_png(Image.new("RGBA", (300, 200), (0, 0, 0, 0)))).content)

    assert clean.convert("RGB").getpixel((150, 100)) == (255, 255, 255)


def test_sixteen_bits_of_grey_are_not_washed_out():
    clean = opened(sanitise(a_png(Image.new("I;16", (300, 200), 32768))).content)

    assert abs(clean.convert("L").getpixel((150, 100)) - 128) <= 1


def test_a_pdf_keeps_all_its_pages():
    clean = sanitise(written(a_pdf(3)))

    assert (clean.kind, clean.pages) == (DocumentKind.PDF, 3)
    assert len(pikepdf.open(BytesIO(clean.content)).pages) == 3


def test_a_pdf_that_begins_with_a_byte_order_mark_is_taken():
    assert sanitise(b"\xef\xbb\xbf" + written(a_pdf())).kind is DocumentKind.PDF


@pytest.mark.parametrize("name", ["endless-scans.jpg", "small-endless-scans.jpg"])
def test_an_endless_photo_is_refused_before_it_is_drawn(name, monkeypatch):
    photo, drawn = NEVER_TAKEN[name](), []
    monkeypatch.setattr(JpegImageFile, "load", lambda self: drawn.append(self))

    with pytest.raises(UploadRefused):
        clean_image(photo)

    assert drawn == []


def test_a_photo_that_sharpens_while_it_loads_is_taken():
    assert sanitise(a_jpeg((1600, 1200), progressive=True)).kind is DocumentKind.JPEG


def test_the_child_can_open_no_file_and_no_connection(tmp_path):
    """Tried with a decoder that accesses the machine."""
    look = sanitiser.CHILD.read_text().replace("return clean(content)", "open('/etc/passwd')")
    assert "open('/etc/passwd')" in look

    child = a_child(tmp_path, look.replace("Path(__file__)", f"Path({str(sanitiser.CHILD)!r})"))
    ran = subprocess.run([sys.executable, "-I", str(child)], input=a_jpeg(), capture_output=True)

    assert b'"refusal": "damaged"' in ran.stdout


def a_child(folder: Path, script: str) -> Path:
    child = folder / "child.py"
    child.write_text(script)
    return child


def test_the_child_is_given_no_secrets(monkeypatch, tmp_path):
    monkeypatch.setenv("WSS_SECRET_KEY", "SECRET")
    script = 'import os; print(\'{"kind": "pdf"}\'); print(dict(os.environ))'
    monkeypatch.setattr(sanitiser, "CHILD", a_child(tmp_path, script))

    assert b"SECRET" not in sanitise(a_jpeg()).content


def test_a_child_that_hangs_is_ended(monkeypatch, tmp_path):
    monkeypatch.setattr(sanitiser, "CHILD", a_child(tmp_path, "import time; time.sleep(60)"))
    monkeypatch.setattr(sanitiser, "WALL_SECONDS", 0.5)

    assert refused(a_jpeg()) is Refusal.TOO_COMPLEX


def test_a_child_that_answers_without_end_is_ended(monkeypatch, tmp_path):
    flood = "import sys\nwhile True: sys.stdout.write('x' * 65536)"
    monkeypatch.setattr(sanitiser, "CHILD", a_child(tmp_path, flood))

    assert refused(a_jpeg()) is Refusal.TOO_COMPLEX


def test_a_child_that_answers_nonsense_is_not_believed(monkeypatch, tmp_path):
    monkeypatch.setattr(sanitiser, "CHILD", a_child(tmp_path, "print('{nonsense'); print('x')"))

    assert refused(a_jpeg()) is Refusal.TOO_COMPLEX


def test_a_child_that_reads_nothing_is_no_trouble(monkeypatch, tmp_path):
    monkeypatch.setattr(sanitiser, "CHILD", a_child(tmp_path, "raise SystemExit"))

    assert refused(a_jpeg() + b"\0" * 5_000_000) is Refusal.TOO_COMPLEX

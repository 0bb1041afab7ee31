"""The sanitiser of images: re-encodes an image, upright and small, so that only its pixels remain."""

from __future__ import annotations

from io import BytesIO

# Photos contain parts in MPO and TIFF; all plugins are loaded now, because later no file can be opened.
from PIL import Image, ImageFile, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin  # noqa: F401

from wss.domain.uploads import (
    IMAGE_BYTES,
    IMAGE_EDGE,
    PIXELS_OF_JPEG,
    PIXELS_OF_PNG,
    PIXELS_OF_PROGRESSIVE_JPEG,
    SCANS,
    DocumentKind,
    Refusal,
    UploadRefused,
    kind_of,
)
from wss.gateways.sanitiser_jpeg import scans_of_jpeg
from wss.gateways.sanitiser_markup import reads_as_markup

# Share of the edges, quality, and share of the first attempt's bytes that this one usually needs; tried in turn until
# the picture is small enough. The last is enough for pure noise.
JPEG_ATTEMPTS = (
    (1, 82, 1), (1, 70, 0.75), (1, 55, 0.6), (1, 40, 0.5), (0.75, 40, 0.3), (0.5, 40, 0.15), (0.35, 35, 0),
)  # fmt: skip
WHITE = "white"

# The camera's orientation (EXIF, number 274), and the rotation that corrects it.
ORIENTATION = 274
TURNS: dict[object, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

Image.preinit()
# A truncated photo is refused, so that its owner sends it again.
ImageFile.LOAD_TRUNCATED_IMAGES = False
# A second limit: the size is checked by this module first.
Image.MAX_IMAGE_PIXELS = PIXELS_OF_JPEG


def clean_image(content: bytes) -> tuple[dict[str, str | int], bytes]:
    """Return a JPEG, or a PNG if that is smaller, of at most 1,600 pixels a side and 600 kB, without metadata."""
    if kind_of(content) is DocumentKind.JPEG and scans_of_jpeg(content) > SCANS:
        raise UploadRefused(Refusal.TOO_COMPLEX)
    with _opened(content) as image:
        if image.width * image.height > _most_pixels(image):
            raise UploadRefused(Refusal.TOO_MANY_PIXELS)
        was_png = image.format == "PNG"
        drawn = _redrawn(image)
    kind, clean, size = _smallest(drawn, was_png)
    return {"kind": kind, "width": size[0], "height": size[1]}, clean


def _most_pixels(image: Image.Image) -> int:
    if image.format == "PNG":
        return PIXELS_OF_PNG
    return PIXELS_OF_PROGRESSIVE_JPEG if "progressive" in image.info else PIXELS_OF_JPEG


def _opened(content: bytes) -> Image.Image:
    try:
        return Image.open(BytesIO(content), formats=("JPEG", "PNG"))
    except Image.DecompressionBombError as error:
        # The second limit applied first: Pillow checks it while the file is opened.
        raise UploadRefused(Refusal.TOO_MANY_PIXELS) from error


def _redrawn(image: Image.Image) -> Image.Image:
    """Return the pixels on a new white image, without metadata, colour profiles and comments."""
    # Requesting a smaller picture from a JPEG first makes decoding up to eight times cheaper.
    image.draft(None, (IMAGE_EDGE, IMAGE_EDGE))
    turn = _turn(image)
    picture = _eight_bit(image)
    picture.thumbnail((IMAGE_EDGE, IMAGE_EDGE))
    if turn is not None:
        picture = picture.transpose(turn)
    paper = Image.new("L" if picture.mode in ("L", "LA") else "RGB", picture.size, WHITE)
    paper.paste(picture, mask=picture.getchannel("A") if picture.mode in ("LA", "RGBA") else None)
    return paper


def _turn(image: Image.Image) -> Image.Transpose | None:
    """Return the rotation that makes the image upright, by the camera's orientation."""
    try:
        return TURNS.get(image.getexif().get(ORIENTATION))
    except Exception:
        # An unreadable orientation is no reason to refuse the photo.
        return None


def _eight_bit(image: Image.Image) -> Image.Image:
    """Return the image with one byte per colour, and with its transparency."""
    if image.mode.startswith("I"):
        # Sixteen bits of grey: plain conversion would cut them off instead of scaling them.
        return image.convert("I").point(lambda grey: grey / 256).convert("L")
    if image.mode in ("L", "LA", "RGB", "RGBA") and "transparency" not in image.info:
        image.load()
        return image
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode == "1" else "RGB")


def _smallest(picture: Image.Image, was_png: bool) -> tuple[DocumentKind, bytes, tuple[int, int]]:
    """Return the image as JPEG, or as PNG if it was one and stays smaller, as screenshots do."""
    packed = small_jpeg(picture, IMAGE_BYTES)
    if was_png:
        png = _encoded(picture, "PNG")
        is_small = len(png) <= min(IMAGE_BYTES, len(packed[0]) if packed else IMAGE_BYTES)
        if is_small and not reads_as_markup(png):
            return DocumentKind.PNG, png, picture.size
    if packed is None:
        raise UploadRefused(Refusal.TOO_COMPLEX)
    return DocumentKind.JPEG, *packed


def small_jpeg(picture: Image.Image, most_bytes: int) -> tuple[bytes, tuple[int, int]] | None:
    """Return the best JPEG of at most so many bytes and its size in pixels; None if none is small enough.

    One whose bytes read as a web page is skipped.
    """
    first = 0
    for share, quality, needs in JPEG_ATTEMPTS:
        if first * needs > most_bytes:
            continue
        size = (max(round(picture.width * share), 1), max(round(picture.height * share), 1))
        jpeg = _encoded(picture.resize(size) if share < 1 else picture, "JPEG", quality=quality)
        if len(jpeg) <= most_bytes and not reads_as_markup(jpeg):
            return jpeg, size
        first = first or len(jpeg)
    return None


def _encoded(picture: Image.Image, form: str, **options: int) -> bytes:
    made = BytesIO()
    picture.save(made, form, optimize=form == "JPEG", **options)
    return made.getvalue()

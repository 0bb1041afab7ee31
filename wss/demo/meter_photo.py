"""The picture of an electricity meter with a reading, drawn as a consumer's photo would show it."""

from io import BytesIO

from PIL import Image, ImageDraw

DIGITS = 6
_SIZE = (720, 960)
_WALL, _CASE, _PLATE, _GLASS, _INK, _FAINT = "#b9ab97", "#e8e8e4", "#fafaf7", "#b7c4a3", "#1c2417", "#a9b695"
# The segments of a digit: top, top left, top right, middle, bottom left, bottom right, bottom.
_LIT = (
    "1110111",
    "0010010",
    "1011101",
    "1011011",
    "0111010",
    "1101011",
    "1101111",
    "1010010",
    "1111111",
    "1111011",
)
_WIDE, _TALL, _THICK, _STEP = 52, 96, 10, 76


def meter_photo(reading: int | None, meter_no: str) -> bytes:
    """Return a JPEG of a meter that shows this reading; without one its display is blank."""
    picture = Image.new("RGB", _SIZE, _WALL)
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((70, 120, 650, 860), 36, _CASE, "#8f8f8a", 4)
    draw.rounded_rectangle((110, 170, 610, 420), 18, _PLATE, "#8f8f8a", 3)
    draw.rectangle((125, 215, 595, 375), _GLASS, "#6c7a5c", 3)
    for place, digit in enumerate("" if reading is None else f"{reading:0{DIGITS}d}"):
        _draw_digit(draw, (138 + place * _STEP, 247), int(digit))
    draw.text((330, 180), "kWh", _INK, font_size=26)
    draw.text((150, 470), f"METER NO. {meter_no}", _INK, font_size=30)
    draw.text((150, 520), "1 PHASE 2 WIRE  240 V  5-30 A", _INK, font_size=24)
    draw.ellipse((330, 600, 390, 660), "#c23b2e", "#7c2a22", 3)
    draw.rectangle((150, 740, 570, 800), "#d7d7d2", "#8f8f8a", 3)
    content = BytesIO()
    picture.save(content, "JPEG", quality=70)
    return content.getvalue()


def _draw_digit(draw: ImageDraw.ImageDraw, at: tuple[int, int], digit: int) -> None:
    x, y = at
    middle, right, bottom = y + _TALL // 2, x + _WIDE, y + _TALL
    lines = (
        (x, y, right, y),
        (x, y, x, middle),
        (right, y, right, middle),
        (x, middle, right, middle),
        (x, middle, x, bottom),
        (right, middle, right, bottom),
        (x, bottom, right, bottom),
    )
    for is_lit, line in sorted(zip(_LIT[digit], lines, strict=True)):
        draw.line(line, _INK if is_lit == "1" else _FAINT, _THICK)

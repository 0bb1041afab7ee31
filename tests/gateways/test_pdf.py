"""The printed sheets: small, on one page, in both scripts, with correctly shaped Hindi."""

from io import BytesIO

import pikepdf
import pytest
import segno
from pypdfium2 import PdfDocument

from wss.gateways.pdf import bill_sheet, leaflet, petition_sheet, slip
from wss.gateways.pdf_layout import QR_WIDTH, SMALL
from wss.gateways.pdf_text import LeafletText, Passage, SlipText, TableText

POINTS_A_MILLIMETRE = 72 / 25.4
ADDRESS = "https://wss.example.org/t/ABCDEFGHJK"
HINDI = SlipText(
    title="आपकी शिकायत पंजीकृत हो गई है",
    heading="वेब स्वयं सेवा · WSS",
    number=("शिकायत संख्या", "10000000018"),
    rows=(("खाता संख्या", "1234567890"), ("उपभोक्ता", "श्री R. K. शर्मा"), ("कार्यालय", "विद्युत वितरण खण्ड, द्वितीय")),
    footer=("सहायता के लिए 1912 पर कॉल करें।",),
    language="hi",
    qr_url=ADDRESS,
)
TABLE = TableText(("Line", "Amount"), (("Energy charge", "₹ 335.00"), ("कुल Total", "₹ 12,34,567.50")), (1,))


def opened(sheet: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(sheet))


def operations(sheet: bytes) -> list[tuple[str, list]]:
    with opened(sheet) as document:
        lines = pikepdf.parse_content_stream(document.pages[0])
        return [(str(line.operator), list(line.operands)) for line in lines]


def glyphs(title: str, language: str = "hi") -> int:
    """Return with how many glyphs a title is printed."""
    count = 0
    for operator, operands in operations(slip(SlipText(title, (), language=language))):
        shown = operands[0] if operator in ("Tj", "TJ") else []
        parts = [shown] if isinstance(shown, pikepdf.String) else shown
        count += sum(len(bytes(part)) // 2 for part in parts if isinstance(part, pikepdf.String))
    return count


@pytest.mark.parametrize(
    ("letters", "expected"),
    [("क", 1), ("क्ष", 1), ("त्र", 1), ("श्र", 1), ("ज्ञ", 1), ("द्वि", 2), ("द्यु", 2), ("र्म", 2)],
)
def test_a_conjunct_is_printed_as_one_sign(letters, expected):
    assert glyphs(letters) == expected


@pytest.mark.parametrize("language", ["hi", "en"])
def test_every_script_of_the_state_is_printed_in_either_language(language):
    sheet = opened(slip(SlipText("मीटर meter محمد", (), language=language)))

    fonts = {str(font.BaseFont) for font in sheet.pages[0].Resources.Font.values()}
    assert {name.partition("+")[2] for name in fonts} == {"NotoSansDevanagari", "NotoSans", "NotoNaskhArabic"}


@pytest.mark.parametrize("language", ["hi", "en"])
@pytest.mark.parametrize(
    "words",
    [
        "₹ 12,34,567.50",
        "24-11-2026 10:31",
        "“x” ‘y’ – — … •",
        "मकान 12½, Café “Ü” №7",
        "e\u0301 Łódź Ṭhākur",
        "ﻣﺤﻤﺪ １２",
    ],
)
def test_no_character_of_a_usual_name_or_address_is_lost(words, language, caplog):
    assert glyphs(words, language) > glyphs("", language)
    assert caplog.text == ""


@pytest.mark.parametrize("language", ["hi", "en"])
def test_a_character_that_no_font_has_is_marked_on_paper_and_its_script_logged(language, caplog):
    assert glyphs("a中b", language) == glyphs("axb", language)

    assert "CJK" in caplog.text and "中" not in caplog.text


@pytest.mark.parametrize(
    "words",
    ["क" + "\u0301" * 990, "\ufdfd" * 990, "." * 990, "क्" + "\n" * 990 + "क्", "中" * 990],
    ids=["marks", "ligatures", "dots", "lines", "missing"],
)
def test_whatever_the_form_accepts_is_printed(words):
    text = SlipText("x", (("टिप्पणी", words),), footer=(words,))

    assert len(opened(petition_sheet(text, [Passage("", (words,))])).pages) <= 2


def test_an_emoji_of_several_characters_is_marked_once():
    assert glyphs("a👨\u200d👩\u200d👧\ufe0fb") == glyphs("axb")


def test_a_slip_is_one_page_of_less_than_forty_thousand_bytes():
    sheet = slip(HINDI)

    assert len(opened(sheet).pages) == 1
    assert len(sheet) < 40_000


def test_a_bill_is_one_page_of_less_than_forty_thousand_bytes():
    sheet = bill_sheet(HINDI, TABLE)

    assert len(opened(sheet).pages) == 1
    assert len(sheet) < 40_000


def test_a_slip_with_a_very_long_remark_continues_on_further_pages():
    long = SlipText("x", (("टिप्पणी", "मीटर की रीडिंग गलत है। " * 400), ("अगला", "1")), language="hi")

    assert len(opened(slip(long)).pages) > 1


def test_an_address_without_any_space_is_broken_over_lines():
    assert len(opened(slip(SlipText("x", (("address", "x" * 1_000),)))).pages) == 1


def test_the_code_holds_the_whole_address():
    bars = [operands for operator, operands in operations(slip(HINDI)) if operator == "re"]

    code = segno.make(ADDRESS, error="m", micro=False).matrix
    dot = QR_WIDTH / len(code) * POINTS_A_MILLIMETRE
    dark = sum(abs(float(width) * float(height)) for _, _, width, height in bars) / dot**2
    assert dark == pytest.approx(sum(map(sum, code)), rel=0.005)


def test_without_an_address_there_is_no_code():
    assert "re" not in {operator for operator, _ in operations(slip(SlipText("x", ())))}


def test_a_sheet_says_its_title_and_language_to_reading_programs():
    sheet = opened(slip(HINDI))

    assert str(sheet.Root.Lang) == "hi"
    assert str(sheet.docinfo["/Title"]) == HINDI.title


def test_typed_direction_marks_are_not_printed():
    assert glyphs("a\u202eb\x07c", "en") == glyphs("abc", "en")


@pytest.mark.parametrize("typed", ["", "😀", "中文", "\n\n", "\ud800", "**x** __y__", "x\ty"])
def test_whatever_was_typed_a_sheet_is_printed(typed):
    assert len(opened(slip(SlipText("x", ((typed, typed),)))).pages) == 1


def test_an_unknown_language_is_printed_as_hindi():
    assert str(opened(slip(SlipText("x", (), language="xx"))).Root.Lang) == "hi"


def test_every_line_in_two_scripts_names_its_font_again():
    footer = ("Forum Meerut अभी गठित नहीं", "यह ₹ 500.00 तक", "यह Forum", "यह भी")

    named = [
        operands[1] for operator, operands in operations(slip(SlipText("T", (), footer))) if operator == "Tf"
    ]

    assert sum(float(size) == SMALL for size in named) >= len(footer)


def test_a_petition_has_as_many_pages_as_it_needs():
    history = TableText(("When", "What"), (("24-11-2026", "आपने उत्तर दिया"),) * 60)

    with opened(petition_sheet(HINDI, (Passage("अब तक", ("One.", "दो।"), history),))) as document:
        assert len(document.pages) > 1


def test_what_is_signed_stays_with_what_it_signs():
    ending = [Passage("What I ask for", ("Reason", "Wish", "Place", "Sign"))]
    footer = ("Check before you sign.",)

    def shown(rows: int, passages: list[Passage], footer: tuple[str, ...]) -> list[int]:
        """Return how many pieces of text are on each page."""
        head = SlipText("Petition", (("From", "Sharma"),) * rows, footer=footer, language="en")
        with opened(petition_sheet(head, passages)) as sheet:
            lines = [pikepdf.parse_content_stream(page) for page in sheet.pages]
        return [sum(str(line.operator) in ("Tj", "TJ") for line in page) for page in lines]

    whole = sum(shown(0, ending, footer)) - sum(shown(0, [], ()))
    sheets = [shown(rows, ending, footer) for rows in (22, 27, 30)]
    assert {tuple(sheet[1:]) for sheet in sheets} == {(), (whole,)}


@pytest.mark.parametrize("size", ["a4", "a6"])
def test_a_leaflet_with_long_names_keeps_the_helpline_below_the_list_and_all_above_its_foot(size):
    long = "Electricity Urban Distribution Sub-division with a very long name of an office, Gomti Nagar Extension"
    text = LeafletText(
        size, long, long, (long, long), "Ready", ("last",), ("", "1912", ""), (long,), ADDRESS, ""
    )

    page = PdfDocument(leaflet(text))[0].get_textpage()

    boxes = {words: page.get_charbox(page.search(words).get_next()[0]) for words in ("last", "1912")}
    lowest = min(page.get_rect(number)[1] for number in range(page.count_rects()))
    assert boxes["last"][1] > boxes["1912"][3]
    assert lowest > 0

"""Cuts small font files for the captcha picture and the printed pages out of the full Noto fonts.

Run once, when a glyph is missing:  python devtools/make_fonts.py FOLDER_WITH_NOTO_FONTS

The folder is the one into which the package fonts-noto-core puts its TTF files; fonttools must be installed.
"""

import sys
from pathlib import Path

from fontTools import subset

FONTS = Path(__file__).parents[1] / "wss" / "gateways" / "fonts"

# ASCII, Latin-1 and Latin Extended-A, letters with marks of transliterated names, and the signs of addresses.
LATIN = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x1E00, 0x1F00))))
SIGNS = "–—‘’‚“”„†‡•…‰′″‹›⁄€₹№™⅓⅔⅛⅜⅝⅞\ufffd"

# The output file, the source font, the characters kept (None keeps all).
CUTS: list[tuple[str, str, str | None]] = [
    ("captcha.ttf", "NotoSans-Bold.ttf", "0123456789"),
    ("latin.ttf", "NotoSans-Regular.ttf", LATIN + SIGNS),
    ("devanagari.ttf", "NotoSansDevanagari-Regular.ttf", None),
    # Urdu is the second official language of Uttar Pradesh. Naskh is a third of the size of Nastaliq.
    ("arabic.ttf", "NotoNaskhArabic-Regular.ttf", None),
]


def cut(source: Path, made: Path, characters: str | None) -> None:
    """Write a copy of one font that has only the given characters, without hinting."""
    options = subset.Options(
        hinting=False, layout_features=["*"], name_IDs=["*"], notdef_outline=True, recalc_timestamp=False
    )
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=font.getBestCmap().keys() if characters is None else map(ord, characters))
    subsetter.subset(font)
    subset.save_font(font, str(made), options)


def main() -> None:
    """Cut every font file of the project."""
    folder = Path(sys.argv[1])
    for made, source, characters in CUTS:
        cut(folder / source, FONTS / made, characters)
        print(made, (FONTS / made).stat().st_size, "bytes")


if __name__ == "__main__":
    main()

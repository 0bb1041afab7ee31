"""The names under which files are saved: one harmless stem, and always the extension of the file's own type."""

from __future__ import annotations

import re
import unicodedata

NAMELESS = "document"
# Leaves space for the extension, and for the number that a browser adds to a second file of the name: file systems
# take 255 bytes.
_STEM_LENGTH, _STEM_BYTES = 100, 200
_LONGEST_ENDING = 10
# Characters that look like a dot but are none; Unicode's own compatibility forms are replaced before.
_DOTS = dict.fromkeys(map(ord, "\u3002\uff61\u2027\u2219\u00b7\u06d4\u0701\u0702\ua4f8"), ".")
# Characters that Windows does not allow in a name, or that its shell and browsers interpret.
_RESERVED = re.compile(r'[<>:"/\\|?*%;`]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)\s*(?:\.|$)", re.IGNORECASE)
# Extensions of the former or a pretended type; in front of the real extension they only mislead.
_MISLEADING = re.compile(
    r"\.\s*(?:pdf|jpe?g|png|[sx]?html?|mht(?:ml)?|hta|svgz?|xml|exe|scr|bat|cmd|com|pif|jse?|vb[es]?|wsf|ps1|lnk|url|msi|jar)$",
    re.IGNORECASE,
)


def saved_name(name: str, ending: str) -> str:
    """Return the name with its extension replaced by that of the file's own type.

    No system takes it for a device, a folder or a hidden file, and it is short enough that the extension is never
    cut off.
    """
    shown = unicodedata.normalize("NFKC", name).translate(_DOTS)
    shown = "".join(" " if sign.isspace() else sign for sign in shown)
    shown = "".join(sign for sign in shown if unicodedata.category(sign)[0] != "C")
    stem = _short(_without_ending(_trimmed(_RESERVED.sub("_", shown))))
    if not any(sign.isalnum() for sign in stem):
        stem = NAMELESS
    return f"{'_' if _DEVICES.match(stem) else ''}{stem}.{ending}"


def _trimmed(stem: str) -> str:
    """Return the stem without the characters that systems strip, hide or read as an option."""
    return stem.lstrip(" .~-").rstrip(" .")


def _without_ending(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    ending = ending.strip()
    is_ending = (
        ending.isascii() and ending.isalnum() and not ending.isdigit() and len(ending) <= _LONGEST_ENDING
    )
    stem = _trimmed(stem) if dot and is_ending else name
    while found := _MISLEADING.search(stem):
        stem = _trimmed(stem[: found.start()])
    return stem or name


def _short(stem: str) -> str:
    cut = stem[:_STEM_LENGTH].encode("utf-8", "replace")[:_STEM_BYTES]
    return _trimmed(cut.decode("utf-8", "ignore"))

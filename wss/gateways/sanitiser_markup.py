"""Finds text in an encoded picture that a program could take for a web page with something to run or to load.

Pixels can be chosen so that their encoded bytes spell any text: noise is kept as it is by Flate, and what is already a
JPEG hardly changes when it is encoded again. Such bytes are never kept; the picture is encoded otherwise.
"""

from __future__ import annotations

import re

# Elements that run or load something by themselves. Every other element needs one of the attributes below.
_ELEMENTS = re.compile(
    rb"<(?:script|i?frame|object|embed|applet|meta|link|base|form|svg|math|style|ima?ge?|video|audio|body|html|head"
    rb"|input|button|marquee|isindex|bgsound|template|xml|!doctype|\?(?:xml|php|import))"
)
_ATTRIBUTES = re.compile(
    rb"on[a-z]{3,30}\s*=|(?:href|style|srcdoc|action)\s*=|(?:java|vb)script|expression\(|behavior"
)


def reads_as_markup(content: bytes) -> bool:
    """Whether an element or attribute that runs or loads something stands in the bytes, in any case and as UTF-8 or
    UTF-16: some programs pass over noughts between letters."""
    # Pictures of honest senders hold such text by chance about once in three hundred megabytes.
    letters = content.replace(b"\0", b"").lower()
    return bool(_ELEMENTS.search(letters) or _ATTRIBUTES.search(letters))

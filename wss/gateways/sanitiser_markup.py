"""Detection of bytes in an encoded picture that a program could read as a web page with active content.

Active content runs scripts or loads external files. Pixels can be chosen so that their encoded bytes spell any
text: Flate stores noise unchanged, and a former JPEG hardly changes when it is encoded again. Such bytes are never
stored; the picture is encoded differently.
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
    """Return whether the bytes contain an element or attribute that runs or loads something.

    The text may be in any case and in UTF-8 or UTF-16: some programs skip zeros between letters.
    """
    # Pictures of honest senders contain such text by chance about once in three hundred megabytes.
    letters = content.replace(b"\0", b"").lower()
    return bool(_ELEMENTS.search(letters) or _ATTRIBUTES.search(letters))

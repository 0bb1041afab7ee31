"""Why a document was not accepted, in words."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss.domain.uploads import Refusal, RefusedDocument

REFUSED = {
    Refusal.EMPTY: _l("it is empty: choose it again"),
    Refusal.TOO_LARGE: _l("it is larger than 8 MB: send a smaller photo, or fewer pages"),
    Refusal.TOO_MANY: _l("there can be 5 documents at most: send the most important ones"),
    Refusal.UPLOAD_TOO_LARGE: _l("the files together are larger than 24 MB. Send them one at a time."),
    Refusal.DAY_LIMIT: _l("you have sent 20 MB today. Send this tomorrow."),
    Refusal.WRONG_KIND: _l(
        "it is not a JPEG, PNG or PDF. Take a photo or a screenshot of it, or save it as PDF"
    ),
    Refusal.DAMAGED: _l("it is damaged or incomplete: send it again, or send a photo of it"),
    Refusal.ENCRYPTED: _l(
        "it is password-protected: save it as a PDF without a password, or send a photo of it"
    ),
    Refusal.TOO_MANY_PIXELS: _l(
        "the picture is too large (200 megapixels at most, a PNG 25 megapixels):"
        " take it at a smaller size, or send a screenshot of it"
    ),
    Refusal.TOO_MANY_PAGES: _l("it has more than 50 pages: send only those that matter"),
    Refusal.PDF_TOO_LARGE: _l("its pages together are larger than 5 MB: send fewer pages at a time"),
    Refusal.UNSEEN: _l(
        "the office would not see a part of it (entries of a form, notes, or letters whose font is not in the"
        " file). Print it as a new PDF, or send a photo or screenshot of it"
    ),
    Refusal.TOO_COMPLEX: _l("it could not be read: send a photo or screenshot of it"),
    Refusal.STORAGE_FULL: _l("it could not be saved right now. Send it again later."),
}


_PHOTOS = (".jpg", ".jpeg", ".png")


def refused_document_words(refused: Sequence[RefusedDocument]) -> list[str]:
    """Return why documents were not accepted, a sentence each."""
    return [_sentence(each) for each in refused]


def _sentence(one: RefusedDocument) -> str:
    """Return why a document was not accepted; a photo is recognised by its name, as a broken one has other content."""
    is_photo = one.label.lower().endswith(_PHOTOS)
    if is_photo and one.refusal in (Refusal.WRONG_KIND, Refusal.DAMAGED):
        return _("%(name)s cannot be opened. Take the photo again.", name=one.label)
    return _("%(name)s could not be added: %(why)s", name=one.label, why=REFUSED[one.refusal])

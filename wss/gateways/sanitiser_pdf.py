"""Makes a PDF anew out of nothing but its pages as they look, so that it can do nothing when it is opened."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Object, Pdf, Stream

from wss.domain.uploads import PAGE_EDGE, PDF_BYTES, PDF_PAGES, Kind, Refusal, UploadRefused
from wss.gateways.sanitiser_picture import Packing, clean_picture, packing_of

# What a page needs to be seen. Everything else on it (actions, notes, thumbnails, form fields) stays behind.
PAGE_NEEDS = {
    "/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Contents", "/Group",
}  # fmt: skip

# What may stand nowhere in the new file: what runs, reaches out, carries files, or tells about people.
FORBIDDEN = {
    "/AA", "/AF", "/AcroForm", "/Annots", "/Dests", "/EF", "/EmbeddedFile", "/EmbeddedFiles", "/Encrypt",
    "/FS", "/Info", "/JS", "/JavaScript", "/Launch", "/Metadata", "/Movie", "/Names", "/OPI", "/OpenAction",
    "/PS", "/PieceInfo", "/Ref", "/RichMedia", "/RichMediaContent", "/RichMediaSettings", "/Sound", "/URI", "/XFA",
}  # fmt: skip
# What a dictionary may not say of itself.
ACTIONS = {
    "/EmbeddedFile", "/Filespec", "/GoToE", "/GoToR", "/ImportData", "/JavaScript", "/Launch", "/Movie",
    "/PS", "/Rendition", "/RichMedia", "/RichMediaExecute", "/Sound", "/SubmitForm", "/URI",
}  # fmt: skip

# Below these the keys are names of the document's own choice: a font may well be called Sound.
CHOSEN_NAMES = {
    "/CharProcs", "/ColorSpace", "/Colorants", "/ExtGState", "/Font", "/Pattern", "/Properties", "/Shading",
    "/XObject",
}  # fmt: skip

# A page scanned at 600 dots an inch in colour unpacks to 104 MB; what unpacks to more was made to do harm.
UNPACKED_BYTES = 110_000_000
DEPTH = 100
# A PDF ends by saying where its table of contents starts; one that does not was cut off on the way.
ENDING_BYTES = 2048


def clean_pdf(content: bytes) -> tuple[dict[str, str | int], bytes]:
    """The same pages in a new PDF of at most 5 MB and 50 pages, with no script, action, file or author."""
    with _opened(content) as came, Pdf.new() as made:
        _print_forms_and_notes(came)
        for page in came.pages:
            _leave_behind(page.obj)
            _refuse_giant(page.obj)
            made.pages.append(page)
        for dictionary in list(_dictionaries(made)):
            _clean(dictionary)
            if isinstance(dictionary, Stream):
                _clean_stream(dictionary, made)
        clean = _saved(made)
        pages = len(made.pages)
    _check(clean)
    return {"kind": Kind.PDF, "pages": pages}, clean


def _opened(content: bytes) -> Pdf:
    """The document, if it is whole, can be read without a password and has a decent number of pages."""
    if b"startxref" not in content[-ENDING_BYTES:]:
        raise UploadRefused(Refusal.DAMAGED)
    try:
        came = Pdf.open(BytesIO(content))
    except pikepdf.PasswordError as locked:
        raise UploadRefused(Refusal.ENCRYPTED) from locked
    if came.is_encrypted:
        raise UploadRefused(Refusal.ENCRYPTED)
    if len(came.pages) == 0:
        raise UploadRefused(Refusal.DAMAGED)
    if len(came.pages) > PDF_PAGES:
        raise UploadRefused(Refusal.TOO_MANY_PAGES)
    return came


def _print_forms_and_notes(came: Pdf) -> None:
    """Print what was filled into a form or noted on a page onto the page itself before both go."""
    came.generate_appearance_streams()
    came.flatten_annotations("screen")


def _leave_behind(page: Object) -> None:
    for key in list(page.keys()):
        if key not in PAGE_NEEDS:
            del page[key]


def _refuse_giant(page: Object) -> None:
    """A page of a kilometre makes some readers ask for all the memory there is."""
    unit = max(float(page.get("/UserUnit", 1)), 1)
    for name in ("/MediaBox", "/CropBox"):
        left, bottom, right, top = (float(edge) for edge in page.get(name, Array([0, 0, 1, 1])).as_list())
        if max(abs(right - left), abs(top - bottom)) * unit > PAGE_EDGE:
            raise UploadRefused(Refusal.TOO_COMPLEX)


def _dictionaries(document: Pdf) -> Iterator[Object]:
    """Every dictionary and stream that the pages lead to, except those whose keys are chosen names."""
    seen: set[tuple[tuple[int, int], bool]] = set()
    waiting: list[tuple[Object, bool, int]] = [(page.obj, False, 0) for page in document.pages]
    while waiting:
        thing, keys_are_chosen, depth = waiting.pop()
        if thing.is_indirect:
            if (thing.objgen, keys_are_chosen) in seen:
                continue
            seen.add((thing.objgen, keys_are_chosen))
        if depth > DEPTH:
            raise UploadRefused(Refusal.TOO_COMPLEX)
        if not isinstance(thing, Array) and not keys_are_chosen:
            yield thing
        waiting.extend((part, chosen, depth + 1) for part, chosen in _parts(thing, keys_are_chosen))


def _parts(thing: Object, keys_are_chosen: bool) -> Iterator[tuple[Object, bool]]:
    """The containers inside a container, each with whether its own keys are chosen names."""
    if isinstance(thing, Array):
        named = [("", part) for part in thing.as_list()]
    else:
        named = [(key, part) for key, part in thing.items() if key != "/Parent"]
    for key, part in named:
        if isinstance(part, (Array, Dictionary, Stream)):
            yield part, key in CHOSEN_NAMES and not keys_are_chosen and isinstance(part, Dictionary)


def _clean(dictionary: Object) -> None:
    """Take every forbidden entry out of a dictionary, and the content out of a stream that says it is a program."""
    for key in list(dictionary.keys()):
        acts = key in ("/S", "/Type", "/Subtype", "/Subtype2") and str(dictionary[key]) in ACTIONS
        if key in FORBIDDEN or acts:
            del dictionary[key]
        if acts and isinstance(dictionary, Stream):
            dictionary.write(b"")


def _clean_stream(stream: Stream, document: Pdf) -> None:
    """Take the notes out of a photo inside a PDF, and refuse a stream that unpacks to a flood."""
    # A stream with /F has its content in another file, on the reader's machine or elsewhere.
    if "/F" in stream:
        del stream["/F"]
    outer, own = packing_of(stream)
    unpacked = _unpacked(stream, outer, document)
    if unpacked is not None and len(unpacked) > UNPACKED_BYTES:
        raise UploadRefused(Refusal.TOO_COMPLEX)
    clean_picture(stream, own, unpacked)


def _unpacked(stream: Stream, outer: list[Packing], document: Pdf) -> bytes | None:
    """What comes out when everything before an image's own packing is undone; nothing if that is impossible."""
    probe = document.make_stream(stream.read_raw_bytes())
    if outer:
        probe.Filter = Array([packing.name for packing in outer])
        probe.DecodeParms = Array([packing.settings for packing in outer])
    try:
        return probe.read_bytes(decode_level=pikepdf.StreamDecodeLevel.specialized)
    except pikepdf.PdfError:
        # What cannot be unpacked here cannot be unpacked by its reader: an empty spot, but no danger.
        return None


def _saved(made: Pdf) -> bytes:
    clean = BytesIO()
    made.save(clean, object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True)
    if clean.tell() > PDF_BYTES:
        raise UploadRefused(Refusal.PDF_TOO_LARGE)
    return clean.getvalue()


def _check(clean: bytes) -> None:
    """Read the new file as a stranger would and refuse it if anything forbidden came through all the same."""
    with Pdf.open(BytesIO(clean)) as made:
        strange = set(made.Root.keys()) - {"/Type", "/Pages", "/Version", "/Extensions"}
        strange |= set(made.trailer.keys()) - {"/Root", "/Size", "/ID"}
        for dictionary in _dictionaries(made):
            strange |= FORBIDDEN.intersection(dictionary.keys())
    if strange:
        raise UploadRefused(Refusal.ACTIVE_CONTENT)

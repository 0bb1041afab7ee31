"""Makes a PDF anew out of nothing but its pages as they look, so that it can do nothing when it is opened."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from wss.domain.uploads import PDF_BYTES, PDF_PAGES, PIXELS_SHOWN, Kind, Refusal, UploadRefused
from wss.gateways.sanitiser_jpeg import size_of_jpeg, without_notes

# What a page needs to be seen. Everything else on it (actions, notes, thumbnails, form fields) stays behind.
PAGE_NEEDS = {
    "/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Contents", "/Group",
}  # fmt: skip

# What may stand nowhere in the new file: what runs, reaches out, carries files, or tells about people.
FORBIDDEN = {
    "/AA", "/AF", "/AcroForm", "/Annots", "/Dests", "/EF", "/EmbeddedFile", "/EmbeddedFiles", "/Encrypt",
    "/FS", "/Info", "/JS", "/JavaScript", "/Launch", "/Metadata", "/Movie", "/Names", "/OPI", "/OpenAction",
    "/PieceInfo", "/Ref", "/RichMedia", "/RichMediaContent", "/RichMediaSettings", "/Sound", "/URI", "/XFA",
}  # fmt: skip
# What a dictionary may not say of itself.
ACTIONS = {
    "/EmbeddedFile", "/Filespec", "/GoToE", "/GoToR", "/ImportData", "/JavaScript", "/Launch", "/Movie",
    "/Rendition", "/RichMedia", "/RichMediaExecute", "/Sound", "/SubmitForm", "/URI",
}  # fmt: skip

# Below these the keys are names of the document's own choice: a font may well be called Sound.
CHOSEN_NAMES = {
    "/CharProcs", "/ColorSpace", "/Colorants", "/ExtGState", "/Font", "/Pattern", "/Properties", "/Shading",
    "/XObject",
}  # fmt: skip

# A page scanned at 600 dots an inch in colour unpacks to 104 MB; what unpacks to more was made to do harm.
UNPACKED_BYTES = 110_000_000
IMAGE_FILTERS = {Name.DCTDecode, Name.JPXDecode, Name.CCITTFaxDecode, Name.JBIG2Decode}
DEPTH = 100
# A PDF ends by saying where its table of contents starts; one that does not was cut off on the way.
ENDING_BYTES = 2048


def clean_pdf(content: bytes) -> tuple[dict[str, str | int], bytes]:
    """The same pages in a new PDF of at most 5 MB and 50 pages, with no script, action, file or author."""
    with _opened(content) as came, Pdf.new() as made:
        _print_forms_and_notes(came)
        for page in came.pages:
            _leave_behind(page.obj)
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
    """Take every forbidden entry out of a dictionary."""
    for key in list(dictionary.keys()):
        acts = key in ("/S", "/Type", "/Subtype") and str(dictionary[key]) in ACTIONS
        if key in FORBIDDEN or acts:
            del dictionary[key]


def _clean_stream(stream: Stream, document: Pdf) -> None:
    """Take the notes out of a photo inside a PDF, and refuse a stream that unpacks to a flood."""
    # A stream with /F has its content in another file, on the reader's machine or elsewhere.
    if "/F" in stream:
        del stream["/F"]
    if stream.get("/Subtype") == Name.Image and int(stream.Width) * int(stream.Height) > PIXELS_SHOWN:
        raise UploadRefused(Refusal.TOO_MANY_PIXELS)
    filters, settings = _filters(stream)
    if filters == [Name.DCTDecode]:
        _clean_photo(stream)
    elif _unpacked_size(stream, filters, settings, document) > UNPACKED_BYTES:
        raise UploadRefused(Refusal.TOO_COMPLEX)


def _clean_photo(stream: Stream) -> None:
    photo = stream.read_raw_bytes()
    width, height = size_of_jpeg(photo)
    if width * height > PIXELS_SHOWN:
        raise UploadRefused(Refusal.TOO_MANY_PIXELS)
    # The packing is noted again by writing, the settings of unpacking it are kept as they are.
    settings = stream.get("/DecodeParms")
    stream.write(without_notes(photo), filter=Name.DCTDecode)
    if settings is not None:
        stream.DecodeParms = settings


def _filters(stream: Stream) -> tuple[list[Object], list[Object]]:
    """How the stream is packed: the filters in the order of unpacking, and the settings of each."""
    return _listed(stream.get("/Filter")), _listed(stream.get("/DecodeParms"))


def _listed(value: Object | None) -> list[Object]:
    if value is None:
        return []
    return list(value.as_list()) if isinstance(value, Array) else [value]


def _unpacked_size(stream: Stream, filters: list[Object], settings: list[Object], document: Pdf) -> int:
    """How many bytes come out when everything before an image's own packing is undone."""
    outer = next((place for place, name in enumerate(filters) if name in IMAGE_FILTERS), len(filters))
    probe = document.make_stream(stream.read_raw_bytes())
    if outer:
        probe.Filter = Array(filters[:outer])
        if settings:
            probe.DecodeParms = Array(settings[:outer])
    try:
        return len(probe.read_bytes())
    except pikepdf.PdfError:
        # What cannot be unpacked here cannot be unpacked by its reader: an empty spot, but no danger.
        return 0


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

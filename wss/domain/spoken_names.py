"""Comparison of the name that a caller says with the name on record.

The rule, in the order in which it is applied:

1. **Words.** Both names are split into words; accents, dots, nukta, joiners and the zeros of abbreviations
   (मो0) do not count. Titles (Shri, Smt, Km, Dr, Late, श्री, श्रीमती, स्व …) are left out.
2. **Relatives.** What follows a relation word (S/O, D/O, W/O, C/O, son of, पुत्र, पत्नी, आत्मज, urf, Prop …) is optional.
   Where both names have it, one must be part of the other: a caller who names another father is another person. A
   relative alone, on either side, is no name.
3. **Spelling.** Words agree when they sound alike in both scripts (`name_spellings`). They may be joined or apart
   (Ramkumar), and come in any order.
4. **Initials.** An initial on record matches any word that begins with it. A spoken initial matches only a word
   that is not the given name.
5. **Words left out.** The given name, which is the first on record (Mohammad alone does not count), and at least one
   more word of the record must be said: given names alone are shared by too many. If the record has one word only, it
   suffices. The words of a firm's name must all be said, except "M/s", "and", "Pvt Ltd".
6. **Words added.** One of the words that are commonly added to any name (Kumar, Kumari, Devi, Lal, Begum …) may be
   said in addition, and no other.

False accepts over pairs of different people, and true variants accepted, are measured in tests/domain.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from wss.domain.name_spellings import initials_of, keys_of


def _list(words: str) -> list[str]:
    return words.split()


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TITLES = _set(
    "shri sri shree shriman sh smt shrimati shreemati srimati shrimathi km ku kum mr mrs ms miss dr prof "
    "adv advocate late deceased lt swargiya swa ji sahab saheb sahib pandit pt haji hazi hafiz maulana er capt col "
    "major श्री श्रीमती श्रीमान श्रीमति सुश्री कु डॉ डा प्रो जी साहब साहिब स्व स्वर्गीय मृतक पंडित पण्डित पं "
    "हाजी मौलाना हाफिज एड इं मास्टर"
)
# Titles before a name; at its end they are part of it.
_TITLES_FIRST = _set("kumari कुमारी")
_RELATION_SIGNS = re.compile(
    r"(?:^|(?<=[\s,.(-]))(?:[sdwchfr]\s*[/\\|]\s*[o0]|(?<=\s)[sdwc]\.\s?o\.?(?=\s)"
    r"|(?:एस|डी|डब्लू|डब्ल्यू|सी)\s*[/\\]\s*ओ"
    r"|(?:son|daughter|wife|widow|husband|care|resident)\s+of\b)"
)
_RELATIONS = _set(
    "so do wo relation putra suputra putr putri suputri patni dharmpatni aatmaj atmaj aatmaja atmaja vald "
    "wald walad bewa beva zauje jauje zouje niwasi nivasi urf alias prop proprietor through पुत्र सुपुत्र पुत्री "
    "सुपुत्री पत्नी धर्मपत्नी आत्मज आत्मजा वल्द बेवा विधवा जौजे जौजा पिता पति बेटा बेटी निवासी पु पत्नि उर्फ "
    "द्वारा प्रोपराइटर"
)
_FIRM_SIGNS = re.compile(r"^\s*(?:m\s*/\s*s\b|messrs\b|म[ेै]\s*/?\s*स\b|मैसर्स|मेसर्स|म[ेै]\s*[.0०॰])[\s.]*")
_OF_FIRMS = _set(
    "pvt private ltd limited llp co company and traders store stores enterprises industries brothers bros "
    "sons प्रा लि लिमिटेड कम्पनी कंपनी एण्ड एंड ट्रेडर्स स्टोर स्टोर्स"
)
_LEFT_OUT_OF_FIRMS = _set("pvt private ltd limited llp co company and प्रा लि लिमिटेड कम्पनी कंपनी एण्ड एंड और")
_LETTERS = dict(
    zip(
        _list("ए बी सी डी ई एफ जी एच आई जे के एल एम एन ओ पी क्यू आर एस टी यू वी डब्लू एक्स वाई जेड"),
        "abcdefghijklmnopqrstuvwxyz",
        strict=True,
    )
)
_ADDED = frozenset(
    key
    for word in _list("kumar kumari devi lal prasad singh ram chand bhai ben begum bano khatoon mohd")
    for key in keys_of(word)
)
_MOHAMMAD = keys_of("mohd")
# With more words than this there are too many ways to join them.
_JOINED_OF = 6
_LEFT_OUT = re.compile(r"[\u0300-\u036f\u0951-\u0954\u200b-\u200f\u2060]")
_NUKTA_THAT_COUNTS = "डढ"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a name, or several that are written as one: its keys and initials, and the number of words."""

    text: str
    keys: frozenset[str]
    initials: frozenset[str]
    size: int = 1

    @property
    def is_initial(self) -> bool:
        """Return whether it is an initial of a word."""
        return len(self.text) == 1 and self.text.isascii()


@dataclass(frozen=True, slots=True)
class SpokenName:
    """A parsed name: its own words, those of a relative, and whether it is a firm's."""

    own: tuple[Word, ...]
    relative: tuple[Word, ...]
    is_firm: bool


def is_same_name(spoken: str, on_record: str) -> bool:
    """Return whether a person with the spoken name has the name on record, by the rule above."""
    said, kept = parse_name(spoken), parse_name(on_record)
    if not said.own or not kept.own:
        # The record has nothing but the name of a relative: it has to be said, and as that of a relative.
        is_bare = not said.own and not kept.own and bool(kept.relative)
        return is_bare and _is_whole(said.relative, kept.relative)
    if said.relative and kept.relative and not _is_part(said.relative, kept.relative):
        return False
    if _agree(said.own, kept.own, is_firm=kept.is_firm):
        return True
    # One of the two names has the relative without a relation word.
    if kept.relative and not said.relative:
        return _is_whole(said.own, kept.own + kept.relative)
    return bool(said.relative) and not kept.relative and _is_whole(said.own + said.relative, kept.own)


@lru_cache(maxsize=4096)
def parse_name(name: str) -> SpokenName:
    """Parse a name."""
    plain = _plain(name)
    is_firm = _FIRM_SIGNS.match(plain) is not None
    plain = _RELATION_SIGNS.sub(" relation ", _FIRM_SIGNS.sub("", plain).replace("&", " and "))
    words = _words(plain)
    at = next(
        (at for at, word in enumerate(words) if word in _RELATIONS and (at or word == "relation")), None
    )
    own, relative = (words, []) if at is None else (words[:at], words[at + 1 :])
    is_firm = is_firm or (len(own) > 1 and any(word in _OF_FIRMS for word in own))
    if is_firm:
        own = [word for word in own if word not in _LEFT_OUT_OF_FIRMS] or own
    return SpokenName(_read(own), _read([word for word in relative if word not in _RELATIONS]), is_firm)


def _plain(name: str) -> str:
    """Return the name in lower case, without the signs that people leave out.

    A Devanagari dot below is kept if it makes another letter.
    """
    decomposed = unicodedata.normalize("NFKD", name).casefold().replace("\u0964", " ")
    kept: list[str] = []
    for letter in _LEFT_OUT.sub("", decomposed):
        is_lost = letter == "\u093c" and kept and kept[-1] not in _NUKTA_THAT_COUNTS
        if not is_lost:
            kept.append(letter)
    return "".join(kept)


def _words(plain: str) -> list[str]:
    separated = "".join(one if unicodedata.category(one)[0] in "LMN" else " " for one in plain)
    words = []
    for word in separated.split():
        # Hindi abbreviations end with a zero: मो0, स्व०.
        stem = word.rstrip("0०")
        words.append(stem if stem and not stem.isdecimal() else word)
    return words


def _read(words: Sequence[str]) -> tuple[Word, ...]:
    """Return the words without titles; all of them if all are titles."""
    last = len(words) - 1
    # जी in the middle is a letter of an initial, at the end an honorific.
    named = [
        word
        for at, word in enumerate(words)
        if not (word in _TITLES and (word != "जी" or at == last))
        and not (at == 0 < last and word in _TITLES_FIRST)
    ]
    return tuple(_word(_LETTERS.get(word, word)) for word in named or words)


@lru_cache(maxsize=16384)
def _word(text: str, size: int = 1) -> Word:
    return Word(text, keys_of(text), initials_of(text), size)


def _agree(said: Sequence[Word], kept: Sequence[Word], *, is_firm: bool) -> bool:
    """Return whether enough of the words on record were said, and no others."""
    if not _begins_alike(said, kept):
        return False
    if _is_whole(said, kept):
        return True
    if is_firm:
        return False
    return any(_is_enough(said_as, kept_as, len(kept)) for said_as, kept_as in _spacings(said, kept))


def _is_part(said: Sequence[Word], kept: Sequence[Word]) -> bool:
    """Return whether all words of the shorter name are in the longer one."""
    for said_as, kept_as in _spacings(said, kept):
        short, long = sorted((said_as, kept_as), key=len)
        if all(any(_is_one(one, other) for other in long) for one in short):
            return True
    return False


def _begins_alike(said: Sequence[Word], kept: Sequence[Word]) -> bool:
    """Return whether any word begins like the first on record: most comparisons end here."""
    first = _given_name(kept).initials
    return any(first & word.initials for word in said)


def _given_name(kept: Sequence[Word]) -> Word:
    """Return the given name on record: Mohammad is skipped, as it precedes most others."""
    return kept[1] if len(kept) > 1 and kept[0].keys & _MOHAMMAD else kept[0]


def _is_whole(said: Sequence[Word], kept: Sequence[Word]) -> bool:
    """Return whether all words were said, and no others, joined or apart."""
    return any(
        len(said_as) == len(kept_as) and _is_each(said_as, kept_as)
        for said_as, kept_as in _spacings(said, kept)
    )


def _is_each(said: Sequence[Word], kept: Sequence[Word]) -> bool:
    """Return whether each word of the record was said, whole, or by an initial if it is not the given name."""
    left, given = list(said), _given_name(kept)
    # Whole words first: an initial matches one of the remaining words.
    for word in sorted(kept, key=lambda one: one.is_initial):
        match = next((one for one in left if one.keys & word.keys), None)
        if match is None and (word is not given or word.is_initial):
            match = next((one for one in left if _is_one(one, word)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def _is_enough(said: Sequence[Word], kept: Sequence[Word], of: int) -> bool:
    """Return whether the given name and one more were said, and at most one of the words that are commonly added."""
    given, left = _given_name(kept), list(said)
    found = next((word for word in left if word.keys & given.keys), None)
    if found is None or given.is_initial:
        return False
    rest = list(kept)
    left.remove(found)
    rest.remove(given)
    matched, added = given.size, 0
    for word in left:
        match = next((one for one in rest if _is_one(word, one)), None)
        if match is not None:
            rest.remove(match)
            matched += match.size
        elif word.keys & _ADDED:
            added += 1
        else:
            return False
    return added <= 1 and matched >= min(2, of) and (not added or not rest)


def _is_one(said: Word, kept: Word) -> bool:
    """Return whether two words agree, or one is the other's initial."""
    if said.keys & kept.keys:
        return True
    if said.is_initial is kept.is_initial:
        return False
    return bool(said.initials & kept.initials)


def _spacings(said: Sequence[Word], kept: Sequence[Word]) -> Iterator[tuple[Sequence[Word], Sequence[Word]]]:
    """Yield both names with words of one of them joined. Not of both: joined, Rama Devi sounds like Ram Devi."""
    for kept_as in _joined(kept):
        yield said, kept_as
    for said_as in islice(_joined(said), 1, None):
        yield said_as, kept


def _joined(words: Sequence[Word]) -> Iterator[tuple[Word, ...]]:
    """Yield the words unchanged, then with neighbours written as one."""
    yield tuple(words)
    if not 1 < len(words) <= _JOINED_OF:
        return
    for mask in range(1, 1 << (len(words) - 1)):
        joined = [words[0]]
        for at, word in enumerate(words[1:]):
            if mask >> at & 1:
                joined[-1] = _word(joined[-1].text + word.text, joined[-1].size + word.size)
            else:
                joined.append(word)
        yield tuple(joined)

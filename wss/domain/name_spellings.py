"""Phonetic keys of words of names: one key for the usual spellings in Devanagari and in Latin letters.

A word is first written in Latin letters in the usual spelling of Uttar Pradesh, and then reduced to what its spellings
have in common:

- long vowels are short (Raam, Pooja, Deepak), `au`, `ou` and `ow` are `o`, `ai` is `ay`, `y` at the end is `i`;
- an `a` inside a word is left out, which also settles the vowels that Devanagari does not write or speak (Prasad,
  Parsad, Agrawal, Agarwal, Sharma); at the beginning and at the end it stays: Ram is not Rama, Kamal is not Kamla;
- `sh` and `s`, `v`, `w` and `b`, `z` and `j`, `ph` and `f`, `c`, `q` and `k`, `gh` and `g`, `th` and `t`, `dh` and `d`
  are one;
- doubled consonants are single, `m` before `p` and `b` is `n`, and the groups `x`, `ksh` and `jn`, `gy` are one;
- in a key of five letters or more `e` and `i`, `o` and `u` are one: otherwise short words would match too many
  others.

Exceptions are in a table. Words of other scripts are their own key.
"""

import re
from functools import lru_cache


def _list(words: str) -> list[str]:
    return words.split()


_CONSONANTS = dict(
    zip(
        "कखगघङचछजझञटठडढणतथदधनपफबभमयरलळवशषसह",
        _list("k kh g gh n ch chh j jh n t th d dh n t th d dh n p ph b bh m y r l l v sh sh s h"),
        strict=True,
    )
)
_VOWELS = dict(zip("अआइईउऊऋएऐओऔऑऍ", _list("a aa i i u u ri e ai o au o e"), strict=True))
_SIGNS = dict(zip("ािीुूृेैोौॉॅ", _list("aa i i u u ri e ai o au o e"), strict=True))
_WITH_NUKTA = {"ड": "r", "ढ": "rh", "ज": "z", "फ": "f", "क": "q"}
_VIRAMA, _NUKTA, _VISARGA = "\u094d", "\u093c", "\u0903"
_NASALS = "\u0901\u0902"
# After these two letters the vowel at the end of a word is neither spoken nor written in Latin letters: Anand.
_SILENT_END = re.compile(r"n(?:th?|dh?|kh?|gh?|ch?|j)$")
_ENDS_IN_TWO = re.compile(r"(?:[kgcjtdpbs]h|[^aeiou])(?:[kgcjtdpbs]h|[^aeiouh])$")

# In this order, on Latin letters in lower case.
_RULES = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"sin(?:gh|h|g)$", "sinG"),
        (r"^sinG$", "sinG"),
        (r"nd(?:ra{1,2}|(?:a{1,2}|e|i)?r)$", "ndr"),
        (r"(?<=[^aeiou])ore$", "or"),
        (r"(?<=[^aeiou][^aeiou])er$", "ar"),
        (r"(?<=\w\w\w)ava$", "av"),
        (r"(?<=[bcdfghjklmnprstvwyz])ey$", "e"),
        (r"(?<=[aeiou])h(?=$)", ""),
        (r"eh(?=[bcdfgjklmnprstvwz])", "ah"),
        (r"e(?=r[bcdfgjklmnpstvwz])", "a"),
        (r"jn|gy", "G"),
        (r"x|ksh|kch", "ks"),
        (r"qu(?=[ei])|ck|q", "k"),
        (r"chh|ch", "C"),
        (r"c", "k"),
        (r"sh", "s"),
        (r"th", "t"),
        (r"dh", "d"),
        (r"ph", "f"),
        (r"bh", "B"),
        (r"kh", "K"),
        (r"gh", "g"),
        (r"z|jh", "j"),
        (r"[vw]", "b"),
        (r"au|ou|ow(?![aeiou])|ob(?=[dD])", "o"),
        (r"aa+", "a"),
        (r"ee+|ii+", "i"),
        (r"oo+|uu+", "u"),
        (r"ai|ei", "ay"),
        (r"(?<=[^aeiou])y$", "i"),
        (r"i(?=[aou])", "iy"),
        (r"([^aeiou])\1+", r"\1"),
        (r"(?<=.)a(?=.)", ""),
        (r"m(?=[bBpf])", "n"),
        (r"hm", "mh"),
    )
)
_LOOSE_FROM = 5
_LOOSE = str.maketrans("eo", "iu")
_ONE_INITIAL = str.maketrans("eovwzq", "iubbjk")
# An honorific that is written as a part of the name: Shriram.
_SHRI = re.compile(r"(?:shri|shree|sri|श्री)(?=.{3})")

_SPELLINGS = {
    "mohd": "mohammad muhammad mohammed muhammed mohamed mohamad mohamud mohmmad mohammd mohd muhd md mohamm mo mu "
    "मोहम्मद मुहम्मद मोहमद मोहम्मद मो मु मोहम्द एमडी",
    "ahmad": "ahmed ahemad ahamad ahemed",
    "hussain": "husain hussein husein husen hussen hossain हुसैन हुसेन",
    "shekh": "shaikh sheikh shaykh sheik shekh शेख शैख",
    "sayyad": "syed sayed saiyad saiyed sayyed saiyyad said सैयद सय्यद सैय्यद",
    "qureshi": "kureshi quraishi quraishy koreshi कुरैशी कुरेशी",
    "siddiqui": "siddiqi siddique siddiki sidiqui sidiqi sidique siddhiqui सिद्दीकी सिद्दिकी",
    "begam": "begum begham beghum बेगम",
    "bano": "banu बानो बानू",
    "javed": "javaid javid jawed zaved जावेद",
    "akhtar": "akhter akthar aktar akter अख्तर",
    "parvin": "parveen perveen praveen pravin परवीन प्रवीन प्रवीण",
    "yusuf": "yousuf yusuph yousaf yusaf yousef युसुफ यूसुफ",
    "usman": "osman usmaan उस्मान",
    "khatun": "khatoon khatun khaton खातून",
    "rahis": "raees rais rahees rayees रईस",
    "vajpayi": "vajpayee bajpai bajpayee bajpei vajpai bajpeyi bajpayi वाजपेयी बाजपेयी बाजपेई",
    "shrivastav": "srivastava shrivastava srivastav srivastva shrivastva sriwastava shriwastava srivastwa sriwastav "
    "shrivasatava श्रीवास्तव श्रीवास्तवा",
    "krishna": "krishan krishn krisna कृष्ण कृष्णा",
    "chaudhari": "chaudhary chaudhry choudhary choudhry chowdhury chowdhary choudhury chowdhry chodhary chaudhuri "
    "choudhari chaudari chaudary चौधरी",
    "tivari": "tiwari tewari tiwary tewary tivari तिवारी",
    "rathaur": "rathore rathor rathour rathaur राठौर राठौड़ राठोर",
    "kishor": "kishore kishor किशोर",
    "kushvaha": "kushwaha kushwah kushvah kushawaha कुशवाहा कुशवाह",
    "dube": "dubey dube doobey दुबे दूबे",
    "datt": "datt dutt dutta datta दत्त दत्ता",
    "shiv": "shiv shiva siva sheo sheu शिव",
    "vishnu": "vishnu bishnu vishanu विष्णु",
    "kanta": "kaanta kanta कान्ता कांता",
    "joshi": "joshi jyoshi जोशी",
    "ramchandra": "ramchandra ramchander रामचन्द्र रामचंद्र",
    "lakhshmi": "lakshmi laxmi lakhsmi luxmi laksmi lakshami laxami lachhmi lachmi lakhshmi लक्ष्मी लछमी",
    "lakhshman": "lakshman laxman lakshaman lachhman luxman lachman लक्ष्मण लछमन",
    "kshama": "kshama chhama क्षमा",
    "om": "om aum ॐ ओम ओम्",
    "gupta": "gupt गुप्त गुप्ता",
    "brijesh": "brajesh vrijesh bridgesh बृजेश ब्रजेश",
    "saeed": "sayeed saied saeid sayid सईद सयीद",
    "upadhyay": "upadhyaya upadhaya upadhyay उपाध्याय",
    "ghulam": "gulam ghulam golam गुलाम",
    "ayodhya": "ajodhya अयोध्या अजोध्या",
    "vishveshvar": "visheshwar vishweshwar bisheshwar bisheshar विश्वेश्वर विशेश्वर",
    "rahman": "raheman rehman rahaman rehaman rahmaan रहमान",
    "rukmini": "rukmani rukmini रुक्मिणी रुक्मणी",
    "hukum": "hukam hukum हुकुम हुकम",
    "kailash": "kelash kailas कैलाश",
    "sons": "sons सन्स संस",
    "traders": "traders tradars ट्रेडर्स",
    "store": "store stores stor स्टोर स्टोर्स",
    "enterprises": "enterprises enterprise entreprises इन्टरप्राइजेज इंटरप्राइजेज इण्टरप्राइजेज",
}


def roman(word: str) -> str:
    """Return a Devanagari word in Latin letters in its usual spelling; any other word unchanged.

    The vowel that every consonant carries is written except for the last one.
    """
    if not any("\u0900" <= letter <= "\u097f" for letter in word):
        return word
    written: list[str] = []
    carries = False
    for at, letter in enumerate(word):
        if letter in _CONSONANTS:
            written.append("a" if carries else "")
            is_dotted = word[at + 1 : at + 2] == _NUKTA
            written.append(_WITH_NUKTA.get(letter, _CONSONANTS[letter]) if is_dotted else _CONSONANTS[letter])
            carries = True
        elif letter in _SIGNS:
            written.append(_SIGNS[letter])
            carries = False
        elif letter == _VIRAMA:
            carries = False
        elif letter in _NASALS:
            written.append("an" if carries else "n")
            carries = False
        elif letter not in (_NUKTA, _VISARGA):
            written.append("a" if carries else "")
            written.append(_VOWELS.get(letter, letter))
            carries = False
    return "".join(written)


@lru_cache(maxsize=16384)
def keys_of(word: str) -> frozenset[str]:
    """Return the phonetic keys of a word.

    A Devanagari word that ends in two consonants has two keys, as its last vowel may be written in Latin letters
    or not: मिश्र is Mishra, धर्म is Dharm and Dharma; and Shriram is also Ram.
    """
    known = _KNOWN.get(word)
    if known is not None:
        return frozenset((known,))
    latin = roman(word)
    keys = {_key(latin)}
    if latin != word and _ENDS_IN_TWO.search(latin) and not _SILENT_END.search(latin):
        keys.add(_key(f"{latin}a"))
    if _SHRI.match(word):
        keys.add(_key(roman(_SHRI.sub("", word, count=1))))
    return frozenset(keys)


def initials_of(word: str) -> frozenset[str]:
    """Return the letters with which a word may begin when only its initial is written."""
    letters = {roman(word)[:1], *(key[:1].lower() for key in keys_of(word))}
    return frozenset(letter.translate(_ONE_INITIAL) for letter in letters)


def _key(latin: str) -> str:
    if not latin.isascii():
        return latin
    key = latin
    for pattern, instead in _RULES:
        key = pattern.sub(instead, key)
    return key.translate(_LOOSE) if len(key) >= _LOOSE_FROM else key


_KNOWN = {
    spelling: _key(usual)
    for usual, spellings in _SPELLINGS.items()
    for spelling in (usual, *spellings.split())
}

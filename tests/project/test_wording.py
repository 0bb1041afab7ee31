"""Texts that people read use one word for a thing, spelt in one way.

Read are screens, SMS, e-mails, headings of CSV and PDF, reference tables of the demo, commands and findings of imports,
scripts, and the documentation for operators.
"""

import ast
import re
import unicodedata
from collections.abc import Iterator
from functools import cache

import pytest

from devtools import translations
from tests.project.tree import ROOT, Source, none_of, sample, sources

# Word or phrase -> what docs/glossary.md and a person at the counter say. English is compared without case.
ENGLISH = {
    r"some(body|whom?)|any(body)|every(body)|who(m)?ever": "someone, anyone, everyone, the person who",
    r"meanwhile|in the meantime": "since then, until then",
    r"just now": "right now, at the moment",
    r"anew|once more": "again",
    r"(take|took|taken|taking)s? back": "withdraw, undo",
    r"mend(s|ed|ing)?": "correct",
    r"hand(s|ed|ing)? in": "upload, submit",
    r"(stands|stand) (for|in|here|there|now|at|with|on)|how it stands|as things stand": "is, replaces, status",
    r"rest(s|ed)? on": "is based on",
    r"goes on|went on|go on with": "continue",
    r"(is|are) over(?! your| %)": "has ended, has expired",
    r"fits? together": "match",
    r"by itself": "automatically, on its own",
    r"written down by|led nowhere|puts? (it|them|this) right": "recorded, not found, correct",
    r"tell it to": "share it with",
    r"sign(s|ed|ing)?[ -](in|out)|sign-?(in|out)s?": "log in, log out",
    r"help[ -]desk": "helpdesk",
    r"your account (is|was|has|opens)|close (the|your) account|account (is|was) closed": "login, online registration",
    r"one-time password|O\.T\.P\.": "OTP",
    r"needs? do nothing": "do not need to do anything",
    r"promis(e|es|ed|ing)": "Reply by, the reply date",
    r"at once": "immediately; of several: at the same time",
    r"post(ed|s)? again": "sent again",
    r"registered already|already registered with us": "already registered",
}
HINDI = {
    "साइन[ -]?(इन|आउट|ऑफ़)": "लॉगिन, लॉगआउट",
    r"ओ\.?टी\.?पी": "OTP",
    "वाद[ाेों]": "तय तारीख़, उत्तर … तक",
    r"(मेरा|आपका|अपना|WSS) खाता|खाता (बंद|रोक|मिट|खुल|हट)": "लॉगिन, ऑनलाइन पंजीकरण, मेरा पेज",
    "(?<!ऑन)(?<!हेल्प)(?<!लैंड)लाइन": "इंटरनेट",
    "हिसाब(?! से)": "सवाल",
    "देय(?! तिथि| राशि)": "नियत तारीख़, अंतिम दिन",
    "अपेक्षित": "चाहिए",
    "ऊपर भेज": "वरिष्ठ अधिकारी को भेजी गई",
    "अनंतिम|अनन्तिम": "अनुमानित (PROV)",
    "स्थायी प्रभार": "फिक्स चार्ज (नियत प्रभार)",
    "घड़ी (रुक|चल)|(?<!कंप्यूटर )(?<!उस)की घड़ी": "समय-सीमा",
    "समयरेखा": "घटनाक्रम",
    "ऋण चिह्न": "“-”",
    "पुनः संयोजन(?!\\))": "कटा कनेक्शन फिर जुड़वाना (पुनः संयोजन)",
    "मीटर (नहीं )?पढ़ा": "रीडिंग ली गई",
    "मालिक": "उपभोक्ता",
    "कॉलर": "कॉल करने वाले",
    r"एस\.? ?डी\.? ?ओ|बिल लिपिक": "उपखण्ड अधिकारी, बिलिंग लिपिक",
    r"एम\.? ?आई\.? ?एस": "MIS",
    r"एस\. ?एम\. ?एस|पी\. ?डी\. ?एफ|एस\. ?बी\. ?एम": "SMS, PDF, SBM",
    r"आई\. ?डी": "आईडी",
    "(कीजि|दीजि|लिखि|भरि|चुनि|देखि|खोलि|भेजि|दबाइ|मँगाइ|बताइ)ए(?!गा)": "करें, लिखें, …: one form of the imperative",
    "बाक़ी": "बाकी",
    "त्रुटि": "ग़लती",
    "गलत": "ग़लत",
    "खराब": "ख़राब",
    "तारीख(?!़)": "तारीख़",
    "फोन": "फ़ोन",
    "फोटो": "फ़ोटो",
    "फॉर्म|फार्म": "फ़ॉर्म",
    "जरूरी|जरूरत": "ज़रूरी, ज़रूरत",
    "ज्यादा": "ज़्यादा",
    "फोरम": "फ़ोरम",
    "पृष्ठ": "पेज",
    "अभिलेख": "रिकॉर्ड",
    "हेल्प[ -]डेस्क": "हेल्पडेस्क",
    "अभियंता|अभियन्तां": "अभियन्ता",
    "निजता": "गोपनीयता",
    "व्यक्तिगत डे?टा|डाटा": "वैयक्तिक डेटा",
    "मांग": "माँग",
    "संबंधी": "सम्बन्धी",
    "(?<![\u0900-\u097f])(खाली|खुद|खर्च|खाने|खाना|खानों)(?![\u0900-\u097f])": "ख़ाली, ख़ुद, ख़र्च, ख़ाना (of a form)",
    "(?<![\u0900-\u097f])कदम": "क़दम",
    "हिंदी": "हिन्दी",
    "(?<![\u0900-\u097f])(अन्तर|लम्ब)": "अंतर, लंबा",
    "वॉट": "वाट",
    "मंज़ूर|फ़ैसल": "स्वीकृति, निर्णय",
    "फ़ोन (मँगा|माँग)": "फ़ोन करवाएँ (मँगाना is for things)",
}


# Documentation that operators read. docs/glossary.md and translations/README.md name the words that are refused.
OPERATORS_PAGES = (
    "README.md",
    *(f"docs/{name}.md" for name in ("README", "administration", "commands", "imports")),
)
OPERATORS_PAGES += tuple(f"docs/{name}.md" for name in ("messages", "server", "settings"))
QUOTED_IN_SCRIPT = re.compile(r"""("|'|`)((?:(?!\1)[^\n\\])*)\1""")
# Paragraphs, and rows of tables.
PARAGRAPH = re.compile(r"\n(?=\n|\|)")
IS_TEXT = re.compile("[A-Za-z] [A-Za-z]|[\u0900-\u097f]")


def _compiled(words: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{word})" for word in words), re.IGNORECASE)


ENGLISH_FAULT = re.compile(rf"\b(?:{'|'.join(ENGLISH)})\b", re.IGNORECASE)
HINDI_FAULT = _compiled(HINDI)


@cache
def read_texts() -> tuple[tuple[str, str], ...]:
    """Return every text that people read, with where it is."""
    code = (text for source in sources("wss") for text in texts_in_code(source))
    return (*_catalogue(), *_files(), *_scripts(), *code)


def _catalogue() -> Iterator[tuple[str, str]]:
    for message in translations.hindi():
        for form in (message.id, message.string):
            yield from (("catalogue", text) for text in ((form,) if isinstance(form, str) else form))


def _files() -> Iterator[tuple[str, str]]:
    places = [*(ROOT / "templates" / "messages").rglob("*.txt"), *(ROOT / "wss" / "demo").glob("*.csv")]
    for path in places:
        yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
    for name in OPERATORS_PAGES:
        text = (ROOT / name).read_text(encoding="utf-8")
        yield from ((name, " ".join(part.split())) for part in PARAGRAPH.split(text))


def _scripts() -> Iterator[tuple[str, str]]:
    for path in (ROOT / "static" / "js").glob("*.js"):
        for quoted in QUOTED_IN_SCRIPT.finditer(path.read_text(encoding="utf-8")):
            if IS_TEXT.search(quoted[2]):
                yield str(path.relative_to(ROOT)), quoted[2]


def texts_in_code(source: Source) -> Iterator[tuple[str, str]]:
    """Yield the string constants that are text. Of docstrings only those of commands, which `--help` prints."""
    hidden = {id(node) for node in _docstrings(source)}
    for node in ast.walk(source.tree):
        is_shown = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in hidden
        if is_shown and IS_TEXT.search(node.value):
            yield f"{source.path}:{node.lineno}", node.value


def _docstrings(source: Source) -> Iterator[ast.expr]:
    for node in ast.walk(source.tree):
        is_command = isinstance(node, ast.FunctionDef) and source.path.startswith("wss/cli/")
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body and not is_command:
            first = node.body[0]
            if isinstance(first, ast.Expr):
                yield first.value


def faults(pattern: re.Pattern[str]) -> list[str]:
    """Return the texts with a word that has a better one."""
    found = (
        (place, text, pattern.search(unicodedata.normalize("NFC", text))) for place, text in read_texts()
    )
    return [f"{place}: {hit[0]!r} in {text.strip()[:100]!r}" for place, text, hit in found if hit]


@pytest.mark.parametrize("pattern", [ENGLISH_FAULT, HINDI_FAULT], ids=["english", "hindi"])
def test_one_thing_has_one_word_in_one_spelling(pattern: re.Pattern[str]):
    none_of(faults(pattern))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (ENGLISH_FAULT, "Somebody was faster"),
        (ENGLISH_FAULT, "See how it stands"),
        (ENGLISH_FAULT, "Please sign in"),
        (HINDI_FAULT, "आपका खाता बंद हो गया"),
        (HINDI_FAULT, "यह गलत है"),
        (HINDI_FAULT, "लाइन कट गई"),
    ],
)
def test_a_word_with_a_better_one_is_seen(pattern: re.Pattern[str], text: str):
    assert pattern.search(text)


@pytest.mark.parametrize(
    "text", ["ऑनलाइन पंजीकरण", "हेल्पलाइन 1912", "खाता संख्या", "देय तिथि", "यह ग़लत है", "उसकी घड़ी आगे है"]
)
def test_right_words_that_contain_others_pass(text: str):
    assert not HINDI_FAULT.search(text)


def test_texts_in_code_are_read_without_docstrings():
    source = sample(
        '"""Who signs in."""\nTEXT = "Please sign in"\nCODE = "sign_in"\nHEADING = "फोन"\n', "wss/web/x.py"
    )

    assert [text for _place, text in texts_in_code(source)] == ["Please sign in", "फोन"]


def test_docstrings_of_commands_are_read():
    source = sample('def run():\n    """Sign in at the gateway."""\n', "wss/cli/x.py")

    assert [text for _place, text in texts_in_code(source)] == ["Sign in at the gateway."]


def test_texts_are_in_composed_form():
    none_of(
        [
            f"{place}: {text[:60]!r}"
            for place, text in read_texts()
            if text != unicodedata.normalize("NFC", text)
        ]
    )

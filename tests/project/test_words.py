"""One term for one thing: the office's term, in code, in file names and on the screen."""

import ast
import re
from collections.abc import Iterator

import pytest

from devtools import translations
from tests.project.tree import ROOT, Source, files, none_of, sample, sources

# The office's terms: consumer, bill, service request, account number, document, message, revision, officer.
BANNED = {"user", "customer", "invoice", "ticket", "kno", "attachment", "notification", "adjustment", "agent"}
# Names that the project cannot choose, or that mean something other than the banned word.
EXCEPTIONS = {
    "user_name": "the office's word for a login that is not an account number",
    "user_agent": "what HTTP calls a browser",
}
VAGUE_MODULES = {"utils", "util", "helpers", "helper", "common", "manager", "data", "info", "misc"}
BANNED_ON_SCREEN = re.compile(
    r"\b(customers?|invoices?|tickets?|KNO|attachments?|notifications?|registration number"
    r"|users?(?! name))\b",
    re.IGNORECASE,
)
# The labels of the billing system's own filter, which its clerks know.
FILTER_OF_BILLING = {"User", "User ID", "Assigned to user"}
BANNED_IN_HINDI = re.compile("ग्राहक|टिकट|चालान|यूज़र(?! नेम)|उपयोगकर्ता(?! नाम)")


def names(source: Source) -> Iterator[tuple[ast.AST, str]]:
    """Yield every name that the file itself defines."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            yield node, node.name
        elif isinstance(node, ast.arg):
            yield node, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node, node.attr


def words(name: str) -> set[str]:
    """Return the words of a name, also in singular: `lateTickets` and `late_tickets` contain `ticket`."""
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower().replace("-", "_")
    for exception in EXCEPTIONS:
        name = name.replace(exception, "")
    split = name.split("_")
    return set(split) | {word.removesuffix("s") for word in split}


def name_faults(source: Source) -> list[str]:
    """Return the names that contain a banned word."""
    return [
        source.fault(node, f"{name}: say it in the office's words")
        for node, name in names(source)
        if words(name) & BANNED
    ]


def file_name_faults(place: str) -> list[str]:
    """Return the fault of a file that is named by a banned or a vague word."""
    stem = place.rsplit("/", 1)[-1].split(".")[0]
    parts = {part for name in place.split("/") for part in words(name.split(".")[0])}
    return [place] if parts & BANNED or stem in VAGUE_MODULES else []


def test_names_in_code_are_the_offices_words():
    none_of([fault for source in sources("wss", "tests", "devtools") for fault in name_faults(source)])


def test_file_names_are_the_offices_words():
    places = [
        str(path.relative_to(ROOT)) for path in files("wss", "templates", "static", "devtools", "migrations")
    ]

    none_of([fault for place in places for fault in file_name_faults(place)])


def test_texts_on_the_screen_are_the_offices_words():
    texts = [str(message.id) for message in translations.english()]
    english = [text for text in texts if BANNED_ON_SCREEN.search(text) and text not in FILTER_OF_BILLING]
    hindi = [text.string for text in translations.hindi() if BANNED_IN_HINDI.search(str(text.string))]

    none_of(english + hindi)


@pytest.mark.parametrize(
    "line", ["def load_customer(): ...", "class TicketForm: ...", "users = []", "x.invoice = 1"]
)
def test_a_banned_name_is_seen(line: str):
    assert name_faults(sample(line, "wss/web/x.py"))


@pytest.mark.parametrize("line", ["user_name = 1", "def f(account_no): ...", "USER_NAME_LENGTHS = 1"])
def test_the_offices_names_pass(line: str):
    assert name_faults(sample(line, "wss/web/x.py")) == []


@pytest.mark.parametrize(
    "place", ["wss/web/utils.py", "templates/consumer/tickets.html", "wss/models/customer.py"]
)
def test_a_banned_file_name_is_seen(place: str):
    assert file_name_faults(place)


@pytest.mark.parametrize("text", ["Dear customer", "Open a ticket", "New users", "Your KNO"])
def test_a_banned_text_is_seen(text: str):
    assert BANNED_ON_SCREEN.search(text)


def test_every_exception_is_still_needed():
    given = {name for source in sources("wss", "tests", "devtools") for _node, name in names(source)}

    none_of([word for word in EXCEPTIONS if not any(word in name for name in given)])

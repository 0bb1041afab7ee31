"""Texts that no file of the project contains: where it is built, where packages come from, how it was made."""

import re

import pytest

from tests.project.tree import none_of, texts

# The words are joined here, so that this file does not contain them either.
REGISTRIES = [
    "pypi" + ".org",
    "python" + "hosted",
    "npm" + "js",
    "yarn" + "pkg",
    "deb." + "debian",
    "jsde" + "livr",
    "unpk" + "g.com",
    "--index" + "-url h",
]
PLACES = [
    "/wor" + "k/",
    "/roo" + "t/",
    "/hom" + r"e/\w+/",
    "/Use" + "rs/",
    "/op" + "t/",
    r"[A-Z]:\\Us" + "ers",
]
MAKING = [
    r"\bsub-?" + "agents?",
    r"\bAI[- ]" + "(generated|assist)",
    "co" + "pilot",
    "chat" + "gpt",
    "cla" + "ude",
    "anthr" + "opic",
    r"language " + "model",
    r"\bPLAN" + r"\.md",
    "founding " + "engineer",
    r"\bTO" + "DO:",
    r"\bFIX" + "ME",
    r"\bas requ" + "ested",
]
NEVER_SAID = re.compile("|".join(REGISTRIES + PLACES + MAKING), re.IGNORECASE)


def said(place: str, text: str) -> list[str]:
    """Return every forbidden word of a file, with its line."""
    return [
        f"{place}:{number}: {match[0]}"
        for number, line in enumerate(text.splitlines(), 1)
        for match in NEVER_SAID.finditer(line)
    ]


def test_no_file_says_where_or_how_it_was_made():
    none_of([fault for place, text in texts() for fault in said(place, text)])


@pytest.mark.parametrize(
    "text",
    [
        "https://files.python" + "hosted.org/x",
        "see /wor" + "k/main",
        "/roo" + "t/.cache",
        "written by a sub" + "agent",
        "# TO" + "DO: later",
    ],
)
def test_a_forbidden_word_is_seen(text: str):
    assert said("x.py", text)

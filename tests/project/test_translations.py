"""Every text has a confirmed Hindi translation, and there are no unused ones."""

import os
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from devtools import translations
from devtools.translations import faults
from tests.project.tree import none_of
from wss.domain.actor import HANDLING_POSTS, Role
from wss.web.labels.staff import ROLE
from wss.web.language import compile_catalogue

BILLS = ("%(num)d bill", "%(num)d bills")


def catalogue(**added: object) -> Catalog:
    made = Catalog(locale="hi", fuzzy=False)
    made.add(**added) if added else None
    return made


def test_every_text_has_its_hindi():
    none_of(list(faults(translations.english(), translations.hindi())))


@pytest.mark.parametrize(
    ("english", "hindi", "fault"),
    [
        ("Bill", {}, "no Hindi: 'Bill'"),
        ("Bill", {"id": "Bill", "string": ""}, "no Hindi: 'Bill'"),
        ("Bill", {"id": "Bill", "string": "रसीद", "flags": ["fuzzy"]}, "not confirmed yet (fuzzy): 'Bill'"),
        (BILLS, {"id": BILLS[0], "string": "%(num)d बिल"}, f"another plural than in the code: {BILLS!r}"),
        (BILLS, {"id": BILLS, "string": ("%(num)d बिल", "")}, f"no Hindi: {BILLS!r}"),
        (
            "Bill {no}",
            {"id": "Bill {no}", "string": "बिल {n}"},
            "other placeholders in the Hindi: 'Bill {no}'",
        ),
    ],
)
def test_what_is_wrong_with_a_translation_is_named(english: object, hindi: dict[str, object], fault: str):
    assert list(faults(catalogue(id=english), catalogue(**hindi))) == [fault]


def test_a_translation_that_is_not_used_any_more_is_named():
    hindi = catalogue(id="Bill", string="बिल")
    hindi.obsolete["Receipt"] = hindi["Bill"]

    assert list(faults(catalogue(), hindi)) == [
        "translated, but used nowhere: 'Bill'",
        "translated, but used nowhere: 'Receipt'",
    ]


def test_the_compiled_catalogue_follows_the_readable_one(tmp_path: Path):
    folder = tmp_path / "hi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    readable, compiled = folder / "messages.po", folder / "messages.mo"
    for number, hindi in enumerate(("बिल", "रसीद")):
        readable.write_text(f'msgid "Bill"\nmsgstr "{hindi}"\n', encoding="utf-8")
        os.utime(readable, (2_000_000_000 + number, 2_000_000_000 + number))
        compile_catalogue(tmp_path)

        assert hindi.encode() in compiled.read_bytes()
        assert len(list(folder.iterdir())) == 2
        os.utime(compiled, (2_000_000_000 + number, 2_000_000_000 + number))


@pytest.mark.parametrize("role", sorted(HANDLING_POSTS))
def test_a_post_has_one_name_on_screens_and_in_sms(role: Role):
    """A post in English has an article in an SMS, and the short form of the SDO."""
    post, on_screen = HANDLING_POSTS[role], str(ROLE[role])
    short = "SDO" if role is Role.SDO else on_screen.lower()

    assert post.sms_name == f"the {short}"
    assert post.sms_name_hi == translations.hindi().get(on_screen).string

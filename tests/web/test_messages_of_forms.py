"""Every message of a form is the project's own: in the reader's language, at the right field, saying what to do."""

import importlib
import pkgutil
from typing import Any

import pytest
from flask import Flask
from wtforms import Form, IntegerField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from tests.fixtures.site import Visitor
from tests.project.tree import none_of
from wss import web
from wss.web.fields import PlainForm


def forms() -> list[type[Form]]:
    for module in pkgutil.walk_packages(web.__path__, f"{web.__name__}."):
        importlib.import_module(module.name)
    return [one for one in _below(PlainForm) if one.__module__.startswith("wss.")]


def _below(form: type[Form]) -> list[type[Form]]:
    return [each for one in form.__subclasses__() for each in (one, *_below(one))]


def test_every_validator_of_the_library_has_a_message_of_ours(app: Flask):
    with app.test_request_context():
        fields = [(form.__name__, field) for form in forms() for field in form(formdata=None)]

    none_of(
        [
            f"{form}.{field.name}: {type(rule).__name__}"
            for form, field in fields
            for rule in field.validators
            if type(rule).__module__ == "wtforms.validators" and not getattr(rule, "message", "none needed")
        ]
    )


class LibraryForm(PlainForm):
    """A form whose fields have messages of the library."""

    choice = SelectField(choices=[SelectChoice("a", "A")])
    number = IntegerField()
    line = IntegerField(validators=[Length(max=1)])


@pytest.mark.parametrize(("language", "words"), [("hi", "सूची में से एक चुनें"), ("en", "Choose one from the list")])
def test_what_a_field_says_by_itself_is_said_in_the_readers_language(app: Flask, language: str, words: str):
    typed: Any = {"choice": "b", "number": "x"}
    with app.test_request_context(method="POST", data=typed, headers={"Cookie": f"wss_language={language}"}):
        form = LibraryForm()
        form.validate()

        assert form.choice.errors == [words]


def test_an_unknown_language_is_shown_at_its_field(consumer_visitor: Visitor):
    page = consumer_visitor.fill("/account/settings", form="/account/settings", language="xx", email="")

    assert page.status == 422 and "Choose one from the list" in page.text

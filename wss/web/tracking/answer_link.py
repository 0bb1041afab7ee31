"""The link in the SMS of a question: it shows the question, accepts the answer, and then further documents."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response, current_app, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import MultipleFileField, TextAreaField

from wss.domain.errors import Malformed, NotFound
from wss.domain.typed_values import remarks, whole_number
from wss.domain.uploads import DOCUMENTS_PER_REQUEST
from wss.services.requests.answer_links import (
    QuestionAnswerResult,
    QuestionAsked,
    answer_question,
    question_of_link,
)
from wss.services.requests.draft_documents import UploadedDocument, cleaned, storage_of
from wss.web.fields import PlainForm
from wss.web.labels.documents import refused_document_words
from wss.web.pages import redirect_to, render
from wss.web.request_form.form_data import uploads_sent
from wss.web.tracking.document_link import status_of_refused
from wss.web.tracking.views import tracking


class AnswerForm(PlainForm):
    """A remark and documents; one of the two is required."""

    remark = TextAreaField(_l("Your answer"))
    documents = MultipleFileField(_l("Photos or documents"))


@tracking.get("/answer/<token>")
def question(token: str) -> Response:
    """Show the question. Mail scanners open links, so this changes nothing."""
    return _page(token, AnswerForm(formdata=None))


@tracking.post("/answer/<token>")
def reply(token: str) -> Response:
    """Accept the answer, or further documents after it."""
    asked, form, sent = question_of_link(token), AnswerForm(), uploads_sent()
    if asked is None:
        return _dead()
    try:
        words = remarks(form.remark.data or "")
    except Malformed:
        form.remark.errors = (_("Use 1,000 characters or fewer"),)
        return _page(token, form, status=422)
    if not words and not sent:
        return _nothing_sent(token, form, asked)
    try:
        return _take(token, form, asked, words, sent)
    except NotFound:
        return _dead()


@tracking.get("/replied")
def replied() -> Response:
    """Show how many documents arrived, as the address says."""
    number = whole_number(request.args.get("number", "")) or 0
    arrived = number if number <= DOCUMENTS_PER_REQUEST else 0
    return render("tracking/replied.html", is_answer="more" not in request.args, arrived=arrived)


def _nothing_sent(token: str, form: AnswerForm, asked: QuestionAsked) -> Response:
    if asked.question:
        form.remark.errors = (_("Write your answer, or add a document"),)
    else:
        form.documents.errors = (_("Choose a document first"),)
    return _page(token, form, status=422)


def _take(
    token: str, form: AnswerForm, asked: QuestionAsked, words: str, sent: list[UploadedDocument]
) -> Response:
    """Send the answer and redirect. What was refused or came too late is shown with what can still be done."""
    done = _sent(token, words, sent)
    if not done.refused and done.are_words_taken:
        # No redirect to the link: its token is a secret and must not be in an address we redirect to.
        more = {} if asked.question else {"more": "1"}
        return redirect_to("tracking.replied", number=len(done.kept), **more)
    form.documents.errors = tuple(refused_document_words(done.refused))
    return _page(
        token,
        form,
        status_of_refused(done.refused) if done.refused else 409,
        was_open=asked.question != "",
        arrived=len(done.kept),
        late_words="" if done.are_words_taken else words,
    )


def _sent(token: str, words: str, sent: list[UploadedDocument]) -> QuestionAnswerResult:
    """Save the answer and return the result, with every document that was refused.

    A refused document does not prevent an answer in words.
    """
    with cleaned(sent, storage_of(current_app.extensions["wss"].gateways), f"link {token}") as files:
        done = QuestionAnswerResult([], [], are_words_taken=True)
        if words or files.ready:
            done = answer_question(token, words, files.ready)
        files.keep(done.kept)
        return replace(done, refused=[*files.refused, *done.refused])


def _page(
    token: str, form: AnswerForm, status: int = 200, *, was_open: bool = False, **context: Any
) -> Response:
    """Show the question with its form, or, after the answer, a form for further documents."""
    asked = question_of_link(token)
    if asked is None:
        return _dead()
    is_answered = was_open and not asked.question
    return render(
        "tracking/question.html",
        status=status,
        token=token,
        form=form,
        asked=asked,
        is_answered=is_answered,
        **context,
    )


def _dead() -> Response:
    return render("tracking/dead_link.html", status=404)

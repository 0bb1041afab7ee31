"""The language of a page: what the reader chose last, else what the browser prefers, else Hindi."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from babel.support import Translations
from flask import Flask, Response, current_app, g, has_app_context, request, url_for
from flask_babel import Babel, Domain, force_locale, get_domain, get_locale

from wss.web.next_page import safe_next

LANGUAGES = ("hi", "en")
DEFAULT = "hi"
COOKIE = "wss_language"
A_YEAR = 365 * 24 * 3600

# `en` alone would write 12,345,678 where India writes 1,23,45,678.
_LOCALES = {"hi": "hi", "en": "en_IN"}


def init_app(app: Flask, folder: Path) -> None:
    """Configure Flask-Babel: translations, locales, and how the language of a request is chosen."""
    compile_catalogue(folder)
    babel = Babel(
        app,
        default_locale=_LOCALES[DEFAULT],
        default_timezone="Asia/Kolkata",
        default_translation_directories=str(folder),
        locale_selector=lambda: _LOCALES[request_language()],
    )
    babel.domain_instance = Catalogues()
    app.after_request(_remember_choice)
    app.jinja_env.globals.update(page_language=page_language, other_language=other_language)


def catalogue_of(app: Flask, folder: Path, language: str) -> NullTranslations:
    """Return the translations into a language, which texts outside of templates use too."""
    catalogue = Translations.load(folder, [language])
    with app.app_context():
        # Flask-Babel would read the file again, in each process of the server.
        get_domain().cache[_LOCALES[language], "messages"] = catalogue
    return catalogue


class Catalogues(Domain):
    """The translations of each language, found by the language of the page: Flask-Babel spells out the whole locale."""

    def __init__(self) -> None:
        super().__init__()
        self._by_language: dict[str, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        """Return the translations of the page's language."""
        language = page_language()
        found = self._by_language.get(language)
        if found is None:
            found = self._by_language[language] = super().get_translations()
        return found


def compile_catalogue(folder: Path) -> None:
    """Compile the Hindi messages.mo from messages.po if it is missing or older; it is not committed.

    Runs when the site starts, so that `python app.py`, pytest and a server need no extra step; several processes
    may run it at once. (`pybabel compile` refuses a text with "40 % of", which looks like a placeholder to it.)
    """
    source = folder / "hi" / "LC_MESSAGES" / "messages.po"
    target = source.with_suffix(".mo")
    is_built = target.exists()
    if is_built and target.stat().st_mtime >= source.stat().st_mtime:
        return
    # Here, as it is seldom needed.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    building = target.with_suffix(f".{os.getpid()}.mo")
    try:
        with source.open("rb") as readable, building.open("wb") as compiled:
            write_mo(compiled, read_po(readable, locale="hi"))
        # The server's user has to read it, even if another user built it first.
        building.chmod(0o644)
        building.replace(target)
    except OSError:
        # A server without write access to the code uses what the deployment has built.
        if not is_built:
            raise


def request_language() -> str:
    """Return the language of this request, `hi` or `en`."""
    for chosen in (
        request.args.get("lang"),
        g.get("address_language"),
        request.cookies.get(_cookie_name()),
    ):
        if chosen in LANGUAGES:
            return chosen
    return request.accept_languages.best_match(LANGUAGES) or DEFAULT


def has_chosen_language() -> bool:
    """Return whether the reader has chosen a language, by the address or on this device."""
    return request.args.get("lang") in LANGUAGES or request.cookies.get(_cookie_name()) in LANGUAGES


def page_language() -> str:
    """Return the language of texts at this moment, for <html lang>."""
    if not has_app_context():
        return DEFAULT
    found: str | None = g.get("page_language")
    if found is None:
        locale = get_locale()
        found = g.page_language = locale.language if locale else DEFAULT
    return found


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Switch texts to this language, whatever the reader's: for what is read out to a caller."""
    before = g.get("page_language")
    with force_locale(_LOCALES.get(language, _LOCALES[DEFAULT])):
        g.page_language = language if language in _LOCALES else DEFAULT
        try:
            yield
        finally:
            g.page_language = before


def other_language() -> tuple[str, str]:
    """Return the language to which the reader can switch, and this page's address in it."""
    language = "en" if page_language() == "hi" else "hi"
    query = address_in(language, f"?{request.query_string.decode('latin-1')}")
    if g.get("address_language"):
        # A page that caches may keep cannot remember the choice; the same page at its other address does.
        return language, request.path.removeprefix(f"/{g.address_language}") + query
    # A response to a POST may have an address that has no page of its own.
    if request.url_rule is None or "GET" in (request.url_rule.methods or ()):
        return language, query
    return language, url_for("public.home", lang=language)


def address_in(language: str, address: str) -> str:
    """Return an address of ours with this language."""
    path, _, query = address.partition("?")
    return f"{path}?{urlencode([*_query_without_language(query), ('lang', language)])}"


def referring_page() -> str:
    """Return the page of ours from which the reader came, without the language parameter; else the home page."""
    referrer = urlsplit(request.referrer or "")
    query = urlencode(_query_without_language(referrer.query))
    address = f"{referrer.path}?{query}" if query else referrer.path
    own = safe_next(address) if referrer.netloc == request.host else None
    return own or url_for("public.home")


def remember_language(response: Response, language: str) -> Response:
    """Store the reader's choice in a cookie."""
    response.set_cookie(
        _cookie_name(),
        language,
        max_age=A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SECURE_COOKIES"],
    )
    return response


def _remember_choice(response: Response) -> Response:
    # Also after a form of a page that caches may keep: its address names the language.
    language = request.args.get("lang")
    return remember_language(response, language) if language in LANGUAGES else response


def _cookie_name() -> str:
    """Return the cookie's name; with HTTPS no other host of the domain can plant it."""
    return f"__Host-{COOKIE}" if current_app.config["SECURE_COOKIES"] else COOKIE


def _query_without_language(query: str) -> list[tuple[str, str]]:
    return [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "lang"]

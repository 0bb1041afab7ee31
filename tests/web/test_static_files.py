"""Static files: small, cached for a year, and no other file of the folder is served."""

import gzip
import re

import brotli
import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

FOLDER_NAMES = ("css/wss.css", "js/wss.js", "js/form.js", "icon/wss.svg", "vendor/htmx.min.js")


def _address(site: Flask, name: str = "css/wss.css") -> str:
    with site.test_request_context():
        return render_template_string("{{ static_url(name) }}", name=name)


@pytest.mark.parametrize("name", FOLDER_NAMES)
def test_a_files_address_changes_with_its_content(small_site: Flask, name: str):
    stem, _, kind = name.rpartition(".")

    assert re.fullmatch(rf"/static/{stem}\.[0-9a-f]{{8}}\.{kind}", _address(small_site, name))


def test_a_file_is_kept_for_a_year(small_site: Flask, anonymous_visitor: FlaskClient):
    answer = anonymous_visitor.get(_address(small_site))

    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(("encoding", "unpack"), [("gzip", gzip.decompress), ("br", brotli.decompress)])
def test_a_compressed_file_is_the_same_file(
    small_site: Flask, anonymous_visitor: FlaskClient, encoding: str, unpack: object
):
    address = _address(small_site)

    packed = anonymous_visitor.get(address, headers={"Accept-Encoding": encoding})

    assert packed.headers["Content-Encoding"] == encoding
    assert unpack(packed.data) == anonymous_visitor.get(address).data  # type: ignore[operator]


@pytest.mark.parametrize(
    "name",
    [
        "css/wss.css",
        "../app.py",
        "..%2fwss/config.py",
        "css/wss.0000.css",
        "css/other.00000000.css",
        "../app.00000000.py",
        "",
        "css/",
        "/etc/passwd",
        ".git/config",
    ],
)
def test_only_the_names_that_pages_use_are_served(anonymous_visitor: FlaskClient, name: str):
    assert anonymous_visitor.get(f"/static/{name}").status_code in (308, 404)


def test_a_name_of_another_version_gets_the_present_file_for_a_minute(
    small_site: Flask, anonymous_visitor: FlaskClient
):
    answer = anonymous_visitor.get("/static/css/wss.00000000.css")

    assert answer.data == anonymous_visitor.get(_address(small_site)).data
    assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_a_file_sets_no_cookie(small_site: Flask, anonymous_visitor: FlaskClient):
    assert "Set-Cookie" not in anonymous_visitor.get(_address(small_site)).headers


@pytest.mark.parametrize(
    ("name", "budget"),
    [
        ("css/wss.css", 3_600),
        ("js/wss.js", 3_000),
        ("js/form.js", 3_000),
        ("js/phone.js", 1_200),
        ("icon/wss.svg", 300),
    ],
)
def test_a_file_stays_small_on_the_line(
    small_site: Flask, anonymous_visitor: FlaskClient, name: str, budget: int
):
    answer = anonymous_visitor.get(_address(small_site, name), headers={"Accept-Encoding": "gzip"})

    assert len(answer.data) <= budget

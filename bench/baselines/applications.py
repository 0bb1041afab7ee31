"""Flask applications for comparison: a constant string, a Jinja page, and the statements of a registration."""

import gzip
import hashlib
import json
import os
from pathlib import Path

from flask import Flask, redirect, render_template, request
from jinja2 import FileSystemLoader
from werkzeug.wrappers import Response

from bench.baselines.replay import Replayer

FOLDER, DATABASE = "BASELINE_FOLDER", "BASELINE_DATABASE"
PAGE, VALUES, TRACES = "page.html", "values.json", "traces.pickle"


def constant() -> Flask:
    """Return an application that answers every address with one short string."""
    app = Flask("constant", static_folder=None)

    @app.get("/")
    @app.get("/<path:_path>")
    def answer(_path: str = "") -> str:
        return "ok"

    return app


def page() -> Flask:
    """Return an application that renders a generated page (`page_template.py`) from a dictionary."""
    folder = Path(os.environ[FOLDER])
    app = Flask("page", static_folder=None)
    app.jinja_options = {"keep_trailing_newline": True}
    app.jinja_env.loader = FileSystemLoader(folder)
    values = json.loads((folder / VALUES).read_text(encoding="utf-8"))

    @app.get("/")
    def answer() -> str:
        return render_template(PAGE, **values)

    return app


def registering() -> Flask:
    """Return an application that executes the recorded statements of the form that it is sent."""
    replayer = Replayer(os.environ[DATABASE], Path(os.environ[FOLDER]) / TRACES)
    app = Flask("registering", static_folder=None)

    @app.post("/")
    def answer() -> Response:
        replayer.run(request.form["form_token"])
        return redirect("/done", 303)

    return app


def minimal() -> Flask:
    """Return an application with the least page that a phone can be sent: 8 KB of style, a heading, no script."""
    # 8 KB of style of which the compressed page is as large as that of ordinary style, 3.7 KB.
    names = [hashlib.sha256(bytes([number])).hexdigest() for number in range(190)]
    rules = "".join(f".{name[:8]}{{--{name[8:16]}:{name[16:26]}}}" for name in names)
    html = (
        "<!doctype html><html lang=hi><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width,initial-scale=1'><title>WSS</title>"
        f"<link rel=icon href=data:,><style>body{{font:1em/1.5 sans-serif;margin:1em}}{rules}</style>"
        "<h1>विद्युत स्वयं सेवा</h1><p>बिल में ग़लती है? शिकायत यहाँ दर्ज करें।</p>"
    )
    packed = gzip.compress(html.encode(), 9)
    app = Flask("minimal", static_folder=None)

    @app.get("/")
    def answer() -> Response:
        return Response(packed, content_type="text/html; charset=utf-8", headers={"Content-Encoding": "gzip"})

    return app

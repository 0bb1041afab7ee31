"""The blueprint of the pages for development; not in the URL map in production."""

from flask import Blueprint

dev = Blueprint("dev", __name__, url_prefix="/dev")

"""The blueprint of administrators: reference tables and message texts."""

from flask import Blueprint

admin = Blueprint("admin", __name__)

"""The room of the administrators: reference tables and message texts."""

from flask import Blueprint

admin = Blueprint("admin", __name__)

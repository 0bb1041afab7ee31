"""The blueprint of staff login: password, second factor, and account security."""

from flask import Blueprint

staff = Blueprint("staff", __name__)

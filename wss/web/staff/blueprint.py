"""Staff at the door: password, second factor, and what keeps an account safe."""

from flask import Blueprint

staff = Blueprint("staff", __name__)

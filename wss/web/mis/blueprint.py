"""The room of the figures: what is open, late and solved, per office."""

from flask import Blueprint

mis = Blueprint("mis", __name__)

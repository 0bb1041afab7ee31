"""The blueprint of the MIS figures: what is pending, late and resolved, per office."""

from flask import Blueprint

mis = Blueprint("mis", __name__)

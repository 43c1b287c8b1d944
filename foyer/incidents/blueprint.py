from __future__ import annotations

from flask import Blueprint

incidents = Blueprint("incidents", __name__)

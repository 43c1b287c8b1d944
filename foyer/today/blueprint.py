from __future__ import annotations

from flask import Blueprint

today = Blueprint("today", __name__)

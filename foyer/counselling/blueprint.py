from __future__ import annotations

from flask import Blueprint

counselling = Blueprint("counselling", __name__)

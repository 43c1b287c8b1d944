from __future__ import annotations

from flask import Blueprint

training = Blueprint("training", __name__)

"""Confidential fields keep being readable when their key changes."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet, InvalidToken
from flask import Flask

from foyer.database import field_cipher


def test_what_an_older_key_hid_is_read_beside_a_new_one_and_hidden_anew_by_it(app: Flask) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    with app.app_context():
        app.config["FIELD_KEYS"] = [old]
        hidden = field_cipher().encrypt(b"catatan")
        app.config["FIELD_KEYS"] = [new, old]
        assert field_cipher().decrypt(hidden) == b"catatan"
        hidden_anew = field_cipher().encrypt(b"catatan")
        app.config["FIELD_KEYS"] = [new]
        assert field_cipher().decrypt(hidden_anew) == b"catatan"
        with pytest.raises(InvalidToken):
            field_cipher().decrypt(hidden)

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import gettext

from foyer.accounts.models import Role
from foyer.database import db
from foyer.residences.models import ResidentWord
from foyer.wording import HouseDomain
from tests.factories import make_residence, make_resident, make_stay, make_user

SignIn = Callable[[int], FlaskClient]


def _slips_page(app: Flask, sign_in: SignIn, word: ResidentWord, language: str = "id") -> str:
    with app.app_context():
        house = make_residence(resident_word=word)
        make_stay(make_resident(house, full_name="Warga binaan Jaya"))
        user = make_user(house, Role.ADMINISTRATOR, language=language)
        db.session.commit()
        user_id = user.id
    return sign_in(user_id).get("/administration/slips").text


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        (ResidentWord.WARGA_BINAAN, "Warga binaan tanpa akun"),
        (ResidentWord.PENERIMA_MANFAAT, "Penerima manfaat tanpa akun"),
        (ResidentWord.PENGHUNI, "Penghuni tanpa akun"),
    ],
)
def test_a_house_reads_its_own_word_for_residents(
    app: Flask, sign_in: SignIn, word: ResidentWord, sentence: str
) -> None:
    assert sentence in _slips_page(app, sign_in, word)


def test_english_says_resident_in_every_house(app: Flask, sign_in: SignIn) -> None:
    assert "Residents without an account" in _slips_page(app, sign_in, ResidentWord.PENGHUNI, language="en")


def test_houses_in_one_process_keep_their_words_apart(app: Flask, sign_in: SignIn) -> None:
    assert "Penghuni tanpa akun" in _slips_page(app, sign_in, ResidentWord.PENGHUNI)
    assert "Warga binaan tanpa akun" in _slips_page(app, sign_in, ResidentWord.WARGA_BINAAN)
    assert "Penerima manfaat tanpa akun" in _slips_page(app, sign_in, ResidentWord.PENERIMA_MANFAAT)


def test_names_and_the_answers_of_the_setting_are_never_reworded(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "id"}):
        HouseDomain(ResidentWord.PENGHUNI).as_default()
        assert gettext("Welcome, %(name)s.", name="Warga binaan Jaya") == "Selamat datang, Warga binaan Jaya."
        assert gettext("Warga binaan") == "Warga binaan"
        assert gettext("Residents") == "Penghuni"

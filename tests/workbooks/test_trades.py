"""Spellings of trades."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foyer.workbooks.trades import Catalogue, TradeName

HOUSE = Catalogue(
    (
        TradeName("Otomotif Sepeda Motor", ("OTO-1", "OTO")),
        TradeName("Pengelasan", ("LAS",)),
        TradeName("Teknik Pendingin (AC)"),
        TradeName("Servis Telepon Seluler"),
        TradeName("Menjahit"),
        TradeName("Tata Boga"),
        TradeName("Tata Rias / Salon"),
        TradeName("Komputer dan Desain"),
        TradeName("Meubel Kayu"),
    )
)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Oto", "Otomotif Sepeda Motor"),
        ("OTOMOTIF ", "Otomotif Sepeda Motor"),
        ("Otomtif", "Otomotif Sepeda Motor"),
        ("HP", "Servis Telepon Seluler"),
        ("servis hp", "Servis Telepon Seluler"),
        ("Kompt.", "Komputer dan Desain"),
        ("komputer ", "Komputer dan Desain"),
        ("AC", "Teknik Pendingin (AC)"),
        ("Pendingin", "Teknik Pendingin (AC)"),
        ("Boga", "Tata Boga"),
        ("memasak", "Tata Boga"),
        ("Salon", "Tata Rias / Salon"),
        ("Tata Rias", "Tata Rias / Salon"),
        ("Las", "Pengelasan"),
        ("LAS", "Pengelasan"),
        ("mebel", "Meubel Kayu"),
        ("Meubel", "Meubel Kayu"),
        ("Jahit", "Menjahit"),
        ("sewing", "Menjahit"),
        ("Welding", "Pengelasan"),
        ("OTO-1", "Otomotif Sepeda Motor"),
    ],
)
def test_a_spelling_means_its_trade(typed, name):
    assert HOUSE.match(typed).name == name


@pytest.mark.parametrize("typed", ["Pelayaran", "Musik", "tata", "", None, "?", "Penerbangan"])
def test_what_the_house_does_not_teach_is_not_guessed(typed):
    assert HOUSE.match(typed).name is None


def test_two_trades_that_fit_equally_are_asked_about():
    house = Catalogue((TradeName("Otomotif Mobil"), TradeName("Otomotif Sepeda Motor")))
    assert house.match("otomotif").candidates == ("Otomotif Mobil", "Otomotif Sepeda Motor")
    assert house.match("sepeda motor").name == "Otomotif Sepeda Motor"


@given(st.text(max_size=30))
def test_any_text_gets_an_answer_and_a_name_is_always_the_houses(typed):
    found = HOUSE.match(typed)
    assert found.name is None or found.name in HOUSE.names


def test_every_trade_means_itself():
    for name in HOUSE.names:
        assert HOUSE.match(name.upper()).name == name

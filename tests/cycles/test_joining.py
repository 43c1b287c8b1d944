"""Why no class of a trade takes somebody, by the rules that the planner keeps."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask_babel import force_locale

from foyer.cycles import joining
from foyer.cycles.joining import Hindrance, Joiner, hindrances
from foyer.cycles.models import GroupKind, TeachingGroup
from foyer.cycles.wish_words import hindrance_words
from foyer.residents.models import EducationLevel

JOINER = Joiner(age=16, gender="male", level="smp")


def group(**values: object) -> TeachingGroup:
    kept = {"id": 1, "kind": GroupKind.VOCATIONAL, "trade_id": 7, "minimum": 0, "maximum": 12, "levels": []}
    return TeachingGroup(**{**kept, **values})


def test_a_trade_is_open_where_one_of_its_classes_takes_the_resident() -> None:
    shut = group(minimum_level=EducationLevel.SMA)
    assert hindrances([shut], JOINER) == (Hindrance("level", levels=("sma",)),)
    assert hindrances([shut, group(levels=["smp"])], JOINER) == ()


def test_the_same_reason_of_two_classes_is_given_once() -> None:
    assert len(hindrances([group(minimum_level=EducationLevel.SMA), group(levels=["sma"])], JOINER)) == 1


def test_ages_and_genders_that_the_planner_knows_are_asked_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = joining.joining_rules
    monkeypatch.setattr(
        joining, "joining_rules", lambda g: replace(rules(g), minimum_age=17, maximum_age=21, genders=("female",))
    )
    assert hindrances([group()], JOINER) == (
        Hindrance("age", youngest=17, oldest=21),
        Hindrance("gender", genders=("female",)),
    )
    assert hindrances([group()], Joiner(21, "female", "smp")) == ()


@pytest.mark.parametrize(
    ("hindrance", "english", "indonesian"),
    [
        (Hindrance("gender", genders=("female",)), "It is for girls only.", "Hanya untuk perempuan."),
        (Hindrance("gender", genders=("male",)), "It is for boys only.", "Hanya untuk laki-laki."),
        (Hindrance("age", youngest=17), "at least 17 years", "paling sedikit 17 tahun"),
        (Hindrance("age", oldest=18), "at most 18 years", "paling banyak 18 tahun"),
        (Hindrance("age", youngest=17, oldest=18), "17 to 18 years", "17 sampai 18 tahun"),
        (Hindrance("level", levels=("smk", "sma")), "at least: Vocational", "paling rendah: "),
        (Hindrance("level", levels=("sd", "sma")), "one of: Primary school (SD), Senior", "salah satu dari: "),
    ],
)
def test_each_reason_has_its_sentence_in_both_languages(
    app: Flask, hindrance: Hindrance, english: str, indonesian: str
) -> None:
    with app.test_request_context():
        with force_locale("en"):
            assert english in hindrance_words(hindrance)
        with force_locale("id"):
            assert indonesian in hindrance_words(hindrance)

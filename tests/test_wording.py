from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import gettext

from foyer.accounts.models import Role
from foyer.database import db
from foyer.papers.built_in import built_in
from foyer.papers.filling import check_template
from foyer.papers.models import PaperKind
from foyer.residences.models import Residence, ResidentWord
from foyer.residences.terms import TERMS
from foyer.wording import HouseDomain, reword, words_of
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
        HouseDomain({"resident_word": "penghuni"}).as_default()
        assert gettext("Welcome, %(name)s.", name="Warga binaan Jaya") == "Selamat datang, Warga binaan Jaya."
        assert gettext("Warga binaan") == "Warga binaan"
        assert gettext("Residents") == "Penghuni"


CATALOGUE = Path(__file__).parents[1] / "foyer" / "translations" / "id" / "LC_MESSAGES" / "messages.po"
CHOICES = [(name, key) for name, term in TERMS.items() for key in term.choices if key != term.usual]


@pytest.fixture(scope="module")
def sentences() -> dict[str, list[str]]:
    """Every sentence of the catalogue by language, with its plural."""
    found: dict[str, list[str]] = {"en": [], "id": []}
    with CATALOGUE.open("rb") as file:
        for message in read_po(file, locale="id"):
            if message.id:
                found["en"] += _texts(message.id)
                found["id"] += _texts(message.string)
    return found


def _texts(text: str | tuple[str, ...]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def _kept(text: str) -> Counter[str]:
    """What is no word: names to be filled in, tags."""
    return Counter(re.findall(r"%\(\w+\)[a-z]|<[^>]+>", text))


def _words(text: str) -> str:
    return re.sub(r"%\(\w+\)[a-z]|<[^>]+>|https?://\S+", " ", text).lower()


@pytest.mark.parametrize(("name", "key"), CHOICES)
def test_no_sentence_keeps_the_old_word_or_loses_what_is_filled_in(
    sentences: dict[str, list[str]], name: str, key: str
) -> None:
    term = TERMS[name]
    choice = term.choices[key]
    changed = {"id": 0, "en": 0}
    for language, text in _every(sentences):
        own = reword(text, language, {name: key})
        assert _kept(own) == _kept(text), own
        changed[language] += own != text
        old = term.indonesian if language == "id" else (term.english or ()) if choice.english else ()
        if old == choice.english:
            continue
        words = _words(own)
        edges = ("", "") if language == "id" else (r"\b", r"\b")  # Indonesian: not even as a part of another word
        assert not [word for word in old if re.search(word.join(edges), words)], own
        assert not re.search(rf"\b({choice.indonesian or '-'}) \1\b", words), own
        assert own[:1].isupper() == text[:1].isupper(), own
        if language == "en" and own != text:
            one, many = choice.english
            assert not re.search(rf"\b{'a' if one[0] in 'aeiou' else 'an'} {one}\b", words), own
            assert not re.search(rf"\ban? {many}\b|\b{one}s\b(?<!{many})|\b{many}'(?!s)(?<!s')", words), own
    assert changed["id"] > 10 or not term.indonesian
    assert changed["en"] > 10 or not choice.english or choice.english == term.english


def _every(sentences: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    for language, texts in sentences.items():
        yield from ((language, text) for text in texts)


@pytest.mark.parametrize(
    ("language", "chosen", "usual", "own"),
    [
        ("id", {"counsellor_word": "konselor"}, "Tanyakan kepada pekerja sosialmu.", "Tanyakan kepada konselormu."),
        ("id", {"counsellor_word": "konselor"}, "Peksos saya", "Konselor saya"),
        ("id", {"counsellor_word": "pendamping"}, "oleh peksos pendamping, dan", "oleh pendamping, dan"),
        ("id", {"instructor_word": "pelatih"}, "Instruktur dan pelatihan", "Pelatih dan pelatihan"),
        ("id", {"wing_word": "asrama"}, "%(wisma)s boleh sewisma", "%(wisma)s boleh seasrama"),
        ("id", {"house_word": "balai"}, "Pemindahan antarpanti", "Pemindahan antarbalai"),
        ("id", {"cycle_word": "angkatan"}, "Siklus %(siklus)s dan siklusnya", "Angkatan %(siklus)s dan angkatannya"),
        ("en", {"english_resident_word": "young_person"}, "Residents' wishes", "Young people's wishes"),
        ("en", {"english_resident_word": "young_person"}, "a resident's bed", "a young person's bed"),
        (
            "en",
            {"english_resident_word": "client"},
            "The %(resident)s, residents' rooms",
            "The %(resident)s, clients' rooms",
        ),
        ("en", {"instructor_word": "pelatih"}, "An instructor teaches", "A trainer teaches"),
        ("en", {"counsellor_word": "pendamping"}, "Counselling with counsellors", "Counselling with key workers"),
        ("en", {"cycle_word": "periode"}, "a motorcycle in a cycle", "a motorcycle in a period"),
    ],
)
def test_what_hangs_on_a_word_comes_along(language: str, chosen: dict[str, str], usual: str, own: str) -> None:
    assert reword(usual, language, chosen) == own


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_manager_chooses_the_house_s_words_and_every_page_says_them(
    app: Flask, sign_in: SignIn, language: str
) -> None:
    with app.app_context():
        house = make_residence()
        user = make_user(house, Role.MANAGER, language=language)
        db.session.commit()
        user_id, house_id = user.id, house.id
    browser = sign_in(user_id)
    page = browser.get("/house/settings").text
    fields = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', page))
    fields = {name: value for name, value in fields.items() if name != "needs_approval"}
    chosen = {"counsellor_word": "pendamping", "cycle_word": "angkatan", "english_resident_word": "client"}
    sent = browser.post("/house/settings", data={**fields, "resident_word": "penghuni", **chosen})
    assert sent.status_code == 302, sent.text
    with app.app_context():
        assert chosen.items() <= db.session.get_one(Residence, house_id).words.items()
    page = browser.get("/house/settings").text
    assert '<option selected value="pendamping">Pendamping · key worker</option>' in page
    cycles = browser.get("/cycles").text
    if language == "id":
        assert "angkatan" in cycles.lower()
        assert "siklus" not in _words(cycles)
        assert "Sebutan untuk pendamping" in page
    else:
        assert "cohort" in cycles.lower()
        assert "Your word for key workers" in page
        assert "Your word for the clients" in page


def _house_that_says_otherwise() -> Residence:
    house: Residence = make_residence(resident_word=ResidentWord.PENGHUNI)
    house.words = {"counsellor_word": "pendamping", "cycle_word": "angkatan", "house_word": "balai"}
    return house


def test_the_guide_speaks_with_the_house_s_words(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        own = make_user(_house_that_says_otherwise(), Role.MANAGER, language="id").id
        usual = make_user(make_residence(), Role.MANAGER, language="id").id
        english = make_user(_house_that_says_otherwise(), Role.MANAGER, language="en").id
        db.session.commit()
    chapter = "/guide/5-ask"
    assert "setiap kelas, pekerja sosial, dan kamar" in sign_in(usual).get(chapter).text
    page = sign_in(own).get(chapter).text
    assert "setiap kelas, pendamping, dan kamar" in page
    assert "seorang penghuni dan mengapa" in page, "what a picture shows, too"
    assert "pekerja sosial" not in page.lower()
    assert "every class, key worker and room" in sign_in(english).get(chapter).text
    assert "angkatan" in sign_in(own).get("/guide/").text.lower()


def test_built_in_documents_speak_with_the_house_s_words(app: Flask) -> None:
    def said(kind: PaperKind) -> str:
        document = Document(io.BytesIO(built_in(kind)))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])

    with app.test_request_context("/"):
        assert "Layanan di panti" in said(PaperKind.SOCIAL_REPORT)
        with words_of(_house_that_says_otherwise()):
            report, leave = said(PaperKind.SOCIAL_REPORT), said(PaperKind.LEAVE)
            for kind in PaperKind:
                check_template(built_in(kind), kind)
        assert "Layanan di panti" in said(PaperKind.SOCIAL_REPORT), "outside, the usual words again"
    assert "Layanan di balai" in report
    assert "Pendamping" in report
    assert "Angkatan" in report
    assert "{{ konselor }}" in report
    assert "{{ siklus }}" in report
    assert "{{ panti }}" in report, "marks stay as they are"
    assert "untuk meninggalkan balai" in leave

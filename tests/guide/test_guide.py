"""The guide is whole in both languages, its pictures are there, and every page's help leads to the right chapter."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from foyer.accounts.models import Role, User
from foyer.database import db, house_scope
from foyer.guide.chapters import CHAPTERS, LANGUAGES, chapter_of, folder, pictures, text_of
from foyer.jobs.models import Run
from tests.conventions.walking import fill_house, values_of
from tests.factories import make_residence, make_user

IMAGE = re.compile(r"!\[([^\]]*)\]\(\.\./\.\./screens/([a-z0-9-]+\.png)\)")
STEP = re.compile(r"^\d+\. .*\n(?:(?: +.*)?\n)*", re.MULTILINE)
# Packages whose pages have a chapter: the studio, and a resident's file with what is done about it.
GUIDED = {"cycles", "residences", *(page.split(".")[0] for chapter in CHAPTERS[14:] for page in chapter.pages)}
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)]+)\)")


def _source(slug: str, language: str) -> str:
    return (folder() / language / f"{slug}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_is_a_chapter(language: str) -> None:
    written = {path.stem for path in (folder() / language).glob("*.md")}
    assert written == {chapter.slug for chapter in CHAPTERS}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", [chapter.slug for chapter in CHAPTERS])
def test_a_chapter_shows_its_steps_in_pictures_that_exist_and_links_that_lead_somewhere(
    slug: str, language: str
) -> None:
    text = _source(slug, language)
    shown = IMAGE.findall(text)
    assert shown, "each chapter has a picture"
    assert len(shown) == text.count("!["), "every picture lies in docs/screens"
    for words, name in shown:
        assert len(words) > 10, f"{name} needs words for whoever cannot see it"
        assert (pictures() / name).is_file(), name
    for address in LINK.findall(text):
        assert (folder() / language / address).is_file(), address


def _steps_without_picture(text: str) -> list[str]:
    """The first line of each numbered step that holds no picture; a step goes on while lines are indented or empty."""
    return [step.partition("\n")[0] for step in STEP.findall(text) if "](../../screens/" not in step]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", [chapter.slug for chapter in CHAPTERS])
def test_each_numbered_step_has_its_picture(slug: str, language: str) -> None:
    assert _steps_without_picture(_source(slug, language)) == []


@pytest.mark.parametrize("slug", [chapter.slug for chapter in CHAPTERS[:11]])
def test_the_studios_english_guide_shows_english_pages(slug: str) -> None:
    assert [name for _, name in IMAGE.findall(_source(slug, "en")) if not name.endswith("-en.png")] == []


def test_a_step_without_a_picture_would_be_found() -> None:
    text = "1. One.\n\n   ![one](../../screens/one.png)\n2. Two.\n\n![outside](../../screens/out.png)\n"
    assert _steps_without_picture(text) == ["2. Two."]


@pytest.mark.parametrize("slug", [chapter.slug for chapter in CHAPTERS])
def test_both_languages_have_the_same_steps_and_pictures(slug: str) -> None:
    indonesian, english = (_source(slug, language) for language in LANGUAGES)
    shape = re.compile(r"^(#+|\d+\.|-) ", re.MULTILINE)
    assert shape.findall(indonesian) == shape.findall(english)
    shown = [[name for _, name in IMAGE.findall(text)] for text in (indonesian, english)]
    assert [name.replace("-en.png", ".png") for name in shown[1]] == shown[0]


def test_help_is_about_pages_that_exist(app: Flask) -> None:
    for chapter in CHAPTERS:
        for page in chapter.pages:
            assert any(endpoint.startswith(page) for endpoint in app.view_functions), page


def test_help_leads_to_the_page_s_own_chapter_then_to_its_package_s() -> None:
    def slug(endpoint: str | None) -> str | None:
        chapter = chapter_of(endpoint)
        return chapter.slug if chapter else None

    assert slug("cycles.publish") == "8-publish"
    assert slug("residences.rooms") == "1-set-up"
    assert slug("cycles.show") == "1-set-up"
    assert slug("cycles.plan") == "4-look"
    assert slug("cycles.plan_why") == "5-ask"
    assert slug("cycles.plan_swaps") == "6-change"
    assert slug("cycles.decision") == "10-roll-over"
    assert slug("residents.family") == "16-file"
    assert slug("residents.index") == "1-set-up"
    assert slug("counselling.team") == "17-counselling"
    for endpoint, role, expected in (
        ("incidents.report", Role.INSTRUCTOR, "18-incidents"),
        ("leaving.aftercare", Role.COUNSELLOR, "19-leaving"),
        ("today.index", Role.COUNSELLOR, "12-counsellor"),
        ("cycles.plan", Role.COUNSELLOR, "12-counsellor"),
        ("own.rights", Role.RESIDENT, "14-resident"),
    ):
        found = chapter_of(endpoint, role)
        assert found is not None
        assert found.slug == expected
    assert slug("today.index") is None
    assert slug(None) is None


@pytest.fixture
def manager(app: Flask, sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    with app.app_context():
        user_id = make_user(make_residence(), Role.MANAGER).id
        db.session.commit()
    return sign_in(user_id)


@pytest.mark.parametrize(("language", "first"), [("id", "Menyiapkan siklus"), ("en", "Setting up a cycle")])
def test_a_manager_reads_the_guide_in_the_own_language(manager: FlaskClient, language: str, first: str) -> None:
    manager.post("/language", data={"locale": language, "next": "/guide/"})
    page = manager.get("/guide/").get_data(as_text=True)
    assert first in page
    chapter = manager.get("/guide/1-set-up").get_data(as_text=True)
    assert f">{first}<" in chapter.replace("\n", "")
    address = re.findall(r'src="(/guide/pictures/[^"]+)"', chapter)[0]
    answer = manager.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert "/guide/2-wishes" in chapter, "it leads on"


def test_there_is_no_other_file_to_be_had(manager: FlaskClient) -> None:
    for name in ("../guide/en/1-set-up.md", "nothing.png", "..%2Findex.png"):
        assert manager.get(f"/guide/pictures/{name}").status_code == 404
    assert manager.get("/guide/12-nothing").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_studio_and_of_a_file_leads_to_its_chapter_and_the_chapter_opens(
    app: Flask, sign_in: Callable[..., FlaskClient], language: str
) -> None:
    with app.app_context():
        filled = fill_house("Panti Kenanga")
    browser = sign_in(filled.users[Role.MANAGER])
    browser.post("/language", data={"locale": language, "next": "/"})
    led = set()
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] not in GUIDED or "GET" not in (rule.methods or set()):
            continue
        with app.test_request_context():
            address = url_for(rule.endpoint, **values_of(rule, filled))
        answer = browser.get(address)
        page = answer.get_data(as_text=True) if (answer.status_code, answer.mimetype) == (200, "text/html") else ""
        if "<h1>" not in page:
            continue  # a part of a page, a file, or on to another page
        chapter = chapter_of(rule.endpoint)
        assert chapter is not None, rule.endpoint
        assert f'href="/guide/{chapter.slug}"' in page, address
        led.add(chapter.slug)
    managers = {chapter.slug for chapter in CHAPTERS if chapter.reader is None}
    assert led == managers - {"11-impossible"}, "that one is behind a run without a plan"
    for chapter in CHAPTERS:
        title = text_of(chapter.slug, language).title
        assert f"<h1>{title}</h1>" in browser.get(f"/guide/{chapter.slug}").get_data(as_text=True)


def test_a_run_without_a_plan_leads_to_the_ways_out(app: Flask, sign_in: Callable[..., FlaskClient]) -> None:
    """The page lies at the same address as a run that goes on, and names its chapter itself."""
    with app.app_context():
        filled = fill_house("Panti Kenanga")
        manager = db.session.get_one(User, filled.users[Role.MANAGER])
        with house_scope(manager.residence_id or 0):
            db.session.get_one(Run, filled.ids["run"]).result = {"outcome": "infeasible", "shortages": []}
            db.session.commit()
    address = f"/cycles/{filled.ids['cycle']}/runs/{filled.ids['run']}"
    page = sign_in(filled.users[Role.MANAGER]).get(address).get_data(as_text=True)
    assert 'href="/guide/11-impossible"' in page
    assert 'href="/guide/3-drafts"' not in page


def test_every_page_of_a_manager_leads_to_the_guide(manager: FlaskClient) -> None:
    assert 'href="/guide/1-set-up"' in manager.get("/house").get_data(as_text=True)
    assert 'href="/guide/"' in manager.get("/").get_data(as_text=True)


@pytest.mark.parametrize(
    ("role", "slug", "words"),
    [
        (Role.COUNSELLOR, "12-counsellor", "For counsellors"),
        (Role.INSTRUCTOR, "13-instructor", "For instructors"),
        (Role.RESIDENT, "14-resident", "For you who live here"),
    ],
)
def test_everybody_has_a_chapter_about_the_own_pages_and_not_the_managers(
    app: Flask, sign_in: Callable[..., FlaskClient], role: Role, slug: str, words: str
) -> None:
    with app.app_context():
        user_id = make_user(make_residence(), role).id
        db.session.commit()
    browser = sign_in(user_id)
    browser.post("/language", data={"locale": "en", "next": "/"})
    assert f'href="/guide/{slug}"' in browser.get("/").get_data(as_text=True)
    assert words in browser.get(f"/guide/{slug}").get_data(as_text=True)
    assert "/guide/1-set-up" not in browser.get("/guide/").get_data(as_text=True)

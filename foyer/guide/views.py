"""The guide's pages, for everybody the chapters about their own; its pictures show invented people only."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from flask import Blueprint, Flask, abort, render_template, request, send_from_directory, url_for
from flask_babel import get_locale
from flask_login import current_user
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.guide.chapters import PLANNERS, Text, chapter_of, chapters_for, pictures, text_of
from foyer.wording import reword_here

pages = Blueprint("guide", __name__, url_prefix="/guide")
READERS = (*PLANNERS, Role.COUNSELLOR, Role.INSTRUCTOR, Role.RESIDENT)
PICTURE = re.compile(r"[a-z0-9-]+\.png")
A_DAY = 86_400


@pages.get("/")
@allow(*READERS)
def index() -> str:
    """All chapters that the reader has: the managers' own, the file's, and those about other people."""
    texts = [_text(chapter.slug) for chapter in chapters_for(current_user.role)]
    return render_template(
        "guide/index.html",
        chapters=[text for text in texts if text.chapter.reader is None and not text.chapter.also],
        files=[text for text in texts if text.chapter.also],
        others=[text for text in texts if text.chapter.reader is not None],
    )


@pages.get("/<slug>")
@allow(*READERS)
def chapter(slug: str) -> str:
    """One chapter, with the one before and the one after it."""
    text = _text(slug)
    body = Markup(_renderer.render(list(text.body), _markdown.options, {}))  # our own files, HTML in them is off
    own = chapters_for(current_user.role)
    own = own if text.chapter in own else (text.chapter,)  # nothing in the guide is secret
    at = own.index(text.chapter)
    return render_template(
        "guide/chapter.html",
        text=text,
        body=body,
        earlier=_text(own[at - 1].slug) if at else None,
        later=_text(own[at + 1].slug) if at + 1 < len(own) else None,
    )


@pages.get("/pictures/<picture>")
@allow(*READERS)
def picture(picture: str) -> Response:
    """A picture of a page. The same for everybody, so it may be kept for a day: the network is weak."""
    if not PICTURE.fullmatch(picture):
        abort(404)
    answer = send_from_directory(pictures(), picture, max_age=A_DAY)
    answer.headers["Cache-Control"] = f"private, max-age={A_DAY}"
    return answer


def _text(slug: str) -> Text:
    found = text_of(slug, str(get_locale()))
    return replace(found, title=reword_here(found.title))


class _Renderer(RendererHTML):
    """Addresses between the files become addresses of the pages: so the guide reads well in both places. It speaks with
    the house's own words."""

    def text(self, tokens: Any, idx: int, options: Any, env: Any) -> str:
        return escapeHtml(reword_here(tokens[idx].content))

    def renderInlineAsText(self, tokens: Any, options: Any, env: Any) -> str:
        return reword_here(str(super().renderInlineAsText(tokens, options, env)))

    def image(self, tokens: Any, idx: int, options: Any, env: Any) -> str:
        token: Token = tokens[idx]
        name = PurePosixPath(str(token.attrs["src"])).name
        token = token.copy(attrs={**token.attrs, "src": url_for("guide.picture", picture=name), "loading": "lazy"})
        return str(super().image([token], 0, options, env))

    def link_open(self, tokens: Any, idx: int, options: Any, env: Any) -> str:
        address = str(tokens[idx].attrs["href"])
        if address.endswith(".md"):
            address = url_for("guide.chapter", slug=PurePosixPath(address).stem)
        return f'<a href="{Markup.escape(address)}">'


_markdown = MarkdownIt("commonmark")
_renderer = _Renderer()


def init_guide(app: Flask) -> None:
    """Register the pages, and tell every page where its help is."""
    app.register_blueprint(pages)

    @app.context_processor
    def guide() -> dict[str, Any]:
        if not getattr(current_user, "is_authenticated", False) or current_user.role not in READERS:
            return {}
        about = chapter_of(request.endpoint, current_user.role)
        return {"guide_url": url_for("guide.chapter", slug=about.slug) if about else url_for("guide.index")}

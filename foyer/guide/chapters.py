"""The chapters of the guide, and which pages each is about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from foyer.accounts.models import Role
from foyer.errors import NotFound
from foyer.paths import shipped

LANGUAGES = ("id", "en")
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class Chapter:
    """``slug`` names the file in every language's folder; ``pages`` are what the endpoints begin with whose help link
    leads here. Where two fit, the longer one counts. ``reader``: whose chapter it is, every page of theirs leads to it
    that no other chapter is about; None: one of the managers'. ``also``: who reads a managers' chapter beside them."""

    slug: str
    pages: tuple[str, ...] = ()
    reader: Role | None = None
    also: tuple[Role, ...] = ()


_FILE = ("residents.", "care.", "training.", "papers.", "copies.", "history.", "own.", "together.")
_SESSIONS = ("cycles.plan_meeting", "cycles.plan_appointment", "cycles.plan_hours")
CHAPTERS = (
    Chapter("1-set-up", ("residences.", "workbooks.", "residents.index", "residents.stay", "cycles.")),
    Chapter("2-wishes", ("cycles.wishes", "residents.wish")),
    Chapter("3-drafts", ("cycles.run", "cycles.drafts", "cycles.new_drafts", "cycles.name_plan", "cycles.discard")),
    Chapter("4-look", ("cycles.plan", "cycles.plan_residents", "cycles.board", "today.shared_calendar")),
    Chapter(
        "5-ask", ("cycles.plan_resident", "cycles.plan_why", "cycles.plan_what_if", "cycles.plan_recommend", *_SESSIONS)
    ),
    Chapter("6-change", ("cycles.plan_places", "cycles.plan_swaps", "cycles.plan_history", "cycles.plan_acted")),
    Chapter("7-compare", ("cycles.compare",)),
    Chapter("8-publish", ("cycles.publish", "cycles.versions", "cycles.restore", "cycles.print")),
    Chapter("9-repair", ("cycles.repair", "cycles.plan_repair")),
    Chapter("10-roll-over", ("cycles.roll_over", "cycles.decision")),
    Chapter("11-impossible", ("cycles.ways",)),
    Chapter("12-counsellor", reader=Role.COUNSELLOR),
    Chapter("13-instructor", reader=Role.INSTRUCTOR),
    Chapter("14-resident", reader=Role.RESIDENT),
    Chapter("15-arrivals", ("intake.", "many_referrals.", "conferring."), also=(Role.COUNSELLOR,)),
    Chapter("16-file", _FILE, also=(Role.COUNSELLOR,)),
    Chapter("17-counselling", ("counselling.",), also=(Role.COUNSELLOR,)),
    Chapter(
        "18-incidents", ("incidents.", "concerns.", "voices.", "registers."), also=(Role.COUNSELLOR, Role.INSTRUCTOR)
    ),
    Chapter("19-leaving", ("leaving.",), also=(Role.COUNSELLOR,)),
)
PLANNERS = (Role.MANAGER, Role.ADMINISTRATOR)  # who read every chapter


@dataclass(frozen=True)
class Text:
    """A chapter in one language: its heading, and the tokens of all that follows it."""

    chapter: Chapter
    title: str
    body: tuple[Token, ...]


def chapters_for(role: Role) -> tuple[Chapter, ...]:
    """What somebody of this role reads: managers everything, others the chapter about their own pages."""
    return tuple(chapter for chapter in CHAPTERS if role in PLANNERS or chapter.reader is role or role in chapter.also)


def chapter_of(endpoint: str | None, role: Role = Role.MANAGER) -> Chapter | None:
    """The chapter about a page, among those that somebody of this role reads; else their own. None: the guide's first
    page helps."""
    every = chapters_for(role)
    own = next((chapter for chapter in every if chapter.reader is role), None)
    fitting = [(len(page), chapter) for chapter in every for page in chapter.pages if (endpoint or "").startswith(page)]
    return max(fitting, key=lambda found: found[0], default=(0, own))[1]


def text_of(slug: str, language: str) -> Text:
    """A chapter as it is written in docs/guide. Raises NotFound for a slug that is no chapter's."""
    chapter = next((chapter for chapter in CHAPTERS if chapter.slug == slug), None)
    if chapter is None:
        raise NotFound("chapter")
    return _read(chapter, language if language in LANGUAGES else LANGUAGES[0])


def folder() -> Path:
    return shipped("docs") / "guide"


def pictures() -> Path:
    """Where the journeys keep their pictures of the pages."""
    return shipped("docs") / "screens"


@lru_cache(maxsize=64)
def _read(chapter: Chapter, language: str) -> Text:
    tokens = _markdown.parse((folder() / language / f"{chapter.slug}.md").read_text(encoding="utf-8"))
    heading = next(token for token in tokens if token.type == "inline")
    after = next(n for n, token in enumerate(tokens) if token.type == "heading_close") + 1
    return Text(chapter, heading.content, tuple(tokens[after:]))

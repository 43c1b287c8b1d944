"""Settings: read from the environment (``FOYER_*`` and ``DATABASE_URL``), with defaults that suit one small house.

Secrets that nobody set are made once and kept in ``<data>/secrets.json`` (mode 0600), outside the database: the session
key, and the keys that encrypt identity numbers and confidential reasons. Losing that file loses those fields.
"""

from __future__ import annotations

import json
import os
import secrets
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator may set. Every name is also an environment variable with the prefix ``FOYER_``."""

    model_config = SettingsConfigDict(env_prefix="FOYER_", populate_by_name=True)

    data: Path = Path("instance")  # the embedded database, the secrets, nothing else
    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    redis_url: str = ""  # several machines: wakes workers elsewhere
    secret_key: str = ""
    field_keys: str = ""  # comma-separated Fernet keys, the first one encrypts, all decrypt
    default_locale: str = "id"
    demonstration_day: date | None = None  # pretend that it is this day, so that a demonstration has a today
    https: bool = False  # behind TLS: secure cookies and HSTS
    trusted_proxies: int = 0  # how many reverse proxies stand in front
    password_memory_kib: int = 65536  # what one argon2 hash takes
    password_rounds: int = 3
    sign_ins_at_once: int = 2  # hashes made in parallel in one process; the others queue
    wrong_entries: str = "30 per 5 minutes"  # wrong passwords, codes from one network address
    slip_days: int = 7  # how long a printed sign-in slip opens an account
    solver_workers: int = 8
    solver_seconds: float = 300.0
    log_level: str = "INFO"


def _kept_secrets(data: Path) -> dict[str, str]:
    path = data / "secrets.json"
    if path.exists():
        kept: dict[str, str] = json.loads(path.read_text())
        return kept
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = {"secret_key": secrets.token_hex(32), "field_keys": Fernet.generate_key().decode()}
    draft = data / f".secrets-{secrets.token_hex(4)}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(made, file)
    try:
        os.link(draft, path)  # whole or not at all
    except FileExistsError:  # another process was first
        return _kept_secrets(data)
    finally:
        draft.unlink()
    return made


def database_url(settings: Settings) -> str:
    """The SQLAlchemy address: PostgreSQL (psycopg 3) where ``DATABASE_URL`` says so, else a file in ``data``."""
    url = settings.database_url
    if not url:
        return f"sqlite:///{(settings.data / 'foyer.sqlite3').resolve()}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def flask_config(settings: Settings) -> dict[str, Any]:
    """Flask's configuration for these settings; makes the secrets that are missing."""
    if not (settings.secret_key and settings.field_keys):
        kept = _kept_secrets(settings.data)
        settings = settings.model_copy(
            update={
                "secret_key": settings.secret_key or kept["secret_key"],
                "field_keys": settings.field_keys or kept["field_keys"],
            }
        )
    return {
        "FOYER": settings,
        "SECRET_KEY": settings.secret_key,
        "FIELD_KEYS": tuple(key.strip() for key in settings.field_keys.split(",") if key.strip()),
        "SQLALCHEMY_DATABASE_URI": database_url(settings),
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},  # errors of the database carry no personal data
        "BABEL_DEFAULT_LOCALE": settings.default_locale,
        "BABEL_DEFAULT_TIMEZONE": "Asia/Jakarta",
        "LANGUAGES": ("id", "en"),
        "MAX_CONTENT_LENGTH": 16 * 1024 * 1024,
        "SESSION_COOKIE_NAME": "foyer",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.https,
        "REMEMBER_COOKIE_DURATION": timedelta(days=30),  # residents' own phones only
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": settings.https,
        "PERMANENT_SESSION_LIFETIME": 60 * 60 * 12,
        "WTF_CSRF_TIME_LIMIT": None,  # a page left open over lunch still saves
        "RATELIMIT_STORAGE_URI": settings.redis_url or "memory://",
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": bool(settings.redis_url),  # people sign in while Redis is away
        "RATELIMIT_HEADERS_ENABLED": False,
    }
